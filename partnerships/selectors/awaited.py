"""Which reports an office owes, in groups: begun, returned, late, due."""

import datetime
from dataclasses import dataclass

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

WEEK = datetime.timedelta(days=7)
# How far ahead an inbox looks; a reminder begins as early.
LATER = datetime.timedelta(days=90)
_DAY = datetime.timedelta(days=1)

GROUPS = {
    "draft": _("Drafts to hand in"),
    "returned": _("Returned to you"),
    "overdue": _("Overdue"),
    "week": _("Due within a week"),
    "later": _("Later"),
}


@dataclass(frozen=True)
class Awaited:
    """A commitment (its id) in a group: the last day of its first period there, and how many more of
    its periods are in the same group."""

    commitment: int
    ends: datetime.date
    more: int


class AwaitedRows:
    """The rows of a group, the earliest first, read only as far as they are shown; ``numbers`` has how many
    there are in each group."""

    def __init__(self, code, found, numbers):
        self._code = code
        self._found = found
        self._numbers = numbers

    def count(self):
        return self._numbers[self._code]

    def __len__(self):
        return self.count()

    def __getitem__(self, some):
        return [Awaited(pk, ends, days - 1) for pk, ends, days in self._found[some]]


def awaited_of(standings, on):
    """The reports that are owed on these commitments (their standings), by the codes of ``GROUPS``: begun
    and returned ones whenever they are due, others up to ``LATER`` from that day. The earliest first."""
    spans = {
        "overdue": (None, on - _DAY),
        "week": (on, on + WEEK),
        "later": (on + WEEK + _DAY, on + LATER),
    }
    found = {
        "draft": _written(standings, "first_draft", "drafts"),
        "returned": _written(standings, "first_returned", "returned"),
        **{
            code: standings.awaiting(*span).order_by("ends", "pk").values_list("pk", "ends", "days")
            for code, span in spans.items()
        },
    }
    numbers = SimpleLazyObject(lambda: standings.numbers_awaiting(spans))
    return {code: AwaitedRows(code, found[code], numbers) for code in GROUPS}


def late_of(standings, on):
    """Those in the group of overdue reports."""
    return standings.filter(next_awaited__lt=on)


def pressing_of(standings, on):
    """(code, standings) of the other groups that want to be done now; a commitment may be in several."""
    yield "draft", standings.filter(first_draft__isnull=False)
    yield "returned", standings.filter(first_returned__isnull=False)
    yield "week", standings.awaiting(on, on + WEEK)


def _written(standings, first, number):
    rows = standings.filter(**{f"{first}__isnull": False})
    return rows.order_by(first, "pk").values_list("pk", first, number)
