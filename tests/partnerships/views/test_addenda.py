"""The pages on which an addendum is recorded and corrected, and the record that shows it."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from partnerships.models import Addendum, Document, Organization, PartialDate, StoredFile
from tests.factories import (
    AddendumFactory,
    AgreementFactory,
    ClauseTextFactory,
    TermFactory,
    UserFactory,
)
from tests.partnerships.sheets import everything_stored, page_of, text_of, value_of

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture
def paper(db):
    paper = AgreementFactory(with_parties=PARTIES)
    TermFactory(agreement=paper, ends=PartialDate.of(2026, 5, 6))
    return paper


@pytest.fixture
def office(client, registrar):
    client.force_login(registrar)
    return client


def sent(clauses=(), **fields):
    """The page as a browser sends it."""
    rows = {"clauses-TOTAL_FORMS": str(len(clauses)), "clauses-INITIAL_FORMS": "0"}
    for index, row in enumerate(clauses):
        rows |= {f"clauses-{index}-{name}": value for name, value in row.items()}
    said = {"subjects": ["scope"], "summary": "Ruang lingkup ditambah", "key": str(uuid4())}
    return {**said, **rows, **fields}


def change_page(addendum):
    return reverse("partnerships:addendum-change", args=[addendum.agreement.ref, addendum.position])


def test_an_addendum_is_recorded_with_its_term_its_party_and_its_clauses(office, paper):
    partner = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    data = sent(
        subjects=["term", "parties", "scope"],
        number="12/ADD/2025",
        signed="Agustus 2025",
        effective_on="2025-09-01",
        ends="2029",
        party="Kab. Batang",
        party_number="7/2025",
        clauses=[{"clause": "Pasal 3", "text": "Melatih 200 peserta.", "earlier": "Melatih 100 peserta."}],
    )

    answer = office.post(page_of(paper, "addendum-add"), data)

    addendum = Addendum.objects.get()
    assert answer["Location"] == f"{paper.get_absolute_url()}#addendum-1"
    assert addendum.signed == PartialDate.of(2025, 8)
    assert paper.parties.last().organization == partner
    assert paper.terms.last().addendum == addendum
    shown = text_of(office.get(paper.get_absolute_url()))
    for words in (
        "12/ADD/2025",
        "berlaku sejak 1 September 2025",
        "Melatih 200 peserta.",
        "1 bunyi sebelumnya",
    ):
        assert words in shown, words

    assert office.post(page_of(paper, "addendum-add"), data).status_code == 302
    assert Addendum.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"subjects": []}, "Pilih hal yang diubah"),
        ({"summary": ""}, "Tuliskan isi perubahan"),
        ({"signed": "31 Februari 2025"}, "31 Februari 2025"),
        ({"effective_on": "2025-09"}, "bukan tanggal lengkap"),
        ({"ends": "2029"}, "masa berlaku"),
        ({"subjects": ["term"], "ends": "2029", "ends_open": "on"}, "kosongkan salah satu"),
        ({"subjects": ["term"], "starts": "2027"}, "Tuliskan sampai kapan"),
        ({"subjects": ["parties"], "party": "Pemkab Asahn"}, "Pemerintah Kabupaten Asahan"),
        ({"clauses": [{"clause": "Pasal 3", "text": ""}]}, "Tuliskan bunyi pasal ini"),
        ({"clauses": [{"clause": "", "text": "Melatih"}]}, "Sebutkan pasalnya"),
    ],
)
def test_what_is_wrong_is_said_kept_and_not_saved(office, paper, wrong, words):
    before = everything_stored()
    data = sent(**{"number": "12 <b>", **wrong})

    answer = office.post(page_of(paper, "addendum-add"), data)

    assert answer.status_code == 422
    shown = text_of(answer)
    assert words in shown
    assert "error-summary" in shown
    assert value_of(answer, "number") == "12 &lt;b&gt;"
    for name in ("signed", "ends", "party", "clauses-0-clause", "key"):
        if name in data:
            assert value_of(answer, name) == data[name]
    assert everything_stored() == before


def test_one_more_clause_is_a_row_and_nothing_is_judged(office, paper):
    answer = office.post(page_of(paper, "addendum-add"), sent(summary="", signed="salah", add="clauses"))

    assert answer.status_code == 200
    assert "clauses-0-clause" in text_of(answer)
    assert "error-summary" not in text_of(answer)
    assert value_of(answer, "signed") == "salah"


def test_a_correction_says_its_reason_and_the_second_writer_sees_both(office, paper):
    addendum = AddendumFactory(agreement=paper, summary="Semula")
    ClauseTextFactory(agreement=paper, addendum=addendum, text="Dua.")
    page = office.get(change_page(addendum))
    assert value_of(page, "clauses-0-clause") == "Pasal 3"
    assert "Semula</textarea>" in text_of(page)
    clauses = [{"clause": "Pasal 3", "text": "Tiga."}]
    assert office.post(change_page(addendum), sent(clauses, version="1")).status_code == 422

    data = sent(clauses, version="1", summary="Yang pertama", reason="Salah ketik")
    assert office.post(change_page(addendum), data).status_code == 302
    answer = office.post(change_page(addendum), {**data, "summary": "Yang kedua"})

    assert answer.status_code == 409
    assert "<mark>Yang pertama</mark>" in text_of(answer)
    assert "<mark>Yang kedua</mark>" in text_of(answer)
    assert value_of(answer, "version") == "2"
    addendum.refresh_from_db()
    assert (addendum.summary, addendum.clause_texts.get().text) == ("Yang pertama", "Tiga.")


def test_the_term_of_an_addendum_is_not_asked_for_twice(office, paper):
    addendum = AddendumFactory(agreement=paper, subjects=["term"])
    assert 'name="ends"' in text_of(office.get(change_page(addendum)))
    TermFactory(agreement=paper, position=2, starts=PartialDate.of(2027), addendum=addendum)

    assert 'name="ends"' not in text_of(office.get(change_page(addendum)))
    data = sent(subjects=["term"], version="1", reason="Salah ketik", ends="2040")
    assert office.post(change_page(addendum), data).status_code == 302
    assert paper.terms.count() == 2


def test_an_addendum_of_another_paper_or_none_is_not_there(office, paper):
    AddendumFactory(agreement=AgreementFactory())

    for number in (0, 1, 2**40):
        address = reverse("partnerships:addendum-change", args=[paper.ref, number])
        assert office.get(address).status_code == 404


def test_the_record_shows_what_is_coming_as_coming_and_each_scan(client, admin, paper, time_machine):
    time_machine.move_to("2025-06-15")
    client.force_login(admin)
    coming = AddendumFactory(agreement=paper, effective_on=datetime.date(2025, 7, 1))
    ClauseTextFactory(agreement=paper, text="Melatih 100 peserta.")
    ClauseTextFactory(agreement=paper, addendum=coming, text="Melatih 300 peserta.")
    scan = Document.objects.create(agreement=paper, purpose="addendum", title="Pindaian", addendum=coming)
    StoredFile.objects.create(
        document=scan, name="adendum-1.pdf", key="k", sha256="0" * 64, size=9, uploaded_by=UserFactory()
    )

    shown = text_of(client.get(paper.get_absolute_url()))
    assert shown.index("Melatih 100 peserta.") < shown.index("Akan berlaku") < shown.index("Melatih 300")
    assert shown.count("adendum-1.pdf") > 1

    time_machine.move_to("2025-07-01")
    client.force_login(admin)
    shown = text_of(client.get(paper.get_absolute_url()))
    assert "Akan berlaku" not in shown
    assert shown.index("Melatih 300 peserta.") < shown.index("Melatih 100 peserta.")


def queries_of(client, address, django_assert_max_num_queries):
    client.get(address)
    with django_assert_max_num_queries(70) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_thirty_addenda_are_asked_for_as_often_as_one(office, django_assert_max_num_queries):
    costs = []
    for number in (1, 30):
        paper = AgreementFactory(with_parties=PARTIES)
        for index in range(number):
            addendum = AddendumFactory(agreement=paper)
            ClauseTextFactory(agreement=paper, addendum=addendum, clause=f"Pasal {index}")
            TermFactory(agreement=paper, position=index + 1, starts=None, addendum=addendum)
        costs.append(queries_of(office, paper.get_absolute_url(), django_assert_max_num_queries))

    assert costs[0] == costs[1]
