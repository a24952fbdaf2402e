"""Where a commitment stands in its reporting, in one word."""

from django.db import models
from django.db.models import Min
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.lifecycle import ReportStatus
from partnerships.models.commitment import Commitment
from partnerships.models.progress import ProgressReport
from partnerships.models.reporting import DUE_SOON, ReportingPeriod


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


# Beyond so many it costs less to read the whole calendar than to name each commitment.
_FEW = 1000


def states_of(commitments, on):
    """The CommitmentState of each of the commitments (ids) on that day, by id.

    A draft is no report, and a returned report of a period that is over is late. ``undated`` owes no
    report at all: it has neither a due date nor a reporting date, or its paper is not signed yet. All
    are read together, because the calendar of thousands costs less at once than one by one.
    """

    def ids(rows, column="commitment"):
        return set(rows.order_by().values_list(column, flat=True))

    few = commitments if len(commitments) <= _FEW else None
    periods = _of(ReportingPeriod.objects.order_by(), "commitment", few)
    reports = _of(ProgressReport.objects.order_by(), "commitment", few)
    next_due = dict(periods.unreported().values_list("commitment").annotate(Min("ends")))
    owing = ids(periods)
    returned = ids(reports.filter(status=ReportStatus.RETURNED))
    waiting = ids(reports.waiting())
    withdrawn = ids(_of(Commitment.objects.filter(withdrawn_on__lte=on), "pk", few), "pk")

    def state(pk):
        due = next_due.get(pk)
        if pk in withdrawn:
            return CommitmentState.WITHDRAWN
        if due and due < on:
            return CommitmentState.OVERDUE
        if pk in returned:
            return CommitmentState.RETURNED
        if due and due <= on + DUE_SOON:
            return CommitmentState.DUE
        if pk in waiting:
            return CommitmentState.WAITING
        if due:
            return CommitmentState.NOT_YET_DUE
        return CommitmentState.DONE if pk in owing else CommitmentState.UNDATED

    return {pk: state(pk) for pk in commitments}


def _of(rows, column, commitments):
    return rows if commitments is None else rows.filter(**{f"{column}__in": commitments})
