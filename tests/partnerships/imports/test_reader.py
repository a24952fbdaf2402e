import io

import pytest

from partnerships.imports.reader import read_table
from partnerships.imports.table import FileRefused
from tests.partnerships.imports.files import as_csv, public_records, rows

HEADER = "id,partner_name,instrument_kind,place\n"


def ids(table):
    return [row.cells.get("id") for row in table.rows if not row.troubles]


def read(text):
    return read_table(io.BytesIO(text.encode() if isinstance(text, str) else text))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_encodings_and_separators_of_spreadsheets_are_read(encoding, delimiter):
    lines = rows({"place": "Kantor “Énergi”, Jakarta; lantai 2"})

    table = read_table(as_csv(lines, encoding=encoding, delimiter=delimiter))

    assert table.rows[0].cells["place"] == "Kantor “Énergi”, Jakarta; lantai 2"


def test_a_broken_byte_spoils_no_name_but_its_own():
    text = HEADER + "X1,Café Énergi,MoU,Jakarta\nX2,PT B,MoU,Bogor\n"

    table = read(text.encode().replace(b"Bogor", b"Bog\xe9r"))

    assert [row.cells["partner_name"] for row in table.rows] == ["Café Énergi", "PT B"]
    assert table.rows[1].cells["place"] == "Bog\ufffdr"


def test_a_path_is_read_like_a_file(tmp_path):
    path = tmp_path / "naskah.csv"
    path.write_bytes(as_csv(public_records()).read())

    assert len(read_table(path).rows) == 78


def test_names_of_columns_may_differ_in_case_and_spacing():
    table = read(" ID ,Partner Name,instrument-kind\nX1,PT Contoh,MoU\n")

    assert table.rows[0].cells == {"id": "X1", "partner_name": "PT Contoh", "instrument_kind": "MoU"}


def test_an_unknown_column_is_named():
    assert read("id,partner_name,instrument_kind,Warna\n").unknown_columns == ["Warna"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("id,partner_name\nX1,PT Contoh\n", "column instrument_kind is missing"),
        ("nama,tanggal\n", "columns id, partner_name, instrument_kind are missing"),
        ("id,id,partner_name,instrument_kind\n", "Two columns are called id"),
        ("id,partner_name,instrument_kind" + ",x" * 60 + "\n", "more than 60 columns"),
        (HEADER + "X,PT,MoU,\n" * 20_001, "more than 20000 rows"),
        (b"\xd0\xcf\x11\xe0 old", "old or password-protected"),
        (b"\x81\x8d\x8f", "neither an .xlsx file nor a text file"),
        (b"x" * (20 * 2**20 + 1), "larger than 20 MB"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_in_one_sentence(text, reason):
    with pytest.raises(FileRefused, match=reason):
        read(text)


def test_rows_are_numbered_as_a_spreadsheet_does():
    table = read(HEADER + 'X1,PT A,MoU,"Jakarta,\nlantai 2"\n\nX2,PT B,MoU,Bogor\n')

    assert [(row.number, row.cells["id"]) for row in table.rows] == [(2, "X1"), (4, "X2")]


@pytest.mark.parametrize(
    "broken",
    [
        'X2,"PT B,MoU,Bogor',
        'X2,PT "B,MoU,Bogor',
        'X2,"PT B"x,MoU,Bogor',
        'X2,PT B,MoU,"' + "a" * 40_000 + '"',
    ],
)
@pytest.mark.parametrize("neighbour", ["PT C", '"PT C"', '"PT ""C"""'])
def test_a_quotation_mark_that_does_not_close_loses_only_its_own_row(broken, neighbour):
    table = read(f"{HEADER}X1,PT A,MoU,Jakarta\n{broken}\nX3,{neighbour},MoU,Medan\nX4,PT D,MoU,Palu\n")

    assert ids(table) == ["X1", "X3", "X4"]
    assert [row.number for row in table.rows if row.troubles] == [3]


def test_two_stray_quotation_marks_swallow_no_row_between_them():
    lines = ["X1,PT A,MoU,Jakarta", 'X2,"PT B,MoU,Bogor', "X3,PT C,MoU,Medan", 'X4,PT D",MoU,Palu']

    table = read(HEADER + "\n".join(lines))

    assert ids(table) == ["X1", "X3"]
    assert [row.number for row in table.rows if row.troubles] == [3, 5]


def test_a_line_of_another_width_is_refused_alone():
    lines = ["X1,PT A,MoU,Jakarta", "X2,PT B, Tbk,MoU,Bogor", "X3,PT C", "X5,PT E,MoU,Palu,", "X6,PT F,MoU,"]

    table = read(HEADER + "\n".join(lines))

    assert ids(table) == ["X1", "X6"]
    assert [(t.row, t.reason) for row in table.rows for t in row.troubles] == [
        (3, "The line has 5 cells where the header has 4."),
        (4, "The line has 2 cells where the header has 4."),
        (5, "The line has 5 cells where the header has 4."),
    ]
