"""A text file with a separator becomes rows. A row that can't be read is refused alone, and the
rows after it are still read."""

import csv
import re

from django.utils.translation import gettext as _

from partnerships.imports.table import FileRefused, Row, add_row, column_name, table_with_header
from partnerships.imports.vocabulary import COLUMNS

_LONGEST_CELL = 32_767  # what a spreadsheet can hold
_MOST_LINES_OF_A_ROW = 100

csv.field_size_limit(20 * 1024 * 1024)


def read_delimited(text):
    """Rows of a CSV text. Raises FileRefused."""
    lines = re.split(r"\r\n|\r|\n", text)
    first = next(at for at, line in enumerate(lines) if line.strip(" ,;\t") or at == len(lines) - 1)
    delimiter = _delimiter(lines[first])
    header = _cells(lines[first], delimiter)
    if header is None:
        raise FileRefused(_("The first line of the file is not a row of column names."))
    table = table_with_header(header)
    for number, cells in _records(lines, first + 1, delimiter, len(header)):
        if cells is None:
            row = Row(number)
            row.refuse("", _("The quotation marks in this line do not close, or a cell is too long."))
            table.rows.append(row)
        else:
            add_row(table, number, cells, header)
    return table


def _delimiter(first_line):
    """The separator under which the first line has the most columns of an import."""

    def known(delimiter):
        cells = _cells(first_line, delimiter) or []
        return sum(column_name(cell) in COLUMNS for cell in cells)

    return max(",;\t", key=known)


def _cells(record, delimiter):
    """The cells of one record, or None when its quotation marks make no sense."""
    try:
        rows = list(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if len(rows) != 1 or any(len(cell) > _LONGEST_CELL for cell in rows[0]):
        return None
    return rows[0]


def _records(lines, at, delimiter, width):
    """Number each record as a spreadsheet does and yield (number, cells or None).

    An opened quotation mark that never closes would swallow the rows after it; so a record that
    goes on over several lines must make sense, else its first line alone is the bad one.
    """
    number = at
    while at < len(lines):
        number += 1
        end = _end_of_record(lines, at)
        cells = _cells("\n".join(lines[at:end]), delimiter) if end else None
        runs_on = end is not None and end > at + 1
        swallowed = runs_on and (
            cells is None
            or len(cells) != width
            or any(_stands_alone(line, delimiter, width) for line in lines[at + 1 : end])
        )
        if swallowed or cells is None:
            cells, end = None, at + 1
        yield number, cells
        at = end


def _end_of_record(lines, start):
    """The line after a record: the first at which the quotation marks are even; None if none is near."""
    marks = 0
    for at in range(start, min(len(lines), start + _MOST_LINES_OF_A_ROW)):
        marks += lines[at].count('"')
        if marks % 2 == 0:
            return at + 1
    return None


def _stands_alone(line, delimiter, width):
    cells = _cells(line, delimiter)
    return cells is not None and len(cells) == width
