import pytest

from partnerships.imports.notes import facts_of_note
from partnerships.models import PartialDate

SIGNED = PartialDate.of(2025, 3, 20)


def facts(note, **options):
    options = {"signed": SIGNED, "sources": ["https://seruji.co.id/berita"], "certainty": "high", **options}
    return [(fact.field, fact.value, fact.in_force) for fact in facts_of_note(note, **options)]


def test_each_sentence_goes_to_the_field_it_contradicts():
    note = "Jumlah: 9 naskah, hanya 8 dinamai. Pihak Kemnaker: media lain lain. Disaksikan Presiden."

    assert facts(note) == [
        ("count", "Jumlah: 9 naskah, hanya 8 dinamai", False),
        ("unit", "Pihak Kemnaker: media lain lain", False),
        ("note", "Disaksikan Presiden", True),
    ]


def test_an_abbreviation_does_not_end_a_sentence():
    note = "Penandatangan: Bupati diwakili Plt. Kadisnaker Kab. Asahan M. Saravanan"

    assert facts(note) == [("signatory", note, False)]


def test_a_day_that_a_source_gives_is_a_value_of_its_own_with_its_weekday_flagged():
    note = "Tanggal: planet.merdeka.com menulis Kamis 20 Maret 2024, padahal 20-03-2024 hari Rabu"

    _sentence, day = facts_of_note(note, signed=SIGNED, sources=["a"], certainty="high")

    assert (day.field, day.value, day.source) == ("signed", "Kamis 20 Maret 2024", "planet.merdeka.com")
    assert (day.in_force, day.flag, day.certainty) == (False, "weekday", "low")


def test_a_source_named_in_short_is_given_with_its_address():
    _sentence, day = facts_of_note(
        "merdeka: Kamis 26/10; seruji: Jumat 27/10/2017.",
        signed=PartialDate.of(2017, 10, 26),
        sources=["https://merdeka.com/x", "https://seruji.co.id/y"],
        certainty="medium",
    )

    assert (day.value, day.source, day.flag) == ("2017-10-27", "https://seruji.co.id/y", "")


def test_a_source_that_gives_the_same_day_is_no_conflict():
    assert facts("sudutpandang menulis Kamis 20-03-2025") == [
        ("signed", "sudutpandang menulis Kamis 20-03-2025", False)
    ]


@pytest.mark.parametrize(
    ("sentence", "field"),
    [
        ("Tanggal = groundbreaking, bukan tanda tangan", "signed"),
        ("28-01-2016 adalah tanggal keterangan pers", "signed"),
        ("gatra menyebut MoU TITP, suara menyebut (draf) MoC", "kind"),
        ("Sumber menaruh Mappi di 'Papua Barat'; kini Papua Selatan", "region"),
        ("Nama di sumber: 'PT Sumber Alfaria Tbk'", "partner"),
        ("Mulai: bisnis.com September 2019, e-kliping Juli 2019", "term"),
        ("Target: 48 vs 50 instruktur", "commitments"),
    ],
)
def test_a_contradiction_is_told_by_its_words(sentence, field):
    assert facts(sentence) == [(field, sentence, False)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Penandatangan tidak dinyatakan eksplisit",
        "Hanya disebut sebagai kerja sama sebelumnya",
        "Konteks: 15-01-2025 Bupati menemui Menaker",
        "suara.com 2024-05-13 tidak menyebut naskah; jangan dicatat sebagai MoU",
    ],
)
def test_a_remark_is_no_conflict(sentence):
    assert facts(sentence) == [("note", sentence, True)]
