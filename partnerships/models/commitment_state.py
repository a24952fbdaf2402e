"""Where a commitment stands in its reporting, in one word."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ReportStatus
from partnerships.models.progress import ProgressReport
from partnerships.models.reporting import DUE_SOON, ReportingPeriod


class CommitmentState(models.TextChoices):
    """The worst of what is open in the periods of a commitment, the worst one first."""

    OVERDUE = "overdue", _("Overdue")
    RETURNED = "returned", _("Returned")
    DUE = "due", _("Due")
    WAITING = "waiting", _("Waiting for verification")
    NOT_YET_DUE = "not_yet_due", _("Not yet due")
    DONE = "done", _("All verified")
    UNDATED = "undated", _("Without a date")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A commitment that is still owed is in one of these.
STANDING = tuple(state for state in CommitmentState if state != CommitmentState.WITHDRAWN)


def state_on(on):
    """The state of a commitment on that day, as a condition of its row.

    A draft is no report, and a returned report of a period that is over is late. ``undated`` owes no
    report at all: it has neither a due date nor a reporting date, or its paper is not signed yet.
    """
    periods = ReportingPeriod.objects.filter(commitment=OuterRef("pk")).order_by()
    reports = ProgressReport.objects.filter(commitment=OuterRef("pk")).order_by()
    return Case(
        When(withdrawn_on__lte=on, then=Value(CommitmentState.WITHDRAWN)),
        When(Exists(periods.overdue(on)), then=Value(CommitmentState.OVERDUE)),
        When(Exists(reports.filter(status=ReportStatus.RETURNED)), then=Value(CommitmentState.RETURNED)),
        When(Exists(periods.due_within(on, DUE_SOON.days)), then=Value(CommitmentState.DUE)),
        When(Exists(reports.waiting()), then=Value(CommitmentState.WAITING)),
        When(Exists(periods.unreported()), then=Value(CommitmentState.NOT_YET_DUE)),
        When(Exists(periods), then=Value(CommitmentState.DONE)),
        default=Value(CommitmentState.UNDATED),
        output_field=models.CharField(),
    )
