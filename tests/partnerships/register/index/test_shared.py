"""What a process keeps in memory is as new as the last commit before the question, whoever wrote it."""

import threading

import psycopg2
import pytest
from django.db import connection, transaction

from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    Capacity,
    Document,
    Organization,
    OrganizationKind,
    PageText,
    PartialDate,
    Party,
    Person,
    Theme,
)
from partnerships.register import notes
from partnerships.register.index import PaperIndex, index_of, shared
from partnerships.register.searching import found_by
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PartyFactory,
    SignatoryFactory,
    SourcedFactFactory,
    TermFactory,
)
from tests.partnerships.filed_documents import read_document, version_of

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
def nothing_kept():
    shared._kept.clear()


def kinds():
    return index_of().everything.counts("kind")


def elsewhere():
    """A connection of another process, which works for the portal itself."""
    values = connection.settings_dict
    found = psycopg2.connect(
        host=values["HOST"], port=values["PORT"] or None, user=values["USER"], dbname=values["NAME"]
    )
    with found, found.cursor() as cursor:
        cursor.execute("SELECT portal_read_as('register')")
    return found


def as_read_now():
    index = PaperIndex.read()
    return {name: index.everything.counts(name) for name in index.base.groupings}


def as_kept():
    index = index_of()
    return {name: index.everything.counts(name) for name in index.base.groupings}


def test_what_another_process_committed_is_counted_and_what_it_did_not_is_not():
    paper = AgreementFactory(kind=AgreementKind.MOU)
    assert kinds() == {"mou": 1}

    with elsewhere() as other, other.cursor() as cursor:
        cursor.execute("UPDATE partnerships_agreement SET kind = 'pks' WHERE id = %s", [paper.pk])
        assert kinds() == {"mou": 1}
        other.commit()
        assert kinds() == {"pks": 1}


def test_a_transaction_that_ends_after_a_later_one_is_not_missed():
    first, second = AgreementFactory(kind="mou"), AgreementFactory(kind="mou")
    assert kinds() == {"mou": 2}

    with elsewhere() as slow, slow.cursor() as early, elsewhere() as quick, quick.cursor() as late:
        early.execute("UPDATE partnerships_agreement SET kind = 'nda' WHERE id = %s", [first.pk])
        late.execute("UPDATE partnerships_agreement SET kind = 'pks' WHERE id = %s", [second.pk])
        quick.commit()
        assert kinds() == {"mou": 1, "pks": 1}
        slow.commit()
        assert kinds() == {"nda": 1, "pks": 1}


def test_what_was_taken_back_is_not_counted():
    AgreementFactory(kind="mou")
    assert kinds() == {"mou": 1}

    with pytest.raises(RuntimeError), transaction.atomic():
        AgreementFactory(kind="pks")
        assert kinds() == {"mou": 1, "pks": 1}
        raise RuntimeError

    assert kinds() == {"mou": 1}


def _party(paper):
    PartyFactory(agreement=paper, organization=OrganizationFactory(kind=OrganizationKind.COMPANY))


def _of_another_kind(paper):
    Organization.objects.filter(parties__agreement=paper).exclude(kind=OrganizationKind.UNIT).update(
        kind=OrganizationKind.UNIVERSITY, region=None
    )


def _above(paper):
    unit = Organization.objects.get(slug="bbpvp-makassar")
    above = Organization.objects.get(slug="setjen")
    Organization.objects.filter(pk=unit.pk).update(parent=above)


WRITTEN = {
    "a party": _party,
    "a party's end": lambda paper: Party.objects.filter(agreement=paper).first().delete(),
    "a theme": lambda paper: paper.themes.add(Theme.objects.get(slug="k3")),
    "a term": lambda paper: TermFactory(agreement=paper, ends=PartialDate.of(2024, 6, 1)),
    "a status": lambda paper: Agreement.objects.filter(pk=paper.pk).update(status=Status.TERMINATED),
    "the kind of a partner": _of_another_kind,
    "what a unit belongs to": _above,
}


@pytest.mark.parametrize("written", WRITTEN)
def test_each_thing_that_is_counted_is_noted_when_it_is_written(written):
    paper = AgreementFactory(with_parties=["bbpvp-makassar", "pemerintah-kabupaten-asahan"])
    AgreementFactory()
    before = as_kept()

    WRITTEN[written](paper)

    assert as_kept() == as_read_now()
    assert as_kept() != before


def having(index, thing):
    return (index.everything & index.with_thing(thing)).ids().tolist()


THINGS = {
    "scan": lambda paper: Document.objects.create(agreement=paper, purpose="paper", title="Naskah"),
    "letters": lambda paper: SignatoryFactory(agreement=paper, capacity=Capacity.PROXY, presence="signed"),
    "term": lambda paper: TermFactory(agreement=paper, ends=PartialDate.of(2031, 1, 1)),
    "commitments": lambda paper: CommitmentFactory(agreement=paper),
    "conflict": lambda paper: SourcedFactFactory(agreement=paper, in_force=False),
}


@pytest.mark.parametrize("thing", THINGS)
def test_each_thing_that_a_paper_has_or_lacks_is_noted_when_it_is_written(thing):
    paper = AgreementFactory()
    had = having(index_of(), thing)

    THINGS[thing](paper)

    assert having(index_of(), thing) != had
    assert having(index_of(), thing) == having(PaperIndex.read(), thing)


def _names_a_signatory(paper):
    Person.objects.filter(pk=paper.signatories.get().person_id).update(name="Pengelasan")


def _on_a_page(paper):
    PageText.objects.filter(file__document__agreement=paper).update(text="Pengelasan")


SEARCHED = {
    "the name of a signatory": _names_a_signatory,
    "a title": lambda paper: Agreement.objects.filter(pk=paper.pk).update(title="Pengelasan"),
    "what stands on a page": _on_a_page,
    "a document": lambda paper: read_document(paper, "Pengelasan"),
    "a version": lambda paper: version_of(paper.documents.get(), "Pengelasan", number=2),
}


@pytest.mark.parametrize("written", SEARCHED)
def test_each_thing_that_is_searched_is_noted_when_it_is_written(written, registrar):
    paper = AgreementFactory()
    SignatoryFactory(agreement=paper)
    read_document(paper, "Daftar isi")
    assert not found_by(index_of(), "pengelasan", registrar)

    SEARCHED[written](paper)

    assert found_by(index_of(), "pengelasan", registrar).ids().tolist() == [paper.pk]


def test_a_newer_version_that_says_it_no_more_ends_what_was_found(registrar):
    paper = AgreementFactory()
    document = read_document(paper, "Pengelasan")
    assert found_by(index_of(), "pengelasan", registrar).ids().tolist() == [paper.pk]

    version_of(document, number=2)

    assert not found_by(index_of(), "pengelasan", registrar)


def test_notes_are_forgotten_after_a_day_and_who_slept_longer_reads_everything_anew(time_machine):
    time_machine.move_to("2026-06-15 08:00", tick=False)
    paper = AgreementFactory(kind="mou")
    assert kinds() == {"mou": 1}
    Agreement.objects.filter(pk=paper.pk).update(kind="pks")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE partnerships_registerchange SET noted_at = '2026-06-13'")
    assert notes.forget_old() > 0
    time_machine.move_to("2026-06-15 21:00", tick=False)

    assert kinds() == {"pks": 1}


def test_after_many_writes_everything_is_read_anew_beside_the_requests(monkeypatch):
    monkeypatch.setattr(shared, "_MOST_FRESH", 2)
    for _paper in range(4):
        AgreementFactory(kind="mou")
        index_of()

    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon and thread.name == "register-index":
            thread.join(timeout=30)
    assert len(index_of().blocks[0]) == 4
    assert kinds() == {"mou": 4}
