"""Whether a paper holds on a day, computed from its terms and its status."""

import datetime

import pytest

from partnerships.lifecycle import Status
from partnerships.models import Agreement, PartialDate, StatusChange, Validity
from tests.factories import AgreementFactory, TermFactory

TODAY = datetime.date(2026, 6, 15)


def on_day(*days):
    return PartialDate.of(*days) if days else None


# Status, the day of signing, the terms as (begins, ends or "open" or None), and what holds on TODAY.
CASES = [
    ("a proposal", Status.PROPOSED, None, [], Validity.NOT_BEGUN),
    ("a draft with a term", Status.DRAFTING, None, [((2026, 1, 1), (2030, 1, 1))], Validity.NOT_BEGUN),
    ("to be signed", Status.SCHEDULED, (2026, 7, 1), [], Validity.NOT_BEGUN),
    ("cancelled", Status.CANCELLED, None, [], Validity.NOT_BEGUN),
    ("signed tomorrow", Status.SIGNED, (2026, 6, 16), [], Validity.NOT_BEGUN),
    ("begins tomorrow", Status.SIGNED, (2026, 6, 1), [((2026, 6, 16), (2030, 1, 1))], Validity.NOT_BEGUN),
    ("no term", Status.SIGNED, (2024, 5, 7), [], Validity.UNKNOWN),
    ("no day, no term", Status.SIGNED, None, [], Validity.UNKNOWN),
    ("begun, end unknown", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), None)], Validity.UNKNOWN),
    ("signed this year", Status.SIGNED, (2026,), [], Validity.UNKNOWN),
    ("no end agreed", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), "open")], Validity.IN_FORCE),
    ("ends in 91 days", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2026, 9, 14))], Validity.IN_FORCE),
    ("ends in 90 days", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2026, 9, 13))], Validity.ENDING),
    ("ends today", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2026, 6, 15))], Validity.ENDING),
    ("ended yesterday", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2026, 6, 14))], Validity.ENDED),
    ("ends some day this month", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2026, 6))], Validity.ENDING),
    ("ends some day this year", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2026,))], Validity.IN_FORCE),
    ("ended last year", Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2025,))], Validity.ENDED),
    ("start unknown", Status.SIGNED, (2024, 5, 7), [(None, (2030, 1, 1))], Validity.IN_FORCE),
    ("ended by decision", Status.ENDED, (2024, 5, 7), [((2024, 5, 7), (2030, 1, 1))], Validity.ENDED),
    ("terminated", Status.TERMINATED, (2024, 5, 7), [], Validity.ENDED),
    (
        "extended: the last term that began decides",
        Status.SIGNED,
        (2020, 1, 1),
        [((2020, 1, 1), (2024, 12, 31)), ((2025, 1, 1), (2029, 12, 31))],
        Validity.IN_FORCE,
    ),
    (
        "to be extended later: the first term still decides",
        Status.SIGNED,
        (2020, 1, 1),
        [((2020, 1, 1), (2026, 6, 30)), ((2026, 7, 1), (2029, 12, 31))],
        Validity.ENDING,
    ),
]


def paper(status, signed, terms):
    agreement = AgreementFactory(status=status, signed=on_day(*signed) if signed else None)
    for position, (starts, ends) in enumerate(terms, start=1):
        TermFactory(
            agreement=agreement,
            position=position,
            starts=on_day(*starts) if starts else None,
            ends=on_day(*ends) if isinstance(ends, tuple) else None,
            ends_open=ends == "open",
        )
    return agreement


@pytest.mark.parametrize(
    ("status", "signed", "terms", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_validity(db, time_machine, status, signed, terms, expected):
    time_machine.move_to(TODAY)
    agreement = paper(status, signed, terms)

    assert Agreement.objects.with_validity().get(pk=agreement.pk).validity == expected


def test_every_value_has_a_case():
    assert {case[-1] for case in CASES} == set(Validity)


def test_in_force_is_in_force_ending_and_of_unknown_end(db, time_machine):
    time_machine.move_to(TODAY)
    papers = {paper(*case[1:4]): case[-1] for case in CASES}

    found = set(Agreement.objects.in_force())

    alive = {Validity.IN_FORCE, Validity.ENDING, Validity.UNKNOWN}
    assert found == {agreement for agreement, validity in papers.items() if validity in alive}


def test_the_day_is_the_one_in_jakarta(db, time_machine):
    agreement = paper(Status.SIGNED, (2024, 5, 7), [((2024, 5, 7), (2026, 6, 15))])

    time_machine.move_to(datetime.datetime(2026, 6, 15, 18, 0, tzinfo=datetime.UTC))  # 16 June, 01.00 WIB
    assert Agreement.objects.with_validity().get(pk=agreement.pk).validity == Validity.ENDED


def moved(agreement, *steps):
    """The paper's life as (status, day): the factory's own first step is replaced."""
    for status, day in steps:
        StatusChange.objects.create(agreement=agreement, new=status, effective_on=day, by=None)


def test_as_of_a_day_shows_the_status_of_that_day(db):
    agreement = AgreementFactory(status=Status.ENDED, signed=PartialDate.of(2020, 3, 1), recorded=None)
    StatusChange.objects.filter(agreement=agreement)  # the first step: ended on the day of signing
    moved(
        agreement,
        (Status.DRAFTING, datetime.date(2019, 11, 1)),
        (Status.SIGNED, datetime.date(2020, 3, 1)),
        (Status.ENDED, datetime.date(2024, 2, 29)),
    )

    def status(day):
        found = Agreement.objects.as_of(day).filter(pk=agreement.pk).first()
        return found and found.status_on

    assert status(datetime.date(2019, 10, 31)) is None
    assert status(datetime.date(2019, 11, 1)) == Status.DRAFTING
    assert status(datetime.date(2020, 2, 29)) == Status.DRAFTING
    assert status(datetime.date(2023, 1, 1)) == Status.SIGNED
    assert status(datetime.date(2024, 2, 29)) == Status.ENDED


def test_validity_as_of_a_day_is_the_one_of_that_day(db):
    agreement = paper(Status.SIGNED, (2020, 3, 1), [((2020, 3, 1), (2025, 2, 28))])

    def validity(*day):
        day = datetime.date(*day)
        return Agreement.objects.as_of(day).with_validity(day).get(pk=agreement.pk).validity

    assert validity(2021, 1, 1) == Validity.IN_FORCE
    assert validity(2025, 1, 1) == Validity.ENDING
    assert validity(2025, 3, 1) == Validity.ENDED


def test_a_step_of_unknown_day_holds_since_ever(db):
    agreement = AgreementFactory(signed=None)

    assert Agreement.objects.as_of(datetime.date(1990, 1, 1)).get(pk=agreement.pk).status_on == Status.SIGNED
