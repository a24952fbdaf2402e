"""Files for the tests: the public records, whole or damaged, as CSV and as XLSX."""

import csv
import datetime
import io
import re
import zipfile
from pathlib import Path

import xlsxwriter

from partnerships.imports.vocabulary import COLUMNS

PUBLIC_RECORDS = Path(__file__).parents[3] / "partnerships" / "data" / "public-records.csv"

PLAIN = {
    "id": "X1",
    "date_signed": "2024-05-07",
    "instrument_kind": "Nota Kesepahaman",
    "title": "Pelatihan vokasi",
    "partner_name": "PT Contoh Mandiri",
    "partner_type": "Perusahaan swasta",
    "themes": "pelatihan vokasi",
    "certainty": "high",
    "sources": "https://example.test/berita",
}


def public_records():
    with PUBLIC_RECORDS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def rows(*changes):
    """Rows like PLAIN, each with its own number and with these cells changed."""
    return [{**PLAIN, "id": f"X{number}", **cells} for number, cells in enumerate(changes, start=1)]


def as_csv(lines, *, columns=COLUMNS, delimiter=",", encoding="utf-8"):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    return io.BytesIO(text.getvalue().encode(encoding))


def as_xlsx(lines, *, columns=COLUMNS, formulas=()):
    """A workbook as a person would keep it: real days as dates, years and durations as numbers."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Naskah")
    day = book.add_format({"num_format": "d mmmm yyyy"})
    sheet.write_row(0, 0, columns)
    for number, line in enumerate(lines, start=1):
        for position, column in enumerate(columns):
            text = line.get(column, "")
            if (number, column) in formulas:
                sheet.write_formula(number, position, text)
            elif re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                sheet.write_datetime(number, position, datetime.datetime.fromisoformat(text), day)
            elif re.fullmatch(r"\d{1,4}", text):
                sheet.write_number(number, position, int(text))
            else:
                sheet.write_string(number, position, text)
    book.close()
    content.seek(0)
    return content


def repacked(workbook, **parts):
    """The workbook with further parts, or with parts of other content, by name."""
    content = io.BytesIO()
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry, old.read(entry))
        for name, data in parts.items():
            new.writestr(name, data)
    content.seek(0)
    return content
