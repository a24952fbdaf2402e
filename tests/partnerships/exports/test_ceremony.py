"""The packet of a ceremony and the sheet for its door."""

import io

import pypdf
import pytest
from django.utils.translation import gettext

from partnerships.exports import ceremony
from partnerships.exports.ceremony import door_page, packet_page, pdf_of_ceremony
from partnerships.models import PartialDate, Party, issue_code
from partnerships.selectors.protocol import papers_in_protocol_order
from partnerships.selectors.signatures import findings_of
from tests.factories import AgreementFactory, PersonFactory, SignatoryFactory, SigningEventFactory

pytestmark = pytest.mark.django_db
MINISTRY, ASAHAN, BATANG = (
    "ditjen-binalavotas",
    "pemerintah-kabupaten-asahan",
    "pemerintah-kabupaten-batang",
)


@pytest.fixture
def event():
    return SigningEventFactory(
        name="Penandatanganan bersama",
        place="Ruang Tridharma",
        held=PartialDate.of(2025, 3, 20),
        agenda="09.00 Pembukaan\n10.00 Penandatanganan",
    )


@pytest.fixture
def printed(event):
    def made(page_of, user):
        papers = papers_in_protocol_order(event, user)
        page = page_of(event, papers, findings_of(papers), user)
        return pypdf.PdfReader(io.BytesIO(pdf_of_ceremony(page)))

    return made


@pytest.fixture
def minister():
    return PersonFactory(name="Nama Uji Satu")


def signed_paper(event, partner, minister, **said):
    paper = AgreementFactory(event=event, title=f"Naskah {partner}", with_parties=[MINISTRY, partner])
    unit, other = paper.parties.all()
    SignatoryFactory(agreement=paper, party=unit, person=minister, post="Menteri")
    if said:
        SignatoryFactory(agreement=paper, party=other, **said)
    return paper


def test_the_packet_has_a_cover_and_a_page_for_each_paper(printed, said, event, minister, registrar):
    first = signed_paper(
        event,
        ASAHAN,
        minister,
        person=PersonFactory(name="Nama Uji Dua"),
        post="Wakil Bupati Asahan",
        capacity="an",
        on_behalf_of="Bupati Asahan",
    )
    second = signed_paper(event, BATANG, minister)
    Party.objects.filter(agreement=first, organization__slug=ASAHAN).update(number="100/7/2025")

    pdf = printed(packet_page, registrar)

    assert len(pdf.pages) == 3
    cover, page_of_first, page_of_second = (" ".join(page.extract_text().split()) for page in pdf.pages)
    for words in (
        "Penandatanganan bersama",
        "Kamis, 20 Maret 2025",
        "Ruang Tridharma",
        "09.00 Pembukaan",
        f"1 {first.ref}",
        f"2 {second.ref}",
        "Nama Uji Dua",
        f"Diminta oleh {registrar.name}",
        "Halaman 1 dari 3",
    ):
        assert words in cover, words
    for words in (first.ref, "100/7/2025", "Nama Uji Dua", "Bupati Asahan"):
        assert words in page_of_first, words
    assert gettext("The signed paper is not on file.") in page_of_first
    assert "Pemerintah Kabupaten Batang" in page_of_second
    assert first.ref not in page_of_second
    assert " WIB" in cover


def test_the_packet_is_a_tagged_document_in_a_language(printed, event, minister, registrar):
    signed_paper(event, ASAHAN, minister)

    catalog = printed(packet_page, registrar).trailer["/Root"]

    assert catalog["/Lang"] == "id"
    assert "/StructTreeRoot" in catalog


def _words(page):
    """The words of a page, but for its code."""
    return sorted(word for word in page.extract_text().split() if not issue_code.read(word))


def test_a_packet_of_many_papers_is_laid_out_in_parts_and_looks_the_same(
    printed, event, minister, registrar, monkeypatch
):
    for number in range(5):
        signed_paper(event, ASAHAN if number % 2 else BATANG, minister)
    whole = printed(packet_page, registrar)
    monkeypatch.setattr(ceremony, "_PAPERS_AT_ONCE", 2)

    parts = printed(packet_page, registrar)

    assert len(parts.pages) == len(whole.pages) == 6
    for one, other in zip(parts.pages, whole.pages, strict=True):
        assert _words(one) == _words(other)
    catalog = parts.trailer["/Root"]
    assert catalog["/Lang"] == "id"
    assert catalog["/MarkInfo"]["/Marked"]
    assert len(catalog["/StructTreeRoot"]["/ParentTree"]["/Nums"]) == 2 * 6
    assert parts.metadata.title == "Penandatanganan bersama"


@pytest.mark.parametrize("page_of", [packet_page, door_page])
def test_an_event_without_papers_is_one_page_that_says_so(printed, said, registrar, page_of):
    pdf = printed(page_of, registrar)

    assert len(pdf.pages) == 1
    assert "Penandatanganan bersama" in said(pdf)


def test_the_sheet_for_the_door_has_a_line_for_everybody_who_comes(printed, said, event, minister, registrar):
    signed_paper(event, ASAHAN, minister, person=PersonFactory(name="Nama Uji Dua"), post="Bupati Asahan")
    signed_paper(event, BATANG, minister)

    text = said(printed(door_page, registrar))

    assert text.count("Nama Uji Satu") == 1
    assert text.index("Nama Uji Satu") < text.index("Nama Uji Dua") < text.index("Kabupaten Batang")
    assert "Bupati Asahan" in text
    assert "Halaman 1 dari 1" in text


def test_hostile_text_is_printed_as_it_is(printed, said, event, minister, registrar):
    paper = signed_paper(event, ASAHAN, minister)
    paper.title = "<img src=x onerror=alert(1)> {{ user }}"
    paper.save()

    assert "<img src=x onerror=alert(1)> {{ user }}" in said(printed(packet_page, registrar))
