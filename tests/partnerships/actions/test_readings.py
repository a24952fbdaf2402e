from hashlib import sha256

import pytest
from django.core.management import call_command

from partnerships import jobs
from partnerships.actions import documents, readings
from partnerships.files import reading
from partnerships.models import Document, FileCheck, FileText, PageText, StoredFile
from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.filed_documents import SENTENCE, filed, upload_of
from tests.partnerships.files import office_files, pdf_files
from tests.partnerships.files.scans import PHRASE, scanned_pdf
from tests.partnerships.report_pages import small_pdf


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


def path_of(media, file):
    return media / "files" / file.key[:2] / file.key


def test_what_stands_in_a_filed_scan_is_read_by_the_worker(agreement_of_asahan, registrar):
    file = filed(agreement_of_asahan, registrar, scanned_pdf())

    jobs.read_waiting_files.call()

    page = PageText.objects.get(file=file)
    assert PHRASE in page.text
    assert page.by_ocr
    assert (file.reading.state, file.reading.pages, file.reading.pages_by_ocr) == ("read", 1, 1)


def test_evidence_is_read_as_well(agreement_of_asahan, officer_asahan):
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )
    file = documents.attach(report=report, upload=small_pdf(), by=officer_asahan)

    assert jobs.read_waiting_files.call() == file.pk

    assert "Laporan pelatihan" in PageText.objects.get(file=file).text


def test_a_file_whose_worker_was_killed_is_read_by_the_next(agreement_of_asahan, registrar):
    file = filed(agreement_of_asahan, registrar)
    FileText.objects.create(file=file)  # waiting: begun and not ended

    assert jobs.read_waiting_files.call() == file.pk
    assert jobs.read_waiting_files.call() is None


def test_reading_twice_leaves_each_page_once(agreement_of_asahan, registrar):
    file = filed(agreement_of_asahan, registrar)

    readings.read(file=file)
    readings.read(file=file)

    assert PageText.objects.filter(file=file).count() == 1


def test_a_file_that_can_not_be_read_says_so_and_does_not_hold_up_the_next(
    agreement_of_asahan, registrar, monkeypatch
):
    first = filed(agreement_of_asahan, registrar)
    monkeypatch.setattr(reading, "_BEGIN", "raise SystemExit(1)")
    jobs.read_waiting_files.call()
    monkeypatch.undo()

    first.refresh_from_db()
    assert first.reading.state == "failed"


def test_what_no_one_could_read_is_read_when_tesseract_is_there(agreement_of_asahan, registrar, monkeypatch):
    file = filed(agreement_of_asahan, registrar, scanned_pdf())
    with monkeypatch.context() as without:
        without.setenv("PATH", "/nowhere")
        jobs.read_waiting_files.call()
        assert FileText.objects.get(file=file).state == "no_ocr"
        assert jobs.read_waiting_files.call() is None

    assert jobs.read_waiting_files.call() == file.pk
    assert FileText.objects.get(file=file).state == "read"


def test_a_workbook_has_no_pages_to_be_read(agreement_of_asahan, officer_asahan):
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )
    documents.attach(
        report=report, upload=upload_of(office_files.file("xlsx"), "daftar.xlsx"), by=officer_asahan
    )

    assert jobs.read_waiting_files.call() is None


def test_the_command_reads_what_waits_and_all_when_told_so(agreement_of_asahan, registrar, capsys):
    filed(agreement_of_asahan, registrar)

    call_command("read_files")
    assert agreement_of_asahan.ref in capsys.readouterr().out
    call_command("read_files")
    assert agreement_of_asahan.ref not in capsys.readouterr().out
    call_command("read_files", "--again")
    assert agreement_of_asahan.ref in capsys.readouterr().out
    assert PageText.objects.get().text == SENTENCE


# --- whole or not ---------------------------------------------------------------------------------


@pytest.fixture
def hundred_files(agreement_of_asahan, registrar, media):
    document = Document.objects.create(agreement=agreement_of_asahan, purpose="other", title="Naskah")
    for number in range(1, 101):
        content = pdf_files.with_words(f"Naskah {number}")
        key = f"{number:032x}"
        file = StoredFile.objects.create(
            document=document,
            number=number,
            key=key,
            name="naskah.pdf",
            media_type="application/pdf",
            size=len(content),
            sha256=sha256(content).hexdigest(),
            uploaded_by=registrar,
        )
        path_of(media, file).parent.mkdir(parents=True, exist_ok=True)
        path_of(media, file).write_bytes(content)
    return list(StoredFile.objects.order_by("pk"))


def test_one_wrong_bit_in_each_of_a_hundred_files_is_found(hundred_files, media, capsys, caplog):
    whole = {}
    for number, file in enumerate(hundred_files):
        path = path_of(media, file)
        whole[path] = path.read_bytes()
        broken = bytearray(whole[path])
        broken[number * 7 % len(broken)] ^= 1 << number % 8
        path.write_bytes(broken)

    with pytest.raises(SystemExit) as end:
        call_command("check_integrity")

    assert end.value.code == 1
    assert FileCheck.objects.filter(state="changed").count() == 100
    said = capsys.readouterr().out
    assert all(file.key in said for file in hundred_files)
    assert sum(record.levelname == "ERROR" for record in caplog.records) == 100

    for path, content in whole.items():
        path.write_bytes(content)
    call_command("check_integrity")
    assert FileCheck.objects.filter(state="whole").count() == 100


def test_a_missing_file_is_found_and_the_others_are_whole(agreement_of_asahan, registrar, media):
    lost, there = filed(agreement_of_asahan, registrar), filed(agreement_of_asahan, registrar)
    path_of(media, lost).unlink()

    with pytest.raises(SystemExit):
        call_command("check_integrity")

    assert {check.file_id: check.state for check in FileCheck.objects.all()} == {
        lost.pk: "missing",
        there.pk: "whole",
    }


def test_the_worker_checks_once_a_night_and_makes_a_missed_one_good(agreement_of_asahan, registrar, media):
    file = filed(agreement_of_asahan, registrar)
    path_of(media, file).unlink()

    assert jobs.check_stored_files.call() == 1
    assert jobs.check_stored_files.call() == 0
