"""The commitments that a process keeps are as new as the last commit before the question."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from partnerships.lifecycle import Status
from partnerships.models import Agreement, Commitment, Indicator, Organization, ReportingDate
from partnerships.register import commitments_for, notes
from partnerships.register.index import commitment_index, ledger, shared
from partnerships.register.index.standings import Standings
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.register.index.test_shared import elsewhere

pytestmark = pytest.mark.usefixtures("own_database")

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def nothing_kept(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)
    shared._kept.clear()
    ledger._kept.clear()


def everything():
    index = commitment_index()
    return index.selection(index.standings.waiting >= 0, TODAY)


def fundings():
    return everything().counts("funding")


def test_what_another_process_committed_is_counted_and_what_it_did_not_is_not():
    commitment = MeasurableFactory(funding="apbn")
    assert fundings() == {"apbn": 1}

    with elsewhere() as other, other.cursor() as cursor:
        cursor.execute("UPDATE partnerships_commitment SET funding = 'phln' WHERE id = %s", [commitment.pk])
        assert fundings() == {"apbn": 1}
        other.commit()
        assert fundings() == {"phln": 1}


def test_a_transaction_that_ends_after_a_later_one_is_not_missed():
    first, second = MeasurableFactory(funding="apbn"), MeasurableFactory(funding="apbn")
    assert fundings() == {"apbn": 2}

    with elsewhere() as slow, slow.cursor() as early, elsewhere() as quick, quick.cursor() as late:
        early.execute("UPDATE partnerships_commitment SET funding = 'phln' WHERE id = %s", [first.pk])
        late.execute("UPDATE partnerships_commitment SET funding = 'apbd' WHERE id = %s", [second.pk])
        quick.commit()
        assert fundings() == {"apbn": 1, "apbd": 1}
        slow.commit()
        assert fundings() == {"phln": 1, "apbd": 1}


def test_what_was_taken_back_is_not_counted():
    MeasurableFactory(funding="apbn")
    assert fundings() == {"apbn": 1}

    with pytest.raises(RuntimeError), transaction.atomic():
        MeasurableFactory(funding="phln")
        assert fundings() == {"apbn": 1, "phln": 1}
        raise RuntimeError

    assert fundings() == {"apbn": 1}


def _of_another_office(commitment):
    Commitment.objects.filter(pk=commitment.pk).update(
        owner=Organization.objects.get(slug="bbpvp-makassar"), indicator=Indicator.objects.get(slug="lahan")
    )


def _office_of_no_region(commitment):
    Organization.objects.filter(pk=commitment.owner_id).update(kind="university", region=None)


def _office_within_another(commitment):
    above = Organization.objects.get(slug="pemerintah-provinsi-sumatera-utara")
    Organization.objects.filter(pk=commitment.owner_id).update(parent=above)


WRITTEN = {
    "a commitment": lambda commitment: MeasurableFactory(agreement=commitment.agreement),
    "its end": lambda commitment: commitment.delete(),
    "a report": lambda commitment: ReportFactory(commitment=commitment, value=30, reach="verified"),
    "a report to verify": lambda commitment: ReportFactory(commitment=commitment, reach="submitted"),
    "a day on which a report is due": lambda commitment: ReportingDate.objects.create(
        commitment=commitment, due_on="2025-06-30"
    ),
    "an office and an indicator": _of_another_office,
    "the region of an office": _office_of_no_region,
    "what an office is part of": _office_within_another,
    "the paper's end": lambda commitment: Agreement.objects.filter(pk=commitment.agreement_id).update(
        status=Status.TERMINATED
    ),
    "a withdrawal": lambda commitment: Commitment.objects.filter(pk=commitment.pk).update(
        withdrawn_on="2026-01-01"
    ),
}


def said():
    names = ("state", "waits", "indicator", "measurable", "region", "office", "unit", "class")
    counted, days = everything(), commitment_index().standings.next_due.tolist()
    return [{k: n for k, n in counted.counts(name).items() if n} for name in names], counted.figures, days


@pytest.mark.parametrize("written", WRITTEN)
def test_each_thing_that_is_counted_is_noted_when_it_is_written(written):
    commitment = MeasurableFactory(agreement=AgreementFactory(with_parties=["ditjen-binalavotas"]))
    MeasurableFactory()
    before = said()

    WRITTEN[written](commitment)

    kept = said()
    assert kept != before
    ledger._kept.clear()
    shared._kept.clear()
    assert kept == said()


def test_what_changed_is_read_anew_alone_until_that_is_too_much(monkeypatch):
    first, second = MeasurableFactory(), MeasurableFactory(due="2026-09-30")
    everything()
    read = []
    whole = Standings.read
    monkeypatch.setattr(Standings, "read", lambda: read.append(1) or whole())

    Commitment.objects.filter(pk=first.pk).update(due="2027-01-31")
    assert everything().ids().tolist() == [second.pk, first.pk]
    assert read == []

    monkeypatch.setattr(ledger, "_MOST_AT_ONCE", 0)
    Commitment.objects.filter(pk=second.pk).update(due="2027-02-28")
    assert everything().ids().tolist() == [first.pk, second.pk]
    assert read == [1]


def test_after_many_writes_everything_is_read_anew_beside_the_requests(monkeypatch):
    monkeypatch.setattr(ledger, "_MOST_FRESH", 0)
    commitment = MeasurableFactory(funding="apbn")
    assert fundings() == {"apbn": 1}
    before = ledger._kept[None]

    Commitment.objects.filter(pk=commitment.pk).update(funding="phln")
    assert fundings() == {"phln": 1}
    for thread in threading.enumerate():
        if thread.name == "ledger-index":
            thread.join(timeout=30)

    assert ledger._kept[None] is not before
    assert fundings() == {"phln": 1}


def test_a_state_changes_with_the_day(time_machine):
    registrar = person(Role.REGISTRAR, "biro-kerja-sama")
    MeasurableFactory(due="2026-03-02")
    assert commitments_for(registrar, QueryDict("state=due")).count == 1

    time_machine.move_to("2026-03-03T05:00:00Z", tick=False)

    assert commitments_for(registrar, QueryDict("state=due")).count == 0
    assert commitments_for(registrar, QueryDict("state=overdue")).count == 1


def test_a_paper_that_is_no_longer_a_draft_shows_its_commitments():
    leadership = person(Role.LEADERSHIP, "kementerian-ketenagakerjaan")
    paper = AgreementFactory(status=Status.DRAFTING, with_parties=["pemerintah-kabupaten-asahan"])
    commitment = MeasurableFactory(agreement=paper)
    assert commitments_for(leadership, QueryDict()).count == 0

    Agreement.objects.filter(pk=paper.pk).update(status=Status.SCHEDULED)

    assert [row.pk for row in commitments_for(leadership, QueryDict()).page] == [commitment.pk]


def test_of_very_many_at_once_one_note_stands_for_all():
    paper = AgreementFactory()
    rows = [MeasurableFactory.build(agreement=paper, position=1, owner=None) for _number in range(2_001)]

    def notes_of(write):
        seen, _database = notes.now()
        write()
        return notes.since(seen, notes.STANDINGS)[2]

    assert notes_of(lambda: Commitment.objects.bulk_create(rows, batch_size=5_000)) == [0]
    assert len(notes_of(lambda: Commitment.objects.filter(pk__in=[row.pk for row in rows[:9]]).delete())) == 9


def test_notes_are_forgotten_after_a_day_and_who_slept_longer_reads_everything_anew(time_machine):
    commitment = MeasurableFactory(funding="apbn")
    assert fundings() == {"apbn": 1}
    Commitment.objects.filter(pk=commitment.pk).update(funding="phln")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE partnerships_standingchange SET noted_at = '2026-02-28'")
        assert notes.forget_old() > 0
        cursor.execute("SELECT count(*) FROM partnerships_standingchange")
        assert cursor.fetchone() == (0,)
    time_machine.move_to("2026-03-02T18:30:00Z", tick=False)

    assert fundings() == {"phln": 1}
