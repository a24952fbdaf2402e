"""How the numbers of a report on a period are put: beside those of the period before, in lines and tables."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language

from partnerships.columns import Rate


@dataclass(frozen=True)
class Cell:
    """A number of the period and the one of the period before, each with the address of its rows; of a share
    (``is_share``) a fraction or None, where nothing can be measured."""

    label: str | Promise
    now: object
    before: object
    url: str
    before_url: str
    is_share: bool = False

    @property
    def said(self):
        return self._in_words(self.now)

    @property
    def said_before(self):
        return self._in_words(self.before)

    @property
    def change(self):
        """By how much it became more or less; of a share in points of percent, empty where there was none."""
        if not self.is_share:
            return changed(self.now, self.before)
        return "" if None in (self.now, self.before) else changed(*map(_whole, (self.now, self.before)))

    @property
    def percent(self):
        """By how many percent it became more or less, cut; empty from nothing, and of a share."""
        if self.is_share or not self.before:
            return ""
        return f"{changed(int(100 * (self.now - self.before) / self.before), 0)}%"

    @property
    def plain(self):
        """(the number, the one before) as a cell of a CSV."""
        return [self._for_a_cell(each) for each in (self.now, self.before)]

    def _in_words(self, number):
        if self.is_share:
            return "–" if number is None else Rate(number).percent
        return _grouped(number, get_language())

    def _for_a_cell(self, number):
        if self.is_share:
            return "" if number is None else str(Rate(number).plain).replace(".", ",")
        return number


@dataclass(frozen=True)
class Line:
    """A line of a table: a cell for each of its measures; under which ``key`` it is counted, and what the
    filter that asks for it adds to an address."""

    label: str | Promise
    cells: list
    key: object = None
    narrower: str = ""


@dataclass(frozen=True)
class Table:
    """Papers, or commitments, by one thing: the lines in which there is any, and all of them together."""

    headings: list
    lines: list
    total: Line


@dataclass(frozen=True)
class Dimension:
    """By what a report divides its numbers: the filter, its heading, and of each line (the key under which it
    is counted, the value of the filter, what it is called)."""

    code: str
    label: str | Promise
    values: list


def changed(now, before):
    """By how much a number became more or less: “+12”, “−3”, “±0”."""
    change = now - before
    sign = "+" if change > 0 else "−" if change else "±"
    return f"{sign}{_grouped(abs(change), get_language())}"


# Asked some thousand times for a report, mostly of the same small numbers.
@lru_cache(maxsize=4096)
def _grouped(number, language):
    return number_format(number, force_grouping=True)


def _whole(share):
    return int(share * 100)
