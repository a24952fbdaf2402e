"""32 at once on one report: one transition, one step, one message."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions import commitments, guard, progress
from partnerships.actions.commitments import CommitmentEntry
from partnerships.actions.guard import StaleVersion
from partnerships.actions.progress import ReportContent
from partnerships.models import Commitment, OutboxMessage, ProgressReport, ReportMove
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.test_concurrency import all_at_once

MANY = 32
END = date(2025, 12, 31)
REFUSED = (ValidationError, PermissionDenied, StaleVersion)


@pytest.fixture
def commitment(own_database):
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    return MeasurableFactory(agreement=paper)


@pytest.fixture
def officer(own_database):
    return person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")


@pytest.fixture
def verifiers(own_database):
    return [person(Role.UNIT_OFFICER, "ditjen-binalavotas") for _ in range(4)]


def outcome(work):
    try:
        return work()
    except REFUSED as refusal:
        return type(refusal).__name__


def test_32_who_begin_the_report_of_a_period_make_one(commitment, officer):
    def begin(index):
        content = ReportContent(value=Decimal(index))
        return outcome(
            lambda: progress.draft(
                commitment=commitment, period_end=END, content=content, by=officer, version=None
            )
        )

    found = all_at_once(MANY, begin)

    assert {report.pk for report in found} == {ProgressReport.objects.get().pk}


def test_32_presses_of_submit_hand_it_in_once(commitment, officer):
    report = ReportFactory(commitment=commitment, period_end=END, written_by=officer, writers=[officer.pk])

    all_at_once(MANY, lambda _index: outcome(lambda: progress.submit(report=report, by=officer)))

    assert list(ReportMove.objects.values_list("old", "new")) == [("draft", "submitted")]


def test_of_32_decisions_at_once_one_holds_with_one_step_and_one_message(commitment, officer, verifiers):
    report = ReportFactory(
        commitment=commitment, period_end=END, written_by=officer, writers=[officer.pk], reach="submitted"
    )

    def decide(index):
        by = verifiers[index % 4]
        if index % 3 == 0:
            return outcome(lambda: progress.return_for_change(report=report, by=by, reason="Uji", version=2))
        if index % 3 == 1:
            return outcome(lambda: progress.take_back(report=report, by=officer, version=2))
        return outcome(lambda: progress.verify(report=report, by=by, version=2))

    ProgressReport.objects.filter(pk=report.pk).update(version=2)
    found = all_at_once(MANY, decide)

    report.refresh_from_db()
    assert report.status in {"verified", "returned", "draft"}
    assert ReportMove.objects.exclude(new="submitted").count() == 1
    told = OutboxMessage.objects.filter(kind__startswith="report_").count()
    assert told == (0 if report.status == "draft" else 1)
    assert Counter(each for each in found if isinstance(each, str)).total() >= MANY // 3


def test_20_sendings_of_one_form_log_one_commitment(commitment, officer):
    key = "7f0f4b0e-6a0f-4d2e-9a3a-0d2f7f6a1c11"
    entry = CommitmentEntry(text="Melatih 20 peserta", owner=commitment.owner)

    found = all_at_once(
        20,
        lambda _index: commitments.log(agreement=commitment.agreement, entry=entry, by=officer, key=key),
    )

    assert len({logged.pk for logged in found}) == 1
    assert Commitment.objects.filter(entry_key=key).count() == 1


def test_without_the_row_lock_two_decisions_would_both_hold(commitment, officer, verifiers, monkeypatch):
    """The control: with the guards taken away the fault shows, so the test above can fail."""
    report = ReportFactory(
        commitment=commitment, period_end=END, written_by=officer, writers=[officer.pk], reach="submitted"
    )
    unlocked = ProgressReport.objects.select_related("commitment__agreement", "commitment__owner")
    monkeypatch.setattr(guard, "held_report", lambda held: unlocked.get(pk=held.pk))

    all_at_once(4, lambda index: outcome(lambda: progress.verify(report=report, by=verifiers[index])))

    assert ReportMove.objects.filter(new="verified").count() > 1
