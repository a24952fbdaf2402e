"""Papers found by what stands in their documents, and the sentence that the list shows."""

import json

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from partnerships.register import agreements_for
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.filed_documents import read_document, version_of

PHRASE = "pengelasan bawah air"
FIRST = "Ketentuan umum tentang kerja sama para pihak."
THIRD = f"Pasal 4. Pelatihan {PHRASE} diselenggarakan oleh balai pelatihan selama tiga bulan."


@pytest.fixture
def search():
    def _search(user, text):
        query = QueryDict(mutable=True)
        query["q"] = text
        return agreements_for(user, query)

    return _search


def found(register):
    return [row.ref for row in register.page.object_list]


def test_a_phrase_that_stands_only_in_a_document_finds_the_paper_and_the_page(
    search, registrar, agreement_of_asahan, agreement_of_batang
):
    document = read_document(agreement_of_asahan, FIRST, "Kosong", THIRD, title="Naskah lengkap")
    read_document(agreement_of_batang, FIRST)

    (row,) = search(registrar, PHRASE).page.object_list

    assert row.ref == agreement_of_asahan.ref
    assert (row.hit.title, row.hit.page) == ("Naskah lengkap", 3)
    assert row.hit.url == f"{document.get_absolute_url()}?halaman=3#halaman-3"
    assert "<mark>pengelasan</mark> <mark>bawah</mark> <mark>air</mark>" in row.hit.sentence


@pytest.mark.parametrize("text", ["latih pengelasan", "PENGELASAN", "pengel"])
def test_words_are_found_inflected_in_capitals_and_half_typed(text, search, registrar, agreement_of_asahan):
    read_document(agreement_of_asahan, THIRD)

    register = search(registrar, text)

    assert found(register) == [agreement_of_asahan.ref]
    assert "<mark>pengelasan</mark>" in register.page.object_list[0].hit.sentence


def test_words_on_different_pages_find_nothing(search, registrar, agreement_of_asahan):
    read_document(agreement_of_asahan, "Hanya pengelasan.", "Hanya bawah air.")

    assert found(search(registrar, PHRASE)) == []


def test_what_stands_in_an_older_version_or_a_withdrawn_document_is_not_found(
    search, registrar, agreement_of_asahan
):
    renewed = read_document(agreement_of_asahan, THIRD)
    assert found(search(registrar, PHRASE)) == [agreement_of_asahan.ref]
    version_of(renewed, FIRST, number=2)
    read_document(agreement_of_asahan, THIRD, withdrawn_at=timezone.now())

    assert found(search(registrar, PHRASE)) == []


def test_nobody_finds_a_paper_by_a_document_that_is_not_the_readers(
    search, officer_asahan, officer_batang, agreement_of_asahan
):
    read_document(agreement_of_asahan, THIRD)

    assert found(search(officer_asahan, PHRASE)) == [agreement_of_asahan.ref]
    assert found(search(officer_batang, PHRASE)) == []


def test_evidence_of_a_draft_finds_its_paper_for_who_may_read_the_draft_only(
    search, officer_asahan, leadership, agreement_of_asahan
):
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )
    read_document(agreement_of_asahan, THIRD, purpose="report", report=report)

    assert found(search(officer_asahan, PHRASE)) == [agreement_of_asahan.ref]
    assert found(search(leadership, PHRASE)) == []


def test_html_in_a_document_stays_text(client, registrar, agreement_of_asahan):
    read_document(
        agreement_of_asahan,
        'Pasal pengelasan & air <mark>palsu</mark> <img src=x onerror=a()> <script>alert("x")</script>',
    )
    client.force_login(registrar)

    page = client.get(reverse("partnerships:agreement-list"), {"q": "pengelasan"}).content.decode()

    assert "<mark>pengelasan</mark>" in page
    assert "<script>alert" not in page
    assert "<mark>palsu" not in page
    assert "<img src=x" not in page


def test_the_exports_hold_the_rows_that_the_page_shows(client, registrar, agreement_of_asahan):
    read_document(agreement_of_asahan, THIRD)
    client.force_login(registrar)

    answer = client.get(reverse("partnerships:agreement-export", args=["json"]), {"q": PHRASE})

    said = json.loads(b"".join(answer.streaming_content))
    assert [row["ref"] for row in said["rows"]] == [agreement_of_asahan.ref]


def test_the_list_asks_as_often_for_many_hits_as_for_one(
    client, registrar, agreement_of_asahan, django_assert_max_num_queries
):
    client.force_login(registrar)
    address = reverse("partnerships:agreement-list")
    read_document(agreement_of_asahan, THIRD)
    client.get(address, {"q": PHRASE})
    with django_assert_max_num_queries(60) as one:
        client.get(address, {"q": PHRASE})
    for _number in range(24):
        read_document(AgreementFactory(with_parties=["ditjen-binalavotas"]), FIRST, THIRD)

    with django_assert_max_num_queries(len(one.captured_queries)):
        page = client.get(address, {"q": PHRASE})

    assert page.content.decode().count("<mark>pengelasan</mark>") == 25


def test_the_scan_that_a_paper_has_or_lacks_is_a_signed_paper_that_stands(registrar):
    papers = {name: AgreementFactory() for name in ("signed", "other", "withdrawn", "none")}
    read_document(papers["signed"], FIRST)
    read_document(papers["other"], FIRST, purpose="other")
    read_document(papers["withdrawn"], FIRST, withdrawn_at=timezone.now())

    def refs(parameter):
        query = QueryDict(mutable=True)
        query[parameter] = "scan"
        return {row.ref for row in agreements_for(registrar, query).rows()}

    assert refs("has") == {papers["signed"].ref}
    assert refs("lacks") == {papers[name].ref for name in ("other", "withdrawn", "none")}
