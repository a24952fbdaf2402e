import csv
import io

from partnerships.columns import Amount, Rate, as_data, in_words
from partnerships.exports.cells import harmless, plain
from partnerships.models import PartialDate


def write(extract, to):
    """Headings and rows for a spreadsheet set to Indonesian: UTF-8 with a mark, semicolons, ISO dates."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text, delimiter=";")
    lines.writerow([str(column.label) for column in extract.columns])
    for row in extract.rows():
        lines.writerow([_cell(column.value(row)) for column in extract.columns])
    text.detach()


def _cell(value):
    if isinstance(value, PartialDate | int):
        return as_data(value)
    if isinstance(value, Amount | Rate):
        # A spreadsheet set to Indonesian reads a point as a mark between thousands.
        return f"{value.plain:f}".replace(".", ",")
    return harmless(plain(in_words(value)))
