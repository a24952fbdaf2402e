"""What people do with evaluation meetings: arrange one, choose its partners, freeze it, write its minutes."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import errors
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import action_points, guard, meeting_snapshot, refusals
from partnerships.models import (
    Agreement,
    EvaluationMeeting,
    MeetingDecision,
    MeetingPartner,
    Organization,
)
from partnerships.permissions import Action, can, check, papers_within

# One page each in the hand-out; more is no meeting any more.
MOST_PARTNERS = 30


@transaction.atomic
def arrange(*, title, held_on, by, place="", previous=None, key=None):
    """Plan a meeting. The same ``key`` twice gives the same one. Raises PermissionDenied, ValidationError."""
    check(by, Action.HOLD_MEETING)
    if key is not None:
        guard.wait_for_the_first(key)
        if already := EvaluationMeeting.objects.filter(entry_key=key).first():
            return already
    meeting = EvaluationMeeting(entry_key=key)
    _write(meeting, title, held_on, place, previous)
    with guard.history(by, "meeting.arrange"):
        meeting.save(force_insert=True)
    return meeting


@transaction.atomic
def change(*, meeting, title, held_on, by, place="", previous=None, version=None):
    """Change what is known of a meeting; what it follows stays once it is frozen.

    Raises PermissionDenied, ValidationError and StaleVersion.
    """
    check(by, Action.HOLD_MEETING)
    meeting = _held(meeting)
    guard.check_version(meeting, version)
    _write(meeting, title, held_on, place, meeting.previous if meeting.is_frozen else previous)
    _save(meeting, by, "meeting.change")
    return meeting


@transaction.atomic
def choose(*, meeting, by, add=(), remove=()):
    """Add organisations to the list of a meeting, in this order, and take others off it.

    Gives how many came and went. Raises PermissionDenied, and ValidationError with nothing changed.
    """
    check(by, Action.HOLD_MEETING)
    meeting = _held(meeting)
    if meeting.is_frozen:
        raise ValidationError(_("This meeting is frozen: its list stays as it is."), code="frozen")
    chosen = set(meeting.partners.values_list("organization", flat=True))
    gone = {organization.pk for organization in remove} & chosen
    new = [each for each in dict.fromkeys(add) if each.pk not in chosen - gone]
    _check_partners(new)
    if len(chosen) - len(gone) + len(new) > MOST_PARTNERS:
        raise ValidationError(
            _("A meeting goes through at most %(most)s partners."),
            code="too_many",
            params={"most": MOST_PARTNERS},
        )
    with guard.history(by, "meeting.choose"):
        meeting.partners.filter(organization__in=gone).delete()
        last = meeting.partners.aggregate(last=Max("position"))["last"] or 0
        for position, organization in enumerate(new, start=last + 1):
            MeetingPartner.objects.create(
                meeting=meeting,
                organization=organization,
                position=position,
                name=organization.name,
                kind=organization.kind,
            )
    return len(new), len(gone)


def freeze(*, meeting, by):
    """Copy what the register says of the partners at this moment; from then on the meeting speaks of that,
    whatever is reported later. Frozen once; a second press changes nothing.

    Raises PermissionDenied, and ValidationError for a meeting without partners.
    """
    check(by, Action.HOLD_MEETING)
    with _one_moment(), guard.history(by, "meeting.freeze"):
        meeting = _held(meeting)
        if meeting.is_frozen:
            return meeting
        partners = list(meeting.partners.select_related("organization"))
        if not partners:
            raise ValidationError(_("Choose the partners first."), code="empty")
        for partner in partners:
            partner.name, partner.kind = partner.organization.name, partner.organization.kind
        MeetingPartner.objects.bulk_update(partners, ["name", "kind"])
        meeting_snapshot.take(meeting, partners)
        meeting.frozen_at, meeting.frozen_by = timezone.now(), by
        meeting.version += 1
        meeting.save()
    return meeting


@transaction.atomic
def note(*, partner, agreement, text, by, owner=None, due=None, key=None):
    """Write down what was decided with a partner about a paper; with an office and a day, it is to be done
    and becomes an action point. The same ``key`` twice gives the same decision.

    Raises PermissionDenied and ValidationError.
    """
    if key is not None:
        guard.wait_for_the_first(key)
        if already := MeetingDecision.objects.filter(entry_key=key, by=by).first():
            return already
    if not partner.meeting.is_frozen:
        raise ValidationError(_("Freeze the meeting before its minutes are written."), code="not_frozen")
    if not partner.papers.filter(agreement=agreement).exists():
        raise ValidationError(_("Choose a paper of this partner."), code="agreement")
    check(by, Action.WRITE_MINUTES, agreement)
    text = " ".join(text.split())
    if not text:
        raise ValidationError(_("Say what was decided."), code="text")
    if owner and not due:
        raise ValidationError(_("Say until when."), code="due")
    with refusals.in_words(_REFUSALS), guard.history(by, "meeting.note"):
        point = None
        if owner:
            point = action_points.open_point(
                agreement=agreement, text=text, owner=owner, due=due, by=by, key=key
            )
        return MeetingDecision.objects.create(
            partner=partner, agreement=agreement, text=text, action_point=point, by=by, entry_key=key
        )


def may_write_minutes(user, partner):
    """The papers of a partner (MeetingPartner) about which the user may write minutes."""
    if not partner.meeting.is_frozen or not can(user, Action.WRITE_MINUTES):
        return Agreement.objects.none()
    return papers_within(user, Action.WRITE_MINUTES).filter(pk__in=partner.papers.values("agreement"))


def _check_partners(organizations):
    for organization in organizations:
        if organization.is_unit:
            raise ValidationError(
                _("%(name)s is on the ministry's own side."), code="unit", params={"name": organization.name}
            )
    signed = Agreement.objects.signed().papers()
    ids = [organization.pk for organization in organizations]
    with_papers = Organization.objects.filter(pk__in=ids, parties__agreement__in=signed.order_by())
    known = set(with_papers.values_list("pk", flat=True))
    for organization in organizations:
        if organization.pk not in known:
            raise ValidationError(
                _("%(name)s has no signed paper."), code="no_paper", params={"name": organization.name}
            )


def _write(meeting, title, held_on, place, previous):
    meeting.title = " ".join(title.split())
    if not meeting.title:
        raise ValidationError(_("A meeting needs a title."), code="title")
    if previous and (previous.pk == meeting.pk or previous.held_on > held_on):
        raise ValidationError(_("A meeting follows an earlier one."), code="previous")
    meeting.held_on, meeting.place, meeting.previous = held_on, place.strip(), previous


def _held(meeting):
    return EvaluationMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def _save(meeting, by, action):
    meeting.version += 1
    with guard.history(by, action):
        meeting.save()


@contextmanager
def _one_moment():
    """A transaction in which everything is read as of its beginning, unless the caller has begun one."""
    begins = not connection.in_atomic_block
    try:
        with transaction.atomic():
            if begins:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, errors.SerializationFailure):
            raise ValidationError(
                _("Somebody else has changed this meeting at the same moment. Look at it again."),
                code="changed",
            ) from error
        raise


_REFUSALS = {"partnerships_meetingdecision_entry_key": _("Somebody else has sent this form already.")}
