"""The life of a paper: its statuses and the moves between them.

The database trigger, the refusal in the action, and the test cases are all made from ``MOVES``.
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


def forbidden_moves_sql():
    """The condition under which the database refuses an update of ``status``, from ``MOVES``."""
    arrows = [
        f"(OLD.status = '{old.value}' AND NEW.status = '{new.value}')"
        for old, targets in MOVES.items()
        for new in Status
        if new in targets
    ]
    return f"OLD.status <> NEW.status AND NOT ({' OR '.join(arrows)})"
