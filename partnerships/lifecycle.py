"""The lives of a paper, of a progress report and of an action point: statuses and the moves between them.

The database triggers, the refusals in the actions, and the test cases are all made from the tables.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class ForeignStage(models.TextChoices):
    """The way of a foreign paper to its signing. The five stages of making an international agreement
    (Law 24/2000, article 6) with the request and the writing of the draft between them."""

    EXPLORATION = "exploration", _("Exploration")
    REQUEST = "request", _("Request")
    WRITING = "writing", _("Writing of the draft")
    NEGOTIATION = "negotiation", _("Negotiation")
    FORMULATION = "formulation", _("Formulation of the text")
    ACCEPTANCE = "acceptance", _("Acceptance")
    SIGNING = "signing", _("Signing")


def _to_neighbours(stages):
    """From each stage to the next one, and one back when a text is opened again."""
    return {stage: set(stages[max(0, place - 1) : place + 2]) - {stage} for place, stage in enumerate(stages)}


FOREIGN_STAGE_MOVES = _to_neighbours(list(ForeignStage))
# A paper is on its way to a signing only until it is signed.
BEFORE_SIGNING = (Status.PROPOSED, Status.DRAFTING, Status.SCHEDULED)
OVER = (Status.ENDED, Status.TERMINATED)
# Nothing stands on these any more, and nothing is asked of them when the paper above is over.
NO_LONGER_ALIVE = (*OVER, Status.CANCELLED)


def check_stage(old, new):
    """Refuse a step between stages that a foreign paper does not take; without an old one, a paper may
    come in at any stage. Raises ValidationError."""
    if not old or new in FOREIGN_STAGE_MOVES[ForeignStage(old)]:
        return
    allowed = [stage.label for stage in ForeignStage if stage in FOREIGN_STAGE_MOVES[ForeignStage(old)]]
    raise ValidationError(
        _("A paper can't go from the stage “%(old)s” to “%(new)s”. Possible now: %(allowed)s."),
        code="forbidden_stage",
        params={
            "old": ForeignStage(old).label,
            "new": ForeignStage(new).label,
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


class ExportStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("file", "Waiting")
    RUNNING = "running", pgettext_lazy("file", "Being made")
    DONE = "done", pgettext_lazy("file", "Ready")
    FAILED = "failed", pgettext_lazy("file", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("file", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("file", "Expired")


EXPORT_MOVES = {
    ExportStatus.WAITING: {ExportStatus.RUNNING, ExportStatus.CANCELLED},
    # Back to waiting when its worker died or was told to stop, and for a second try.
    ExportStatus.RUNNING: {
        ExportStatus.WAITING,
        ExportStatus.DONE,
        ExportStatus.FAILED,
        ExportStatus.CANCELLED,
    },
    ExportStatus.DONE: {ExportStatus.EXPIRED},
    ExportStatus.FAILED: set(),
    ExportStatus.CANCELLED: set(),
    ExportStatus.EXPIRED: set(),
}

# Nobody has to wait for any other.
EXPORT_GOES_ON = (ExportStatus.WAITING, ExportStatus.RUNNING)


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
    return f"OLD.status <> NEW.status AND NOT ({arrows_sql(moves, 'OLD.status', 'NEW.status')})"


def arrows_sql(moves, old_column, new_column):
    """The condition that two columns are an arrow of a table of moves."""
    return " OR ".join(
        f"({old_column} = '{old.value}' AND {new_column} = '{new.value}')"
        for old, targets in moves.items()
        for new in moves
        if new in targets
    )


def listed_sql(statuses):
    """Statuses as a list that SQL's IN takes."""
    return ", ".join(f"'{status.value}'" for status in statuses)
