"""What people do to papers. Each action owns its transaction, checks its right and leaves its reason."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.actions.moving import move
from partnerships.actions.record import Entry
from partnerships.lifecycle import DRAFTS, ONCE_SIGNED
from partnerships.models import (
    Agreement,
    AgreementTheme,
    Commitment,
    Organization,
    Party,
    ReferenceSerial,
    Signatory,
    SigningEvent,
    SourcedFact,
    StatusChange,
    Term,
    WorkLocation,
)
from partnerships.permissions import Action, check, check_own_unit_is_party

__all__ = ["REFUSALS", "already_registered", "move", "publish", "register", "revise"]


def register(*, record, by, entry=None, reason=""):
    """Enter a new paper and give it its reference.

    The same ``entry.key`` twice gives the same paper: a form sent twice makes one record.
    Raises ValidationError with a sentence for what can't be, PermissionDenied for who may not.
    """
    entry = entry or Entry()
    check(by, Action.ADD_AGREEMENT)
    check_own_unit_is_party(by, [line.organization for line in record.parties])
    with refusals.in_words(REFUSALS), transaction.atomic(), guard.history(by, "agreement.register", reason):
        if already := already_registered(entry.key, by):
            return already
        _check_within_sight(record, by)
        _check_record(record)
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


def already_registered(key, by):
    """The paper that this person's form of that key has made, or None.

    Within the caller's transaction: a second sending of the form waits here for the first to end.
    """
    if key is None:
        return None
    guard.wait_for_the_first(key)
    return Agreement.objects.filter(entry_key=key, created_by=by).first()


def revise(*, agreement, record, version, by, reason=""):
    """Change a paper that nobody else has changed since ``version`` was read.

    Raises StaleVersion when somebody has, so that the second writer sees both.
    """
    with refusals.in_words(REFUSALS), transaction.atomic(), guard.history(by, "agreement.revise", reason):
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        check(by, Action.CHANGE_AGREEMENT, agreement)
        check_own_unit_is_party(by, [line.organization for line in record.parties])
        guard.check_version(agreement, version)
        _check_within_sight(record, by, agreement)
        _check_record(record, agreement)
        _write_own_fields(agreement, record)
        agreement.version += 1
        agreement.save()
        _write_parts(agreement, record)
        return agreement


@transaction.atomic
def publish(*, agreement, by, public=True, reason="", version=None):
    """Make a paper's public fields readable for everyone, or take them back.

    With a ``version``, raises StaleVersion when the paper is no longer what was read.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    check(by, Action.PUBLISH_AGREEMENT, agreement)
    if bool(agreement.published_at) == public:
        # The button pressed twice: the day of publishing stays the first one.
        return agreement
    guard.check_version(agreement, version)
    if public and agreement.status in DRAFTS:
        raise ValidationError(_("A draft can't be made public. Move it along first."))
    agreement.published_at = timezone.now() if public else None
    agreement.version += 1
    with guard.history(by, "agreement.publish" if public else "agreement.unpublish", reason):
        agreement.save(update_fields=["published_at", "version"])
    return agreement


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


def _check_within_sight(record, by, agreement=None):
    """Nobody ties a paper to what the writer can't see; a tie that stands already may stay."""
    for relation in ("implements", "renews"):
        related = getattr(record, relation)
        stands = agreement and related and related.pk == getattr(agreement, f"{relation}_id")
        if related and not stands and related not in Agreement.objects.visible_to(by):
            raise ValidationError(_("There is no such paper to implement or to renew."))
    event = record.event
    stands = agreement and event and event.pk == agreement.event_id
    if event and not stands and event not in SigningEvent.objects.visible_to(by):
        raise ValidationError(_("There is no such signing event."))
    wanted = {line.organization.pk for line in record.parties}
    if agreement:
        wanted -= set(agreement.parties.values_list("organization", flat=True))
    known = Organization.objects.visible_to(by).filter(pk__in=wanted)
    if wanted - set(known.values_list("pk", flat=True)):
        raise ValidationError(_("One of the parties is not an organisation that you can see."))


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
        if agreement and related and related.leads_to(agreement, relation):
            raise ValidationError(
                _("%(ref)s can't be above this paper: it stands below it already."),
                params={"ref": related.ref},
            )


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
        lines = [*record.commitments, *_reported_besides(agreement, record.commitments)]
        _write_lines(Commitment, agreement, lines, _write_words)
    if record.facts is not None:
        _write_facts(agreement, record.facts)


def _write_words(commitment, line):
    commitment.text = line.text
    commitment.source = line.source or commitment.source


def _reported_besides(agreement, lines):
    """Commitments that the lines leave out and that must stay, because something was done on them."""
    rows = agreement.commitments.exclude(pk__in=[line.pk for line in lines if line.pk])
    kept = Q(reports__isnull=False) | Q(batch_shares__isnull=False) | Q(action_points__isnull=False)
    return rows.filter(kept | Q(withdrawn_on__isnull=False)).distinct()


def _write_people_and_terms(agreement, record):
    # Signatories let go of a party before the party goes.
    kept = [line.pk for line in record.signatories if line.pk]
    agreement.signatories.exclude(pk__in=kept).delete()
    going = agreement.parties.exclude(pk__in=[line.pk for line in record.parties if line.pk])
    bound = going.filter(Q(commitments_owed__isnull=False) | Q(commitments_due__isnull=False)).first()
    if bound:
        raise ValidationError(
            _("%(name)s has a commitment in this paper and can't be removed from it."),
            code="party_has_commitment",
            params={"name": bound},
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
        as_agreed = row.ends and row.agreed and row.ends.latest >= row.agreed.latest
        if row.ended_early and (row.ends_open or as_agreed):
            # Back to what had been agreed, or beyond it: it does not end early any more.
            row.ended_early, row.agreed = False, None

    _write_lines(Signatory, agreement, record.signatories, signatory)
    with connection.cursor() as cursor:
        # Moving the border between two terms passes through a moment in which they overlap.
        cursor.execute("SET CONSTRAINTS term_periods_do_not_overlap DEFERRED")
        _write_lines(Term, agreement, record.terms, term)
        cursor.execute("SET CONSTRAINTS term_periods_do_not_overlap IMMEDIATE")


def _write_lines(model, agreement, lines, write):
    """Make the paper's rows of a model equal to the lines, in their order; unchanged rows stay untouched."""
    rows = {row.pk: row for row in model.objects.filter(agreement=agreement)}
    named = [line.pk for line in lines if line.pk]
    if not rows.keys() >= set(named) or len(set(named)) < len(named):
        raise ValidationError(_("A line that was sent does not belong to this paper. Open it again."))
    kept = set(named)
    model.objects.filter(agreement=agreement).exclude(pk__in=kept).delete()
    for position, line in enumerate(lines, start=1):
        row = rows[line.pk] if line.pk else model(agreement=agreement)
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


_GONE = _("Something that this paper names was removed meanwhile. Check its event, parties and themes.")

REFUSALS = {
    "term_periods_do_not_overlap": _("Two terms of this paper overlap. Let one end before the next begins."),
    "term_ends_after_it_starts": _("A term can't end before it begins."),
    "term_open_has_no_end": _("A term with an end has an end agreed: clear one of the two."),
    "term_ended_early_says_when_and_why": _(
        "A term that was ended early keeps the day of its end and the reason. To undo it, write the end "
        "that had been agreed."
    ),
    "agreement_external_id_once_per_source": _(
        "This number of the source register is already in the portal."
    ),
    "party_once_per_agreement": _("An organisation stands among the parties twice. Remove one line."),
    "agreement_draft_is_not_public": _("A draft can't be public."),
    "partnerships_agreement_entry_key": _("Somebody else has sent this form already. Open a new one."),
    "partnerships_agreement_event_id": _GONE,
    "partnerships_party_organization_id": _GONE,
    "partnerships_agreementtheme_theme_id": _GONE,
}
