"""What was read from a file, before anybody understands it: rows of text under known columns."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.imports.vocabulary import COLUMNS, REQUIRED_COLUMNS

MOST_ROWS = 20_000
MOST_COLUMNS = 60


class FileRefused(Exception):
    """The file as a whole can't be read; the message says why and what to do."""


@dataclass(frozen=True)
class Trouble:
    """A reason to refuse a row, or to warn of it: where, and what is wrong."""

    row: int
    column: str
    reason: str


@dataclass
class Row:
    """One line of the table: its number in the spreadsheet and its cells by column."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)

    def refuse(self, column, reason):
        self.troubles.append(Trouble(self.number, column, reason))


@dataclass
class Table:
    """What was read from a file; ``unknown_columns`` are named in a warning and not read."""

    columns: list[str]
    rows: list[Row]
    unknown_columns: list[str]
    notes: list[str] = field(default_factory=list)


def column_name(text):
    """ " Date Signed" is the column date_signed."""
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def table_with_header(header):
    """An empty table under the names of the first line. Raises FileRefused."""
    if len(header) > MOST_COLUMNS:
        raise FileRefused(
            _("The file has more than %(count)d columns. Leave only the columns of an import.")
            % {"count": MOST_COLUMNS}
        )
    names = [column_name(name) for name in header]
    known = [name for name in names if name in COLUMNS]
    missing = [name for name in REQUIRED_COLUMNS if name not in known]
    if missing:
        raise FileRefused(
            ngettext("The column %(names)s is missing.", "The columns %(names)s are missing.", len(missing))
            % {"names": ", ".join(missing)}
        )
    if twice := sorted({name for name in known if known.count(name) > 1}):
        raise FileRefused(_("Two columns are called %(name)s.") % {"name": twice[0]})
    unknown = [
        name.strip()
        for name, cleaned in zip(header, names, strict=True)
        if name.strip() and cleaned not in known
    ]
    return Table(columns=names, rows=[], unknown_columns=unknown)


def add_row(table, number, cells, header):
    """Put the cells of one line under their columns; a line of another width is refused."""
    if not any(cell.strip() for cell in cells):
        return
    if len(table.rows) >= MOST_ROWS:
        raise FileRefused(_("The file has more than %(count)d rows. Split it.") % {"count": MOST_ROWS})
    row = Row(number)
    table.rows.append(row)
    if len(cells) != len(header):
        row.refuse(
            "",
            _("The line has %(found)d cells where the header has %(expected)d.")
            % {"found": len(cells), "expected": len(header)},
        )
    row.cells = {
        column: cell for column, cell in zip(table.columns, cells, strict=False) if column in COLUMNS
    }
