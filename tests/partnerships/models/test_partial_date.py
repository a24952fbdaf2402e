"""Dates of which only the month or the year is known."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Agreement, PartialDate, Precision
from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR, weekday_mismatch
from tests.factories import AgreementFactory

years = st.integers(FIRST_YEAR, LAST_YEAR)
days = st.dates(datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31))


@st.composite
def partial_dates(draw):
    day = draw(days)
    precision = draw(st.sampled_from(["day", "month", "year"]))
    return PartialDate.of(*(day.year, day.month, day.day)[: {"year": 1, "month": 2, "day": 3}[precision]])


@given(partial_dates())
def test_what_is_written_is_read_back_the_same(date):
    assert PartialDate.parse(date.isoformat()) == date


@given(partial_dates())
def test_it_is_printed_as_far_as_it_is_known_and_read_back_in_indonesian(date):
    with translation.override("id"):
        said = str(date)

    assert PartialDate.parse(said) == date
    if date.precision == Precision.YEAR:
        assert said == str(date.earliest.year)


@given(partial_dates(), days)
def test_a_day_lies_in_it_when_it_may_be_that_day(date, day):
    same = {
        Precision.DAY: day == date.earliest,
        Precision.MONTH: (day.year, day.month) == (date.earliest.year, date.earliest.month),
        Precision.YEAR: day.year == date.earliest.year,
    }[Precision(date.precision)]

    assert (date.earliest <= day <= date.latest) is same


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text):
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return
    assert date is None or FIRST_YEAR <= date.earliest.year <= LAST_YEAR


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2022", "2022"),
        ("2019-08", "2019-08"),
        ("2025-03-20", "2025-03-20"),
        ("20/03/2025", "2025-03-20"),
        ("20-3-2025", "2025-03-20"),
        ("Kamis, 20 Maret 2025", "2025-03-20"),
        ("17 Agustus 2026", "2026-08-17"),
        ("Agustus 2019", "2019-08"),
        ("2025-03-20 00:00:00", "2025-03-20"),
    ],
)
def test_the_ways_people_write_a_date(text, iso):
    assert PartialDate.parse(text).isoformat() == iso


@pytest.mark.parametrize("text", ["31 Februari 2025", "2025-13", "1899", "2101-01-01", "soon", "20.03.25"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)


def test_the_weekday_that_does_not_fit_is_noted():
    written, date, weekday = weekday_mismatch("planet.merdeka.com menulis Kamis 20 Maret 2024")

    assert (written, date, weekday) == ("Kamis 20 Maret 2024", datetime.date(2024, 3, 20), 2)
    assert weekday_mismatch("Kamis, 20 Maret 2025") is None


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ((2022, 6, 1), None, True),
        ((2022, 12, 31), (2023, 6, 1), True),
        (None, (2022, 1, 1), True),
        ((2023, 1, 1), None, False),
        (None, (2021, 12, 31), False),
    ],
)
def test_a_year_fits_every_span_that_touches_it(db, first, last, found):
    agreement = AgreementFactory(signed=PartialDate.of(2022))
    span = [datetime.date(*day) if day else None for day in (first, last)]

    assert Agreement.objects.signed_between(*span).filter(pk=agreement.pk).exists() is found


def test_the_order_is_by_the_latest_day_with_unknown_dates_last(db):
    refs = {
        AgreementFactory(signed=PartialDate.parse(text) if text else None).ref: text
        for text in ["2022", "2022-05-07", "", "2022-12", "2023-01-01"]
    }

    ordered = [refs[ref] for ref in Agreement.objects.newest_first().values_list("ref", flat=True)]

    assert ordered == ["2023-01-01", "2022", "2022-12", "2022-05-07", ""]


@pytest.mark.parametrize(
    "columns",
    [
        {"signed_precision": "day"},
        {"signed_earliest": "2022-01-01", "signed_latest": "2022-12-31", "signed_precision": ""},
        {"signed_earliest": "2022-01-01", "signed_latest": "2022-12-31", "signed_precision": "day"},
        {"signed_earliest": "2022-01-02", "signed_latest": "2022-01-31", "signed_precision": "month"},
        {"signed_earliest": "2022-02-01", "signed_latest": "2023-01-31", "signed_precision": "year"},
    ],
)
def test_the_database_keeps_a_partial_date_whole(db, columns):
    agreement = AgreementFactory(signed=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**columns)
