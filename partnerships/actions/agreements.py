"""What people do to papers. Each action owns its transaction, checks its right and leaves its reason."""

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions.record import Entry
from partnerships.lifecycle import DRAFTS, ONCE_SIGNED, check_move
from partnerships.models import (
    Agreement,
    AgreementTheme,
    Commitment,
    Party,
    ReferenceSerial,
    Signatory,
    SourcedFact,
    StatusChange,
    Term,
    WorkLocation,
)
from partnerships.permissions import Action, check, check_own_unit_is_party


class StaleVersion(Exception):
    """Somebody saved the record after it was opened; ``current`` is what stands there now."""

    def __init__(self, current):
        super().__init__(f"{current} is at version {current.version}")
        self.current = current


def register(*, record, by, entry=None, reason=""):
    """Enter a new paper and give it its reference.

    The same ``entry.key`` twice gives the same paper: a form sent twice makes one record.
    Raises ValidationError with a sentence for what can't be, PermissionDenied for who may not.
    """
    entry = entry or Entry()
    check(by, Action.ADD_AGREEMENT)
    check_own_unit_is_party(by, [line.organization for line in record.parties])
    _check_record(record)
    try:
        with transaction.atomic(), _history(by, "agreement.register", reason):
            agreement = Agreement(
                ref=_next_reference(record.signed),
                status=entry.status,
                external_source=entry.external_source,
                external_id=entry.external_id,
                entry_key=entry.key,
                created_by=by,
            )
            _write_own_fields(agreement, record)
            agreement.save(force_insert=True)
            StatusChange.objects.create(
                agreement=agreement,
                new=entry.status,
                effective_on=entry.effective_on or _first_day(entry.status, record.signed),
                by=by,
                reason=reason,
            )
            _write_parts(agreement, record)
            return agreement
    except IntegrityError as error:
        already = entry.key and Agreement.objects.filter(entry_key=entry.key).first()
        if already:
            return already
        raise _sentence_for(error) from error


def revise(*, agreement, record, version, by, reason=""):
    """Change a paper that nobody else has changed since ``version`` was read.

    Raises StaleVersion when somebody has, so that the second writer sees both.
    """
    try:
        with transaction.atomic(), _history(by, "agreement.revise", reason):
            agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
            check(by, Action.CHANGE_AGREEMENT, agreement)
            check_own_unit_is_party(by, [line.organization for line in record.parties])
            if agreement.version != version:
                raise StaleVersion(agreement)
            _check_record(record, agreement)
            _write_own_fields(agreement, record)
            agreement.version += 1
            agreement.save()
            _write_parts(agreement, record)
            return agreement
    except IntegrityError as error:
        raise _sentence_for(error) from error


@transaction.atomic
def move(*, agreement, to, by, effective_on=None, reason=""):
    """Move a paper along its life (lifecycle.MOVES); the reason stays in its history.

    ``effective_on`` is the day from which it is so, today without one.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check(by, Action.MOVE_AGREEMENT, agreement)
    check_move(agreement.status, to)

    old, agreement.status = agreement.status, to
    agreement.version += 1
    with _history(by, "agreement.move", reason):
        agreement.save(update_fields=["status", "version"])
        StatusChange.objects.create(
            agreement=agreement,
            old=old,
            new=to,
            effective_on=effective_on or timezone.localdate(),
            by=by,
            reason=reason,
        )
    return agreement


@transaction.atomic
def publish(*, agreement, by, public=True, reason=""):
    """Make a paper's public fields readable for everyone, or take them back."""
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check(by, Action.PUBLISH_AGREEMENT, agreement)
    if public and agreement.status in DRAFTS:
        raise ValidationError(_("A draft can't be made public. Move it along first."))
    agreement.published_at = timezone.now() if public else None
    agreement.version += 1
    with _history(by, "agreement.publish" if public else "agreement.unpublish", reason):
        agreement.save(update_fields=["published_at", "version"])
    return agreement


def _history(by, action, reason):
    return pghistory.context(actor=by.pk, action=action, reason=reason)


def _first_day(status, signed):
    """From when a new record's status holds: a signed paper's from its signing, if that is known."""
    if status in ONCE_SIGNED:
        return signed.latest if signed else None
    return timezone.localdate()


def _next_reference(signed):
    """KS-<year>-<serial>: the year of signing, else of entry; the row lock makes serials unique."""
    year = signed.earliest.year if signed else timezone.localdate().year
    ReferenceSerial.objects.get_or_create(year=year)
    ReferenceSerial.objects.filter(year=year).update(last=F("last") + 1)
    serial = ReferenceSerial.objects.get(year=year).last
    return f"KS-{year}-{serial:04d}"


def _check_record(record, agreement=None):
    organizations = [line.organization for line in record.parties]
    if len({organization.pk for organization in organizations}) < len(organizations):
        raise ValidationError(_("An organisation stands among the parties twice. Remove one line."))
    for line in record.signatories:
        if not line.person and not line.post:
            raise ValidationError(_("A signatory needs a name or a post."))
        if line.organization and line.organization not in organizations:
            raise ValidationError(
                _("%(who)s signs for %(organization)s, which is not among the parties."),
                params={"who": line.person or line.post, "organization": line.organization},
            )
    for line in record.terms:
        if line.starts and line.ends and line.ends.latest < line.starts.earliest:
            raise ValidationError(
                _("A term can't end (%(ends)s) before it begins (%(starts)s)."),
                params={"ends": line.ends, "starts": line.starts},
            )
    for relation, related in (("implements", record.implements), ("renews", record.renews)):
        if agreement and related and _leads_back(related, agreement, relation):
            raise ValidationError(
                _("%(ref)s can't be above this paper: it stands below it already."),
                params={"ref": related.ref},
            )


def _leads_back(related, agreement, relation):
    """Whether following the relation upwards from ``related`` comes back to the paper itself."""
    seen = set()
    while related and related.pk not in seen:
        if related.pk == agreement.pk:
            return True
        seen.add(related.pk)
        related = getattr(related, relation)
    return False


def _write_own_fields(agreement, record):
    agreement.kind = record.kind
    agreement.title = record.title
    agreement.signed = record.signed
    agreement.place = record.place
    agreement.event = record.event
    agreement.represents = record.represents
    agreement.implements = record.implements
    agreement.renews = record.renews
    agreement.certainty = record.certainty


def _write_parts(agreement, record):
    _keep_only(AgreementTheme, agreement, "theme", record.themes)
    if record.work_regions is not None:
        _keep_only(WorkLocation, agreement, "region", record.work_regions)
    _write_people_and_terms(agreement, record)
    if record.commitments is not None:
        _write_lines(
            Commitment, agreement, record.commitments, lambda row, line: setattr(row, "text", line.text)
        )
    if record.facts is not None:
        _write_facts(agreement, record.facts)


def _write_people_and_terms(agreement, record):
    # Signatories let go of a party before the party goes.
    kept = [line.pk for line in record.signatories if line.pk]
    agreement.signatories.exclude(pk__in=kept).delete()
    going = agreement.parties.exclude(pk__in=[line.pk for line in record.parties if line.pk])
    going_names = list(going.filter(commitments_owed__isnull=False).values_list("organization__name"))
    if going_names:
        raise ValidationError(
            _("%(name)s owes a commitment in this paper and can't be removed from it."),
            params={"name": going_names[0][0]},
        )
    agreement.signatories.filter(party__in=going).update(party=None)

    def party(row, line):
        row.organization, row.number = line.organization, line.number
        row.contact, row.contact_details = line.contact, line.contact_details

    _write_lines(Party, agreement, record.parties, party)
    party_of = {row.organization_id: row for row in agreement.parties.all()}

    def signatory(row, line):
        row.person, row.post, row.capacity = line.person, line.post, line.capacity
        row.on_behalf_of, row.letter, row.presence = line.on_behalf_of, line.letter, line.presence
        row.party = party_of[line.organization.pk] if line.organization else None

    def term(row, line):
        row.starts, row.ends, row.ends_open = line.starts, line.ends, line.ends_open
        row.duration_months, row.reason = line.duration_months, line.reason
        row.closed_because = line.closed_because

    _write_lines(Signatory, agreement, record.signatories, signatory)
    with connection.cursor() as cursor:
        # Moving the border between two terms passes through a moment in which they overlap.
        cursor.execute("SET CONSTRAINTS term_periods_do_not_overlap DEFERRED")
        _write_lines(Term, agreement, record.terms, term)
        cursor.execute("SET CONSTRAINTS term_periods_do_not_overlap IMMEDIATE")


def _write_lines(model, agreement, lines, write):
    """Make the paper's rows of a model equal to the lines, in their order; unchanged rows stay untouched."""
    rows = {row.pk: row for row in model.objects.filter(agreement=agreement)}
    kept = {line.pk for line in lines if line.pk in rows}
    model.objects.filter(agreement=agreement).exclude(pk__in=kept).delete()
    for position, line in enumerate(lines, start=1):
        row = rows.get(line.pk) if line.pk else None
        if row is None:
            row = model(agreement=agreement)
        before = dict(row.__dict__) if row.pk else None
        write(row, line)
        row.position = position
        after = {name: value for name, value in row.__dict__.items() if not name.startswith("_")}
        if before is None or any(before.get(name) != value for name, value in after.items()):
            row.save()


def _keep_only(through, agreement, name, wanted):
    wanted = {row.pk: row for row in wanted}
    rows = through.objects.filter(agreement=agreement)
    rows.exclude(**{f"{name}__in": wanted}).delete()
    present = set(rows.values_list(f"{name}_id", flat=True))
    for pk, row in wanted.items():
        if pk not in present:
            through.objects.create(agreement=agreement, **{name: row})


def _write_facts(agreement, lines):
    """Facts are only added or removed as a whole value: a source's word is not edited."""

    def key(fact):
        return (fact.field, fact.value, fact.source, fact.in_force, fact.flag, fact.certainty)

    present = {key(fact): fact for fact in agreement.facts.all()}
    wanted = {key(line): line for line in lines}
    for gone in present.keys() - wanted.keys():
        present[gone].delete()
    for new, line in wanted.items():
        if new not in present:
            SourcedFact.objects.create(
                agreement=agreement,
                field=line.field,
                value=line.value,
                source=line.source,
                certainty=line.certainty,
                in_force=line.in_force,
                flag=line.flag,
            )


_SENTENCES = {
    "term_periods_do_not_overlap": _("Two terms of this paper overlap. Let one end before the next begins."),
    "term_ends_after_it_starts": _("A term can't end before it begins."),
    "agreement_external_id_once_per_source": _(
        "This number of the source register is already in the portal."
    ),
    "party_once_per_agreement": _("An organisation stands among the parties twice. Remove one line."),
    "agreement_draft_is_not_public": _("A draft can't be public."),
}


def _sentence_for(error):
    """The database refused: say which of its rules in words, or let an unknown one through."""
    constraint = error.__cause__.diag.constraint_name if error.__cause__ else None
    if constraint in _SENTENCES:
        return ValidationError(_SENTENCES[constraint], code=constraint)
    return error
