"""What was achieved of some commitments, today or as was known by an earlier day."""

from decimal import Decimal
from functools import cached_property

import numpy as np

from partnerships.register.index.exact import HALF, added, joined, total
from partnerships.register.index.reported import PARTS
from partnerships.register.index.standings import DIGITS, NO_DAY, of_alike

_WHOLE = 10**DIGITS


class Measured:
    """Of the commitments of a mask those that can be measured and were not withdrawn (by ``on``, where a day
    is given), and the rate of each: verified over promised, up to 1."""

    def __init__(self, index, mask, on=None):
        self._index = index
        self._standings = standings = index.standings
        self._on = on
        stands = standings.withdrawn_on == NO_DAY if on is None else ~standings.withdrawn_by(on)
        measurable = of_alike(standings.alike.values)["measurable"] > 0
        self._rows = np.flatnonzero(mask & stands & measurable.take(standings.alike.codes))

    def __len__(self):
        return len(self._rows)

    @property
    def rates(self):
        """The sum of the rates of all of them."""
        return _rate(total(self._rates))

    @property
    def mean(self):
        """Of the rates of all of them; None of none."""
        return self.rates / len(self) if len(self) else None

    def by(self, name):
        """{value: the mean of the rates} by ``region`` of the offices, or by ``class``, ``unit`` or ``theme``
        of the papers."""
        column = self._standings.offices if name == "region" else self._standings.paper
        codes = column.codes[self._rows]

        def sums(weights=None):
            numbers = np.bincount(codes, weights, minlength=len(column)).astype(np.int64)
            if name == "region":
                return self._index.offices.regions.sums(numbers)
            return self._index.counts_of_papers(numbers, name)

        upper, lower = (sums(half) for half in np.divmod(self._rates, HALF))
        return {
            value: _rate(joined(upper.get(value, 0), lower.get(value, 0))) / number
            for value, number in sums().items()
        }

    def by_indicator(self):
        """{indicator (its id): (how many, promised, done, reports that wait)}, amounts in its unit."""
        standings, rows = self._standings, self._rows
        of = of_alike(standings.alike.values)["indicator"][standings.alike.codes[rows]]
        indicators, codes = np.unique(of, return_inverse=True)
        numbers = np.bincount(codes, minlength=len(indicators))
        waiting = np.bincount(codes, standings.waiting[rows], minlength=len(indicators))
        amounts = (added(codes, each, len(indicators)) for each in (self._promised, self._done))
        columns = (each.tolist() for each in (indicators, numbers, *amounts, waiting.astype(np.int64)))
        return {
            indicator: (number, Decimal(promised) / PARTS, Decimal(done) / PARTS, waits)
            for indicator, number, promised, done, waits in zip(*columns, strict=True)
        }

    def best_papers(self, papers, most):
        """(paper, the mean of the rates of its commitments, how many these are) of so many of some papers (a
        Selection) that have achieved something: the best first, of equals the one with more commitments."""
        column = self._standings.paper
        codes, ids = column.codes[self._rows], column.values
        numbers = np.bincount(codes, minlength=len(column))
        sums = np.bincount(codes, self._rates.astype(np.float64), minlength=len(column))
        found = np.flatnonzero((sums > 0) & np.isin(ids, papers.ids()))
        order = np.lexsort((ids[found], -numbers[found], -sums[found] / numbers[found]))[:most]
        return [
            (int(ids[at]), _rate(int(sums[at])) / int(numbers[at]), int(numbers[at]))
            for at in found[order].tolist()
        ]

    @cached_property
    def _promised(self):
        promised = self._standings.promised
        return promised.values[promised.codes[self._rows]]

    @cached_property
    def _done(self):
        if self._on is not None:
            return self._standings.achieved_by(self._on)[self._rows]
        done = self._standings.done
        return done.values[done.codes[self._rows]]

    @cached_property
    def _rates(self):
        """The rates, each as a whole number of DIGITS digits; rounded, so that three thirds are 1."""
        return np.rint(np.minimum(self._done / self._promised, 1) * _WHOLE).astype(np.int64)


def _rate(number):
    # Not rounded, as every operation with decimals would.
    return Decimal(f"{number}e-{DIGITS}")
