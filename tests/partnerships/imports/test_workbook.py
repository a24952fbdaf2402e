import io
import resource
import zipfile

import pytest
import xlsxwriter

from partnerships.imports.reader import read_table
from partnerships.imports.table import FileRefused
from partnerships.imports.vocabulary import COLUMNS
from tests.partnerships.imports.files import as_csv, as_xlsx, public_records, repacked, rows


def cells(table):
    return [(row.number, row.cells) for row in table.rows]


def test_a_workbook_is_read_like_the_same_csv():
    records = public_records()

    assert cells(read_table(as_xlsx(records))) == cells(read_table(as_csv(records)))


def test_a_formula_is_refused_by_its_cell_and_the_rest_of_the_file_is_read():
    lines = rows({}, {"title": "=1+1"}, {})

    table = read_table(as_xlsx(lines, formulas={(2, "title")}))

    assert [(t.row, t.column) for row in table.rows for t in row.troubles] == [(3, "title")]
    assert len(table.rows) == 3


def test_a_text_that_looks_like_a_formula_stays_a_text():
    table = read_table(as_xlsx(rows({"title": '=HYPERLINK("http://example.test")'})))

    assert table.rows[0].cells["title"] == '=HYPERLINK("http://example.test")'
    assert not table.rows[0].troubles


def test_only_the_first_sheet_is_read_and_that_is_said():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Naskah").write_row(0, 0, COLUMNS)
        book.add_worksheet("Catatan")

    assert read_table(content).notes == ["Only the first sheet, Naskah, is read."]


def bomb_of_one_part(name, data):
    return repacked(as_xlsx(rows({})), **{name: data})


def sheet_xml(lines):
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b"<worksheet xmlns='%b'><sheetData>%b</sheetData></worksheet>" % (namespace, lines)


def workbook_of_many_sheets():
    return repacked(
        as_xlsx(rows({})),
        **{f"xl/worksheets/sheet{number}.xml": b"<worksheet/>" for number in range(2, 1_001)},
    )


def protected():
    content = io.BytesIO(as_xlsx(rows({})).read())
    data = bytearray(content.getvalue())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return io.BytesIO(bytes(data))


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BOMBS = {
    "300 kB that unpack to 100 MB": lambda: bomb_of_one_part("xl/media/a.bin", b"\0" * 100 * 2**20),
    "a sheet of a million empty rows": lambda: bomb_of_one_part(
        "xl/worksheets/sheet1.xml", sheet_xml(b"<row/>" * 10**6)
    ),
    "a thousand sheets": workbook_of_many_sheets,
    "an external entity": lambda: bomb_of_one_part("xl/sharedStrings.xml", ENTITY + b"<sst>&a;</sst>"),
    "an entity behind a comment": lambda: bomb_of_one_part(
        "xl/workbook.xml", b"<!-- <a> -->" + ENTITY + b"<workbook/>"
    ),
    "an entity in UTF-16": lambda: bomb_of_one_part(
        "xl/workbook.xml", (ENTITY + b"<workbook/>").decode().encode("utf-16")
    ),
    "an archive within": lambda: bomb_of_one_part("xl/media/inner.zip", as_xlsx(rows({})).read()),
    "a link to another file": lambda: bomb_of_one_part("xl/externalLinks/externalLink1.xml", b"<x/>"),
    "macros": lambda: bomb_of_one_part("xl/vbaProject.bin", b"x"),
    "an embedded object": lambda: bomb_of_one_part("xl/embeddings/object.bin", b"x"),
    "a password": protected,
}


BROKEN = {
    "a row far below the others": lambda: bomb_of_one_part(
        "xl/worksheets/sheet1.xml",
        sheet_xml(
            b"<row r='1'>%b</row><row r='1048576'><c t='inlineStr'><is><t>x</t></is></c></row>"
            % b"".join(b"<c t='inlineStr'><is><t>%b</t></is></c>" % name.encode() for name in COLUMNS)
        ),
    ),
    "no workbook at all": lambda: bomb_of_one_part("[Content_Types].xml", b"<Types/>"),
    "half a workbook": lambda: io.BytesIO(as_xlsx(rows({})).read()[:2_000]),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_harmful_workbook_is_refused_before_it_is_unpacked(bomb, monkeypatch):
    content = BOMBS[bomb]()
    opened = []
    monkeypatch.setattr("openpyxl.load_workbook", lambda *args, **options: opened.append(args))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(FileRefused):
        read_table(content)

    assert opened == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 50 * 1024


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_workbook_is_refused(fault):
    with pytest.raises(FileRefused):
        read_table(BROKEN[fault]())


def test_the_same_part_twice_is_refused():
    content = as_xlsx(rows({}))
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    content.seek(0)

    with pytest.raises(FileRefused, match="the same part twice"):
        read_table(content)
