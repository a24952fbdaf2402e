"""The cells of files as the ``value`` of each column defines them, row by row: what the database says of
them in its own words has to be the same."""

import datetime

from partnerships.columns import Amount, Rate, in_words
from partnerships.exports.cells import harmless, plain
from partnerships.models import PartialDate, Precision


def values_of(extract):
    return [[column.value(row) for column in extract.columns] for row in extract.rows()]


def in_json(value):
    """Dates by ISO 8601 as far as known, lists as lists, an amount as its number and a rate as percent."""
    if isinstance(value, PartialDate):
        return value.isoformat()
    if isinstance(value, Amount | Rate):
        return int(value.plain) if value.plain % 1 == 0 else float(value.plain)
    if isinstance(value, list | int) or value is None:
        return value
    return str(value)


def in_csv(value):
    if isinstance(value, PartialDate | int):
        return str(in_json(value))
    if isinstance(value, Amount | Rate):
        return f"{value.plain:f}".replace(".", ",")
    return harmless(plain(in_words(value)))


def in_xlsx(value):
    """The value that a spreadsheet reads; None of an empty cell."""
    if isinstance(value, PartialDate) and value.precision == Precision.DAY:
        return datetime.datetime.combine(value.earliest, datetime.time())
    if isinstance(value, Amount | Rate | int):
        return in_json(value)
    return plain(in_json(value) if isinstance(value, PartialDate) else in_words(value)) or None
