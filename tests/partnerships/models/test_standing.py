"""The standing of a commitment is what its reports, its calendar and its paper say, whatever happens."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, transaction

from partnerships.actions import agreements, commitments, progress
from partnerships.actions.commitments import CommitmentEntry
from partnerships.actions.progress import BatchLine, ReportContent
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
    Recurrence,
    ReportingDate,
    TraineeBatch,
)
from partnerships.models.standing import state_on
from tests.factories import AgreementFactory, PartyFactory
from tests.partnerships.models.plain_standing import plain_standing, plain_states

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
OFFICES = ["pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang", "ditjen-binalavotas"]
INDICATORS = ["peserta-dilatih", "peserta-bersertifikat", "anggaran"]


@pytest.fixture(autouse=True)
def the_second_of_march(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)


def standing_of(commitment):
    return CommitmentStanding.objects.get(pk=commitment)


def assert_as_plain():
    every = list(Commitment.objects.order_by("pk").values_list("pk", flat=True))
    assert list(CommitmentStanding.objects.order_by("pk").values_list("pk", flat=True)) == every
    for pk in every:
        plain, kept = plain_standing(pk), standing_of(pk)
        assert {name: getattr(kept, name) for name in plain} == plain, pk
    for day in (TODAY, date(2025, 6, 30), TODAY + timedelta(days=200)):
        kept = dict(CommitmentStanding.objects.annotate(state=state_on(day)).values_list("pk", "state"))
        assert kept == plain_states(every, day)
    assert CommitmentStanding.objects.that_differ(0, 2**40) == []


class History:
    """Things that happen to papers, commitments and reports by chance: most by the portal's actions, some
    straight in the database, as imports and the admin's bulk actions do."""

    def __init__(self, seed, people):
        self.chance = random.Random(seed)  # noqa: S311 - chance for tests, not for secrets
        self.registrar, self.officer, self.verifier = people
        self.papers = [
            AgreementFactory(status=status, with_parties=["ditjen-binalavotas", *OFFICES[:1]])
            for status in (Status.SIGNED, Status.SIGNED, Status.SCHEDULED, Status.DRAFTING)
        ]
        for _ in range(4):
            self.log()

    def one(self, rows):
        rows = list(rows.order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def day(self):
        return TODAY + timedelta(days=self.chance.randrange(-500, 400))

    def entry(self):
        chance = self.chance
        starts = chance.choice([None, self.day()])
        due = chance.choice([None, self.day(), self.day(), TODAY + timedelta(days=9)])
        if starts and due and due < starts:
            starts, due = due, starts
        return CommitmentEntry(
            text="Melatih peserta",
            indicator=Indicator.objects.get(slug=chance.choice(INDICATORS)),
            target=chance.choice([None, Decimal(0), Decimal(30), Decimal(90)]),
            starts_on=starts,
            due=due,
            recurrence=chance.choice(Recurrence.values),
            cumulative=chance.random() < 0.5,
            owner=Organization.objects.get(slug=chance.choice(OFFICES)) if chance.random() < 0.7 else None,
            proof_wanted=chance.choice(["", "Daftar hadir"]),
            funding=chance.choice(["", "apbd"]),
        )

    def log(self):
        paper = self.chance.choice(self.papers)
        entry = self.entry()
        entry.owed_by = self.one(Party.objects.filter(agreement=paper))
        commitments.log(agreement=paper, entry=entry, by=self.registrar)

    def change(self):
        commitment = self.one(Commitment.objects)
        commitments.change(
            commitment=commitment, entry=self.entry(), version=commitment.version, by=self.registrar
        )

    def withdraw(self):
        commitment = self.one(Commitment.objects)
        commitments.withdraw(commitment=commitment, by=self.registrar, reason="Uji")

    def ask(self):
        commitments.ask_for_report(
            commitment=self.one(Commitment.objects), due_on=self.day(), by=self.registrar, reason="Uji"
        )

    def report(self):
        commitment = self.one(Commitment.objects)
        ends = self.one_of(commitment.periods.values_list("ends", flat=True)[:12])
        held = ProgressReport.objects.filter(commitment=commitment, period_end=ends).first()
        content = ReportContent(value=Decimal(self.chance.randrange(60)), batches=self.batches(commitment))
        if content.batches:
            content.value = Decimal(7)
        report = progress.draft(
            commitment=commitment,
            period_end=ends,
            content=content,
            by=self.officer,
            version=held.version if held else None,
        )
        if self.chance.random() < 0.7:
            progress.submit(report=report, by=self.officer)

    def one_of(self, values):
        return self.chance.choice(list(values) or [TODAY])

    def batches(self, commitment):
        other = self.one(Commitment.objects.filter(agreement=commitment.agreement).exclude(pk=commitment.pk))
        if other is None or self.chance.random() < 0.5:
            return None
        numbers = {"trained_women": 4, "trained_men": 3, "certified_women": 2, "placed_men": 1}
        weights = {commitment.pk: Decimal("0.25"), other.pk: Decimal("0.75")}
        return [BatchLine(name="Angkatan 1", numbers=numbers, shares=weights)]

    def decide(self):
        report = self.one(ProgressReport.objects.filter(status__in=["submitted", "verified"]))
        if report is None:
            return
        if report.status == "verified":
            progress.reopen(report=report, by=self.verifier, reason="Uji")
        elif self.chance.random() < 0.7:
            progress.verify(report=report, by=self.verifier)
        else:
            progress.return_for_change(report=report, by=self.verifier, reason="Uji")

    def take_back(self):
        if report := self.one(ProgressReport.objects.waiting()):
            progress.take_back(report=report, by=self.officer)

    def move(self):
        paper = Agreement.objects.get(pk=self.chance.choice(self.papers).pk)
        to = self.chance.choice([Status.SIGNED, Status.SCHEDULED, Status.ENDED, Status.TERMINATED])
        agreements.move(
            agreement=paper, to=to, by=self.registrar, effective_on=TODAY - timedelta(30), reason="Uji"
        )

    def straight(self):
        """What reaches the rows without an action."""
        chance = self.chance
        commitment = self.one(Commitment.objects)
        chance.choice(
            [
                lambda: Agreement.objects.filter(pk=commitment.agreement_id).update(
                    signed_latest=self.day(), signed_earliest=None, signed_precision=""
                ),
                lambda: Commitment.objects.update(starts_on=None),
                lambda: Commitment.objects.filter(pk=commitment.pk).update(
                    agreement=chance.choice(self.papers), owed_by=None, owed_to=None
                ),
                lambda: Party.objects.filter(position=2).update(
                    organization=Organization.objects.get(slug=chance.choice(OFFICES[:2]))
                ),
                lambda: PartyFactory(
                    agreement=self.chance.choice(self.papers),
                    organization=Organization.objects.get(slug="barenbang"),
                    position=3,
                ),
                lambda: Party.objects.filter(position=3).delete(),
                lambda: Organization.objects.filter(slug=OFFICES[0]).update(
                    kind=chance.choice(["regency", "ministry"])
                ),
                lambda: ReportingDate.objects.all().delete(),
                lambda: ReportingDate.objects.update(due_on=self.day()),
                lambda: ProgressReport.objects.filter(submitted_at=None).delete(),
                lambda: Indicator.objects.filter(slug=INDICATORS[0]).update(
                    stage=chance.choice(["trained", "placed", ""])
                ),
                lambda: BatchShare.objects.filter(batch__report__status="draft").update(weight="0.5"),
                lambda: TraineeBatch.objects.filter(report__status="draft").update(trained_men=5),
            ]
        )()

    def happen(self):
        act = self.chance.choice(
            [
                *[self.report] * 6,
                *[self.decide] * 5,
                *(self.log, self.change, self.change, self.withdraw, self.ask, self.take_back, self.move),
                *[self.straight] * 3,
            ]
        )
        try:
            with transaction.atomic():
                act()
        except (ValidationError, PermissionDenied, Error):
            # What may not be happens by chance too, and must leave no trace.
            return None
        return act.__name__


@pytest.mark.parametrize("seed", range(6))
def test_after_any_history_the_standing_is_what_the_plain_queries_say(
    seed, registrar, officer_asahan, unit_officer
):
    history = History(seed, (registrar, officer_asahan, unit_officer))
    done = set()
    for _ in range(45):
        done.add(history.happen())
        assert CommitmentStanding.objects.that_differ(0, 2**40) == [], done
    assert_as_plain()
    assert {"report", "decide", "straight"} <= done
