"""Files and the virus scanner: what is infected is not kept, and what nobody has looked at is nobody's."""

import io
import json
import logging
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from kemnaker_portal.logs import JsonLine
from partnerships import jobs
from partnerships.actions import action_points
from partnerships.exports import dossier
from partnerships.files import scanning as door
from partnerships.models import (
    Document,
    FileScan,
    FileText,
    NaskahReading,
    PageText,
    StoredFile,
)
from tests.factories import ActionPointFactory, MeasurableFactory, ReportFactory
from tests.partnerships.filed_documents import SENTENCE, filed, upload_of, version_of
from tests.partnerships.files import pdf_files
from tests.partnerships.report_pages import small_pdf
from tests.partnerships.sheets import text_of
from tests.scanners import VIRUS, infected_pdf, infected_workbook

WAITING, GONE, REFUSED, NOT_NOW = 409, 410, 422, 503
WAITS = _("Waiting for the virus scan")
_CAN_NOT_SCAN = _("The portal can't scan files for viruses just now. Nothing was kept; try again later.")


@pytest.fixture
def down(settings):
    settings.CLAMD = "unix:/nowhere/clamd.ctl"


@pytest.fixture
def office(client, registrar):
    client.force_login(registrar)
    return client


@pytest.fixture
def report(agreement_of_asahan, officer_asahan):
    return ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )


def address(name, *arguments):
    return reverse(f"partnerships:{name}", args=arguments)


def left(media):
    return [path for path in media.rglob("*") if path.is_file()]


def evidence(client, report, file):
    return client.post(
        address("evidence-upload", report.pk), {"file": file}, headers={"Accept": "application/json"}
    )


def document(client, paper, content):
    sent = {"purpose": "paper", "key": str(uuid4()), "file": upload_of(content)}
    return client.post(address("document-upload", paper.ref), sent)


def doors_of(file):
    """The addresses under which a file, or a picture of it, is given out."""
    return [file.get_absolute_url(), address("document-page", file.document_id, file.number, 1)]


# --- what comes in --------------------------------------------------------------------------------


def test_an_infected_pdf_is_no_document_and_the_log_names_the_virus_and_nobody(
    office, agreement_of_asahan, clamd, media, caplog, registrar
):
    answer = document(office, agreement_of_asahan, infected_pdf())

    assert answer.status_code == REFUSED
    assert f"({VIRUS})" in text_of(answer)
    assert not Document.objects.exists()
    assert not left(media)
    lines = [json.loads(JsonLine().format(line)) for line in caplog.records if line.levelno >= logging.ERROR]
    (said,) = [line for line in lines if line["logger"] == "partnerships.files.scanning"]
    assert VIRUS in said["message"]
    assert not {registrar.name, registrar.email, "naskah.pdf"} & set(said["message"].split())


def test_an_infected_workbook_is_no_evidence_in_the_language_of_who_sends_it(
    client, officer_asahan, report, clamd, media, settings
):
    client.force_login(officer_asahan)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    answer = evidence(client, report, SimpleUploadedFile("daftar.xlsx", infected_workbook()))

    assert answer.status_code == REFUSED
    assert f"A virus was found in the file ({VIRUS})" in answer.json()["sentence"]
    assert not StoredFile.objects.exists()
    assert not left(media)


def test_an_action_point_is_not_done_by_an_infected_file(registrar, clamd, media):
    point = ActionPointFactory()

    with pytest.raises(door.refusals.FileRefused, match=VIRUS):
        action_points.report_done(
            point=point, note="Selesai", by=registrar, upload=upload_of(infected_pdf(), "bukti.pdf")
        )

    point.refresh_from_db()
    assert point.status == "open"
    assert not left(media)


def test_a_clean_file_is_anybodys_at_once_as_before(office, agreement_of_asahan, clamd):
    document(office, agreement_of_asahan, pdf_files.with_words(SENTENCE))

    file = StoredFile.objects.get()
    assert [(scan.verdict, scan.virus) for scan in file.scans.all()] == [("clean", "")]
    assert [office.get(each).status_code for each in doors_of(file)] == [200, 200]
    assert jobs.read_waiting_files.call() == file.pk
    page = text_of(office.get(file.document.get_absolute_url()))
    assert str(WAITS) not in page
    assert SENTENCE in page


def test_without_a_scanner_nothing_is_looked_at_and_nothing_waits(office, agreement_of_asahan, settings):
    document(office, agreement_of_asahan, infected_pdf())

    file = StoredFile.objects.get()
    assert not FileScan.objects.exists()
    assert [office.get(each).status_code for each in doors_of(file)] == [200, 200]
    assert jobs.scan_waiting_files.call() is None


def test_a_workbook_that_is_imported_is_looked_at_before_it_is_opened(client, admin, clamd, media):
    client.force_login(admin)
    papers = {"file": SimpleUploadedFile("a.xlsx", infected_workbook()), "source": "uji"}
    themes = {"import_file": SimpleUploadedFile("a.xlsx", infected_workbook()), "format": "1"}
    pages = [
        (reverse("admin:partnerships_agreement_import"), papers, "file"),
        (reverse("admin:partnerships_theme_import"), themes, "import_file"),
    ]

    for page, sent, field in pages:
        answer = client.post(page, sent)
        assert VIRUS in answer.context["form"].errors[field][0]
        assert not left(media)

    clamd.goes_down()
    for page, sent, field in pages:
        for file in (value for value in sent.values() if hasattr(value, "seek")):
            file.seek(0)
        answer = client.post(page, sent)
        assert answer.context["form"].errors[field][0].startswith(str(_CAN_NOT_SCAN))
        assert not left(media)


def test_a_naskah_is_not_read_before_it_was_looked_at(office, clamd, media):
    def give(content):
        return office.post(address("reading-new"), {"file": upload_of(content), "key": str(uuid4())})

    assert give(infected_pdf()).status_code == REFUSED
    clamd.goes_down()
    assert give(pdf_files.with_words(SENTENCE)).status_code == NOT_NOW
    assert not NaskahReading.objects.exists()
    assert not left(media)


# --- what waits -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mood", ["down", "slow", "mad", "hasty", "small"])
def test_what_the_scanner_could_not_look_at_is_kept_and_nobodys(
    mood, office, agreement_of_asahan, clamd, monkeypatch
):
    monkeypatch.setattr(door, "SECONDS_AT_THE_DOOR", 1)
    clamd.mood = mood
    if mood == "down":
        clamd.goes_down()

    answer = document(office, agreement_of_asahan, pdf_files.with_words(SENTENCE))

    file = StoredFile.objects.get()
    assert answer.url == file.document.get_absolute_url()
    assert not FileScan.objects.exists()
    assert [office.get(each).status_code for each in doors_of(file)] == [WAITING, WAITING]
    assert jobs.read_waiting_files.call() is None
    call_command("read_files", "--again")
    # Nor does it count as read, or it would not be once it is let out.
    assert not (PageText.objects.exists() or FileText.objects.exists())
    for page in (file.document, agreement_of_asahan):
        html = office.get(page.get_absolute_url()).content.decode()
        assert str(WAITS) in html
        assert not any(each in html for each in doors_of(file))


def test_evidence_that_waits_says_so_in_its_place(client, officer_asahan, report, down):
    client.force_login(officer_asahan)

    answer = evidence(client, report, small_pdf())

    assert answer.status_code == 201
    assert str(WAITS) in answer.json()["html"]
    page = client.get(report.get_absolute_url()).content.decode()
    assert str(WAITS) in page
    assert StoredFile.objects.get().get_absolute_url() not in page


def test_rights_are_as_before_for_what_waits(client, officer_batang, agreement_of_asahan, registrar, down):
    file = filed(agreement_of_asahan, registrar)
    client.force_login(officer_batang)

    assert [client.get(each).status_code for each in doors_of(file)] == [404, 404]


def test_a_dossier_names_what_nobody_may_have_and_does_not_hold_it(agreement_of_asahan, registrar, down):
    file = filed(agreement_of_asahan, registrar)

    extract = dossier.DossierExtract(registrar, QueryDict(f"ref={agreement_of_asahan.ref}"))
    written = io.BytesIO()
    dossier.write(extract, written, lambda _done: None, history_of=lambda *_who: [])

    with zipfile.ZipFile(written) as archive:
        name = f"{agreement_of_asahan.ref}/dokumen/{file.document_id}-naskah.pdf"
        assert name not in archive.namelist()
        assert f"- {name}: {_('waiting for the virus scan')}" in archive.read("baca-dulu.txt").decode()


def test_the_worker_lets_out_what_is_clean_and_has_it_read(office, agreement_of_asahan, registrar, clamd):
    clamd.mood = "hasty"
    file = filed(agreement_of_asahan, registrar)
    clamd.mood = "well"

    assert jobs.scan_waiting_files.call() == file.pk
    assert jobs.scan_waiting_files.call() is None

    assert [office.get(each).status_code for each in doors_of(file)] == [200, 200]
    assert jobs.read_waiting_files.call() == file.pk


def test_while_the_scanner_is_down_one_run_a_minute_asks_again(agreement_of_asahan, registrar, down):
    filed(agreement_of_asahan, registrar)

    for _upload in range(3):
        assert jobs.scan_waiting_files.call() is None

    runs = DBTaskResult.objects.filter(task_path=jobs.scan_waiting_files.module_path)
    assert runs.filter(run_after__year__lt=9999).count() == 1


def test_what_can_not_be_scanned_does_not_hold_up_the_next(agreement_of_asahan, registrar, clamd, media):
    clamd.mood = "small"
    damaged, large, next_one = (filed(agreement_of_asahan, registrar) for _each in range(3))
    (media / "files" / damaged.key[:2] / damaged.key).write_bytes(b"something else")

    assert jobs.scan_waiting_files.call() == damaged.pk
    assert jobs.scan_waiting_files.call(after=damaged.pk) == large.pk
    clamd.mood = "well"
    assert jobs.scan_waiting_files.call(after=large.pk) == next_one.pk

    assert [scan.file for scan in FileScan.objects.all()] == [next_one]
    asked = DBTaskResult.objects.filter(task_path=jobs.scan_waiting_files.module_path)
    assert [run.args_kwargs["kwargs"] for run in asked.order_by("enqueued_at")][-2:] == [
        {"after": damaged.pk},
        {"after": large.pk},
    ]


def test_files_of_before_the_scanner_wait_and_a_command_lets_them_out_beforehand(
    office, agreement_of_asahan, registrar, settings, clamd, capsys
):
    settings.CLAMD = ""
    clean, infected = (
        filed(agreement_of_asahan, registrar, content)
        for content in (pdf_files.with_words(SENTENCE), infected_pdf())
    )
    with pytest.raises(CommandError):
        call_command("scan_files")
    settings.CLAMD = clamd.address
    assert office.get(clean.get_absolute_url()).status_code == WAITING

    with pytest.raises(SystemExit):
        call_command("scan_files")

    assert [office.get(each.get_absolute_url()).status_code for each in (clean, infected)] == [200, GONE]
    said = capsys.readouterr().out
    assert f"{agreement_of_asahan.ref}  naskah.pdf, Naskah bertanda tangan: {VIRUS}" in said
    call_command("scan_files")
    looked_at = clamd.looked_at
    with pytest.raises(SystemExit):
        call_command("scan_files", "--again")
    assert clamd.looked_at == looked_at + 2


@pytest.mark.parametrize("page", ["paper", "document"])
def test_pages_ask_as_often_for_one_file_as_for_thirty(page, office, agreement_of_asahan, registrar, down):
    first = filed(agreement_of_asahan, registrar).document
    of = {"paper": agreement_of_asahan, "document": first}[page].get_absolute_url()
    costs = []
    for number in (1, 30):
        while StoredFile.objects.count() < number:
            _one_more(page, first)
        office.get(of)
        with CaptureQueriesContext(connection) as queries:
            html = office.get(of).content.decode()
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert html.count(str(WAITS)) >= 29


def _one_more(page, first):
    """A row of a file that waits, as another document or as another version; without bytes."""
    if page == "document":
        return version_of(first, number=first.files.count() + 1)
    document = Document.objects.create(agreement=first.agreement, purpose="other", title="Lampiran")
    return version_of(document)
