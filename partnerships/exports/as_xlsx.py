from django.utils.translation import get_language, gettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from partnerships.columns import Amount, Rate, as_data, in_words
from partnerships.exports.cells import plain
from partnerships.models import PartialDate, Precision

_LONGEST_TEXT = 32_767
_WIDEST_TABLE = 150
# Excel writes month names in the language of the code, whatever the reader's own is.
_DATES = {"id": "[$-421]d mmm yyyy", "en": "[$-409]d mmm yyyy"}
_HEAD = {"bold": True, "font_color": "#084a57", "bg_color": "#e3eff0", "bottom": 1}
_HEAD["bottom_color"] = "#8fbcc4"


class _PlainSheet(Worksheet):
    """A sheet on which every text is only text.

    xlsxwriter takes a text from "<r>" to "</r>" for markup of its own and writes it as it is, so
    that a title could bring cells and formulas of its own into the file.
    """

    def _xml_rich_inline_string(self, string, attributes):
        self._xml_inline_string(string, True, attributes)


def write(extract, to, progress=None):
    """A workbook: the rows with real dates and numbers, and a sheet that says what they are.

    ``progress`` is told how many rows are made, some hundred at a time.
    """
    book = Workbook(
        to,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": str(extract.title), "author": extract.asked_by})
    _write_rows(book, extract, progress)
    _write_origin(book, extract)
    book.close()


def _write_rows(book, extract, progress):
    sheet = book.add_worksheet(str(extract.sheet), worksheet_class=_PlainSheet)
    formats = _Formats(book)
    total = sum(column.share for column in extract.columns)
    for position, column in enumerate(extract.columns):
        width = max(9, column.share * max(1.4, _WIDEST_TABLE / total))
        sheet.set_column(position, position, width, formats.text)
    sheet.freeze_panes(1, 1)
    for position, column in enumerate(extract.columns):
        sheet.write_string(0, position, str(column.label), formats.head)
    last = 0
    for rows in extract.batches():
        for row in rows:
            last += 1
            for position, column in enumerate(extract.columns):
                _write_cell(sheet, last, position, column.value(row), formats)
        if progress:
            progress(last)
    sheet.autofilter(0, 0, last, len(extract.columns) - 1)
    # A year that is all a source knows is a text on purpose.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


class _Formats:
    def __init__(self, book):
        self._book = book
        self._of_amounts = {}
        top = {"valign": "top"}
        self.head = book.add_format({**_HEAD, **top, "text_wrap": True})
        self.text = book.add_format({**top, "text_wrap": True})
        self.number = book.add_format({**top, "num_format": "#,##0"})
        self.date = book.add_format(
            {**top, "align": "left", "num_format": _DATES.get(get_language(), "yyyy-mm-dd")}
        )
        self.label = book.add_format({**top, "bold": True})

    def amount(self, value):
        """Of a number that stays one and shows its unit: 1.250 orang, Rp1.250.000, 62,5%."""
        number = "#,##0" if value.plain % 1 == 0 else "#,##0.0" if isinstance(value, Rate) else "#,##0.00"
        if isinstance(value, Rate):
            pattern = f'{number}"%"'
        elif value.money:
            pattern = f'"Rp"{number}'
        else:
            # The unit is a word of the vocabulary; a quotation mark would end the text that it is here.
            pattern = f'{number} "{plain(value.unit).replace(chr(34), "")}"' if value.unit else number
        if pattern not in self._of_amounts:
            self._of_amounts[pattern] = self._book.add_format({"valign": "top", "num_format": pattern})
        return self._of_amounts[pattern]


def _write_cell(sheet, row, position, value, formats):
    if isinstance(value, int):
        sheet.write_number(row, position, value, formats.number)
    elif isinstance(value, Amount | Rate):
        sheet.write_number(row, position, as_data(value), formats.amount(value))
    elif isinstance(value, PartialDate) and value.precision == Precision.DAY:
        sheet.write_datetime(row, position, value.earliest, formats.date)
    elif text := plain(in_words(value)):
        sheet.write_string(row, position, _cut(text), formats.text)


def _write_origin(book, extract):
    """Where the rows come from: how narrowed, how many, as of when, for whom."""
    sheet = book.add_worksheet(gettext("Filters"), worksheet_class=_PlainSheet)
    formats = _Formats(book)
    sheet.set_column(0, 0, 26, formats.label)
    sheet.set_column(1, 1, 90, formats.text)
    lines = [
        *(extract.narrowed_by or [(gettext("Filters"), extract.no_filters)]),
        *extract.totals,
        (gettext("Data as of"), extract.moment),
        (gettext("Asked for by"), extract.asked_by),
    ]
    for position, (label, said) in enumerate(lines):
        sheet.write_string(position, 0, label, formats.label)
        _write_cell(sheet, position, 1, said, formats)


def _cut(text):
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
