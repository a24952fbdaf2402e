"""Commitments by the quarter in which they are due."""

import datetime

from django.db.models import Count
from django.db.models.functions import TruncQuarter
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

from partnerships.charts import Bar
from partnerships.models import CommitmentStanding
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.standing import state_on
from partnerships.selectors import tally

_BACK, _AHEAD = 4, 4
# What is drawn of a quarter: the states of a part, its tone.
_PARTS = (
    ((CommitmentState.DONE,), "good"),
    ((CommitmentState.WAITING, CommitmentState.DUE, CommitmentState.NOT_YET_DUE), "accent"),
    ((CommitmentState.RETURNED, CommitmentState.OVERDUE), "bad"),
    ((CommitmentState.UNDATED,), "none"),
)


def of_region(user, region, on=None):
    """A bar of each quarter from a year before the day to a year after, for what a region's offices owe;
    empty where nothing is due in any."""
    day = on or timezone.localdate()
    first = quarter_of(day, -_BACK)
    rows = CommitmentStanding.objects.visible_to(user).in_regions([region.code])
    rows = rows.exclude(withdrawn_on__lte=day).filter(due__gte=first, due__lt=quarter_of(day, _AHEAD + 1))
    counted = rows.annotate(quarter=TruncQuarter("due"), state=state_on(day)).order_by()
    numbers: dict = {}
    for quarter, state, number in counted.values_list("quarter", "state").annotate(Count("pk")):
        numbers.setdefault(quarter, {})[state] = number
    if not numbers:
        return []
    starts = [quarter_of(day, away) for away in range(-_BACK, _AHEAD + 1)]
    # What is empty before the first and after the last says nothing.
    shown = [start for start in starts if min(numbers) <= start <= max(numbers)]
    return [_bar(region, start, numbers.get(start, {}), on) for start in shown]


def _bar(region, start, numbers, on):
    parts = tuple(
        (sum(numbers.get(state, 0) for state in states), tone, _said(states, numbers))
        for states, tone in _PARTS
    )
    label = gettext("Quarter %(number)s %(year)s") % {
        "number": ("I", "II", "III", "IV")[start.month // 3],
        "year": start.year,
    }
    last = quarter_of(start, 1) - datetime.timedelta(days=1)
    asked = {"region": region.code, "due_after": start.isoformat(), "due_before": last.isoformat()}
    query = tally.asking(**asked, **tally.day(on))
    number = number_format(sum(numbers.values()), force_grouping=True)
    return Bar(label, parts, number, tally.ledger_address(query))


def _said(states, numbers):
    """The numbers of a part in words; empty for none."""
    return ", ".join(
        f"{CommitmentState(state).label} {numbers[state]}" for state in states if numbers.get(state)
    )


def quarter_of(day, away):
    """The first day of the quarter so many quarters after that of a day."""
    quarter = day.year * 4 + (day.month - 1) // 3 + away
    return datetime.date(quarter // 4, quarter % 4 * 3 + 1, 1)
