"""What people do with addenda: record one with all that it changes, and put right what was recorded."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals, terms
from partnerships.lifecycle import ONCE_SIGNED
from partnerships.models import (
    Addendum,
    AddendumSubject,
    Agreement,
    ClauseText,
    Organization,
    PartialDate,
    Party,
)
from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR
from partnerships.permissions import Action, check


@dataclass(kw_only=True)
class ClauseLine:
    """The wording that an addendum gives a clause; ``earlier`` is the original one, where the portal
    does not have it yet."""

    clause: str
    text: str
    earlier: str = ""


@dataclass(kw_only=True)
class AddendumRecord:
    """What a person says of an addendum.

    A new end (``ends``, or ``ends_open``) extends the paper: ``starts`` says from when, where the last
    term's end is not known. ``party`` is an organisation that joins the paper, with its own number.
    """

    subjects: list[str]
    summary: str
    number: str = ""
    signed: PartialDate | None = None
    effective_on: date | None = None
    ends: PartialDate | None = None
    ends_open: bool = False
    starts: PartialDate | None = None
    party: Organization | None = None
    party_number: str = ""
    clauses: list[ClauseLine] = field(default_factory=list)

    @property
    def extends(self):
        return bool(self.ends or self.ends_open)


def add(*, agreement, record, by, key=None, version=None, reason=""):
    """Record an addendum of a paper that was signed. The same ``key`` twice gives the same addendum.

    Its new end becomes a term that names it, its new party stands at the end of the parties, and its
    wordings stand beside the earlier ones. Raises ValidationError with a sentence for what can't be,
    PermissionDenied, and StaleVersion when the paper is no longer what was read.
    """
    with refusals.in_words(REFUSALS), transaction.atomic(), guard.history(by, "addendum.add", reason):
        if already := _already_recorded(key, by):
            return already
        agreement = _held(agreement, by)
        guard.check_version(agreement, version)
        _check_record(agreement, record)
        last = agreement.addenda.aggregate(last=Max("position"))["last"] or 0
        addendum = Addendum(agreement=agreement, position=last + 1, entry_key=key, created_by=by)
        _write(addendum, record)
        addendum.save(force_insert=True)
        _carry_out(addendum, record, by, reason)
        return addendum


def correct(*, addendum, record, by, version=None, reason=""):
    """Put right what is recorded of an addendum; wordings are changed or added, never taken out.

    Raises as ``add`` does; StaleVersion when somebody has changed the addendum since it was read.
    """
    with refusals.in_words(REFUSALS), transaction.atomic(), guard.history(by, "addendum.correct", reason):
        agreement = _held(addendum.agreement, by)
        addendum = Addendum.objects.select_for_update(of=("self",)).get(pk=addendum.pk)
        guard.check_version(addendum, version)
        _check_record(agreement, record)
        _check_what_stands(addendum, record)
        _write(addendum, record)
        addendum.version += 1
        addendum.save()
        _carry_out(addendum, record, by, reason)
        return addendum


def _held(agreement, by):
    """The paper, locked before it is judged."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check(by, Action.CHANGE_AGREEMENT, agreement)
    return agreement


def _already_recorded(key, by):
    if key is None:
        return None
    guard.wait_for_the_first(key)
    return Addendum.objects.filter(entry_key=key, created_by=by).first()


def _write(addendum, record):
    addendum.subjects = [subject for subject in AddendumSubject.values if subject in record.subjects]
    addendum.number, addendum.summary = record.number, record.summary
    addendum.signed, addendum.effective_on = record.signed, record.effective_on


def _carry_out(addendum, record, by, reason):
    """Write what the addendum changes; its term last, because that is a step of its own in the history."""
    agreement = addendum.agreement
    for line in record.clauses:
        _word(addendum, line)
    if record.party:
        _join(agreement, record, by)
    if record.extends:
        terms.extend(
            agreement=agreement,
            by=by,
            reason=reason or str(addendum),
            ends=record.ends,
            ends_open=record.ends_open,
            starts=record.starts,
            addendum=addendum,
        )
    else:
        agreement.version += 1
        agreement.save(update_fields=["version"])


def _word(addendum, line):
    """Give a clause the wording of the addendum, beside the original one."""
    texts = ClauseText.objects.filter(agreement=addendum.agreement, clause__iexact=line.clause)
    known = texts.first()
    clause = known.clause if known else line.clause
    if line.earlier:
        original, made = ClauseText.objects.get_or_create(
            agreement=addendum.agreement, clause=clause, addendum=None, defaults={"text": line.earlier}
        )
        if not made and original.text != line.earlier:
            raise ValidationError(
                _("The portal has the original wording of %(clause)s already. Leave the earlier one empty."),
                code="earlier",
                params={"clause": clause},
            )
    text = texts.filter(addendum=addendum).first()
    if text is None:
        ClauseText.objects.create(
            agreement=addendum.agreement, clause=clause, addendum=addendum, text=line.text
        )
    elif text.text != line.text:
        text.text = line.text
        text.save(update_fields=["text"])


def _join(agreement, record, by):
    """Let an organisation join the paper, after the parties that it has."""
    if record.party not in Organization.objects.visible_to(by):
        raise ValidationError(_("One of the parties is not an organisation that you can see."), code="party")
    last = agreement.parties.aggregate(last=Max("position"))["last"] or 0
    Party.objects.create(
        agreement=agreement, organization=record.party, number=record.party_number, position=last + 1
    )


def _check_record(agreement, record):
    if agreement.status not in ONCE_SIGNED:
        raise ValidationError(_("Only a paper that was signed has an addendum."), code="status")
    if not record.subjects or not set(record.subjects) <= set(AddendumSubject.values):
        raise ValidationError(_("Choose what the addendum changes."), code="subjects")
    if not record.summary.strip():
        raise ValidationError(_("Say what the addendum changes."), code="summary")
    _check_days(agreement, record)
    if record.extends and AddendumSubject.TERM not in record.subjects:
        raise ValidationError(_("A new end is given, so “term” is among what it changes."), code="subjects")
    if record.party and AddendumSubject.PARTIES not in record.subjects:
        raise ValidationError(
            _("A new party is given, so “parties” is among what it changes."), code="subjects"
        )
    names = [line.clause.casefold() for line in record.clauses]
    if len(set(names)) < len(names):
        raise ValidationError(_("A clause is given twice. Put its wording into one row."), code="clause")
    if not all(line.clause.strip() and line.text.strip() for line in record.clauses):
        raise ValidationError(_("Each clause needs its name and its new wording."), code="clause")


def _check_days(agreement, record):
    signed, begun = record.signed, agreement.signed
    if signed and signed.earliest > timezone.localdate():
        raise ValidationError(
            _("An addendum that is signed can't have been signed in the future."), code="signed"
        )
    if signed and begun and signed.latest < begun.earliest:
        raise ValidationError(
            _("The paper was signed on %(signed)s; its addendum can't have been signed before."),
            code="signed",
            params={"signed": begun},
        )
    day = record.effective_on
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Dates must lie between 1945 and 2100."), code="effective_on")
    if day and begun and day < begun.earliest:
        raise ValidationError(
            _("The paper was signed on %(signed)s; its addendum can't hold before."),
            code="effective_on",
            params={"signed": begun},
        )


def _check_what_stands(addendum, record):
    """What the addendum has done already can't be unsaid here."""
    if addendum.terms.exists():
        if AddendumSubject.TERM not in record.subjects:
            raise ValidationError(
                _("A term of the paper names this addendum, so “term” stays."), code="subjects"
            )
        if record.extends:
            raise ValidationError(
                _("The term of this addendum is recorded already. Change it on the page of the paper."),
                code="ends",
            )
    said = {line.clause.casefold() for line in record.clauses}
    missing = next((t.clause for t in addendum.clause_texts.all() if t.clause.casefold() not in said), None)
    if missing:
        raise ValidationError(
            _("The wording of %(clause)s is recorded and stays readable; correct its text instead."),
            code="clause",
            params={"clause": missing},
        )


REFUSALS = {
    **terms.REFUSALS,
    "party_once_per_agreement": _("This organisation is a party of the paper already."),
    "partnerships_party_organization_id": _("This organisation was removed meanwhile. Choose another one."),
    "addendum_order": _("Somebody else has recorded an addendum meanwhile. Send the form again."),
    "clause_text_once": _("A clause is given twice. Put its wording into one row."),
    "partnerships_addendum_entry_key": _("Somebody else has sent this form already. Open a new one."),
}
