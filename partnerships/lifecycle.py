"""The lives of a paper, of a progress report and of an action point: statuses and the moves between them.

The database triggers, the refusals in the actions, and the test cases are all made from the tables.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    DRAFTING = "drafting", _("Drafting")
    SCHEDULED = "scheduled", _("Scheduled to be signed")
    SIGNED = "signed", _("Signed")
    ENDED = "ended", _("Ended")
    TERMINATED = "terminated", _("Terminated")
    CANCELLED = "cancelled", _("Cancelled")


MOVES = {
    Status.PROPOSED: {Status.DRAFTING, Status.CANCELLED},
    Status.DRAFTING: {Status.SCHEDULED, Status.CANCELLED},
    Status.SCHEDULED: {Status.SIGNED, Status.CANCELLED},
    Status.SIGNED: {Status.ENDED, Status.TERMINATED},
    Status.ENDED: set(),
    Status.TERMINATED: set(),
    Status.CANCELLED: set(),
}

# A draft is nobody's business but of those who write it.
DRAFTS = (Status.PROPOSED, Status.DRAFTING)
ONCE_SIGNED = (Status.SIGNED, Status.ENDED, Status.TERMINATED)


def check_move(old, new):
    """Refuse a step that the life of a paper does not know. Raises ValidationError."""
    if new in MOVES[Status(old)]:
        return
    allowed = [Status(status).label for status in Status if status in MOVES[Status(old)]]
    if not allowed:
        raise ValidationError(
            _("A paper that is “%(old)s” stays so; register a new paper that renews it."),
            code="forbidden_move",
            params={"old": Status(old).label},
        )
    raise ValidationError(
        _("A paper can't go from “%(old)s” to “%(new)s”. Possible now: %(allowed)s."),
        code="forbidden_move",
        params={
            "old": Status(old).label,
            "new": Status(new).label,
            "allowed": ", ".join(str(label) for label in allowed),
        },
    )


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for verification")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Verified")


REPORT_MOVES = {
    ReportStatus.DRAFT: {ReportStatus.SUBMITTED},
    # Taken back by who submitted it, returned with a reason, or verified.
    ReportStatus.SUBMITTED: {ReportStatus.DRAFT, ReportStatus.RETURNED, ReportStatus.VERIFIED},
    ReportStatus.RETURNED: {ReportStatus.SUBMITTED},
    # Opened again with a reason, when what was verified turns out to be wrong.
    ReportStatus.VERIFIED: {ReportStatus.RETURNED},
}

# Only in these may what a report says be changed.
REPORT_IS_WRITTEN = (ReportStatus.DRAFT, ReportStatus.RETURNED)


class ActionPointStatus(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done, to be checked")
    CLOSED = "closed", _("Closed")


ACTION_POINT_MOVES = {
    ActionPointStatus.OPEN: {ActionPointStatus.DONE},
    ActionPointStatus.DONE: {ActionPointStatus.OPEN, ActionPointStatus.CLOSED},
    ActionPointStatus.CLOSED: set(),
}


def check_step(moves, old, new):
    """Refuse a step that a table of moves does not know. Raises ValidationError."""
    kind = type(next(iter(moves)))
    if kind(new) not in moves[kind(old)]:
        raise ValidationError(
            _("It is “%(old)s” now, so it can't become “%(new)s”. Open it again."),
            code="forbidden_move",
            params={"old": kind(old).label, "new": kind(new).label},
        )


def forbidden_moves_sql(moves):
    """The condition under which the database refuses an update of ``status``, from a table of moves."""
    arrows = [
        f"(OLD.status = '{old.value}' AND NEW.status = '{new.value}')"
        for old, targets in moves.items()
        for new in moves
        if new in targets
    ]
    return f"OLD.status <> NEW.status AND NOT ({' OR '.join(arrows)})"
