"""Addenda: recorded with all that they change, and put right."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InternalError, transaction

from partnerships.actions import addenda
from partnerships.actions.addenda import AddendumRecord, ClauseLine
from partnerships.actions.guard import StaleVersion
from partnerships.lifecycle import Status
from partnerships.models import Addendum, ClauseText, Organization, PartialDate, TermReason
from tests.factories import (
    AgreementFactory,
    ClauseTextFactory,
    OrganizationFactory,
    TermFactory,
    UserFactory,
)

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture
def paper(db):
    """Signed on 7 May 2024, until 6 May 2026."""
    paper = AgreementFactory(with_parties=PARTIES)
    TermFactory(agreement=paper, ends=PartialDate.of(2026, 5, 6))
    return paper


def said(**more):
    return AddendumRecord(**{"subjects": ["scope"], "summary": "Ruang lingkup ditambah", **more})


def add(paper, by, **more):
    return addenda.add(agreement=paper, record=said(**more), by=by)


def refused(call, code):
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        call()
    assert refusal.value.code == code
    assert refusal.value.messages[0]


def test_an_addendum_with_everything_that_it_changes(paper, registrar):
    partner = OrganizationFactory()

    addendum = add(
        paper,
        registrar,
        subjects=["parties", "term", "scope"],
        number="12/ADD/2025",
        signed=PartialDate.of(2025, 8),
        effective_on=datetime.date(2025, 9, 1),
        ends=PartialDate.of(2028),
        party=partner,
        party_number="7/PT/2025",
        clauses=[ClauseLine(clause="Pasal 3", text="Melatih 200 peserta.", earlier="Melatih 100 peserta.")],
    )

    addendum.refresh_from_db()
    assert (addendum.position, addendum.subjects) == (1, ["term", "scope", "parties"])
    assert (addendum.signed, addendum.effective_on) == (PartialDate.of(2025, 8), datetime.date(2025, 9, 1))
    term = addendum.terms.get()
    assert (term.reason, term.starts) == (TermReason.ADDENDUM, PartialDate.of(2026, 5, 7))
    joined = paper.parties.last()
    assert (joined.organization, joined.number, joined.position) == (partner, "7/PT/2025", 3)
    texts = dict(paper.clause_texts.values_list("addendum", "text"))
    assert texts == {None: "Melatih 100 peserta.", addendum.pk: "Melatih 200 peserta."}
    paper.refresh_from_db()
    assert paper.version == 2
    assert addendum.events.get().pgh_context["action"] == "addendum.add"


def test_a_second_addendum_takes_the_next_number_and_the_spelling_of_the_clause(paper, registrar):
    add(paper, registrar, clauses=[ClauseLine(clause="Pasal 3 ayat (1)", text="Dua.", earlier="Satu.")])

    second = add(paper, registrar, clauses=[ClauseLine(clause="PASAL 3 Ayat (1)", text="Tiga.")])

    assert second.position == 2
    assert set(paper.clause_texts.values_list("clause", flat=True)) == {"Pasal 3 ayat (1)"}


def test_the_same_form_twice_is_one_addendum(paper, registrar):
    key = uuid4()
    first, second = (
        addenda.add(agreement=paper, record=said(ends=None), by=registrar, key=key) for _ in range(2)
    )

    assert first == second == Addendum.objects.get()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"subjects": []}, "subjects"),
        ({"subjects": ["lain"]}, "subjects"),
        ({"summary": " "}, "summary"),
        ({"signed": PartialDate.of(2023)}, "signed"),
        ({"signed": PartialDate.of(2099)}, "signed"),
        ({"effective_on": datetime.date(2024, 5, 6)}, "effective_on"),
        ({"effective_on": datetime.date(2101, 1, 1)}, "effective_on"),
        ({"ends": PartialDate.of(2028)}, "subjects"),
        ({"subjects": ["term"], "ends": PartialDate.of(2025)}, "ends"),
        (
            {"clauses": [ClauseLine(clause="Pasal 1", text="A"), ClauseLine(clause="pasal 1", text="B")]},
            "clause",
        ),
        ({"clauses": [ClauseLine(clause="Pasal 1", text="")]}, "clause"),
    ],
)
def test_what_can_not_be_an_addendum_is_refused_and_nothing_is_kept(paper, registrar, more, code):
    refused(lambda: add(paper, registrar, **more), code)

    assert not Addendum.objects.exists()
    assert not ClauseText.objects.exists()


def test_a_party_joins_only_when_it_is_said_seen_and_new(paper, registrar, unit_officer):
    own = Organization.objects.get(slug=PARTIES[1])
    refused(lambda: add(paper, registrar, party=OrganizationFactory()), "subjects")
    refused(lambda: add(paper, registrar, subjects=["parties"], party=own), "party_once_per_agreement")
    hidden = OrganizationFactory()
    if hidden in Organization.objects.visible_to(unit_officer):
        pytest.fail("the organisation is to be out of the officer's sight")
    refused(lambda: add(paper, unit_officer, subjects=["parties"], party=hidden), "party")


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.DRAFTING, Status.SCHEDULED, Status.CANCELLED])
def test_a_paper_that_was_never_signed_has_no_addendum(db, admin, status):
    refused(lambda: add(AgreementFactory(status=status), admin), "status")


def test_the_original_wording_is_given_once(paper, registrar):
    ClauseTextFactory(agreement=paper, clause="Pasal 3", text="Satu.")

    refused(
        lambda: add(paper, registrar, clauses=[ClauseLine(clause="Pasal 3", text="Dua.", earlier="Lain.")]),
        "earlier",
    )


def test_who_may_not_change_the_paper_records_and_corrects_nothing(paper, registrar, leadership):
    addendum = add(paper, registrar)
    for person in (leadership, UserFactory()):
        with pytest.raises(PermissionDenied):
            add(paper, person)
        with pytest.raises(PermissionDenied):
            addenda.correct(addendum=addendum, record=said(), by=person)


# --- putting right --------------------------------------------------------------------------------


def test_a_correction_changes_the_texts_and_leaves_its_reason(paper, registrar):
    addendum = add(paper, registrar, clauses=[ClauseLine(clause="Pasal 3", text="Dua ratus.")])

    addenda.correct(
        addendum=addendum,
        record=said(
            summary="Diperbaiki",
            clauses=[
                ClauseLine(clause="pasal 3", text="Tiga ratus.", earlier="Seratus."),
                ClauseLine(clause="Pasal 4", text="Baru."),
            ],
        ),
        by=registrar,
        version=1,
        reason="Salah ketik",
    )

    addendum.refresh_from_db()
    assert (addendum.summary, addendum.version) == ("Diperbaiki", 2)
    texts = set(paper.clause_texts.values_list("clause", "addendum", "text"))
    assert texts == {
        ("Pasal 3", None, "Seratus."),
        ("Pasal 3", addendum.pk, "Tiga ratus."),
        ("Pasal 4", addendum.pk, "Baru."),
    }
    assert addendum.events.last().pgh_context["reason"] == "Salah ketik"


def test_what_an_addendum_has_done_is_not_unsaid(paper, registrar):
    addendum = add(
        paper,
        registrar,
        subjects=["term"],
        ends=PartialDate.of(2028),
        clauses=[ClauseLine(clause="Pasal 3", text="Dua.")],
    )
    clauses = [ClauseLine(clause="Pasal 3", text="Dua.")]

    def correct(**more):
        addenda.correct(addendum=addendum, record=said(**more), by=registrar)

    refused(lambda: correct(subjects=["scope"], clauses=clauses), "subjects")
    refused(lambda: correct(subjects=["term"], ends=PartialDate.of(2030), clauses=clauses), "ends")
    refused(lambda: correct(subjects=["term"]), "clause")
    bare = add(paper, registrar)
    with pytest.raises(InternalError), transaction.atomic():
        bare.delete()


def test_an_older_version_corrects_nothing(paper, registrar):
    addendum = add(paper, registrar)
    addenda.correct(addendum=addendum, record=said(summary="Satu"), by=registrar, version=1)

    with pytest.raises(StaleVersion) as stale:
        addenda.correct(addendum=addendum, record=said(summary="Dua"), by=registrar, version=1)
    assert stale.value.current.summary == "Satu"
