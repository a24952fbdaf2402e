from datetime import date

import pytest
from django.db import IntegrityError, OperationalError, transaction

from partnerships.lifecycle import Status
from partnerships.models import (
    PartialDate,
    PeriodState,
    Recurrence,
    ReportingDate,
    ReportingPeriod,
    StatusChange,
)
from tests.factories import AgreementFactory, CommitmentFactory, ReportFactory

pytestmark = pytest.mark.django_db


def days(commitment):
    periods = ReportingPeriod.objects.filter(commitment=commitment).order_by("ends")
    return [(str(period.begins or "?")[:10], str(period.ends)) for period in periods]


def commitment(recurrence=Recurrence.ONCE, starts="2025-03-20", due="2025-12-31", **more):
    return CommitmentFactory(
        recurrence=recurrence,
        starts_on=starts and date.fromisoformat(starts),
        due=due and date.fromisoformat(due),
        **more,
    )


@pytest.mark.parametrize(
    ("recurrence", "starts", "due", "expected"),
    [
        (Recurrence.ONCE, "2025-03-20", "2025-12-31", [("2025-03-20", "2025-12-31")]),
        (
            Recurrence.MONTHLY,
            "2025-03-20",
            "2025-05-15",
            [("2025-03-20", "2025-03-31"), ("2025-04-01", "2025-04-30"), ("2025-05-01", "2025-05-15")],
        ),
        (
            Recurrence.QUARTERLY,
            "2024-11-05",
            "2025-06-30",
            [("2024-11-05", "2024-12-31"), ("2025-01-01", "2025-03-31"), ("2025-04-01", "2025-06-30")],
        ),
        (
            Recurrence.HALF_YEARLY,
            "2025-07-01",
            "2026-06-30",
            [("2025-07-01", "2025-12-31"), ("2026-01-01", "2026-06-30")],
        ),
        (
            Recurrence.YEARLY,
            "2023-08-17",
            "2025-08-16",
            [("2023-08-17", "2023-12-31"), ("2024-01-01", "2024-12-31"), ("2025-01-01", "2025-08-16")],
        ),
        (Recurrence.MONTHLY, "2024-02-29", "2024-02-29", [("2024-02-29", "2024-02-29")]),
    ],
)
def test_periods_follow_the_calendar_and_the_last_ends_on_the_due_date(recurrence, starts, due, expected):
    assert days(commitment(recurrence, starts, due)) == expected


def test_without_a_first_day_of_its_own_a_commitment_counts_from_the_signing():
    paper = AgreementFactory(signed=PartialDate.of(2025, 5, 7))

    assert days(commitment(Recurrence.QUARTERLY, None, "2025-09-30", agreement=paper)) == [
        ("2025-05-07", "2025-06-30"),
        ("2025-07-01", "2025-09-30"),
    ]


def test_without_any_first_day_one_report_is_due_at_the_end():
    paper = AgreementFactory(signed=None)

    assert days(commitment(Recurrence.MONTHLY, None, "2025-09-30", agreement=paper)) == [("?", "2025-09-30")]


def test_without_a_due_date_no_report_is_due_but_on_days_of_their_own():
    owed = commitment(Recurrence.MONTHLY, due=None)
    assert days(owed) == []

    ReportingDate.objects.create(commitment=owed, due_on=date(2025, 8, 17))

    assert days(owed) == [("2025-03-20", "2025-08-17")]


def test_a_day_of_its_own_that_ends_a_period_anyway_is_one_period():
    owed = commitment(Recurrence.QUARTERLY, "2025-01-01", "2025-06-30")
    for day in (date(2025, 3, 31), date(2025, 5, 2)):
        ReportingDate.objects.create(commitment=owed, due_on=day)

    assert [ends for _begins, ends in days(owed)] == ["2025-03-31", "2025-05-02", "2025-06-30"]


def test_a_paper_that_is_not_signed_owes_no_report():
    assert days(commitment(agreement=AgreementFactory(status=Status.DRAFTING))) == []


def test_after_the_end_of_a_paper_and_after_a_withdrawal_nothing_is_due():
    over = commitment(Recurrence.QUARTERLY, "2025-01-01", "2025-12-31", agreement=AgreementFactory())
    over.agreement.status = Status.TERMINATED
    over.agreement.save(update_fields=["status"])
    StatusChange.objects.create(
        agreement=over.agreement,
        old=Status.SIGNED,
        new=Status.TERMINATED,
        effective_on=date(2025, 7, 15),
        by=None,
    )
    withdrawn = commitment(Recurrence.QUARTERLY, "2025-01-01", "2025-12-31", withdrawn_on=date(2025, 6, 30))

    assert [ends for _begins, ends in days(over)] == ["2025-03-31", "2025-06-30"]
    assert [ends for _begins, ends in days(withdrawn)] == ["2025-03-31"]


@pytest.mark.parametrize(
    ("on", "state", "late"),
    [
        ("2025-12-16", PeriodState.NOT_YET_DUE, False),
        ("2025-12-17", PeriodState.DUE, False),
        ("2025-12-31", PeriodState.DUE, False),
        ("2026-01-01", PeriodState.OVERDUE, True),
    ],
)
def test_a_period_is_due_two_weeks_before_its_last_day_and_overdue_after_it(on, state, late):
    owed = commitment()

    period = ReportingPeriod.objects.filter(commitment=owed).with_state(date.fromisoformat(on)).get()

    assert (period.state, period.late) == (state, late)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "verified"])
def test_a_period_with_a_report_says_how_that_stands(state):
    owed = commitment()
    report = ReportFactory(commitment=owed, period_end=owed.due, reach=state)
    after = date(2026, 1, 1)

    period = ReportingPeriod.objects.filter(commitment=owed).with_state(after).get()

    assert (period.state, period.report) == (state, report.pk)
    # Begun or given back is not reported.
    assert period.late is (state in {"draft", "returned"})
    overdue = ReportingPeriod.objects.filter(commitment=owed).overdue(after)
    assert overdue.exists() is (state in {"draft", "returned"})


def test_a_moved_due_date_moves_what_is_due():
    owed = commitment(due="2025-06-30")
    assert ReportingPeriod.objects.overdue(date(2025, 7, 1)).filter(commitment=owed).exists()

    owed.due = date(2025, 9, 30)
    owed.save(update_fields=["due"])

    assert not ReportingPeriod.objects.overdue(date(2025, 7, 1)).filter(commitment=owed).exists()
    assert days(owed) == [("2025-03-20", "2025-09-30")]


def test_periods_are_seen_by_who_sees_the_paper(officer_asahan, officer_batang, agreement_of_asahan):
    owed = commitment(agreement=agreement_of_asahan)

    assert ReportingPeriod.objects.visible_to(officer_asahan).filter(commitment=owed).exists()
    assert not ReportingPeriod.objects.visible_to(officer_batang).filter(commitment=owed).exists()


def test_the_calendar_is_only_read():
    commitment()

    with pytest.raises(OperationalError, match="cannot delete"), transaction.atomic():
        ReportingPeriod.objects.all()._raw_delete("default")


def test_a_day_beyond_reach_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="commitment_days_within_reach"), transaction.atomic():
        commitment(due="2101-01-01")
