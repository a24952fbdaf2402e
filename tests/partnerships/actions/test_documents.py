import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError

from kemnaker_portal.places import Folder
from partnerships import files
from partnerships.actions import documents
from partnerships.models import Document, StoredFile
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.report_pages import small_pdf
from tests.partnerships.test_concurrency import all_at_once

MANY = 32


@pytest.fixture(autouse=True)
def media(monkeypatch, tmp_path):
    # Not by the setting, which also says where the database of the threads below is.
    monkeypatch.setattr(files.store, "media", lambda: tmp_path / "media")
    monkeypatch.setattr(files.store, "place", lambda: Folder(tmp_path / "media"))
    return tmp_path / "media"


def kept(media):
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.fixture
def report(agreement_of_asahan, officer_asahan):
    return ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )


def test_the_row_names_the_file_that_lies_there(report, officer_asahan, media):
    row = documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    (path,) = kept(media)
    assert (path.name, path.stat().st_size) == (row.key, row.size)
    with files.open_checked(row.key, sha256=row.sha256) as file:
        assert file.read() == small_pdf().read()


def test_a_row_that_can_not_be_written_takes_its_file_with_it(report, officer_asahan, media, monkeypatch):
    def broken(**_facts):
        raise IntegrityError("no row today")

    monkeypatch.setattr(StoredFile.objects, "create", broken)

    with pytest.raises(IntegrityError):
        documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    assert (kept(media), Document.objects.count()) == ([], 0)


def test_a_report_that_is_submitted_while_the_file_is_looked_into_stays_as_it_is(
    report, officer_asahan, media, monkeypatch
):
    taken_in = files.take_in

    def meanwhile(upload, *, limit):
        stored = taken_in(upload, limit=limit)
        ReportFactory._meta.model.objects.filter(pk=report.pk).update(
            status="submitted", submitted_by=officer_asahan, submitted_at="2025-01-01T00:00Z"
        )
        return stored

    monkeypatch.setattr(files, "take_in", meanwhile)

    with pytest.raises(ValidationError):
        documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    assert (kept(media), StoredFile.objects.count()) == ([], 0)


def test_nothing_is_looked_into_for_who_may_not_attach(report, officer_batang, leadership, media):
    for stranger in (officer_batang, leadership):
        with pytest.raises(PermissionDenied):
            documents.attach(report=report, upload=small_pdf(), by=stranger)

    assert not media.exists()


def test_a_report_holds_a_bounded_number_of_files(report, officer_asahan, monkeypatch, media):
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 2)
    for _each in range(2):
        documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    with pytest.raises(ValidationError):
        documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    assert len(kept(media)) == 2


def test_the_key_of_somebody_else_opens_nothing(report, officer_asahan, registrar):
    key = "6f1d0a52-7d51-4a4e-9b6b-1d6f6a0f8b11"
    documents.attach(report=report, upload=small_pdf(), by=officer_asahan, key=key)

    with pytest.raises(ValidationError):
        documents.attach(report=report, upload=small_pdf(), by=registrar, key=key)

    assert StoredFile.objects.count() == 1


def test_a_file_sent_32_times_at_once_is_one_row_and_one_file(own_database, media):
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    report = ReportFactory(commitment=MeasurableFactory(agreement=paper), written_by=officer)
    key = "0b7c4a5e-1f0c-4a3b-8f53-3a1f6a7d9c22"

    rows = all_at_once(
        MANY, lambda _index: documents.attach(report=report, upload=small_pdf(), by=officer, key=key)
    )

    assert {row.pk for row in rows} == {StoredFile.objects.get().pk}
    assert Document.objects.count() == 1
    assert [path.name for path in kept(media)] == [rows[0].key]


def test_32_newer_versions_at_once_are_numbered_without_a_gap(own_database, media):
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    report = ReportFactory(commitment=MeasurableFactory(agreement=paper), written_by=officer)
    document = documents.attach(report=report, upload=small_pdf(), by=officer).document

    all_at_once(
        MANY,
        lambda _index: documents.attach(report=report, upload=small_pdf(), by=officer, replaces=document),
    )

    assert sorted(document.files.values_list("number", flat=True)) == list(range(1, MANY + 2))
    assert len(kept(media)) == MANY + 1
