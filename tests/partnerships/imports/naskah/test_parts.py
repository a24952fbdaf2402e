"""What single rules read, apart from whole papers."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.imports import naskah
from partnerships.imports.naskah.dates import dates_in
from partnerships.imports.naskah.numbers_in_words import number_from
from partnerships.imports.naskah.tokens import running_text

ONES = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()  # noqa: SIM905


def in_words(n):
    for unit, name, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus")):
        if n >= unit:
            first = one if n < 2 * unit else f"{in_words(n // unit)} {name}"
            return f"{first} {in_words(n % unit)}" if n % unit else first
    if n >= 20:
        return f"{ONES[n // 10]} puluh {ONES[n % 10]}" if n % 10 else f"{ONES[n // 10]} puluh"
    return f"{ONES[n - 10]} belas" if n >= 12 else ONES[n]


@given(st.integers(0, 9_999))
def test_every_number_up_to_9999_is_read_from_its_words(n):
    assert number_from(in_words(n)) == n
    assert number_from(in_words(n).replace(" ", "")) == n


@pytest.mark.parametrize("text", ["", "tahun", "Pasal"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="no number"):
        number_from(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kamis tanggal dua puluh bulan Maret tahun dua ribu dua puluh lima (20-03-2025)",
        "Kamis, 20 Maret 2025",
        "tanggal 20 bulan Maret tahun 2025",
        "hari ini, Kamis, tanggal duapuluh, bulan maret, tahun dua ribu dua puluh lima",
        "2O Maret 2O25",
        "20/03/2025",
    ],
)
def test_a_day_is_read_in_words_in_figures_or_both(text):
    assert [date.day.isoformat() for date in dates_in(text)] == ["2025-03-20"]
    assert dates_in(text)[0].weekday_fits


def test_a_weekday_that_is_not_the_dates_is_told():
    date = dates_in("Kamis tanggal 20 Maret 2024")[0]

    assert (date.weekday, date.weekday_fits) == ("kamis", False)


def test_two_days_in_one_place_are_told():
    date = dates_in("tanggal dua puluh bulan Maret tahun dua ribu dua puluh lima (21-03-2025)")[0]

    assert date.other.isoformat() == "2025-03-21"


def test_a_day_that_is_not_in_the_calendar_is_none():
    assert dates_in("31 Februari 2025, 20 Maret 1800") == []


def test_page_furniture_goes_words_are_whole_and_misreadings_put_right():
    pages = [
        (1, "- 1 -\nT E N T A N G\nPeng-\nembangan\nPlHAK KESATU seIama 5 (1ima) tahun\nParaf: ____"),
        (2, "- 2 -\nNOMOR : 2/NK/l/2025\nParaf: ____"),
    ]

    text = running_text(pages)

    assert text.text == "TENTANG\nPengembangan\nPIHAK KESATU selama 5 (lima) tahun\nNOMOR : 2/NK/l/2025\n"
    assert (text.page_at(text.text.index("Pengem")), text.page_at(text.text.index("NOMOR"))) == (1, 2)


PAPER = """NOTA KESEPAHAMAN
ANTARA
KEMENTERIAN KETENAGAKERJAAN
DAN
PT NAMA UJI
TENTANG
PELATIHAN
NOMOR : ....
Pada hari ini Kamis tanggal 20 Maret 2025 bertempat di Jakarta, yang bertanda tangan di bawah ini:
1. Nama Uji 1, S.H., selaku {post}, {letter}dalam hal ini bertindak untuk dan atas nama
Kementerian Ketenagakerjaan, berkedudukan di Jakarta, selanjutnya disebut PIHAK KESATU; dan
2. Nama Uji 2, selaku Direktur PT Nama Uji, dalam hal ini bertindak untuk dan atas nama PT Nama Uji,
berkedudukan di Jakarta, selanjutnya disebut PIHAK KEDUA.
PARA PIHAK terlebih dahulu menerangkan:
Pasal 1
JANGKA WAKTU
Nota Kesepahaman ini berlaku selama {term} sejak tanggal ditandatangani.
"""


def paper(post="Menteri", letter="", term="3 (tiga) tahun"):
    return naskah.read([(1, PAPER.format(post=post, letter=letter, term=term))])


@pytest.mark.parametrize(
    ("post", "capacity", "bare"),
    [
        ("Menteri", "definitive", "Menteri"),
        ("Plt. Kepala Biro", "plt", "Kepala Biro"),
        ("Pelaksana Harian Kepala Biro", "plh", "Kepala Biro"),
        ("Penjabat (Pj.) Bupati Uji", "pj", "Bupati Uji"),
        ("a.n. Menteri", "an", "Menteri"),
    ],
)
def test_the_capacity_is_read_off_the_post(post, capacity, bare):
    party = paper(post=post).parties[0]

    assert (party.capacity.value, party.post.value, party.person.value) == (
        capacity,
        bare,
        "Nama Uji 1, S.H.",
    )


def test_a_missing_letter_of_an_acting_signatory_is_a_problem_and_an_appointment_is_no_letter():
    with_letter = paper("Plt. Kepala", "berdasarkan Surat Perintah Nomor 9/I/2025 tanggal 6 Januari 2025, ")
    appointed = paper("Plt. Kepala", "berdasarkan Keputusan Presiden Nomor 9 Tahun 2025, ")

    assert with_letter.parties[0].letter.value == "Surat Perintah Nomor 9/I/2025 tanggal 6 Januari 2025"
    assert with_letter.parties[0].capacity.problems == ()
    assert not appointed.parties[0].letter
    assert [problem.code for problem in appointed.parties[0].capacity.problems] == ["no_letter"]


def test_a_number_left_open_is_none():
    assert not paper().parties[0].number


def test_an_end_is_never_read_from_a_duration_but_suggested_beside_it():
    read = paper()

    assert read.duration_months.value == 36
    assert read.starts.value == naskah.SIGNING
    assert not read.ends
    assert read.derived_end.value == "2028-03-19"
    assert read.derived_end.sure < naskah.SURE


def test_figures_and_words_that_differ_are_told():
    duration = paper(term="3 (empat) tahun").duration_months

    assert [problem.code for problem in duration.problems] == ["two_numbers"]
    assert duration.sure < naskah.LIKELY


def test_proposals_survive_being_kept():
    read = paper()

    assert naskah.proposals_from(read.as_data()) == read


@pytest.mark.parametrize(
    "text", ["", "Undangan rapat\nKepada Yth.\nHari Kamis, 20 Maret 2025", "\x0c \n " * 9]
)
def test_what_is_no_naskah_is_none(text):
    assert not naskah.read([(1, text)]).is_naskah


@pytest.mark.parametrize(
    "part",
    [
        "satu ",
        "disebut PIHAK KESATU ",
        "Pasal 1\n",
        "a. ",
        "diwakili oleh x selaku ",
        "ANTARA\nDAN\n",
        "x@",
        "A",
        "\n-",
    ],
)
def test_a_hostile_text_takes_no_longer_than_another(part):
    begun = time.process_time()

    naskah.read([(1, PAPER + "Pasal 2\nKORESPONDENSI\nPIHAK KESATU " + part * (400_000 // len(part)))])

    assert time.process_time() - begun < 8
