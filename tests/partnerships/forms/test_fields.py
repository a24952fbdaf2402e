import datetime
import unicodedata
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kemnaker_portal.text import is_seen
from partnerships.forms.fields import (
    AmountField,
    CountField,
    LineField,
    NoteField,
    PartialDateField,
    ReferenceField,
    SentenceField,
    written_amount,
)
from partnerships.lifecycle import Status
from partnerships.models import Agreement, PartialDate
from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR
from tests.factories import AgreementFactory


def sentence(field, value):
    """What the field answers to the value."""
    with pytest.raises(ValidationError) as refusal:
        field.clean(value)
    return " ".join(refusal.value.messages)


# --- text ---


@pytest.mark.parametrize(
    ("typed_text", "kept"),
    [
        ("  Nota   Kesepahaman ", "Nota Kesepahaman"),
        ("Pelatihan kerja", "Pelatihan kerja"),
        ("Asa\u200bhan", "Asahan"),
        ("\u202eAsahan\u202c", "Asahan"),
        ("\ufeffAsahan\u00ad", "Asahan"),
        ("Se\u0301nat", "Sénat"),
        ("satu\r\ndua\tiga", "satu dua iga"),
        ("K3 & BLK <b>“{{7*7}}” %(x)s", "K3 & BLK <b>“{{7*7}}” %(x)s"),
        ("\u200b", ""),
        ("Ａｓａｈａｎ ﬁrma №２", "Asahan firma No2"),
        ("PT\u3164 \u2800Uji\ufe0f", "PT Uji"),
        ("satu\u2028dua\u00a0tiga", "satu dua tiga"),
    ],
)
def test_a_line_of_text_is_kept_as_it_is_seen(typed_text, kept):
    assert LineField(required=False).clean(typed_text) == kept


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x85", "\x9f", "\ud800"])
def test_control_characters_are_refused(sign):
    assert sentence(LineField(), f"Asa{sign}han")
    assert sentence(NoteField(), f"Asa{sign}han")


def test_only_invisible_signs_are_no_text():
    assert sentence(LineField(), "\u200b\u2060") == sentence(LineField(), "")


@pytest.mark.parametrize("field", [SentenceField(), NoteField()])
def test_wording_keeps_its_signs(field):
    assert field.clean("Gedung 10\u200b m², 5½ tahun, Cafe\u0301") == "Gedung 10 m², 5½ tahun, Café"


def test_a_note_keeps_its_lines():
    assert NoteField().clean(" satu  \r\n\r\n dua\u200b tiga\n ") == "satu\n\ndua tiga"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_clean_line_or_refused(text):
    try:
        line = LineField(required=False, max_length=200).clean(text)
    except ValidationError:
        return
    assert line == " ".join(line.split())
    assert not [letter for letter in line if unicodedata.category(letter) in {"Cc", "Cf", "Cs"}]
    assert unicodedata.is_normalized("NFKC", line)
    assert is_seen(line)


# --- dates ---


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-03-20", PartialDate.of(2025, 3, 20)),
        ("20 Maret 2025", PartialDate.of(2025, 3, 20)),
        (" Kamis,  20 Maret 2025 ", PartialDate.of(2025, 3, 20)),
        ("20/03/2025", PartialDate.of(2025, 3, 20)),
        ("17 agustus 1945", PartialDate.of(1945, 8, 17)),
        ("Maret 2025", PartialDate.of(2025, 3)),
        ("2019-08", PartialDate.of(2019, 8)),
        ("2025", PartialDate.of(2025)),
        ("", None),
        ("\u200b", None),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(text, date):
    assert PartialDateField(required=False).clean(text) == date


@pytest.mark.parametrize(
    "text", ["31 Februari 2025", "20 Marhet 2025", "kemarin", "2025-13", "20-03", "1e9", "{{7*7}}"]
)
def test_what_is_no_date_is_answered_with_the_ways_to_write_one(text):
    assert sentence(PartialDateField(), text) == (
        f"“{text}” is not a date. Write 20 Maret 2025, 2025-03-20, Maret 2025 or 2025."
    )


@pytest.mark.parametrize("text", ["1944", "20 Maret 2101", "0000-01-01", "9999-12-31"])
def test_a_year_out_of_reach_is_answered_with_its_bounds(text):
    assert sentence(PartialDateField(), text) == f"“{text}”: the year must lie between 1945 and 2100."


def test_a_weekday_that_does_not_fit_is_not_believed():
    assert sentence(PartialDateField(), "Kamis, 20 Maret 2024") == (
        "“Kamis, 20 Maret 2024”: that day of the week does not fit the date."
    )


def test_a_whole_day_is_asked_for_where_one_is_needed():
    whole = PartialDateField(whole=True)

    assert whole.clean("20 Maret 2025") == datetime.date(2025, 3, 20)
    assert sentence(whole, "Maret 2025") == (
        "“Maret 2025” is not a whole date. Write day, month and year: 20 Maret 2025."
    )


@given(
    st.dates(datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31)),
    st.sampled_from(["day", "month", "year"]),
)
def test_every_date_survives_being_shown_and_sent_again(day, precision):
    parts = {"day": 3, "month": 2, "year": 1}[precision]
    date = PartialDate.of(*(day.year, day.month, day.day)[:parts])
    field = PartialDateField()

    assert field.clean(field.prepare_value(date)) == date
    assert field.clean(date.isoformat()) == date


@given(st.text(max_size=80))
def test_no_text_breaks_a_date_field(text):
    try:
        date = PartialDateField(required=False).clean(text)
    except ValidationError:
        return
    assert date is None or FIRST_YEAR <= date.earliest.year <= LAST_YEAR


# --- numbers ---


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("1250", 1250), ("1.250", 1250), (" 1.250.000 ", 1250000), ("", None)]
)
def test_a_dot_parts_thousands(text, number):
    assert CountField(required=False).clean(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "1.25",
        "12.50",
        "1,250",
        "1,5",
        "1.250,5",
        "1..250",
        "01.250",
        "-3",
        "+3",
        "1e3",
        "0x10",
        "٣",
        "½",
        "satu",
        "1 250",
    ],
)
def test_what_is_ambiguous_or_no_number_is_refused(text):
    assert sentence(CountField(), text) == f"“{text}” is not a whole number. Write 1250 or 1.250."


@pytest.mark.parametrize("text", ["0", "1201", "999999999"])
def test_a_number_out_of_its_range_is_refused(text):
    assert sentence(CountField(most=1200), text) == "The number must lie between 1 and 1.200."


@given(st.integers(1, 999_999_999))
def test_every_number_is_read_with_and_without_dots(number):
    field = CountField()

    assert field.clean(str(number)) == field.clean(f"{number:,}".replace(",", ".")) == number


@given(st.text(max_size=40))
def test_no_text_breaks_a_number_field(text):
    try:
        number = CountField(required=False).clean(text)
    except ValidationError:
        return
    assert number is None or 1 <= number <= 999_999_999


# --- amounts ---


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("0", "0"),
        ("1250", "1250"),
        ("1.250", "1250"),
        ("1250,5", "1250.5"),
        ("0,25", "0.25"),
        ("1.250.000,50", "1250000.50"),
        ("Rp1.250.000", "1250000"),
        ("rp 1.250.000", "1250000"),
        ("Rp. 1.250.000,-", "1250000"),
        ("Rp 1.250.000,-", "1250000"),
        ("Rp\u00a01.250.000,00", "1250000"),
        (" 2.000.000.000 ", "2000000000"),
        ("9.999.999.999.999.999,99", "9999999999999999.99"),
    ],
)
def test_an_amount_is_read_as_indonesians_write_it(text, number):
    assert AmountField(required=False).clean(text) == (Decimal(number) if number else None)


@pytest.mark.parametrize(
    "text",
    [
        "1.25",
        "12.50",
        "1.2500",
        "1,250",
        "1,250.00",
        "1.25,5",
        "0.5",
        "01.250",
        "1.250.00",
        "Rp1.25",
        "1250.000",
    ],
)
def test_an_amount_that_can_be_read_in_two_ways_is_refused_with_how_to_write_it(text):
    assert sentence(AmountField(), text) == (
        f"“{text}” can be read in two ways. Write thousands like 1.250 or 1250, and decimals like 12,5."
    )


@pytest.mark.parametrize(
    "text",
    [
        "-3",
        "−3",
        "+3",
        "1e3",
        "1E+3",
        "NaN",
        "Infinity",
        "0x10",
        "٣",
        "½",
        "seribu",
        "1 250",
        ",5",
        "5,",
        "USD 5",
        "1.250,-5",
        "9" * 41,
    ],
)
def test_what_is_no_amount_is_refused_with_how_to_write_it(text):
    assert sentence(AmountField(), text) == (
        f"“{text[:30]}” is not a number. Write it like 1250, 1.250 or 1.250.000,50."
    )


def test_an_amount_is_no_larger_than_what_is_stored():
    assert sentence(AmountField(), "10.000.000.000.000.000") == (
        "The number must lie between 0 and 9.999.999.999.999.999,99."
    )
    assert sentence(AmountField(most=Decimal(100)), "100,01") == "The number must lie between 0 and 100."


@given(st.decimals(0, Decimal("9999999999999999.99"), places=2))
def test_every_amount_is_shown_in_a_form_that_reads_back_the_same(number):
    field = AmountField()

    assert field.clean(field.prepare_value(number)) == number
    assert field.clean(f"Rp{written_amount(number)}") == number


@given(st.one_of(st.text(max_size=50), st.from_regex(r"[Rp .,\-0-9eE]{0,24}", fullmatch=True)))
def test_no_text_breaks_an_amount_or_becomes_another_number(text):
    try:
        number = AmountField(required=False).clean(text)
    except ValidationError:
        return
    assert number is None or (
        0 <= number <= Decimal("9999999999999999.99") and -number.as_tuple().exponent <= 2
    )
    # A point never begins decimals.
    assert number is None or "." not in text or number % 1 == 0 or "," in text


# --- references ---


def test_a_reference_is_read_from_an_address_and_only_within_sight(unit_officer, agreement_of_asahan):
    hidden = AgreementFactory(status=Status.PROPOSED, with_parties=["itjen"])
    field = ReferenceField()
    field.papers = Agreement.objects.visible_to(unit_officer)

    assert field.clean(f"https://portal.test/kemitraan/{agreement_of_asahan.ref}/?x=1") == agreement_of_asahan
    assert field.clean(agreement_of_asahan.ref.lower()) == agreement_of_asahan
    assert sentence(field, hidden.ref) == f"There is no paper {hidden.ref} that you can see."
    assert sentence(field, "KS-2025") == "“KS-2025” is not a reference. Write it like KS-2025-0001."
