"""The page on which a paper is extended or ended early, and what the record says of it."""

import datetime

import pytest
from django.urls import reverse

from partnerships.lifecycle import Status
from partnerships.models import PartialDate
from tests.factories import AddendumFactory, AgreementFactory, TermFactory
from tests.partnerships.sheets import change_of, everything_stored, page_of, text_of, value_of

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
WHY = "Berita acara 12"


@pytest.fixture
def paper(db):
    paper = AgreementFactory(with_parties=PARTIES)
    TermFactory(agreement=paper, ends=PartialDate.of(2026, 5, 6))
    return paper


@pytest.fixture
def office(client, registrar):
    client.force_login(registrar)
    return client


def extension(paper, **more):
    return {
        "do": "extend",
        "extend-ends": "31 Desember 2029",
        "extend-reason": WHY,
        "extend-version": str(paper.version),
        **more,
    }


def early_end(paper, **more):
    return {
        "do": "end_early",
        "early-on": "2025-06-30",
        "early-reason": WHY,
        "early-version": str(paper.version),
        **more,
    }


def test_a_paper_is_extended_and_then_ended_early(client, admin, paper, time_machine):
    time_machine.move_to("2025-01-15")
    client.force_login(admin)
    answer = client.post(page_of(paper, "terms"), extension(paper))
    assert answer["Location"] == f"{paper.get_absolute_url()}#validity"
    shown = text_of(client.get(paper.get_absolute_url()))
    assert (
        "Berlaku sampai Rabu, 6 Mei 2026. Setelah itu diperpanjang sampai Senin, 31 Desember 2029." in shown
    )

    paper.refresh_from_db()
    assert (
        client.post(page_of(paper, "terms"), early_end(paper, **{"early-on": "2027-01-31"})).status_code
        == 302
    )
    shown = text_of(client.get(paper.get_absolute_url()))
    assert "Diakhiri lebih awal" in shown
    assert "semula disepakati 31 Desember 2029" in shown
    assert WHY in shown


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (extension, {"extend-ends": "31 Februari 2029"}),
        (extension, {"extend-ends": ""}),
        (extension, {"extend-ends_open": "on"}),
        (extension, {"extend-ends": "2024"}),
        (extension, {"extend-starts": "6 Mei 2026"}),
        (extension, {"extend-reason": ""}),
        (early_end, {"early-on": ""}),
        (early_end, {"early-on": "2026"}),
        (early_end, {"early-on": "2030-01-01"}),
        (early_end, {"early-reason": ""}),
    ],
)
def test_what_is_wrong_is_said_kept_and_not_saved(office, paper, sent, kept):
    before = everything_stored()
    data = sent(paper, **kept)

    answer = office.post(page_of(paper, "terms"), data)

    assert answer.status_code == 422
    assert "error-summary" in text_of(answer)
    for name in data:
        if name.endswith(("ends", "starts", "on", "reason")):
            assert value_of(answer, name) == data[name], name
    assert everything_stored() == before


def test_who_has_read_an_older_version_is_told(office, paper):
    sent = extension(paper)
    office.post(page_of(paper, "terms"), sent)

    answer = office.post(page_of(paper, "terms"), sent)

    assert answer.status_code == 409
    assert "31 Desember 2029" in text_of(answer)
    assert paper.terms.count() == 2


def test_a_paper_that_is_over_shows_its_terms_and_no_form(office, db):
    paper = AgreementFactory(status=Status.TERMINATED, with_parties=PARTIES)
    TermFactory(agreement=paper, ends=PartialDate.of(2026, 5, 6))

    shown = text_of(office.get(page_of(paper, "terms")))
    assert "6 Mei 2026" in shown
    assert 'value="extend"' not in shown
    assert office.post(page_of(paper, "terms"), extension(paper)).status_code == 422


def test_the_record_offers_it_to_who_may_and_only_for_a_signed_paper(client, registrar, leadership, paper):
    def offered(who, status=Status.SIGNED):
        page = AgreementFactory(status=status, with_parties=PARTIES)
        client.force_login(who)
        return page_of(page, "terms") in text_of(client.get(page.get_absolute_url()))

    assert offered(registrar)
    assert not offered(leadership)
    assert not offered(registrar, Status.ENDED)


def test_the_record_says_which_addendum_a_term_comes_from(office, paper):
    addendum = AddendumFactory(agreement=paper, number="12/ADD/2025")
    TermFactory(
        agreement=paper, position=2, reason="addendum", starts=PartialDate.of(2026, 5, 7), addendum=addendum
    )

    shown = text_of(office.get(paper.get_absolute_url()))

    assert f'href="{paper.get_absolute_url()}#addendum-1">12/ADD/2025</a>' in shown
    assert 'id="addendum-1"' in shown


def test_an_early_end_is_kept_when_the_paper_is_edited_on_its_page(office, paper):
    office.post(page_of(paper, "terms"), early_end(paper))
    paper.refresh_from_db()
    term = paper.terms.get()
    row = {
        "id": str(term.pk),
        "starts": "7 Mei 2024",
        "ends": "",
        "reason": "original",
        "closed_because": WHY,
    }
    assert "semula disepakati 6 Mei 2026. Menulis kembali" in text_of(office.get(page_of(paper)))
    answer = office.post(page_of(paper), change_of(paper, terms=[row]))
    assert answer.status_code == 422
    assert "diakhiri lebih awal" in text_of(answer)

    row["ends"] = "31 Mei 2025"
    assert office.post(page_of(paper), change_of(paper, terms=[row])).status_code == 302
    term.refresh_from_db()
    assert (term.ended_early, term.agreed) == (True, PartialDate.of(2026, 5, 6))
    assert term.ends.earliest == datetime.date(2025, 5, 31)


def test_the_pages_are_found_by_their_indonesian_addresses(paper):
    assert page_of(paper, "terms") == f"/kemitraan/{paper.ref}/masa-berlaku/"
    assert page_of(paper, "addendum-add") == f"/kemitraan/{paper.ref}/adendum/baru/"
    assert reverse("partnerships:addendum-change", args=[paper.ref, 2]).endswith("/adendum/2/ubah/")
