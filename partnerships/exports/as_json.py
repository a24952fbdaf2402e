import json

from partnerships.columns import as_data


def write(extract, to, progress=None):
    """The file as a whole, see ``parts``."""
    to.writelines(parts(extract, progress))


def parts(extract, progress=None):
    """The rows under the code names of their columns, with what a program must know of them.

    ``progress`` is told how many rows are made, some hundred at a time.
    """
    head = {
        "count": extract.count,
        "as_of": extract.as_of.isoformat(timespec="seconds"),
        "filters": extract.filters,
    }
    yield f'{_encoded(head)[:-1]}, "rows": ['.encode()
    separator, done = "\n", 0
    for rows in extract.batches():
        lines = [
            _encoded({column.code: as_data(column.value(row)) for column in extract.columns}) for row in rows
        ]
        yield (separator + ",\n".join(lines)).encode()
        separator = ",\n"
        done += len(rows)
        if progress:
            progress(done)
    yield b"\n]}\n"


def _encoded(value):
    return json.dumps(value, ensure_ascii=False)
