"""The rows of a file as one query whose cells the database makes by itself, and as lines that it copies."""

import re
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread

from kemnaker_portal.replicas import reading
from partnerships.columns.in_sql import Number
from partnerships.exports.cells import plain

# Options of COPY: a line for each row, a tab between its cells, nothing for NULL.
LINES_OF_TEXT = "FORMAT text, NULL ''"
# What COPY then writes as two signs, because it is the end of a cell, of a line, or of what is so written.
_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": ""}

# Of so few papers the parties are found one by one; of more, those of all papers are read at once.
_FEW = 20_000
_LINES_AT_A_TIME = 500
# So many times as many lines are made before somebody asks for them.
_AHEAD = 4


def query_of(extract, shown, beside=None):
    """The query of the rows of a file, in their order: the columns that ``shown`` makes of (column, the name
    of its value) of each column. ``beside`` maps names of more values to their SQL. A table of the list is
    joined only where a cell names it."""
    listing = extract.listing
    columns = [(column, f"c{place}") for place, column in enumerate(extract.columns)]
    made = ", ".join(f"{column.cell.sql} AS {name}" for column, name in columns)
    for column, name in columns:
        if isinstance(column.cell, Number):
            made += f", {column.cell.unit} AS {name}_unit"
    for name, sql in (beside or {}).items():
        made += f", {sql} AS {name}"
    joins = _joins(made, listing.tables, few=extract.count <= _FEW)
    fields = sorted(set(re.findall(r"\basked\.(\w+)", made + joins)) - {"pk"})
    rows = _sql_of(listing.full_rows.values_list("pk", *fields))
    # The rows are numbered once in the order asked for, so that the joins may read them in any other.
    return f"""
        WITH asked AS (
            SELECT *, row_number() OVER () AS nth FROM ({rows}) AS rows ({", ".join(["pk", *fields])})
        )
        SELECT {shown(columns)} FROM (SELECT {made} FROM asked {joins} ORDER BY asked.nth) AS cells
    """  # noqa: S608 - from the fragments of the columns, and from a query that Django made


def _joins(made, tables, few):
    """The joins that the cells need, and those that these need, in the order of the tables."""
    needed = []
    for name, table in reversed(tables.items()):
        if re.search(rf"\b{name}\.", made):
            join = table.sql(few)
            needed.insert(0, join)
            made += join
    return " ".join(needed)


def _sql_of(rows):
    # A question that no row can answer is asked all the same, for a file without rows.
    connection = reading()
    statement = rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
    with connection.cursor() as cursor:
        return cursor.mogrify(*statement).decode()


def unescaped(text):
    """The text of a cell that COPY wrote with signs escaped, without control characters."""
    return plain(_ESCAPED.sub(lambda found: _SIGNS.get(found[1], found[1]), text))


def copied(query, options):
    """The lines (bytes, with their ends) that COPY makes of a query, in lists of some hundred.

    The database makes them while the reader takes them, and no more than a few hundred ahead. Use it up
    or close it within the transaction: closing stops the database at once.
    """
    # A thread holds the connection until the last line: COPY pushes, and a reader pulls.
    connection = reading()
    session = connection.connection
    batches: Queue = Queue(maxsize=_AHEAD)
    taken_away = Event()
    statement = f"COPY ({query}) TO STDOUT WITH ({options})"
    copying = Thread(target=_copy, args=(session, statement, batches, taken_away), daemon=True)
    copying.start()
    try:
        while batch := batches.get():
            if isinstance(batch, Exception):
                with connection.wrap_database_errors:
                    raise batch
            yield batch
        copying.join()
    finally:
        taken_away.set()
        if copying.is_alive():
            session.cancel()
        while copying.is_alive():
            with suppress(Empty):
                batches.get(timeout=0.05)


def _copy(session, statement, batches, taken_away):
    lines = _Batched(batches, taken_away)
    try:
        with session.cursor() as cursor:
            cursor.copy_expert(statement, lines)
        lines.hand_over()
        batches.put(None)
    except Exception as error:
        batches.put(error)


class _Batched:
    """What COPY writes to: line by line, as it comes from the database."""

    def __init__(self, batches, taken_away):
        self._batches, self._taken_away = batches, taken_away
        self._lines = []

    def write(self, line):
        self._lines.append(line)
        if len(self._lines) == _LINES_AT_A_TIME:
            self.hand_over()

    def hand_over(self):
        if self._taken_away.is_set():
            raise InterruptedError("nobody takes the lines any more")
        if self._lines:
            self._batches.put(self._lines)
            self._lines = []
