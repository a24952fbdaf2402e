"""What people do with action points: open one, report it done, close it, give it back."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships import files
from partnerships.actions import documents, guard, refusals
from partnerships.actions.quota import check_may_bring
from partnerships.lifecycle import ACTION_POINT_MOVES, ActionPointStatus, check_step
from partnerships.models import (
    ActionPoint,
    Agreement,
    Document,
    DocumentPurpose,
    StoredFile,
    access_of,
)
from partnerships.permissions import Action, can, check
from partnerships.roles import Role

_LONGEST_TITLE = 200


@transaction.atomic
def open_point(
    *,
    agreement,
    text,
    owner,
    due,
    by,
    verifier=None,
    report=None,
    commitment=None,
    key=None,
    demonstration=False,
):
    """Say what is to be done for a paper, by which office, until when, checked by which office.

    The same ``key`` twice gives the same action point. Raises PermissionDenied and ValidationError.
    """
    if already := _already_open(key, by):
        return already
    agreement = Agreement.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.pk)
    check(by, Action.RAISE_ACTION_POINT, agreement)
    commitment = report.commitment if report else commitment
    if commitment and commitment.agreement_id != agreement.pk:
        raise ValidationError(_("The report belongs to another paper."), code="other_paper")
    if not text.strip():
        raise ValidationError(_("Say what is to be done."), code="text")
    point = ActionPoint(
        agreement=agreement,
        commitment=commitment,
        report=report,
        text=" ".join(text.split()),
        owner=owner,
        due=due,
        verifier=verifier,
        raised_by=by,
        entry_key=key,
        demonstration=demonstration,
    )
    with refusals.in_words(_REFUSALS), guard.history(by, "action_point.open"):
        point.save(force_insert=True)
    return point


def report_done(*, point, note, by, version=None, upload=None):
    """Say that it is done, with a word on what was done, or a file (Django's UploadedFile) that shows it.

    A second press by the same person finds it done and is content. Raises PermissionDenied,
    ValidationError, StaleVersion and files.FileRefused; then nothing is kept.
    """
    if upload is None:
        return _done(point, note, by, version, None)
    _check_may_report_done(by, point)
    # Looking into the file takes seconds, so it is done before any row is held.
    check_may_bring(by)
    stored = files.take_in(upload, limit=files.EVIDENCE)
    try:
        done = _done(point, note, by, version, stored)
    except BaseException:
        documents.let_go(stored.key)
        raise
    if not StoredFile.objects.filter(key=stored.key).exists():
        # A second sending of the same form came first; its file stands.
        files.remove(stored.key)
    return done


@transaction.atomic
def _done(point, note, by, version, stored):
    point = _held(point)
    if point.status == ActionPointStatus.DONE and point.done_by_id == by.pk:
        return point
    _check_may_report_done(by, point)
    guard.check_version(point, version)
    check_step(ACTION_POINT_MOVES, point.status, ActionPointStatus.DONE)
    if stored:
        _file(point, stored, by)
    note = note.strip()
    if not note and not point.documents.standing().exists():
        raise ValidationError(_("Say what was done, or attach a file that shows it."), code="note")
    point.done_note, point.done_by, point.done_at = note, by, timezone.now()
    return _step(point, ActionPointStatus.DONE, by, "action_point.done")


def _file(point, stored, by):
    with guard.history(by, "document.attach"):
        document = Document.objects.create(
            agreement_id=point.agreement_id,
            purpose=DocumentPurpose.ACTION_POINT,
            title=stored.name[:_LONGEST_TITLE],
            action_point=point,
        )
        documents.keep_version(document, stored, by)


@transaction.atomic
def close(*, point, by, version=None, reason=""):
    """Close what was done, once somebody else than who did it has looked."""
    point = _held(point)
    if point.status == ActionPointStatus.CLOSED and point.checked_by_id == by.pk:
        return point
    _check_may_check(point, by, version, ActionPointStatus.CLOSED)
    point.checked_by, point.checked_at = by, timezone.now()
    return _step(point, ActionPointStatus.CLOSED, by, "action_point.close", reason.strip())


@transaction.atomic
def give_back(*, point, by, reason, version=None):
    """Say that it is not done yet, and what is missing; the reason stays in the history."""
    point = _held(point)
    _check_may_check(point, by, version, ActionPointStatus.OPEN)
    if not reason.strip():
        raise ValidationError(_("Say what is still to be done."), code="reason")
    return _step(point, ActionPointStatus.OPEN, by, "action_point.give_back", reason.strip())


def may_report_done(user, point):
    """Who belongs to the responsible office: of its region, or of the unit or one above; or a registrar."""
    access = access_of(user)
    if access.has(Role.REGISTRAR):
        return True
    return point.owner_id in access.units or (
        point.owner.region_id is not None and point.owner.region_id in access.regions
    )


def may_check(user, point):
    """Who may close it or give it back: not who did it, and the office that was named to check."""
    if point.done_by_id == user.pk or not can(user, Action.CLOSE_ACTION_POINT, point.agreement):
        return False
    access = access_of(user)
    return point.verifier_id is None or access.has(Role.REGISTRAR) or point.verifier_id in access.units


def _already_open(key, by):
    if key is None:
        return None
    guard.wait_for_the_first(key)
    return ActionPoint.objects.filter(entry_key=key, raised_by=by).first()


def _held(point):
    rows = ActionPoint.objects.select_for_update(of=("self",))
    return rows.select_related("agreement", "owner", "verifier").get(pk=point.pk)


def _check_may_report_done(by, point):
    if not may_report_done(by, point):
        raise PermissionDenied(_("The responsible office says that it is done, or the Cooperation Bureau."))


def _check_may_check(point, by, version, to):
    check(by, Action.CLOSE_ACTION_POINT, point.agreement)
    if point.done_by_id == by.pk:
        raise PermissionDenied(_("Somebody else than who did it looks whether it is done."))
    if not may_check(by, point):
        raise PermissionDenied(
            _("%(office)s checks it, or the Cooperation Bureau.") % {"office": point.verifier.name}
        )
    guard.check_version(point, version)
    check_step(ACTION_POINT_MOVES, point.status, to)


def _step(point, to, by, action, reason=""):
    point.status = to
    point.version += 1
    with refusals.in_words(_REFUSALS), guard.history(by, action, reason):
        point.save()
    return point


_REFUSALS = {
    "action_point_done_with_proof": _("Say what was done, or attach a file that shows it."),
    "action_point_checked_by_another": _("Somebody else than who did it looks whether it is done."),
    "partnerships_actionpoint_entry_key": _("Somebody else has sent this form already. Open a new one."),
}
