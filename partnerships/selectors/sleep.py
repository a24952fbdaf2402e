"""What is told of papers that were signed and sleep: of one, and of all that a reader may see."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils import timezone
from django.utils.formats import number_format

from partnerships.charts import Bar
from partnerships.columns import OF_SLEEP
from partnerships.models import AgreementKind, DormancyLimit, DormantState, PartnerClass, SignOfLife
from partnerships.models.dormancy import Timely
from partnerships.register import agreements_for
from partnerships.selectors import tally, trend


@dataclass(frozen=True)
class Sign:
    """A sign of life that is looked for: on which day it came (None: not yet), by which day it was due (None:
    no limit), and whether it is late."""

    label: str
    day: datetime.date | None
    due: datetime.date | None
    days: int | None
    is_missed: bool


class Sleep:
    """One paper (of ``with_signs_of_life``): which of these it showed and owes, and what was decided."""

    def __init__(self, agreement):
        self.agreement = agreement
        self.since, state = agreement.sleep_on(timezone.localdate())
        self.is_decided = state == DormantState.DECIDED

    @cached_property
    def days(self):
        """For how many days the paper has slept."""
        return (timezone.localdate() - self.since).days + 1 if self.since else 0

    @cached_property
    def signs(self):
        """What is looked for in papers of this kind, in order."""
        limit = DormancyLimit.objects.filter(kind=self.agreement.kind).first()
        shown = [getattr(self.agreement, f"first_{sign.value}") for sign in SignOfLife]
        return [
            self._sign(sign, limit.days(sign) if limit else None, shown[place], any(shown[place:]))
            for place, sign in enumerate(SignOfLife)
            if shown[place] or (limit and limit.days(sign) is not None)
        ]

    @cached_property
    def decision(self):
        """The latest decision, whether it still holds or not; None before the first."""
        made = self.agreement.dormancy_decisions.select_related("action_point__owner", "by")
        return made.first()

    def _sign(self, sign, within, day, is_shown):
        signed = self.agreement.signed_latest
        due = signed + datetime.timedelta(days=within) if signed and within is not None else None
        late = due is not None and not is_shown and due < timezone.localdate()
        return Sign(sign.label, day, due, (day - signed).days if day and signed else None, late)


@dataclass(frozen=True)
class KindSpeed:
    """How long the papers of a kind took to a sign of life (``took``, a Speed) that is due within ``limit``
    days; ``url`` leads to them with their days, ``shown_url`` to those that showed it, ``in_time_url`` to
    those that showed it in time, ``measured_url`` to all whose time is over or that showed it."""

    kind: str
    sign: str
    limit: int
    took: object
    url: str
    shown_url: str
    in_time_url: str
    measured_url: str

    @property
    def share(self):
        """The part of those whose time is over that showed the sign in time."""
        return Decimal(self.took.in_time) / self.took.measured


def longest_asleep(user, most, *, last=False, **asked):
    """So many papers of a question to the register, all of them asleep, that have slept longest or, with
    ``last``, fell asleep last; each says since when and whether somebody has decided on it."""
    query = tally.asking(**asked, columns="dormant,asleep")
    return agreements_for(user, query).longest_asleep(most, last=last)


class SleepOverview:
    """The papers that sleep within a reader's sight: how many, of which class and kind, and how quickly
    papers come to life."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def states(self):
        """(state, figure) of each DormantState."""
        return [(each, tally.figure(self.user, tally.asking(dormant=each.value))) for each in DormantState]

    @cached_property
    def figure(self):
        return tally.figure(self.user, tally.asking(dormant=DormantState.values))

    @cached_property
    def signed(self):
        """The signed papers that are not over: what could sleep."""
        return tally.figure(self.user, tally.in_force(status="signed"))

    @cached_property
    def by_class(self):
        return self._bars("class", PartnerClass)

    @cached_property
    def by_kind(self):
        return self._bars("kind", AgreementKind)

    @cached_property
    def oldest(self):
        """The papers that have slept longest and nobody has decided on."""
        return longest_asleep(self.user, 10, dormant=DormantState.UNDECIDED.value)

    @cached_property
    def trend(self):
        """How many papers slept at the end of each quarter, as the points of a line."""
        return trend.asleep(self.user)

    @cached_property
    def speeds(self):
        """A KindSpeed of each kind and each sign that is looked for, where there is something to measure."""
        found = []
        for limit in DormancyLimit.objects.all():
            signed = ["signed", "ended", "terminated"]
            papers = agreements_for(self.user, tally.asking(kind=limit.kind, status=signed))
            columns = ",".join(("ref", "title", "partner", "signed", *OF_SLEEP))
            asked = {"kind": limit.kind, "status": signed, "columns": columns}
            url = tally.address(tally.asking(**asked))
            for sign in SignOfLife:
                within = limit.days(sign)
                if within is not None and (took := papers.speed(sign, within)).measured:
                    shown, in_time, late = (
                        f"{sign.value}_{when.value}" for when in (Timely.SHOWN, Timely.IN_TIME, Timely.LATE)
                    )
                    urls = [
                        tally.address(tally.asking(**asked, sign=codes))
                        for codes in (shown, in_time, [in_time, late])
                    ]
                    found.append(KindSpeed(limit.get_kind_display(), sign.label, within, took, url, *urls))
        return found

    def _bars(self, name, choices):
        numbers = {
            state: agreements_for(self.user, tally.asking(dormant=state.value)).counts_by(name)
            for state in DormantState
        }
        return [
            self._bar(name, each, *(numbers[state].get(each.value, 0) for state in DormantState))
            for each in choices
            if any(numbers[state].get(each.value) for state in DormantState)
        ]

    @staticmethod
    def _bar(name, choice, undecided, decided):
        asked = {f"{name}_": choice.value, "dormant": DormantState.values}
        parts = (
            (undecided, "warn", DormantState.UNDECIDED.label),
            (decided, "accent", DormantState.DECIDED.label),
        )
        number = number_format(undecided + decided, force_grouping=True)
        return Bar(choice.label, parts, number, tally.address(tally.asking(**asked)))
