"""What was promised and done in some indicators: in all, and by region, partner, class and period."""

import operator
from dataclasses import astuple, dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from partnerships.register.index.exact import added, total
from partnerships.register.index.reported import PARTS
from partnerships.register.index.standings import NO_DAY, of_alike

# The first day of 1970, from which months are counted, as an ordinal.
_EPOCH = 719_163


@dataclass(frozen=True)
class Reached:
    """Commitments: how many there are, can be measured, have a report that waits for its
    verification; and of those that can be measured what was promised and what is verified, in their unit."""

    commitments: int = 0
    measurable: int = 0
    waiting: int = 0
    promised: Decimal = Decimal(0)
    done: Decimal = Decimal(0)

    def __add__(self, other):
        return Reached(*map(operator.add, astuple(self), astuple(other)))


class Reach:
    """The commitments of a mask that count in one of the indicators (ids)."""

    def __init__(self, index, mask, indicators):
        self._index = index
        standings = self._standings = index.standings
        self._rows = np.flatnonzero(mask & standings.alike_with("indicator", indicators))

    @cached_property
    def _numbers(self):
        """Of each of these what is added up, in the order of Reached."""
        standings, rows = self._standings, self._rows
        alike = of_alike(standings.alike.values)
        codes = standings.alike.codes[rows]
        ones = np.ones(len(rows), np.int64)
        amounts = [each.values[each.codes[rows]] for each in (standings.promised, standings.done)]
        return [ones, alike["measurable"][codes], alike["waits"][codes], *amounts]

    @cached_property
    def whole(self):
        """All of them, as Reached."""
        return _reached(total(numbers) for numbers in self._numbers)

    def by(self, name):
        """{value: Reached} for each ``region`` of an office (a province with those below it), ``partner`` (an
        organisation of the paper), ``class`` of a counterpart, or ``month`` in which it is due (counted from
        January 1970; None without a due date). One may be of several."""
        if name == "month":
            return self._by_month()
        standings = self._standings
        column = standings.offices if name == "region" else standings.paper
        of_rows = column.codes[self._rows]
        sums = [self._grouped(name, added(of_rows, numbers, len(column))) for numbers in self._numbers]
        return {value: _reached(each.get(value, 0) for each in sums) for value in sums[0]}

    def _grouped(self, name, numbers):
        if name == "region":
            return self._index.offices.regions.sums(numbers)
        return self._index.counts_of_papers(numbers, {"partner": "organization"}.get(name, name))

    def _by_month(self):
        due = self._standings.due[self._rows]
        months = (due - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        values, codes = np.unique(
            np.where(due == NO_DAY, np.iinfo(np.int64).max, months), return_inverse=True
        )
        sums = [added(codes, numbers, len(values)).tolist() for numbers in self._numbers]
        names = [None if value == np.iinfo(np.int64).max else value for value in values.tolist()]
        return {name: _reached(each[place] for each in sums) for place, name in enumerate(names)}


def _reached(sums):
    commitments, measurable, waiting, promised, done = sums
    return Reached(commitments, measurable, waiting, Decimal(promised) / PARTS, Decimal(done) / PARTS)
