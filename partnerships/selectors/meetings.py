"""Evaluation meetings as they are read: the list, and one meeting with what was promised and decided."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from partnerships import permissions
from partnerships.charts import Bar
from partnerships.columns import Rate
from partnerships.lifecycle import ActionPointStatus
from partnerships.models import (
    ActionPoint,
    EvaluationMeeting,
    FrozenPoint,
    MeetingConfirmation,
    MeetingDecision,
    MeetingPartner,
)
from partnerships.permissions import Action, can_see_whole_register
from partnerships.selectors.action_points import STATES
from partnerships.selectors.asking import Question
from partnerships.selectors.meeting_figures import (
    Figures,
    figures_of_all,
    figures_of_each,
    frozen_day,
    once,
)

MEETINGS_A_PAGE = 25
# Bars that still can be read from the back of a room, below each other.
_BARS_A_COLUMN = 10


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
