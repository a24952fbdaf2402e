"""Where a commitment stands in its reporting, in one word."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommitmentState(models.TextChoices):
    """The worst of what is open in the periods of a commitment, the worst one first."""

    OVERDUE = "overdue", _("Overdue")
    RETURNED = "returned", _("Returned")
    DUE = "due", pgettext_lazy("state", "Due")
    WAITING = "waiting", _("Waiting for verification")
    NOT_YET_DUE = "not_yet_due", _("Not yet due")
    DONE = "done", _("All verified")
    UNDATED = "undated", _("Without a date")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A commitment that is still owed is in one of these.
STANDING = tuple(state for state in CommitmentState if state != CommitmentState.WITHDRAWN)
