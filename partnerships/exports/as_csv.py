from contextlib import closing

from partnerships.columns.in_sql import Number, Percent, Several, Text, quoted
from partnerships.exports.cells import RISKY, plain_bytes
from partnerships.exports.query import copied, query_of

_MARK = "\ufeff"
_FORM = "FORMAT csv, DELIMITER ';'"
_LINE_END = b"\r\n"


def write(extract, to, progress=None):
    """The file as a whole, see ``parts``."""
    to.writelines(parts(extract, progress))


def parts(extract, progress=None):
    """Headings and rows for a spreadsheet set to Indonesian: UTF-8 with a mark, semicolons, ISO dates.

    ``progress`` is told how many rows are made, some hundred at a time.
    """
    yield (_MARK + ";".join(str(column.label) for column in extract.columns)).encode() + _LINE_END
    done = 0
    with closing(copied(query_of(extract, _shown), _FORM)) as batches:
        for lines in batches:
            yield _cleaned(lines)
            done += len(lines)
            if progress:
                progress(done)


def _shown(columns):
    return ", ".join(_written(column.cell, name) for column, name in columns)


def _written(cell, name):
    """A cell's value as SQL of its text; nothing is NULL, which COPY writes as nothing."""
    if isinstance(cell, Number | Percent):
        # A spreadsheet set to Indonesian reads a point as a mark between thousands.
        return f"replace({name}::text, '.', ',')"
    if isinstance(cell, Several):
        name = f"array_to_string({name}, '; ')"
    if isinstance(cell, Text | Several):
        # Most texts begin with a capital letter, which is found out at a tenth of the cost.
        safe = f"{name} COLLATE \"C\" BETWEEN 'A' AND '['"
        risky = f"{name} ~ {quoted(RISKY)}"
        return f"nullif(CASE WHEN {safe} THEN {name} WHEN {risky} THEN '''' || {name} ELSE {name} END, '')"
    return name


def _cleaned(lines):
    """The lines of a batch without control characters, each with its end. A line end inside a cell is not
    the end of a line; NUL, which no text in the database holds, keeps them apart."""
    text = plain_bytes(b"\0".join(line[:-1] for line in lines))
    return text.replace(b"\0", _LINE_END) + _LINE_END
