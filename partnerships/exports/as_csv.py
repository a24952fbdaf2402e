import csv
import io

from partnerships.columns import Amount, Rate, as_data, in_words
from partnerships.exports.cells import harmless, plain
from partnerships.models import PartialDate

_MARK = "\ufeff"


def write(extract, to, progress=None):
    """The file as a whole, see ``parts``."""
    to.writelines(parts(extract, progress))


def parts(extract, progress=None):
    """Headings and rows for a spreadsheet set to Indonesian: UTF-8 with a mark, semicolons, ISO dates.

    ``progress`` is told how many rows are made, some hundred at a time.
    """
    yield (_MARK + _lines([[str(column.label) for column in extract.columns]])).encode()
    done = 0
    for rows in extract.batches():
        yield _lines([_cell(column.value(row)) for column in extract.columns] for row in rows).encode()
        done += len(rows)
        if progress:
            progress(done)


def _lines(rows):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue()


def _cell(value):
    if isinstance(value, PartialDate | int):
        return as_data(value)
    if isinstance(value, Amount | Rate):
        # A spreadsheet set to Indonesian reads a point as a mark between thousands.
        return f"{value.plain:f}".replace(".", ",")
    return harmless(plain(in_words(value)))
