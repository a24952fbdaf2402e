"""Files read back as who takes them along reads them: lines, rows, cells, references."""

import csv
import io
import json
import re

import openpyxl
import pypdfium2


def lines_of(file):
    """The lines of a CSV, the headings first."""
    text = file.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def document_of(file):
    return json.loads(file)


def workbook_of(file):
    return openpyxl.load_workbook(io.BytesIO(file))


def rows_of(file):
    """The cells of a workbook's first sheet, without the headings, read as it is large."""
    book = openpyxl.load_workbook(io.BytesIO(file), read_only=True)
    return [list(row) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]


def references_of(file):
    """The references of papers on the pages of a PDF, in the order of its rows."""
    with pypdfium2.PdfDocument(file) as pdf:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    return re.findall(r"KS-\d{4}-\d{4,9}", " ".join(text.split()))
