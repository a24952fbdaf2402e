"""What a meeting's snapshot comes to, counted from its rows alone, so that both agree for good."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Least
from django.utils import timezone

from partnerships.lifecycle import ActionPointStatus, ReportStatus
from partnerships.models import FrozenCommitment, FrozenPaper, FrozenPoint, FrozenReport
from partnerships.models.commitment_state import CommitmentState
from partnerships.selectors.tally import IN_FORCE


@dataclass(frozen=True)
class Figures:
    """What a snapshot comes to. ``rates`` is the sum of the rates, each up to 1, of ``measurable`` ones;
    ``proven`` are verified reports with evidence, ``waiting`` those that wait for verification."""

    papers: int = 0
    in_force: int = 0
    commitments: int = 0
    measurable: int = 0
    rates: Decimal = Decimal(0)
    kept: int = 0
    overdue: int = 0
    verified: int = 0
    proven: int = 0
    waiting: int = 0
    hindered: int = 0
    points: int = 0
    late: int = 0
    promised: int = 0

    @property
    def rate(self):
        """The mean of what can be measured as a fraction; None where nothing can."""
        return self.rates / self.measurable if self.measurable else None

    @property
    def unmeasurable(self):
        return self.commitments - self.measurable


# What is counted of the rows of each kind; ``KINDS`` in meeting_rows.py has the rows themselves.
def _of_papers():
    return {"papers": Count("pk"), "in_force": Count("pk", filter=Q(validity__in=IN_FORCE))}


def _of_commitments():
    measured = Q(measurable=True)
    return {
        "commitments": Count("pk"),
        "measurable": Count("pk", filter=measured),
        "rates": Sum(Least("rate", Decimal(1)), filter=measured, default=Decimal(0)),
        "kept": Count("pk", filter=measured & Q(rate__gte=1)),
        "overdue": Count("pk", filter=Q(state=CommitmentState.OVERDUE)),
    }


def _of_reports():
    verified = Q(status=ReportStatus.VERIFIED)
    return {
        "verified": Count("pk", filter=verified),
        "proven": Count("pk", filter=verified & Q(proofs__gt=0)),
        "waiting": Count("pk", filter=Q(status=ReportStatus.SUBMITTED)),
        "hindered": Count("pk", filter=~Q(obstacle="")),
    }


def _of_points(on):
    still = ~Q(status=ActionPointStatus.CLOSED)
    return {
        "points": Count("pk", filter=still),
        "late": Count("pk", filter=Q(status=ActionPointStatus.OPEN, due__lt=on)),
        "promised": Count("pk", filter=Q(promised_before=True)),
    }


def _counted(on):
    return (
        (FrozenPaper, _named(_of_papers())),
        (FrozenCommitment, _named(_of_commitments())),
        (FrozenReport, _named(_of_reports())),
        (FrozenPoint, _named(_of_points(on))),
    )


def _named(counts):
    # A figure that is called as a column is would be taken for it.
    return {f"n_{name}": count for name, count in counts.items()}


def _said(row):
    return {name.removeprefix("n_"): value for name, value in row.items()}


def figures_of_each(meeting):
    """{partner: Figures}: four questions, however many partners."""
    found: dict[int, dict] = {}
    for model, counts in _counted(frozen_day(meeting)):
        rows = model.objects.filter(partner__meeting=meeting).order_by().values("partner")
        for row in rows.annotate(**counts):
            found.setdefault(row.pop("partner"), {}).update(_said(row))
    return {partner: Figures(**figures) for partner, figures in found.items()}


def figures_of_all(meeting):
    """The Figures of the meeting as a whole: a paper that stands with two partners counts once."""
    found: dict = {}
    for model, counts in _counted(frozen_day(meeting)):
        rows = once(model.objects.filter(partner__meeting=meeting))
        found.update(_said(rows.order_by().aggregate(**counts)))
    return Figures(**found)


_SOURCE = {
    FrozenPaper: "agreement",
    FrozenCommitment: "commitment",
    FrozenReport: "report",
    FrozenPoint: "point",
}


def once(rows):
    """Each row of the register once, however many partners of the meeting share it."""
    source = _SOURCE[rows.model]
    twins = rows.model.objects.filter(
        partner__meeting=OuterRef("partner__meeting"), pk__lt=OuterRef("pk"), **{source: OuterRef(source)}
    )
    return rows.filter(~Exists(twins))


def frozen_day(meeting):
    """The day of which the snapshot speaks; today before there is one."""
    return timezone.localdate(meeting.frozen_at) if meeting.frozen_at else timezone.localdate()
