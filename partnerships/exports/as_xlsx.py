import re
from contextlib import closing
from datetime import date
from functools import cache, partial
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, unescape
from zipfile import ZipFile

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from xlsxwriter import Workbook, workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from partnerships.columns import in_words
from partnerships.columns.in_sql import Date, Number, Percent, Several, Whole
from partnerships.exports.cells import plain, plain_bytes
from partnerships.exports.extract import Refused
from partnerships.exports.query import LINES_OF_TEXT, copied, query_of, unescaped
from partnerships.models.reference import RUPIAH

# What a sheet holds, without its head.
MOST_ROWS = 1_048_575
_LONGEST_TEXT = 32_767
_WIDEST_TABLE = 150
# Excel writes month names in the language of the code, whatever the reader's own is.
_DATES = {"id": "[$-421]d mmm yyyy", "en": "[$-409]d mmm yyyy"}
_PLAIN_BOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_HEAD = {"bold": True, "font_color": "#084a57", "bg_color": "#e3eff0", "bottom": 1}
_HEAD["bottom_color"] = "#8fbcc4"
# A unit is a text within a format: a quotation mark would end it, and some readers take a semicolon or the
# end of a line for the end of the format.
_NO_UNIT = str.maketrans({'"': None, ";": ",", **dict.fromkeys("\t\n\x85\u2028\u2029", " ")})
_WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The day that a spreadsheet counts as 0.
_DAY_ZERO = date(1899, 12, 30).toordinal()
# xlsxwriter packs as thoroughly as it can: a fifth of all the time, for a seventh of the size.
workbook.ZipFile = partial(ZipFile, compresslevel=3)


class _PlainSheet(Worksheet):
    """A sheet on which every text is only text.

    xlsxwriter takes a text from "<r>" to "</r>" for markup of its own and writes it as it is, so
    that a title could bring cells and formulas of its own into the file.
    """

    def _xml_rich_inline_string(self, string, attributes):
        self._xml_inline_string(string, True, attributes)

    def add_rows(self, rows, columns):
        """Add rows below the last one: texts of XML of the cells, without the row around them.

        The public way looks at each value and each cell anew, which takes more than twice as long.
        """
        first = self.dim_rowmax + 1
        # Before the row is moved on: of rows that are written already no extent is taken.
        self._check_dimensions(first + len(rows) - 1, columns - 1)
        self._write_single_row(first + len(rows))
        self.fh.writelines(
            f'<row r="{number}">{cells}</row>' for number, cells in enumerate(rows, start=first + 1)
        )


def write(extract, to, progress=None):
    """A workbook: the rows with real dates and numbers, and a sheet that says what they are.

    ``progress`` is told how many rows are made, some hundred at a time. Raises Refused above MOST_ROWS.
    """
    if extract.count > MOST_ROWS:
        raise Refused(extract.listing, [_too_many(extract.count)])
    with TemporaryDirectory() as folder:
        book = Workbook(to, {**_PLAIN_BOOK, "tmpdir": folder})
        book.set_properties({"title": str(extract.title), "author": extract.asked_by})
        _write_rows(book, extract, progress)
        _write_origin(book, extract)
        book.close()


def _too_many(count):
    said = {"most": MOST_ROWS, "count": count}
    return gettext("A workbook holds at most %(most)s rows, and these are %(count)s.") % {
        name: number_format(number, force_grouping=True) for name, number in said.items()
    }


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
    cells = [_writer_of(column.cell, place, formats) for place, column in enumerate(extract.columns)]
    done = 0
    with closing(copied(query_of(extract, _shown), LINES_OF_TEXT)) as batches:
        for lines in batches:
            rows = escape(plain_bytes(b"".join(lines)).decode()).split("\n")[:-1]
            sheet.add_rows(
                [_xml(row, number, cells) for number, row in enumerate(rows, done + 2)], len(cells)
            )
            done += len(lines)
            if progress:
                progress(done)
    sheet.autofilter(0, 0, done, len(extract.columns) - 1)
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

    def amount(self, number, unit):
        """Of a number that stays one and shows its unit: 1.250 orang, Rp1.250.000."""
        digits = "#,##0.00" if "." in number else "#,##0"
        if unit == RUPIAH:
            return self._of_number(f'"Rp"{digits}')
        return self._of_number(f'{digits} "{unescape(unit).translate(_NO_UNIT)}"' if unit else digits)

    def rate(self, number):
        """Of percent: 62,5%."""
        return self._of_number('#,##0.0"%"' if "." in number else '#,##0"%"')

    def _of_number(self, pattern):
        if pattern not in self._of_amounts:
            self._of_amounts[pattern] = self._book.add_format({"valign": "top", "num_format": pattern})
        return self._of_amounts[pattern]


def _shown(columns):
    return ", ".join(_written(column.cell, name) for column, name in columns)


def _written(cell, name):
    if isinstance(cell, Several):
        return f"array_to_string({name}, '; ')"
    # The format of an amount depends on its unit, which comes with the number.
    return f"{name}, {name}_unit" if isinstance(cell, Number) else name


def _xml(row, number, cells):
    """The cells of a line that COPY wrote and that is escaped for XML; an empty cell is left out."""
    values = map(unescaped, row.split("\t")) if "\\" in row else iter(row.split("\t"))
    return "".join([cell(number, values) for cell in cells])


def _writer_of(cell, place, formats):
    """What takes the value of a column's cell from the values of a line, and gives its XML."""
    letter = xl_col_to_name(place)
    begun = f'<c r="{letter}'
    of_text = f'" s="{formats.text._get_xf_index()}" t="inlineStr"><is><t xml:space="preserve">'

    def figure(number, value, form):
        return f'{begun}{number}" s="{form._get_xf_index()}"><v>{value}</v></c>'

    def of_words(number, values):
        value = next(values)
        if not value:
            return ""
        if len(value) > _LONGEST_TEXT or "_x" in value:
            value = _as_it_is(value)
        return f"{begun}{number}{of_text}{value}</t></is></c>"

    def of_whole(number, values):
        return figure(number, next(values), formats.number)

    # Days come again and again.
    day = cache(_day)

    def of_date(number, values):
        value = next(values)
        known = day(value)
        return of_words(number, iter((value,))) if known is None else figure(number, known, formats.date)

    def of_amount(number, values):
        value, unit = next(values), next(values)
        return figure(number, value, formats.amount(value, unit)) if value else ""

    def of_rate(number, values):
        return figure(number, value, formats.rate(value)) if (value := next(values)) else ""

    writers = {Whole: of_whole, Date: of_date, Number: of_amount, Percent: of_rate}
    return writers.get(type(cell), of_words)


def _day(text):
    """A whole date as a spreadsheet counts it; None of what is no whole date."""
    return date.fromisoformat(text).toordinal() - _DAY_ZERO if _WHOLE_DAY.fullmatch(text) else None


def _as_it_is(value):
    """A text of XML that a sheet can hold and reads as it stands: one of its own escapes (_x000D_) would be
    taken for the sign that it names."""
    if len(value) > _LONGEST_TEXT:
        value = escape(_cut(unescape(value)))
    return Worksheet._escape_control_characters(value) if "_x" in value else value


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
        if isinstance(said, int):
            sheet.write_number(position, 1, said, formats.number)
        else:
            sheet.write_string(position, 1, _cut(plain(in_words(said))), formats.text)


def _cut(text):
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
