"""What the standing of a commitment must be, from its reports, its calendar and its paper alone."""

from django.db.models import Min

from partnerships.lifecycle import DRAFTS, ReportStatus
from partnerships.models import Commitment, OrganizationKind, ProgressReport, ReportingPeriod
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.reporting import DUE_SOON


def plain_standing(commitment):
    """The columns of the standing of a commitment (its id), by name."""
    row = Commitment.objects.with_achieved().select_related("agreement", "owed_by")
    row = row.get(pk=commitment)
    written = dict(row.reports.order_by().values_list("period_end", "status"))
    days = sorted(row.periods.values_list("ends", flat=True))
    awaited = [day for day in days if day not in written]
    begun = [day for day in days if written.get(day) in (ReportStatus.DRAFT, ReportStatus.RETURNED)]
    parties = row.agreement.parties.select_related("organization")
    owing = row.owed_by.organization_id if row.owed_by else None
    return {
        "agreement_id": row.agreement_id,
        "ref": row.agreement.ref,
        "in_draft": row.agreement.status in DRAFTS,
        "owing_id": owing,
        "desk_id": row.owner_id or owing,
        "measurable": row.is_measurable,
        "awaited": awaited or None,
        "begun": begun or None,
        "next_awaited": min(awaited, default=None),
        "next_due": ReportingPeriod.objects.filter(commitment=row).unreported().aggregate(d=Min("ends"))["d"],
        "owes": bool(days),
        "achieved": row.achieved,
        "rate": row.rate,
        "waiting": row.waiting,
        **_written(written, ReportStatus.DRAFT, "drafts", "first_draft"),
        **_written(written, ReportStatus.RETURNED, "returned", "first_returned"),
        "units": sorted({each.organization_id for each in parties if each.organization.is_unit}),
        "counterparts": sorted({each.organization.kind for each in parties} - {OrganizationKind.UNIT}),
        **{
            name: getattr(row, name)
            for name in (
                *("position", "owner_id", "indicator_id", "target", "due", "recurrence", "funding"),
                *("demonstration", "withdrawn_on"),
            )
        },
    }


def _written(reports, wanted, number, first):
    days = [day for day, status in reports.items() if status == wanted]
    return {number: len(days), first: min(days, default=None)}


def plain_states(commitments, on):
    """The CommitmentState of each of the commitments (ids) on that day, by id: the worst of what is open
    in its periods. A draft is no report, and a returned report of a period that is over is late."""
    periods = ReportingPeriod.objects.filter(commitment__in=commitments).order_by()
    reports = ProgressReport.objects.filter(commitment__in=commitments).order_by()
    next_due = dict(periods.unreported().values_list("commitment").annotate(Min("ends")))
    owing = set(periods.values_list("commitment", flat=True))
    returned = set(reports.filter(status=ReportStatus.RETURNED).values_list("commitment", flat=True))
    waiting = set(reports.waiting().values_list("commitment", flat=True))
    withdrawn = Commitment.objects.filter(pk__in=commitments, withdrawn_on__lte=on)
    withdrawn = set(withdrawn.values_list("pk", flat=True))

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
