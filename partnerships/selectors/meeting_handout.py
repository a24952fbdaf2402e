"""What a meeting's hand-out and slides say of each partner: what matters most, as it was frozen."""

from dataclasses import dataclass, field

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import Coalesce, RowNumber

from partnerships.lifecycle import ActionPointStatus, ReportStatus
from partnerships.models import (
    FrozenCommitment,
    FrozenPoint,
    FrozenReport,
    MeetingConfirmation,
    MeetingPartner,
)
from partnerships.models.standing import severity

# So many of each fit on one page when every text is long; the portal shows them all.
_COMMITMENTS, _OBSTACLES, _POINTS, _PROMISED = 6, 2, 3, 3
# Where there are fewer of the others, two commitments take the room of three of their lines.
_LINES = _OBSTACLES + _POINTS + _PROMISED + 1
_MOST_COMMITMENTS = _COMMITMENTS + _LINES * 2 // 3


@dataclass
class PartnerSheet:
    """The page of one partner: its rows, the worst first, and how many were asked to confirm and answered."""

    partner: MeetingPartner
    commitments: list = field(default_factory=list)
    obstacles: list = field(default_factory=list)
    points: list = field(default_factory=list)
    promised: list = field(default_factory=list)
    asked: int = 0
    answered: int = 0

    @property
    def figures(self):
        return self.partner.figures

    @property
    def more_commitments(self):
        return self.figures.commitments - len(self.commitments)

    @property
    def more_obstacles(self):
        return self.figures.hindered - len(self.obstacles)

    @property
    def more_points(self):
        return self.figures.points - len(self.points)

    @property
    def more_promised(self):
        return self.figures.promised - len(self.promised)

    @property
    def is_made_up(self):
        return any(each.demonstration for each in self.commitments)


def sheets_of(partners):
    """A sheet for each partner (with its figures), in order; as many questions for one as for thirty."""
    sheets = {partner.pk: PartnerSheet(partner) for partner in partners}
    for row in _first(_commitments(), _MOST_COMMITMENTS, sheets):
        sheets[row.partner_id].commitments.append(row)
    for row in _first(_obstacles(), _OBSTACLES, sheets):
        sheets[row.partner_id].obstacles.append(row)
    for row in _first(_points(), _POINTS, sheets):
        sheets[row.partner_id].points.append(row)
    promised = _ranked(FrozenPoint.objects.filter(promised_before=True), "due", "pk")
    for row in _first(promised, _PROMISED, sheets):
        sheets[row.partner_id].promised.append(row)
    for sheet in sheets.values():
        # The heading of what was promised takes the room of a line too.
        lines = len(sheet.obstacles) + len(sheet.points) + len(sheet.promised) + bool(sheet.promised)
        del sheet.commitments[_COMMITMENTS + (_LINES - lines) * 2 // 3 :]
    _count(sheets)
    return list(sheets.values())


def _first(rows, most, sheets):
    return rows.filter(partner__in=list(sheets), place__lte=most).order_by("partner", "place")


def _ranked(rows, *order):
    return rows.annotate(place=Window(RowNumber(), partition_by="partner", order_by=order))


def _commitments():
    reports = FrozenReport.objects.filter(promise=OuterRef("pk"), status=ReportStatus.VERIFIED)
    reports = reports.order_by().values("promise")
    rows = FrozenCommitment.objects.select_related("paper").annotate(
        severity=severity(),
        verified=_number(reports.annotate(n=Count("pk")).values("n")),
        proofs=_number(reports.annotate(n=Sum("proofs")).values("n")),
    )
    return _ranked(rows, "severity", F("rate").asc(nulls_first=True), "pk")


def _number(rows):
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


def _obstacles():
    rows = FrozenReport.objects.exclude(obstacle="").select_related("promise__paper")
    return _ranked(rows, F("period_end").desc(), "pk")


def _points():
    return _ranked(FrozenPoint.objects.exclude(status=ActionPointStatus.CLOSED), "due", "pk")


def _count(sheets):
    requests = MeetingConfirmation.objects.filter(partner__in=list(sheets)).order_by()
    answered = Count("pk", filter=Q(request__answered_at__isnull=False))
    for partner, asked, answers in requests.values_list("partner").annotate(n=Count("pk"), a=answered):
        sheets[partner].asked, sheets[partner].answered = asked, answers
