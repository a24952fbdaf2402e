"""Each trigger that keeps the standings is needed: without it, one write makes the comparison say so."""

from contextlib import closing
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    BatchShare,
    Commitment,
    CommitmentStanding,
    Indicator,
    Organization,
    Party,
    ProgressReport,
    ReportingDate,
    StatusChange,
    TraineeBatch,
)
from tests.databases import owner_connection
from tests.factories import AgreementFactory, MeasurableFactory, PartyFactory, ReportFactory
from tests.partnerships.models.test_standing_kept import verified

OFFICE = "pemerintah-kabupaten-asahan"


class World:
    """What the writes are done to: papers, and promises with a date, a draft and a verified batch."""

    def __init__(self):
        self.paper = AgreementFactory(with_parties=["ditjen-binalavotas", OFFICE])
        self.scheduled = AgreementFactory(status=Status.SCHEDULED, signed=None)
        self.ended = AgreementFactory()
        self.plain = MeasurableFactory(agreement=self.paper)
        self.unsigned = MeasurableFactory(agreement=self.scheduled)
        self.quarterly = MeasurableFactory(agreement=self.ended, recurrence="quarterly")
        self.dated = MeasurableFactory(agreement=self.paper, due=None)
        self.date = ReportingDate.objects.create(commitment=self.dated, due_on="2026-05-01")
        self.draft = ReportFactory(commitment=MeasurableFactory(agreement=self.paper))
        self.promise, self.other = (MeasurableFactory(cumulative=False) for _ in range(2))
        report = ReportFactory(commitment=self.promise, value=20)
        with transaction.atomic():
            numbers = {"trained_men": 20, "certified_men": 10, "placed_men": 4}
            self.batch = TraineeBatch.objects.create(report=report, name="Angkatan 1", **numbers)
            for commitment in (self.promise, self.other):
                BatchShare.objects.create(batch=self.batch, commitment=commitment, weight="0.5")
        verified(report)

    def log(self):
        MeasurableFactory(agreement=self.paper)

    def change(self):
        Commitment.objects.filter(pk=self.plain.pk).update(due=date(2027, 1, 31))

    def delete(self):
        Commitment.objects.filter(pk=self.plain.pk).delete()

    def sign(self):
        day = "2025-01-10"
        Agreement.objects.filter(pk=self.scheduled.pk).update(
            status=Status.SIGNED, signed_earliest=day, signed_latest=day, signed_precision="day"
        )

    def end(self):
        Agreement.objects.filter(pk=self.ended.pk).update(status=Status.ENDED)
        StatusChange.objects.create(
            agreement=self.ended, old="signed", new="ended", effective_on="2025-07-01", by=None
        )

    def join(self):
        unit = Organization.objects.get(slug="barenbang")
        PartyFactory(agreement=self.paper, organization=unit, position=3)

    def exchange(self):
        unit = Organization.objects.get(slug="barenbang")
        Party.objects.filter(agreement=self.paper, position=1).update(organization=unit)

    def leave(self):
        Party.objects.filter(agreement=self.paper, position=1).delete()

    def become_a_ministry(self):
        Organization.objects.filter(slug=OFFICE).update(kind="ministry")

    def ask(self):
        ReportingDate.objects.create(commitment=self.dated, due_on="2026-04-01")

    def ask_later(self):
        ReportingDate.objects.filter(pk=self.date.pk).update(due_on="2026-06-01")

    def ask_no_more(self):
        ReportingDate.objects.filter(pk=self.date.pk).delete()

    def begin(self):
        ReportFactory(commitment=self.plain)

    def submit(self):
        self.draft.status, self.draft.submitted_by = "submitted", self.draft.written_by
        self.draft.submitted_at = self.draft.written_by.date_joined
        self.draft.save()

    def throw_away(self):
        ProgressReport.objects.filter(pk=self.draft.pk).delete()

    def count_again(self):
        TraineeBatch.objects.filter(pk=self.batch.pk).update(trained_men=28)

    @transaction.atomic
    def share_with_a_third(self):
        BatchShare.objects.filter(commitment=self.other).update(weight="0.25")
        BatchShare.objects.create(batch=self.batch, commitment=self.plain, weight="0.25")

    @transaction.atomic
    def share_otherwise(self):
        BatchShare.objects.filter(commitment=self.promise).update(weight="0.25")
        BatchShare.objects.filter(commitment=self.other).update(weight="0.75")

    @transaction.atomic
    def share_no_more(self):
        BatchShare.objects.filter(commitment=self.other).delete()
        BatchShare.objects.filter(commitment=self.promise).update(weight=1)

    def count_who_was_placed(self):
        Indicator.objects.filter(pk=self.other.indicator_id).update(stage="placed")


WRITES = {
    ("commitment", "insert"): World.log,
    ("commitment", "update"): World.change,
    ("commitment", "delete"): World.delete,
    ("agreement", "update"): World.sign,
    ("statuschange", "insert"): World.end,
    ("party", "insert"): World.join,
    ("party", "update"): World.exchange,
    ("party", "delete"): World.leave,
    ("organization", "update"): World.become_a_ministry,
    ("reportingdate", "insert"): World.ask,
    ("reportingdate", "update"): World.ask_later,
    ("reportingdate", "delete"): World.ask_no_more,
    ("progressreport", "insert"): World.begin,
    ("progressreport", "update"): World.submit,
    ("progressreport", "delete"): World.throw_away,
    ("traineebatch", "update"): World.count_again,
    ("batchshare", "insert"): World.share_with_a_third,
    ("batchshare", "update"): World.share_otherwise,
    ("batchshare", "delete"): World.share_no_more,
    ("indicator", "update"): World.count_who_was_placed,
}


@pytest.fixture
def owner(own_database):
    """The database as its owner. What keeps a submitted batch as it is stands aside: it would refuse the
    write before the standing could miss it."""
    with closing(owner_connection(own_database)) as connected, connected.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname LIKE '%stays_when_submitted%'"
        )
        for name, table in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield cursor


def is_all_right():
    return not list(CommitmentStanding.objects.all_that_differ())


@pytest.mark.parametrize(("table", "event"), WRITES)
def test_without_it_the_comparison_says_that_a_standing_differs(table, event, owner):
    world = World()
    assert is_all_right()
    owner.execute(f"DROP TRIGGER standing_{event} ON partnerships_{table}")

    WRITES[table, event](world)

    with pytest.raises(SystemExit):
        call_command("check_integrity", stdout=StringIO())


def test_with_all_of_them_nothing_differs(owner):
    for write in dict.fromkeys(WRITES.values()):
        write(World())
        assert is_all_right(), write.__name__


@pytest.mark.django_db
def test_these_are_all_the_triggers_of_standings():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'standing\\_%'"
        )
        found = {
            (table.removeprefix("partnerships_"), name.removeprefix("standing_"))
            for table, name in cursor.fetchall()
        }

    assert found == set(WRITES)
