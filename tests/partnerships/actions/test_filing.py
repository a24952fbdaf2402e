from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from kemnaker_portal.places import Folder
from partnerships import files
from partnerships.actions import documents
from partnerships.actions.documents import DocumentFacts
from partnerships.actions.guard import StaleVersion
from partnerships.models import Document, PartialDate, StoredFile
from partnerships.roles import Role
from partnerships.selectors.history import history_of
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory, SignatoryFactory
from tests.partnerships.filed_documents import filed, upload_of
from tests.partnerships.report_pages import small_pdf
from tests.partnerships.test_concurrency import all_at_once


@pytest.fixture(autouse=True)
def media(monkeypatch, tmp_path):
    monkeypatch.setattr(files.store, "media", lambda: tmp_path / "media")
    monkeypatch.setattr(files.store, "place", lambda: Folder(tmp_path / "media"))
    return tmp_path / "media"


def kept(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_document_is_filed_with_what_is_said_of_it(agreement_of_asahan, registrar, media):
    row = filed(
        agreement_of_asahan,
        registrar,
        dated=PartialDate.parse("Maret 2025"),
        language="id",
        original_place="Lemari 3",
    )

    document = row.document
    assert (document.agreement, document.purpose, document.title) == (
        agreement_of_asahan,
        "paper",
        "Naskah bertanda tangan",
    )
    assert (str(document.dated), document.language, document.original_place) == (
        "Maret 2025",
        "id",
        "Lemari 3",
    )
    (path,) = kept(media)
    assert path.name == row.key


def test_a_document_without_a_title_is_called_as_its_file(agreement_of_asahan, registrar):
    assert filed(agreement_of_asahan, registrar, title="", name="MoU Asahan.pdf").document.title == (
        "MoU Asahan.pdf"
    )


def test_filing_stands_in_the_history_of_the_paper(agreement_of_asahan, registrar):
    row = filed(agreement_of_asahan, registrar)
    documents.withdraw_from_paper(document=row.document, by=registrar, reason="Halaman hilang")

    told = {
        (entry.who, entry.reason): [(part.name, part.kind) for part in entry.parts]
        for entry in history_of(agreement_of_asahan, registrar).object_list
    }
    assert told[registrar.name, ""] == [("Naskah bertanda tangan", "added")]
    assert told[registrar.name, "Halaman hilang"] == [("Naskah bertanda tangan", "changed")]


def test_evidence_stays_out_of_the_history_of_the_paper(agreement_of_asahan, officer_asahan):
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )
    before = len(history_of(agreement_of_asahan, officer_asahan).object_list)

    documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    assert len(history_of(agreement_of_asahan, officer_asahan).object_list) == before


@pytest.mark.parametrize("who", ["officer_asahan", "leadership", "nobody"])
def test_who_may_not_file_keeps_nothing(who, agreement_of_asahan, request, media):
    with pytest.raises(PermissionDenied):
        filed(agreement_of_asahan, request.getfixturevalue(who))

    assert not Document.objects.exists()
    assert kept(media) == []


def test_a_unit_files_for_its_own_papers_only(unit_officer, agreement_of_asahan):
    filed(agreement_of_asahan, unit_officer)
    with pytest.raises(PermissionDenied):
        filed(AgreementFactory(with_parties=["itjen"]), unit_officer)


def test_evidence_is_not_filed_as_a_document_of_the_paper(agreement_of_asahan, registrar, media):
    with pytest.raises(ValidationError):
        filed(agreement_of_asahan, registrar, purpose="report")

    assert kept(media) == []


def test_a_signatory_of_another_paper_is_refused_in_words(agreement_of_asahan, registrar, media):
    other = SignatoryFactory(agreement=AgreementFactory())

    with pytest.raises(ValidationError, match=r"naskah ini|this paper"):
        filed(agreement_of_asahan, registrar, purpose="authority", signatory=other)

    assert kept(media) == []


def test_a_newer_version_stands_before_the_older(agreement_of_asahan, registrar):
    first = filed(agreement_of_asahan, registrar)

    second = documents.add_version(document=first.document, upload=upload_of(), by=registrar)

    assert second.number == 2
    assert list(first.document.files.all()) == [second, first]


@pytest.mark.parametrize("what", ["file", "version"])
def test_the_same_key_twice_keeps_one_file(what, agreement_of_asahan, registrar, media):
    key = uuid4()
    first = filed(agreement_of_asahan, registrar)

    def send():
        if what == "file":
            return filed(agreement_of_asahan, registrar, key=key)
        return documents.add_version(document=first.document, upload=upload_of(), by=registrar, key=key)

    assert send() == send()
    assert StoredFile.objects.count() == len(kept(media)) == 2


def test_many_sendings_of_one_form_at_once_file_it_once(own_database, media):
    clerk = person(Role.REGISTRAR, "biro-kerja-sama")
    agreement, key = AgreementFactory(), uuid4()

    done = all_at_once(4, lambda _index: filed(agreement, clerk, key=key).pk)

    assert len(set(done)) == 1
    assert StoredFile.objects.count() == len(kept(media)) == 1


def test_what_is_said_of_a_document_is_corrected_with_a_reason(agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document

    documents.change_document(
        document=document,
        facts=DocumentFacts(purpose="other", title="Lampiran"),
        by=registrar,
        reason="Bukan naskahnya",
        version=document.version,
    )

    document.refresh_from_db()
    assert (document.purpose, document.title) == ("other", "Lampiran")
    assert document.events.latest("pgh_id").pgh_context["reason"] == "Bukan naskahnya"


def test_a_correction_of_what_has_changed_meanwhile_is_stale(agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document
    read = document.version
    facts = DocumentFacts(purpose="other", title="Lampiran")
    documents.change_document(document=document, facts=facts, by=registrar, reason="Satu", version=read)

    with pytest.raises(StaleVersion):
        documents.change_document(document=document, facts=facts, by=registrar, reason="Dua", version=read)


@pytest.mark.parametrize("step", ["change_document", "withdraw_from_paper"])
def test_neither_a_correction_nor_a_withdrawal_goes_without_a_reason(step, agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document
    facts = {"facts": DocumentFacts(purpose="other")} if step == "change_document" else {}

    with pytest.raises(ValidationError) as refusal:
        getattr(documents, step)(document=document, by=registrar, reason=" ", **facts)

    assert refusal.value.code == "reason"


def test_a_withdrawn_document_stays_as_it_is(agreement_of_asahan, registrar, media):
    document = filed(agreement_of_asahan, registrar).document
    documents.withdraw_from_paper(document=document, by=registrar, reason="Salah naskah")

    with pytest.raises(ValidationError):
        documents.add_version(document=document, upload=upload_of(), by=registrar)

    document.refresh_from_db()
    assert document.withdrawn_at
    assert len(kept(media)) == 1


def test_evidence_of_a_report_does_not_change_as_a_document_of_the_paper(
    agreement_of_asahan, officer_asahan, registrar
):
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )
    row = documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    with pytest.raises(ValidationError):
        documents.withdraw_from_paper(document=row.document, by=registrar, reason="Salah")
