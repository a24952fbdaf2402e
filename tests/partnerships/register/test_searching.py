"""A search of the register finds what plain SQL finds, and asks the database once."""

import pytest
from django.http import QueryDict

from partnerships.lifecycle import ReportStatus
from partnerships.models import Agreement, DocumentPurpose, OrganizationAlias
from partnerships.register import agreements_for
from partnerships.register.index import PaperIndex
from partnerships.register.searching import found_by, in_documents
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    PartyFactory,
    ReportFactory,
)
from tests.partnerships.filed_documents import read_document, version_of

SEARCHES = [
    # Words, beginnings, stems, several at once.
    *("pelatihan", "melatih", "pel", "PELATIHAN vokasi", "vokasi pelatihan", "asahan", "zzz"),
    # Parts, over the space too, and too short to be one.
    *("latih", "ihan vok", "ta ja", "an", "a", "  asahan  "),
    # Numbers and what the parser of the database splits in its own way.
    *("100.3.7.1/12/2025", "3.7.1", "12/2025", "/12/", "KS-2025", "-2025"),
    *(
        "humas@contoh.go.id",
        "contoh.go.id",
        "https://contoh.go.id/a-b?c=1",
        "a-b",
        "kerja-sama",
        "<b>tebal</b>",
    ),
    # Letters of other tongues: the two ways of making them small differ in some.
    *("CAFÉ", "café", "cafe", "İstanbul", "istanbul", "STRASSE", "straße", "ΟΔΟΣ", "οδος", "οδοσ"),
    # Signs that mean something to a pattern, to a query or to nobody.
    *("%", "_", "100%", "a_b", "\\", "'", "&|!():*", "<->", "🙂", "²", "a\tb", "x" * 200),
    # Twenty words are looked for, the others are not.
    " ".join(["pelatihan"] * 20 + ["zzz"]),
    " ".join(["pelatihan"] * 19 + ["zzz"]),
]


def filed_papers():
    """Papers that are found by what is written of them, in their documents, in the evidence of a report."""
    paper = AgreementFactory(
        title="Pelatihan vokasi a_b 100% kerja-sama <b>tebal</b>",
        place="Jakarta",
        with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"],
    )
    partner = OrganizationFactory(name="CAFÉ İstanbul Straße ΟΔΟΣ 🙂 a b")
    OrganizationAlias.objects.create(
        organization=partner, name="humas@contoh.go.id https://contoh.go.id/a-b?c=1"
    )
    PartyFactory(agreement=paper, organization=partner, number="100.3.7.1/12/2025", position=3)
    other = AgreementFactory(title="Hibah lahan", with_parties=["pemerintah-kabupaten-batang"])
    read_document(other, "Daftar isi", "Pelatihan pengelasan, nomor 100.3.7.1/12/2025, café")
    replaced = read_document(AgreementFactory(title="Magang"), "Pelatihan asahan")
    version_of(replaced, "Tanpa kata itu", number=2)
    for status in (ReportStatus.DRAFT, ReportStatus.SUBMITTED):
        report = ReportFactory(reach=status)
        read_document(
            report.commitment.agreement, "Bukti pelatihan", report=report, purpose=DocumentPurpose.REPORT
        )
    return paper


@pytest.mark.parametrize("role", ["registrar", "unit_officer", "officer_asahan", "leadership"])
def test_a_search_has_the_rows_of_plain_sql(role, request, db):
    user = request.getfixturevalue(role)
    filed_papers()

    found = set()
    for text in SEARCHES:
        params = QueryDict(mutable=True)
        params["q"] = text
        register = agreements_for(user, params)
        plain = list(register.rows().values_list("pk", flat=True))

        assert register.selection().ids().tolist() == plain, text
        found.add(len(plain))
    assert len(found) >= (2 if role == "officer_asahan" else 3)


def test_the_evidence_of_a_draft_finds_its_paper_for_who_writes_it_alone(db):
    writer, colleague = (person("leadership", "kementerian-ketenagakerjaan") for _ in range(2))
    report = ReportFactory(written_by=writer)
    paper = report.commitment.agreement
    read_document(paper, "Bukti pengelasan", report=report, purpose=DocumentPurpose.REPORT)
    index = PaperIndex.read()

    assert found_by(index, "pengelasan", colleague).ids().tolist() == []
    assert found_by(index, "pengelasan", writer).ids().tolist() == [paper.pk]


def test_the_same_search_of_the_same_reader_is_asked_once(registrar, django_assert_num_queries):
    paper = filed_papers()
    index = PaperIndex.read()
    first = found_by(index, "asahan", registrar).ids().tolist()

    with django_assert_num_queries(0):
        assert found_by(index, "asahan", registrar).ids().tolist() == first == [paper.pk]


def test_only_so_many_searches_are_kept(registrar):
    index = PaperIndex.read()

    for number in range(60):
        found_by(index, f"kata{number}", registrar)

    assert len(index._searches) == 40


def test_papers_whose_documents_say_it_are_told_from_those_found_by_their_own_words(registrar):
    paper = filed_papers()
    by_document = Agreement.objects.get(title="Hibah lahan")
    papers = [paper.pk, by_document.pk]

    assert in_documents(PaperIndex.read(), papers, "pelatihan", registrar) == [by_document.pk]
