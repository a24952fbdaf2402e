"""Who changed what in a paper, in words."""

import datetime

import pghistory
import pytest

from partnerships.actions import addenda, agreements, terms
from partnerships.actions.addenda import AddendumRecord, ClauseLine
from partnerships.actions.record import (
    AgreementRecord,
    CommitmentLine,
    Entry,
    PartyLine,
    SignatoryLine,
    TermLine,
)
from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    PartialDate,
    Theme,
)
from partnerships.selectors.history import GROUPS_A_PAGE, history_of
from tests.factories import (
    AgreementFactory,
    PersonFactory,
    SignatoryFactory,
)
from tests.partnerships.models.raw_sql import execute


def record_of(agreement, **changes):
    """What stands in a paper now, with changes, as a writer would send it."""
    lines = {
        "kind": agreement.kind,
        "title": agreement.title,
        "signed": agreement.signed,
        "place": agreement.place,
        "event": agreement.event,
        "themes": list(agreement.themes.all()),
        "parties": [PartyLine(p.organization, p.number, pk=p.pk) for p in agreement.parties.all()],
        "terms": [TermLine(t.starts, t.ends, t.ends_open, pk=t.pk) for t in agreement.terms.all()],
    }
    return AgreementRecord(**{**lines, **changes})


@pytest.fixture
def revised(registrar, agreement_of_asahan):
    """A paper that the registrar entered, then changed on a page, then moved on."""
    organizations = [party.organization for party in agreement_of_asahan.parties.all()]
    record = AgreementRecord(
        kind=AgreementKind.MOU,
        title="Judul awal",
        signed=PartialDate.of(2025),
        themes=[Theme.objects.get(slug="k3")],
        parties=[PartyLine(organization) for organization in organizations],
        signatories=[SignatoryLine(person=PersonFactory(name="Nama Uji"), post="Bupati")],
        terms=[TermLine(starts=PartialDate.of(2025, 3))],
        commitments=[CommitmentLine("Melatih seratus peserta")],
    )
    day = datetime.date(2025, 3, 20)
    with pghistory.context(door="import"):
        agreement = agreements.register(
            record=record,
            by=registrar,
            entry=Entry(status=Status.SIGNED, effective_on=day),
            reason="Gelombang satu",
        )
    change = record_of(
        agreement,
        title="Judul baru",
        signed=PartialDate.of(2025, 3, 20),
        themes=[Theme.objects.get(slug="integrasi-data")],
        terms=[TermLine(PartialDate.of(2025, 3), PartialDate.of(2028), pk=agreement.terms.get().pk)],
    )
    change.parties[1].number = "100/2025"
    with pghistory.context(door="page"):
        agreements.revise(
            agreement=agreement, record=change, version=1, by=registrar, reason="Salinan diterima"
        )
        agreements.move(agreement=agreement, to=Status.ENDED, by=registrar, reason="Selesai")
    return agreement


def test_each_step_says_who_when_where_and_why(revised, registrar):
    history = history_of(revised, registrar)
    by_reason = {entry.reason: entry for entry in history}

    assert set(by_reason) == {"Gelombang satu", "Salinan diterima", "Selesai"}
    assert {entry.who for entry in history} == {registrar.name}
    assert len({entry.what for entry in history}) == 3
    assert by_reason["Gelombang satu"].door != by_reason["Selesai"].door
    assert by_reason["Gelombang satu"].effective_on == "20 Maret 2025"
    assert by_reason["Selesai"].effective_on
    assert by_reason["Salinan diterima"].effective_on == ""


def test_each_change_says_before_and_after_as_people_read_it(revised, registrar):
    entry = next(entry for entry in history_of(revised, registrar) if entry.reason == "Salinan diterima")

    assert {(change.before, change.after) for change in entry.changes} == {
        ("Judul awal", "Judul baru"),
        ("2025", "20 Maret 2025"),
    }
    parts = {(part.kind, part.name): part.changes for part in entry.parts}
    assert ("removed", str(Theme.objects.get(slug="k3"))) in parts
    assert ("added", str(Theme.objects.get(slug="integrasi-data"))) in parts
    [number] = parts["changed", "Pemerintah Kabupaten Asahan (100/2025)"]
    assert (number.before, number.after) == ("", "100/2025")
    [ends] = parts["changed", "Maret 2025 – 2028"]
    assert (ends.before, ends.after) == ("", "2028")
    assert "removed" in {part.kind for part in entry.parts if part.name == "Nama Uji, Bupati"}


def test_a_change_of_status_is_told_by_its_words(revised, registrar):
    entry = next(entry for entry in history_of(revised, registrar) if entry.reason == "Selesai")

    assert [(change.before, change.after) for change in entry.changes] == [
        (str(Status.SIGNED.label), str(Status.ENDED.label))
    ]


def test_the_newest_step_stands_first(revised, registrar):
    assert [entry.reason for entry in history_of(revised, registrar)] == [
        "Selesai",
        "Salinan diterima",
        "Gelombang satu",
    ]


def test_raw_sql_is_told_too(registrar):
    agreement = AgreementFactory(place="Jakarta")
    execute("UPDATE partnerships_agreement SET place = 'Bogor' WHERE id = %s", [agreement.pk])
    [entry] = history_of(agreement, registrar)

    assert [(c.before, c.after) for c in entry.changes if c.before] == [("Jakarta", "Bogor")]
    assert entry.who not in ("", registrar.name)


def test_a_paper_that_the_reader_may_not_know_is_not_named_in_the_history(officer_asahan, registrar):
    hidden = AgreementFactory(status=Status.PROPOSED)
    agreement = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], implements=hidden)

    def said(user):
        return " ".join(change.after for entry in history_of(agreement, user) for change in entry.changes)

    assert hidden.ref in said(registrar)
    assert hidden.ref not in said(officer_asahan)


def test_a_person_is_told_by_the_name_of_today(registrar):
    signatory = SignatoryFactory(person=PersonFactory(name="Salah Eja"))
    signatory.person.name = "Benar Eja"
    signatory.person.save()
    [entry] = history_of(signatory.agreement, registrar)

    assert "Benar Eja" in {part.name.partition(",")[0] for part in entry.parts}


def long_history(registrar, steps):
    agreement = AgreementFactory(title="0")
    for step in range(1, steps + 1):
        with pghistory.context(actor=registrar.pk, action="agreement.revise", step=step):
            Agreement.objects.filter(pk=agreement.pk).update(title=str(step))
    return agreement


def test_a_long_history_has_pages(registrar):
    agreement = long_history(registrar, 30)
    first, last = history_of(agreement, registrar), history_of(agreement, registrar, "2")

    assert len(first.object_list) == GROUPS_A_PAGE
    assert first.has_next() and not last.has_next()
    assert len(first.object_list) + len(last.object_list) == first.paginator.count
    assert history_of(agreement, registrar, "x").number == 1


def test_a_long_history_asks_the_database_as_often_as_a_short_one(
    registrar, django_assert_num_queries, django_assert_max_num_queries
):
    short, long = long_history(registrar, 2), long_history(registrar, 30)

    with django_assert_max_num_queries(4) as of_the_short:
        history_of(short, registrar)
    with django_assert_num_queries(len(of_the_short)):
        history_of(long, registrar)


def test_terms_and_addenda_are_told_as_steps_of_the_paper(registrar, agreement_of_asahan):
    addenda.add(
        agreement=agreement_of_asahan,
        record=AddendumRecord(
            subjects=["scope", "term"],
            summary="Ruang lingkup ditambah",
            number="12/ADD/2025",
            starts=PartialDate.of(2026),
            ends=PartialDate.of(2028),
            clauses=[ClauseLine(clause="Pasal 3", text="Melatih 200 peserta.")],
        ),
        by=registrar,
        reason="Salinan diterima",
    )
    addendum = agreement_of_asahan.addenda.get()
    correction = AddendumRecord(
        subjects=["term"],
        summary="Diperpanjang",
        number="12/ADD/2025",
        clauses=[ClauseLine(clause="Pasal 3", text="Dua ratus.")],
    )
    addenda.correct(addendum=addendum, record=correction, by=registrar, reason="Salah ketik")
    terms.end_early(
        agreement=agreement_of_asahan, on=datetime.date(2027, 6, 30), by=registrar, reason="Berita acara"
    )

    told = {entry.what: entry for entry in history_of(agreement_of_asahan, registrar)}
    early, corrected = told["Mengakhiri masa berlaku lebih awal"], told["Membetulkan adendum"]
    extended, recorded = told["Memperpanjang naskah"], told["Mencatat adendum"]

    assert {(change.before, change.after) for change in early.parts[0].changes} == {
        ("2028", "30 Juni 2027"),
        ("", "2028"),
        ("tidak", "ya"),
        ("", "Berita acara"),
    }
    assert ("masa berlaku, ruang lingkup", "masa berlaku") in {
        (change.before, change.after) for change in corrected.parts[0].changes
    }
    assert [part.name for part in corrected.parts] == ["12/ADD/2025", "Pasal 3"]
    assert extended.parts[0].name == "2026 – 2028"
    assert recorded.reason == "Salinan diterima"
    assert {(part.noun, part.kind) for part in recorded.parts} == {
        ("Adendum", "added"),
        ("Bunyi pasal", "added"),
    }
