import pytest

from partnerships.imports.cells import (
    NotUnderstood,
    clean,
    duration_in_months,
    listed,
    partial_date,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  Kabupaten \u00a0 Asahan ", "Kabupaten Asahan"),
        ("Ruang\u2003Tridharma,\r\nJakarta", "Ruang Tridharma, Jakarta"),
        ("-", ""),
        ("–", ""),
        ("n/a", ""),
        ("Cafe\u0301", "Café"),
        ("Ａｓａｈａｎ ﬁrma", "Asahan firma"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_cell_is_cleaned_of_odd_spaces_and_nothing_else(written, read):
    assert clean(written) == read


def test_wording_keeps_its_signs():
    assert clean("Gedung 10 m²", "NFC") == "Gedung 10 m²"


@pytest.mark.parametrize(
    "code", [0x0, 0x7, 0x1B, 0x7F, 0xAD, 0x200B, 0x200D, 0x202E, 0x2066, 0xFEFF, 0xE000, 0x3164, 0xFE0F]
)
def test_a_character_nobody_can_see_is_refused_by_its_number(code):
    with pytest.raises(NotUnderstood, match=f"U\\+{code:04X}"):
        clean(f"Kabupaten{chr(code)} Asahan")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-03-20", "2025-03-20"),
        ("20 Maret 2025", "2025-03-20"),
        ("Kamis, 20 Maret 2025", "2025-03-20"),
        ("Kamis, 20-03-2025", "2025-03-20"),
        ("20/03/2025", "2025-03-20"),
        ("17 Agustus 2026", "2026-08-17"),
        ("Agustus 2022", "2022-08"),
        ("2019-08", "2019-08"),
        ("2022", "2022"),
        ("2025-03-20 00:00:00", "2025-03-20"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(written, read):
    assert partial_date(written).isoformat() == read


@pytest.mark.parametrize(
    "written", ["31-02-2025", "2025-13-01", "03/20/2025", "20-03-25", "1899-01-01", "2999", "segera", "2O25"]
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(NotUnderstood, match=written):
        partial_date(written)


def test_a_spreadsheets_number_for_a_day_is_refused_with_the_remedy():
    with pytest.raises(NotUnderstood, match="Format the cell as a date"):
        partial_date("45736")


@pytest.mark.parametrize(
    ("written", "months"),
    [
        ("5", 60),
        ("5 tahun", 60),
        ("2,5", 30),
        ("2.5", 30),
        ("0,5 tahun", 6),
        ("18 bulan", 18),
        ("1 year", 12),
    ],
)
def test_a_duration_is_kept_in_months(written, months):
    assert duration_in_months(written) == months


@pytest.mark.parametrize("written", ["0", "-5", "lima", "1.250", "100", "0,3", "5 abad", "2,5 bulan"])
def test_what_is_no_duration_is_refused(written):
    with pytest.raises(NotUnderstood, match="is not a duration"):
        duration_in_months(written)


def test_parts_of_a_cell_count_once():
    assert listed(" K3; penempatan ;;K3") == ["K3", "penempatan"]
