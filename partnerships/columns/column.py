"""What a column of a list is, and how the value of a cell is said to people and to machines."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from partnerships.columns.in_sql import Cell
from partnerships.models.partial_date import PartialDate


# Each is one thing, made once: what is kept of a column is found by it.
@dataclass(frozen=True, eq=False)
class Column:
    """One column. ``value`` gives what stands in a cell: a text, a number, an Amount, a Rate, a
    PartialDate, a list of texts, or None. ``order`` are the expressions that sort by it; ``share`` is
    its part of a page's width, in percent of a page of the default columns. What is ``indonesian`` is
    so in whatever language the page is: the names of papers and offices, and what people wrote. ``cell``
    is how the database says the same as ``value``."""

    code: str
    label: str | Promise
    value: Callable
    cell: Cell
    order: tuple = ()
    default: bool = False
    number: bool = False
    share: int = 10
    indonesian: bool = False


def whole_day(date):
    """A day as a cell has it; None for none."""
    return PartialDate.of(date.year, date.month, date.day) if date else None


def in_words(value):
    """A cell's value as a reader sees it; an empty one is an empty text."""
    if value is None:
        return ""
    if isinstance(value, PartialDate):
        return value.short()
    if isinstance(value, list):
        return "; ".join(value)
    return str(value)
