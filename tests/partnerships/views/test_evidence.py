import json
import logging
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.models import Document, StoredFile
from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.files import picture_files
from tests.partnerships.report_pages import small_pdf
from tests.partnerships.sheets import text_of


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


@pytest.fixture
def report(agreement_of_asahan, officer_asahan):
    return ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )


@pytest.fixture
def office(client, officer_asahan):
    client.force_login(officer_asahan)
    return client


def upload(office, report, file=None, *, data=True, **fields):
    headers = {"Accept": "application/json"} if data else {}
    address = reverse("partnerships:evidence-upload", args=[report.pk])
    return office.post(address, {"file": file or small_pdf(), **fields}, headers=headers)


def kept(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_file_is_attached_and_the_answer_is_its_row(office, report):
    answer = upload(office, report)

    said = json.loads(answer.content)
    document = Document.objects.get()
    assert (answer.status_code, said["document"]) == (201, document.pk)
    assert "daftar-hadir.pdf" in said["html"]
    assert said["withdraw"] == reverse("partnerships:evidence-withdraw", args=[document.pk])
    assert (document.report, document.agreement, document.purpose) == (
        report,
        report.commitment.agreement,
        "report",
    )


def test_without_scripts_the_page_of_the_report_comes_back(office, report):
    answer = upload(office, report, data=False, then="x")

    assert (answer.status_code, answer["Location"]) == (302, report.get_absolute_url())


def test_the_place_of_a_photo_is_taken_out_and_said(office, report):
    photo = picture_files.jpeg(exif=picture_files.exif(place=picture_files.MONAS))

    upload(office, report, SimpleUploadedFile("kegiatan.jpg", photo, content_type="image/jpeg"))

    assert StoredFile.objects.get().place_removed
    assert _("place removed from the photo") in text_of(office.get(report.get_absolute_url()))


def test_a_second_sending_with_the_same_key_stores_it_once(office, report, media):
    key = str(uuid4())

    answers = [upload(office, report, upload_key=key) for _each in range(2)]

    assert {json.loads(answer.content)["document"] for answer in answers} == {Document.objects.get().pk}
    assert len(kept(media)) == StoredFile.objects.count() == 1


def test_a_newer_version_is_added_and_the_older_one_stays(office, report, media):
    upload(office, report)
    document = Document.objects.get()

    upload(office, report, small_pdf("hadir-lengkap.pdf"), replaces=str(document.pk))

    assert [(row.number, row.name) for row in document.files.all()] == [
        (2, "hadir-lengkap.pdf"),
        (1, "daftar-hadir.pdf"),
    ]
    assert len(kept(media)) == 2


def test_evidence_of_another_report_is_not_replaced(office, report, officer_asahan):
    other = ReportFactory(commitment=report.commitment, period_end="2025-06-30", written_by=officer_asahan)
    upload(office, other)

    answer = upload(office, report, replaces=str(Document.objects.get().pk))

    assert answer.status_code == 422
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("kosong.pdf", b""),
        ("halaman.html", b"<script>alert(1)</script>"),
        ("program.pdf", b"MZ" + b"\0" * 200),
        ("foto.jpg", b"\xff\xd8\xff\xe0 not a photo"),
        ("../../etc/passwd", b"root:x:0:0"),
    ],
)
def test_a_file_that_is_not_taken_gets_a_sentence_and_leaves_nothing(name, content, office, report, media):
    answer = upload(office, report, SimpleUploadedFile(name, content))

    assert answer.status_code == 422
    assert len(json.loads(answer.content)["sentence"]) > 20
    assert (Document.objects.count(), StoredFile.objects.count(), kept(media)) == (0, 0, [])


@pytest.mark.parametrize("sent", [{}, {"file": "text"}, {"file": small_pdf, "upload_key": "x"}])
def test_what_is_no_upload_is_refused(sent, office, report):
    address = reverse("partnerships:evidence-upload", args=[report.pk])
    sent = {name: value() if callable(value) else value for name, value in sent.items()}

    assert office.post(address, sent, headers={"Accept": "application/json"}).status_code == 422
    assert not StoredFile.objects.exists()


def test_the_evidence_of_a_submitted_report_stays_as_it_is(office, report, media, unit_officer):
    upload(office, report)
    document = Document.objects.get()
    report.status, report.submitted_by, report.submitted_at = (
        "submitted",
        report.written_by,
        report.commitment.created_at,
    )
    report.save()

    answer = upload(office, report, small_pdf("lain.pdf"))
    office.post(reverse("partnerships:evidence-withdraw", args=[document.pk]))

    assert answer.status_code == 422
    document.refresh_from_db()
    assert (document.withdrawn_at, len(kept(media))) == (None, 1)


def test_withdrawn_evidence_is_no_longer_shown_and_its_file_is_kept(office, report, media):
    upload(office, report)
    document = Document.objects.get()

    answer = office.post(reverse("partnerships:evidence-withdraw", args=[document.pk]), follow=True)

    assert "evidence__item" not in text_of(answer)
    assert len(kept(media)) == 1


def test_who_brings_evidence_may_not_verify_the_report(client, unit_officer, report):
    client.force_login(unit_officer)

    upload(client, report)

    report.refresh_from_db()
    assert unit_officer.pk in report.writers


# --- handed out ---


def test_a_file_is_saved_and_never_shown_by_the_browser(office, report):
    name = "Surat “tugas” & hadir é.pdf"
    upload(office, report, small_pdf(name))
    row = StoredFile.objects.get()

    answer = office.get(row.get_absolute_url())

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == small_pdf().read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(row.name)}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_evidence_is_not_there_for_who_does_not_see_the_report(
    client, office, report, officer_batang, leadership, nobody
):
    upload(office, report)
    address = StoredFile.objects.get().get_absolute_url()

    # A draft is its writer's: not even leadership, who sees the commitment, sees its evidence.
    for stranger in (officer_batang, nobody, leadership):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_version_that_never_was_is_not_found(office, report):
    upload(office, report)
    document = Document.objects.get().pk

    for number in (0, 2, 10**30):
        assert office.get(f"/bukti/{document}/{number}/").status_code == 404


@pytest.mark.parametrize("harm", ["other bytes", "gone"])
def test_damaged_evidence_is_said_and_logged_and_not_handed_out(harm, office, report, media, caplog):
    upload(office, report)
    row = StoredFile.objects.get()
    (path,) = kept(media)
    if harm == "gone":
        path.unlink()
    else:
        path.chmod(0o600)
        path.write_bytes(b"%PDF-1.4 other")

    with caplog.at_level(logging.ERROR):
        answer = office.get(row.get_absolute_url())

    assert answer.status_code == 410
    assert _("Evidence damaged") in text_of(answer)
    assert "evidence damaged" in caplog.text
