"""Rows on the clipboard of a spreadsheet, as they come to the grid of a ceremony."""

import pytest
from django.core.exceptions import ValidationError

from partnerships.forms.pasted import COLUMNS, pasted_rows


def test_cells_stand_in_the_order_of_the_columns():
    [row] = pasted_rows("PT Uji\tJudul\t1/P\t2/K\tNama Uji 1\tDirektur\tPlt.\tPerusahaan")

    assert row == {
        "organization": "PT Uji",
        "title": "Judul",
        "number": "1/P",
        "ministry_number": "2/K",
        "person": "Nama Uji 1",
        "post": "Direktur",
        "capacity": "plt",
        "new_kind": "company",
        "new": "on",
    }


@pytest.mark.parametrize(
    "header", ["Jabatan\tMitra\tKapasitas", "Post\tPartner\tCapacity", "JABATAN\tNama Mitra\tkapasitas"]
)
def test_a_row_of_column_names_may_put_them_in_another_order(header):
    [row] = pasted_rows(f"{header}\nBupati\tKab. Asahan\tdefinitif")

    assert row == {"post": "Bupati", "organization": "Kab. Asahan", "capacity": "definitive"}


def test_a_first_row_that_is_no_header_is_a_row():
    assert len(pasted_rows("Mitra Jaya\tJudul\nKab. Asahan\tJudul lain")) == 2


@pytest.mark.parametrize(
    ("typed", "capacity"),
    [
        ("Plt.", "plt"),
        ("PLH", "plh"),
        ("a.n.", "an"),
        ("atas nama", "an"),
        ("kuasa", "proxy"),
        ("Pj.", "pj"),
        ("wakil", "deputy"),
        ("", ""),
        ("pelaksana", "pelaksana"),
    ],
)
def test_capacities_are_known_by_what_people_write(typed, capacity):
    [row] = pasted_rows(f"PT Uji\t\t\t\t\t\t{typed}\t")

    assert row["capacity"] == capacity


def test_empty_rows_and_windows_line_ends_are_no_rows():
    rows = pasted_rows("PT A\tSatu\r\n\t\t\r\n\r\nPT B\tDua\r\n")

    assert [row["organization"] for row in rows] == ["PT A", "PT B"]


def test_a_cell_of_several_lines_stays_one_cell():
    [row] = pasted_rows('PT A\t"Judul\nyang ""panjang"""\t1/P')

    assert (row["title"], row["number"]) == ('Judul yang "panjang"', "1/P")


def test_a_lone_quotation_mark_swallows_no_row():
    rows = pasted_rows('PT A\t"Judul tanpa akhir\nPT B\tDua\nPT C\tTiga')

    assert [row["organization"] for row in rows] == ["PT A", "PT B", "PT C"]


@pytest.mark.parametrize(
    "text",
    [
        "\t".join(["x"] * (len(COLUMNS) + 1)),
        "\n".join(["PT A\tJudul"] * 61),
        "x" * 100_001,
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(text):
    with pytest.raises(ValidationError) as refused:
        pasted_rows(text)
    assert refused.value.messages[0].endswith((".", "…"))


def test_nothing_pasted_is_no_row():
    assert pasted_rows(" \n\t\n") == []
