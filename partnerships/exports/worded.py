"""The rows of a list in words, as they stand on paper, under the headings of their groups.

A column's ``value`` defines the words of its cells. The database gives the same from one query, which takes a
tenth of the time when rows are many.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby

from partnerships.columns import Amount, Rate, in_words
from partnerships.columns.in_sql import Date, Number, Percent, Several
from partnerships.exports.cells import plain, plain_bytes
from partnerships.exports.query import LINES_OF_TEXT, copied, query_of, unescaped
from partnerships.models import PartialDate
from partnerships.models.reference import RUPIAH

# Columns whose words have a colour for each value.
_COLOURED = {"validity", "state"}
_NOTHING = "–"


@dataclass(frozen=True)
class Worded:
    """A row: the texts of its cells, and the classes (print.css) of those that have one of their own."""

    texts: tuple[str, ...]
    kinds: dict[int, str]


def by_value(groups, columns):
    """(heading or None, its rows as Worded) of (heading or None, rows) as their columns define them."""
    for heading, rows in groups:
        yield (
            heading,
            (
                Worded(
                    texts=tuple(plain(in_words(column.value(row))).strip() or _NOTHING for column in columns),
                    kinds={
                        place: _kind(column, getattr(row, column.code))
                        for place, column in enumerate(columns)
                        if column.code in _COLOURED
                    },
                )
                for row in rows
            ),
        )


def by_database(extract):
    """The same of all rows of an Extract, in their order. A group is to be read before the next."""
    heading = extract.heading_in_sql(extract.listing.sort.removeprefix("-"))
    rows = _rows(extract, heading)
    if heading is None:
        yield None, (row for _heading, row in rows)
        return
    for name, group in groupby(rows, lambda row: row[0]):
        yield name, (row for _heading, row in group)


def _kind(column, code):
    return f"pdf-{column.code} pdf-{column.code}--{code}"


def _rows(extract, heading):
    """(heading, Worded) of each row."""
    beside = {"heading": heading or "''"}
    beside |= {_code(column): f"asked.{column.code}" for column in extract.columns if _is_coloured(column)}
    if any(isinstance(column.cell, Percent) for column in extract.columns):
        beside["waiting"] = "asked.waiting"
    cells = [_reader_of(column) for column in extract.columns]
    coloured = [(place, each) for place, each in enumerate(extract.columns) if _is_coloured(each)]
    with closing(copied(query_of(extract, _shown, beside), LINES_OF_TEXT)) as batches:
        for lines in batches:
            for line in plain_bytes(b"".join(lines)).decode().split("\n")[:-1]:
                values = iter(line.split("\t"))
                if "\\" in line:
                    values = map(unescaped, values)
                name = next(values)
                texts = tuple(cell(values).strip() or _NOTHING for cell in cells)
                yield name, Worded(texts, {place: _kind(column, next(values)) for place, column in coloured})


def _is_coloured(column):
    return column.code in _COLOURED


def _code(column):
    return f"{column.code}_code"


def _shown(columns):
    shown = ["heading"]
    for column, name in columns:
        if isinstance(column.cell, Several):
            shown.append(f"array_to_string({name}, '; ')")
        elif isinstance(column.cell, Number):
            shown += [name, f"{name}_unit"]
        elif isinstance(column.cell, Percent):
            shown += [name, "waiting"]
        else:
            shown.append(name)
    return ", ".join([*shown, *(_code(column) for column, _name in columns if _is_coloured(column))])


def _reader_of(column) -> Callable:
    """What takes the value of a column's cell from the values of a line, and says it in words."""
    # What was said once is not said anew: days, amounts and rates come again and again.
    date, amount, rate = cache(_date), cache(_amount), cache(_rate)
    readers = {
        Date: lambda values: date(next(values)),
        Number: lambda values: amount(next(values), next(values)),
        Percent: lambda values: rate(next(values), next(values)),
    }
    return readers.get(type(column.cell), next)


def _date(text):
    """A date as far as it is known, or what is said in place of one."""
    return PartialDate.parse(text).short() if text[:1].isdigit() else text


def _amount(number, unit):
    return str(Amount(Decimal(number), unit, money=unit == RUPIAH)) if number else ""


def _rate(percent, waiting):
    return str(Rate(Decimal(percent) / 100, int(waiting or 0))) if percent else ""
