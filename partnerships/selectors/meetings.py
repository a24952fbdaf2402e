"""Evaluation meetings as they are read: the list, one meeting with its figures, and the rows of each figure.

Figures and rows come from the snapshot alone, so that they agree for good.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Least
from django.utils import timezone

from partnerships import permissions
from partnerships.charts import Bar
from partnerships.columns import Rate
from partnerships.lifecycle import ActionPointStatus, ReportStatus
from partnerships.models import (
    ActionPoint,
    EvaluationMeeting,
    FrozenCommitment,
    FrozenPaper,
    FrozenPoint,
    FrozenReport,
    MeetingConfirmation,
    MeetingDecision,
    MeetingPartner,
)
from partnerships.models.commitment_state import CommitmentState
from partnerships.permissions import Action, can_see_whole_register
from partnerships.selectors.action_points import STATES
from partnerships.selectors.asking import Question
from partnerships.selectors.tally import IN_FORCE

MEETINGS_A_PAGE = 25
# Bars that still can be read from the back of a room, below each other.
_BARS_A_COLUMN = 10


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

    @property
    def rate(self):
        """The mean of what can be measured as a fraction; None where nothing can."""
        return self.rates / self.measurable if self.measurable else None

    @property
    def unmeasurable(self):
        return self.commitments - self.measurable


# What is counted of the rows of each kind; ``ROWS`` in meeting_rows.py gives the rows themselves.
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


@dataclass(frozen=True)
class Promised:
    """An action point of the meeting before, as it is (an ActionPoint) or as it was (a FrozenPoint)."""

    point: ActionPoint | FrozenPoint
    partner: MeetingPartner
    ref: str
    office: str


def _promised(decision):
    point = decision.action_point
    return Promised(point, decision.partner, decision.agreement.ref, point.owner.name)


class MeetingList:
    """The meetings that the reader knows, the newest first."""

    def __init__(self, user, params):
        self.user = user
        self.may_arrange = permissions.can(user, Action.HOLD_MEETING)
        self.sees_all = can_see_whole_register(user)
        self.question = Question(params, sorts=["-held", "title"])

    @cached_property
    def page(self):
        rows = EvaluationMeeting.objects.visible_to(self.user)
        for word in self.question.q.split()[:10]:
            rows = rows.filter(Q(title__icontains=word) | Q(place__icontains=word))
        decided = MeetingDecision.objects.filter(partner__meeting=OuterRef("pk")).order_by()
        decided = decided.values("partner__meeting").annotate(n=Count("pk")).values("n")
        rows = rows.annotate(partner_count=Count("partners"), decision_count=Subquery(decided))
        down = self.question.sort.startswith("-")
        column = F("title") if self.question.sort.endswith("title") else F("held_on")
        ordered = rows.order_by(column.desc() if down else column.asc(), "-pk")
        return self.question.page_of(ordered, MEETINGS_A_PAGE)


class MeetingPage:
    """One meeting: its partners with their figures, what the meeting before promised, what was decided."""

    def __init__(self, meeting, user):
        self.meeting, self.user = meeting, user
        self.today = timezone.localdate()
        self.day = frozen_day(meeting)
        self.sees_all = can_see_whole_register(user)
        self.may_arrange = permissions.can(user, Action.HOLD_MEETING)

    @cached_property
    def partners(self):
        """The partners that the reader may see, each with ``figures``."""
        rows = self.meeting.partners.visible_to(self.user).select_related("organization")
        partners = list(rows)
        figures = figures_of_each(self.meeting) if self.meeting.is_frozen else {}
        for partner in partners:
            partner.figures = figures.get(partner.pk, Figures())
        return partners

    @cached_property
    def all(self):
        return figures_of_all(self.meeting)

    @cached_property
    def decisions(self):
        """What was decided, partner by partner in the order of the list."""
        rows = MeetingDecision.objects.filter(partner__in=[partner.pk for partner in self.partners])
        return list(_with_parts(rows).order_by("partner__position", "pk"))

    @cached_property
    def promised(self):
        """What the meeting before promised, as it was when this one was frozen; before that, as it is."""
        if self.meeting.is_frozen:
            rows = FrozenPoint.objects.filter(
                partner__in=[partner.pk for partner in self.partners], promised_before=True
            )
            rows = rows.select_related("partner__organization").order_by("due", "pk")
            return [Promised(each, each.partner, each.ref, each.office) for each in rows]
        if not self.meeting.previous_id:
            return []
        rows = MeetingDecision.objects.filter(
            partner__meeting=self.meeting.previous_id, action_point__isnull=False
        )
        return list(map(_promised, _with_parts(rows).order_by("action_point__due", "pk")))

    @cached_property
    def to_do(self):
        """What is to be done (Promised): as this meeting decided, and before it has, what is not closed."""
        decided = [each for each in self.decisions if each.action_point_id]
        if decided:
            return list(map(_promised, decided))
        rows = FrozenPoint.objects.filter(partner__in=[partner.pk for partner in self.partners])
        rows = once(rows).exclude(status=ActionPointStatus.CLOSED).select_related("partner__organization")
        return [Promised(each, each.partner, each.ref, each.office) for each in rows.order_by("due", "pk")]

    @property
    def promised_counts(self):
        return counted(self.promised, self.day)

    @cached_property
    def confirmations(self):
        """Whom this meeting asked, and what they said."""
        rows = MeetingConfirmation.objects.filter(partner__in=[partner.pk for partner in self.partners])
        return list(rows.select_related("partner", "request__report").order_by("partner__position", "pk"))

    @property
    def answered(self):
        return sum(1 for each in self.confirmations if each.request.answered_at)

    @cached_property
    def bars(self):
        """The rate of each partner as a bar that is full at 1, side by side in columns of ten."""
        found = [_rate_bar(partner) for partner in self.partners]
        return [found[first : first + _BARS_A_COLUMN] for first in range(0, len(found), _BARS_A_COLUMN)]

    @cached_property
    def previous(self):
        """The meeting that this one follows, if the reader knows of it."""
        return EvaluationMeeting.objects.visible_to(self.user).filter(pk=self.meeting.previous_id).first()

    @cached_property
    def following(self):
        return self.meeting.following.visible_to(self.user).first()


def _rate_bar(partner):
    rate = partner.figures.rate
    number = "–" if rate is None else Rate(rate).percent
    return Bar(partner.name, ((rate or 0, "accent", number),), number, partner.get_absolute_url())


def decisions_of(partner):
    """What was decided with a partner in this meeting."""
    return list(_with_parts(partner.decisions.all()).order_by("pk"))


def promised_to(partner):
    """What the meeting before promised for this partner, as it stands today."""
    if not partner.meeting.previous_id:
        return []
    rows = MeetingDecision.objects.filter(
        partner__meeting=partner.meeting.previous_id, partner__organization=partner.organization_id
    )
    return list(_with_parts(rows).order_by("action_point__due", "pk"))


def counted(points, on):
    """[(label, tone, number)] of Promised points by their state on a day, without those that none is in."""
    late = sum(1 for each in points if each.point.is_overdue(on))
    statuses = [each.point.status for each in points]
    numbers = {
        "overdue": ("bad", late),
        "open": ("accent", statuses.count(ActionPointStatus.OPEN) - late),
        "done": ("warn", statuses.count(ActionPointStatus.DONE)),
        "closed": ("good", statuses.count(ActionPointStatus.CLOSED)),
    }
    return [(STATES[state], tone, number) for state, (tone, number) in numbers.items() if number]


def _with_parts(rows):
    return rows.select_related(
        "partner__organization", "agreement", "action_point__owner", "action_point__agreement", "by"
    )
