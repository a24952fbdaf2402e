import json
from contextlib import closing

from partnerships.columns.in_sql import Several, quoted
from partnerships.exports.query import copied, query_of

# No sign of these is written as it is within JSON: what COPY gives is the line, and nothing around it.
_FORM = r"FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02'"


def write(extract, to, progress=None):
    """The file as a whole, see ``parts``."""
    to.writelines(parts(extract, progress))


def parts(extract, progress=None, digest=None):
    """The rows under the code names of their columns, with what a program must know of them.

    ``progress`` is told how many rows are made, some hundred at a time; ``digest`` (of hashlib) takes the
    rows without what stands around them.
    """
    head = {
        "count": extract.count,
        "as_of": extract.as_of.isoformat(timespec="seconds"),
        "filters": extract.filters,
    }
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": ['.encode()
    separator, done = b"\n", 0
    with closing(copied(query_of(extract, _shown), _FORM)) as batches:
        for lines in batches:
            rows = separator + b",\n".join(line[:-1] for line in lines)
            if digest:
                digest.update(rows)
            yield rows
            separator = b",\n"
            done += len(lines)
            if progress:
                progress(done)
    yield b"\n]}\n"


def _shown(columns):
    pairs = (f"{quoted(column.code)}, {_written(column.cell, name)}" for column, name in columns)
    return f"json_build_object({', '.join(pairs)})"


def _written(cell, name):
    return f"coalesce(to_json({name}), '[]')" if isinstance(cell, Several) else name
