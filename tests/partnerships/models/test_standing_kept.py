"""What the standing promises beside being right: who sees it, two at once, and that faults are named."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    BatchShare,
    Commitment,
    CommitmentStanding,
    Indicator,
    ProgressReport,
    ReportingDate,
    StatusChange,
    TraineeBatch,
)
from partnerships.roles import Role
from tests.conftest import person
from tests.databases import owner_connection
from tests.factories import AgreementFactory, CommitmentFactory, MeasurableFactory, ReportFactory, UserFactory
from tests.partnerships.test_concurrency import all_at_once
from tests.partnerships.varied_commitments import varied_commitments

TODAY = date(2026, 3, 2)
STANDINGS = "partnerships_commitmentstanding"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "reader",
    [
        *("registrar", "unit_officer", "leadership", "admin", "nobody"),
        *("officer_asahan", "officer_batang", "officer_north_sumatra"),
    ],
)
def test_a_standing_is_seen_by_who_sees_the_commitment(reader, request):
    user = request.getfixturevalue(reader)
    varied_commitments()

    seen = set(Commitment.objects.visible_to(user).values_list("pk", flat=True))

    assert set(CommitmentStanding.objects.visible_to(user).values_list("pk", flat=True)) == seen
    assert Commitment.objects.count() > len(seen) or reader in {"registrar", "admin", "unit_officer"}


@pytest.mark.django_db
def test_an_office_and_a_unit_in_one_hand_see_what_either_sees():
    user = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-batang")
    person_of_unit = person(Role.UNIT_OFFICER, "barenbang")
    person_of_unit.postings.update(user=user)
    for status in (Status.SIGNED, Status.DRAFTING, Status.PROPOSED):
        for parties in (["barenbang"], ["pemerintah-kabupaten-batang"], ["ditjen-binalavotas"]):
            CommitmentFactory(agreement=AgreementFactory(status=status, with_parties=parties))

    seen = set(Commitment.objects.visible_to(user).values_list("pk", flat=True))

    assert len(seen) == 6
    assert set(CommitmentStanding.objects.visible_to(user).values_list("pk", flat=True)) == seen


@pytest.mark.django_db
def test_a_commitment_that_goes_takes_its_standing_with_it(registrar):
    varied_commitments(6)
    gone = MeasurableFactory()

    gone.delete()

    assert not CommitmentStanding.objects.filter(pk=gone.pk).exists()
    assert_none_differs()


@pytest.mark.django_db
def test_a_reporting_date_that_moves_or_goes_moves_what_is_due():
    commitment = MeasurableFactory(due=None)
    asked_for = ReportingDate.objects.create(commitment=commitment, due_on="2026-05-01")

    ReportingDate.objects.filter(pk=asked_for.pk).update(due_on="2026-06-01")
    assert CommitmentStanding.objects.get(pk=commitment.pk).next_due == date(2026, 6, 1)

    asked_for.delete()
    assert CommitmentStanding.objects.get(pk=commitment.pk).next_due is None
    assert_none_differs()


@pytest.mark.django_db
def test_of_a_paper_that_is_over_what_ended_before_is_still_owed():
    commitment = MeasurableFactory(recurrence="quarterly")
    Agreement.objects.filter(pk=commitment.agreement_id).update(status=Status.ENDED)
    StatusChange.objects.create(
        agreement_id=commitment.agreement_id, old="signed", new="ended", effective_on="2025-07-01", by=None
    )

    awaited = CommitmentStanding.objects.get(pk=commitment.pk).awaited
    assert awaited == [date(2025, 3, 31), date(2025, 6, 30)]
    assert_none_differs()


@pytest.mark.django_db
def test_a_draft_that_is_thrown_away_leaves_its_period_awaited():
    commitment = MeasurableFactory()
    draft = ReportFactory(commitment=commitment)
    assert CommitmentStanding.objects.get(pk=commitment.pk).drafts == 1

    draft.delete()

    standing = CommitmentStanding.objects.get(pk=commitment.pk)
    assert (standing.drafts, standing.awaited) == (0, [commitment.due])
    assert_none_differs()


@pytest.mark.django_db
def test_a_party_that_leaves_the_paper_leaves_its_standings(agreement_of_asahan):
    commitment = MeasurableFactory(agreement=agreement_of_asahan)

    agreement_of_asahan.parties.get(position=1).delete()

    assert CommitmentStanding.objects.get(pk=commitment.pk).units == []
    assert_none_differs()


@pytest.mark.django_db
def test_an_indicator_that_counts_another_stage_counts_other_people():
    commitment, other = MeasurableFactory(), MeasurableFactory()
    report = ReportFactory(commitment=commitment, value=20)
    batch = TraineeBatch.objects.create(
        report=report, name="Angkatan 1", trained_men=20, certified_men=10, placed_men=4
    )
    for each in (commitment, other):
        BatchShare.objects.create(batch=batch, commitment=each, weight="0.5")
    verified(report)
    assert achieved_of(other) == 10

    Indicator.objects.filter(pk=other.indicator_id).update(stage="placed")

    assert achieved_of(other) == 2
    assert_none_differs()


# --- two at once ----------------------------------------------------------------------------------


def assert_none_differs():
    assert list(CommitmentStanding.objects.all_that_differ()) == []


def test_reports_that_are_verified_at_once_are_all_counted(own_database):
    commitment = MeasurableFactory(recurrence="monthly", cumulative=False)
    reports = [
        ReportFactory(commitment=commitment, period_end=date(2025, month, 28), reach="submitted")
        for month in range(1, 13)
    ]

    def verify(index):
        with transaction.atomic():
            ProgressReport.objects.filter(pk=reports[index].pk).update(
                status="verified", decided_by=person_of[index], decided_at=reports[index].submitted_at
            )

    person_of = [ReportFactory(commitment=MeasurableFactory()).written_by for _ in reports]
    all_at_once(len(reports), verify)

    standing = CommitmentStanding.objects.get(pk=commitment.pk)
    assert (standing.achieved, standing.waiting) == (Decimal(40 * 12), 0)
    assert_none_differs()


def test_a_commitment_logged_while_its_paper_is_signed_owes_its_reports(own_database):
    papers = [AgreementFactory(status=Status.SCHEDULED, signed=None) for _ in range(6)]

    def work(index):
        paper = papers[index // 2]
        with transaction.atomic():
            if index % 2:
                Agreement.objects.filter(pk=paper.pk).update(
                    status=Status.SIGNED,
                    signed_earliest="2025-01-10",
                    signed_latest="2025-01-10",
                    signed_precision="day",
                )
            else:
                made = Commitment.objects.create(agreement=paper, text="Melatih", due=date(2025, 12, 31))
                ReportingDate.objects.create(commitment=made, due_on=date(2025, 6, 30))

    all_at_once(12, work)

    assert set(CommitmentStanding.objects.values_list("next_due", flat=True)) == {date(2025, 6, 30)}
    assert_none_differs()


# --- faults ---------------------------------------------------------------------------------------


@pytest.fixture
def without_triggers(own_database):
    """Write as somebody would who has switched the triggers off."""

    def execute(table, statement, *params):
        with closing(owner_connection(own_database)) as owner, owner.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement.format(table=table), params)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return execute


def test_a_standing_that_differs_is_named(own_database, without_triggers):
    right, wrong = MeasurableFactory(), MeasurableFactory()
    without_triggers(STANDINGS, "UPDATE {table} SET achieved = 7 WHERE commitment_id = %s", wrong.pk)

    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_integrity", stdout=said)

    assert wrong.agreement.ref in said.getvalue()
    assert right.agreement.ref not in said.getvalue()


def test_lost_standings_are_named_and_made_good(own_database, without_triggers):
    commitment = MeasurableFactory()
    without_triggers(STANDINGS, "DELETE FROM {table}")
    assert list(CommitmentStanding.objects.all_that_differ()) == [commitment.pk]

    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_refresh_standings(0, %s)", [commitment.pk])

    assert_none_differs()


def test_shares_and_batches_of_a_verified_report_are_followed_where_the_freeze_is_off(
    own_database,
):
    """Other triggers keep a batch of a submitted report as it is; the standing does not rely on them."""
    commitment, other = MeasurableFactory(cumulative=False), MeasurableFactory(cumulative=False)
    report = ReportFactory(commitment=commitment, value=20)
    with transaction.atomic():
        batch = TraineeBatch.objects.create(report=report, name="Angkatan 1", trained_women=12, trained_men=8)
        share = BatchShare.objects.create(batch=batch, commitment=commitment)
    verified(report)
    with closing(owner_connection(own_database)) as owner, owner.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname LIKE '%stays_when_submitted%'"
        )
        for name, table in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")

    with transaction.atomic():
        BatchShare.objects.filter(pk=share.pk).update(weight="0.25")
        BatchShare.objects.create(batch=batch, commitment=other, weight="0.75")
    assert achieved_of(other) == 15
    assert_none_differs()

    TraineeBatch.objects.filter(pk=batch.pk).update(trained_men=28)
    assert achieved_of(other) == 30
    assert_none_differs()

    with transaction.atomic():
        BatchShare.objects.filter(commitment=other).delete()
        BatchShare.objects.filter(pk=share.pk).update(weight=1)
    assert achieved_of(other) == 0
    assert_none_differs()


def verified(report):
    report.status, report.submitted_by, report.submitted_at = "submitted", report.written_by, timezone.now()
    report.save()
    report.status, report.decided_by, report.decided_at = "verified", UserFactory(), timezone.now()
    report.save()


def achieved_of(commitment):
    return CommitmentStanding.objects.get(pk=commitment.pk).achieved
