import json

from partnerships.columns import as_data


def write(extract, to):
    """The rows under the code names of their columns, with what a program must know of them."""
    head = {
        "count": extract.count,
        "as_of": extract.as_of.isoformat(timespec="seconds"),
        "filters": extract.filters,
    }
    to.write(_encoded(head)[:-1] + b', "rows": [')
    separator = b"\n"
    for row in extract.rows():
        to.write(separator)
        to.write(_encoded({column.code: as_data(column.value(row)) for column in extract.columns}))
        separator = b",\n"
    to.write(b"\n]}\n")


def _encoded(value):
    return json.dumps(value, ensure_ascii=False).encode()
