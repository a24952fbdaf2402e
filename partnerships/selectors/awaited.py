"""Which reports an office owes, in groups: begun, returned, late, due."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import REPORT_IS_WRITTEN
from partnerships.models import ProgressReport, ReportingPeriod

WEEK = datetime.timedelta(days=7)
# How far ahead an inbox looks; a reminder begins as early.
LATER = datetime.timedelta(days=90)
# So many commitments are looked at in one question.
_AT_ONCE = 2_000

GROUPS = {
    "draft": _("Drafts to hand in"),
    "returned": _("Returned to you"),
    "overdue": _("Overdue"),
    "week": _("Due within a week"),
    "later": _("Later"),
}
# What wants to be done now.
PRESSING = ("draft", "returned", "overdue", "week")


@dataclass(frozen=True)
class Awaited:
    """A commitment (its id) in a group: the last day of its first period there, and how many more of
    its periods are in the same group."""

    commitment: int
    ends: datetime.date
    more: int


def awaited_of(commitments, on, ahead=LATER):
    """The reports that are owed on these commitments (ids), by the codes of ``GROUPS``: begun and
    returned ones whenever they are due, others up to ``ahead`` from that day. The earliest first."""
    days = defaultdict(lambda: defaultdict(list))
    for some in _in_parts(commitments):
        # The ids are given one by one: joined to their rules, the calendar of every paper would be made.
        written = _written(some)
        for (commitment, ends), status in written.items():
            days[status][commitment].append(ends)
        periods = ReportingPeriod.objects.filter(commitment__in=some, ends__lte=on + ahead).unreported()
        for commitment, ends in periods.order_by("ends").values_list("commitment", "ends"):
            if (commitment, ends) not in written:
                days[_group(ends, on)][commitment].append(ends)
    return {
        code: sorted(
            (Awaited(pk, min(ends), len(ends) - 1) for pk, ends in days[code].items()),
            key=lambda each: (each.ends, each.commitment),
        )
        for code in GROUPS
    }


def pressing_count(commitments, on, most):
    """How many rows the pressing groups have together; counted no further than above ``most``."""
    count = 0
    for some in _in_parts(commitments):
        groups = awaited_of(some, on, ahead=WEEK)
        count += sum(len(groups[code]) for code in PRESSING)
        if count > most:
            break
    return count


def _written(commitments):
    """(commitment, last day of the period) of each report that is being written -> its status."""
    rows = ProgressReport.objects.filter(commitment__in=commitments, status__in=REPORT_IS_WRITTEN)
    return {
        (commitment, ends): status
        for commitment, ends, status in rows.order_by().values_list("commitment", "period_end", "status")
    }


def _group(ends, on):
    if ends < on:
        return "overdue"
    return "week" if ends <= on + WEEK else "later"


def _in_parts(ids):
    ids = list(ids)
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]
