import logging
import re

import pytest
from django.utils import translation

from partnerships.columns import COLUMNS
from partnerships.exports.as_pdf import MOST_IN_ONE_RENDER
from partnerships.exports.extract import Refused
from partnerships.models import Agreement, AgreementKind, PartialDate, Validity
from tests.factories import AgreementFactory, TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_reads_aloud(paper, registrar, agreement_of_asahan):
    """Tagged, with a language, a title, bookmarks and a table whose headings are headings."""
    pdf = paper(registrar)

    catalogue = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "en"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Register of partnerships"
    assert b"pdfuaid" in catalogue["/Metadata"].get_data()
    assert [mark.title for mark in pdf.outline if not isinstance(mark, list)] == ["Register of partnerships"]
    assert [mark.title for mark in pdf.outline[1]] == ["2024"]
    assert {"/H1", "/Table", "/TH", "/TD"} <= _roles(catalogue["/StructTreeRoot"]["/K"])


def _roles(element):
    """The roles in the structure tree from an element down."""
    element = element.get_object()
    if isinstance(element, list):
        return set().union(*map(_roles, element))
    if not hasattr(element, "get") or "/S" not in element:
        return set()
    below = _roles(element["/K"]) if "/K" in element else set()
    return {element["/S"], *below}


def test_carries_its_fonts(paper, registrar, agreement_of_asahan):
    fonts = paper(registrar).pages[0]["/Resources"]["/Font"].values()

    assert len(fonts) >= 3
    for font in fonts:
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "Plus-Jakarta-Sans" in described["/FontName"]
        assert "/FontFile2" in described


def test_needs_nothing_that_it_does_not_get(caplog, export, registrar, agreement_of_asahan):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        export("pdf", registrar)

    missing = [line for line in caplog.messages if "Failed to load" in line or "Error" in line]
    assert missing == []


def test_says_on_every_page_when_for_whom_and_which_page(paper, registrar):
    AgreementFactory.create_batch(40)

    pages = [page.extract_text() for page in paper(registrar).pages]

    office = registrar.postings.get().organization.name
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert re.search(r"Data as of \d+ \w+ \d{4}, \d\d\.\d\d WIB", text)
        assert f"Asked for by {registrar.name}, {office}" in text
        assert "Reference" in text


def test_says_what_narrows_the_rows(paper, said, officer_north_sumatra, agreement_of_asahan):
    text = said(paper(officer_north_sumatra, "kind=mou&kind=pks&signed_after=2024-01-01"))

    assert "What you see Papers with a party of Provinsi Sumatera Utara and its kabupaten and kota" in text
    assert "Kind of paper Memorandum of understanding, Cooperation agreement" in text
    assert "Signed from 1 January 2024" in text


def test_counts_papers_by_class_and_says_how_many_they_stand_for(paper, said, registrar, agreement_of_asahan):
    AgreementFactory(with_parties=["pemerintah-kabupaten-batang"])
    AgreementFactory(represents=75)

    text = said(paper(registrar))

    assert "Papers 3 stand for 77 papers" in text
    assert "Regional government 2 Class unknown 1 stand for 75 papers" in text


@pytest.mark.parametrize(
    ("sort", "headings"),
    [
        ("-signed", ["2025 1 paper", "2024 2 papers", "2022 1 paper", "No date 1 paper"]),
        ("signed", ["2022 1 paper", "2024 2 papers", "2025 1 paper", "No date 1 paper"]),
        ("kind", ["Memorandum of understanding 3 papers", "Cooperation agreement 2 papers"]),
        ("ref", []),
        ("title", []),
    ],
)
def test_groups_rows_by_what_they_are_sorted_by(paper, said, references, lines, registrar, sort, headings):
    for kind, date in (
        ("mou", PartialDate.of(2024, 5, 7)),
        ("pks", PartialDate.of(2024, 2)),
        ("mou", PartialDate.of(2025, 1, 1)),
        ("mou", PartialDate.of(2022)),
        ("pks", None),
    ):
        AgreementFactory(kind=kind, signed=date)

    pdf = paper(registrar, f"sort={sort}&columns=title")

    below = said(pdf).partition("Reference Paper")[2]
    assert len(re.findall(r"\d papers?\b", below)) == len(headings)
    assert [heading for heading in headings if heading not in below] == []
    assert references(registrar, f"sort={sort}") == [line[0] for line in lines(registrar, f"sort={sort}")[1:]]


def test_no_text_is_cut_off_with_any_number_of_columns(paper, said, registrar):
    words = [f"kata{number}" for number in range(55)]
    AgreementFactory(
        title=" ".join(words)[:400],
        place="Gedung" + "panjang" * 27,
        with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"],
    )

    for columns in ("title,place", ",".join(code for code in COLUMNS if code != "ref")):
        pdf = paper(registrar, f"columns={columns}")
        seen = re.sub(r"[\s\u2010\xad-]", "", said(pdf))
        assert all(word in seen for word in words)
        assert "Gedung" + "panjang" * 27 in seen
        assert all(0 < left < 842 for left in _left_edges(pdf.pages[0]))


def _left_edges(page):
    """Where on the page each piece of text begins, in points from the left."""
    found = []

    def note(text, scaled, placed, _font, _size):
        if text.strip():
            found.append(placed[4] * scaled[0] + scaled[4])

    page.extract_text(visitor_text=note)
    return found


def test_control_characters_leave_no_trace(paper, said, registrar):
    registrar.name = "Petugas\x1b[0m Uji"
    AgreementFactory(title="Data\x01\x0b\x1f\x7f\ufffe terpadu\r\ndan lengkap")

    text = said(paper(registrar, "columns=title"))

    assert "Data terpadu dan lengkap" in text
    assert "Asked for by Petugas[0m Uji" in text


def test_every_validity_is_a_word(paper, said, registrar):
    for ends in (PartialDate.of(2020, 1, 1), PartialDate.of(2099)):
        TermFactory(agreement=AgreementFactory(signed=PartialDate.of(2019, 1, 1)), starts=None, ends=ends)
    AgreementFactory()

    text = said(paper(registrar, "columns=validity"))

    for validity in (Validity.ENDED, Validity.IN_FORCE, Validity.UNKNOWN):
        assert str(validity.label) in text


def test_a_short_list_is_brought_to_one_page(paper, references, registrar):
    AgreementFactory.create_batch(
        13, title="Integrasi data ketenagakerjaan dan pelatihan vokasi di Kabupaten Asahan"
    )

    assert len(paper(registrar).pages) == 1
    assert len(references(registrar)) == 13


def test_without_rows_it_says_so(paper, said, registrar):
    pdf = paper(registrar, "kind=nda")

    assert len(pdf.pages) == 1
    assert "Papers 0 No paper fits these filters." in said(pdf)


def test_any_number_of_rows_fits(paper, said, registrar):
    Agreement.objects.bulk_create(
        Agreement(ref=f"KS-2024-{number:04d}", kind=AgreementKind.MOU, status="signed")
        for number in range(1, MOST_IN_ONE_RENDER + 2)
    )

    text = said(paper(registrar, "columns=title"))

    assert re.findall(r"KS-2024-\d{4}", text) == [f"KS-2024-{number:04d}" for number in range(1, 302)]
    assert f"No date {MOST_IN_ONE_RENDER + 1} papers" in text


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "pdf"])
def test_a_parameter_that_is_wrong_refuses_every_file(export, registrar, form):
    with pytest.raises(Refused) as refusal:
        export(form, registrar, "kind=mou&kind=kontrak&warna=biru")

    assert [sentence.split("”")[0] for sentence in refusal.value.sentences] == ["“mou, kontrak", "“warna"]
