import io
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from partnerships.actions import documents, readings
from partnerships.models import Document, FileCheck, PageText, StoredFile
from tests.factories import AddendumFactory, MeasurableFactory, ReportFactory, SignatoryFactory
from tests.partnerships.filed_documents import SENTENCE, filed, read_document, upload_of, version_of
from tests.partnerships.files import pdf_files
from tests.partnerships.report_pages import report_page, small_pdf
from tests.partnerships.sheets import text_of


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


@pytest.fixture
def office(client, registrar):
    client.force_login(registrar)
    return client


def send(office, agreement, file=None, **fields):
    sent = {"purpose": "paper", "key": str(uuid4()), "file": file or upload_of(), **fields}
    return office.post(reverse("partnerships:document-upload", args=[agreement.ref]), sent)


def address(name, *arguments):
    return reverse(f"partnerships:{name}", args=arguments)


def test_a_document_is_filed_and_stands_on_the_paper(office, agreement_of_asahan):
    answer = send(office, agreement_of_asahan, title="Naskah lengkap", dated="Maret 2025", language="id-en")

    document = Document.objects.get()
    assert answer.url == document.get_absolute_url()
    page = text_of(office.get(agreement_of_asahan.get_absolute_url()))
    assert "Naskah lengkap" in page
    assert "Maret 2025" in page


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(office, agreement_of_asahan):
    broken = SimpleUploadedFile("naskah.pdf", b"%PDF-1.7 and no more")

    answer = send(office, agreement_of_asahan, broken, title="Naskah lengkap", original_place="Lemari 3")

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Naskah lengkap" in page
    assert "Lemari 3" in page
    assert not Document.objects.exists()


def test_a_workbook_is_no_document_of_a_paper(office, agreement_of_asahan):
    from tests.partnerships.files import office_files

    answer = send(office, agreement_of_asahan, upload_of(office_files.file("xlsx"), "a.xlsx"))

    assert answer.status_code == 422
    assert "PDF, JPG, PNG" in answer.content.decode()


def test_a_letter_of_authority_says_whose_it_is(office, agreement_of_asahan):
    signatory = SignatoryFactory(agreement=agreement_of_asahan, party=agreement_of_asahan.parties.first())

    assert send(office, agreement_of_asahan, purpose="authority").status_code == 422
    answer = send(office, agreement_of_asahan, purpose="authority", signatory=str(signatory.pk))

    assert answer.status_code == 302
    assert Document.objects.get().signatory == signatory


def test_what_is_missing_leads_to_the_form_that_files_it(office, agreement_of_asahan):
    signatory = SignatoryFactory(agreement=agreement_of_asahan, capacity="plt")
    addendum = AddendumFactory(agreement=agreement_of_asahan)
    form = address("document-add", agreement_of_asahan.ref)
    ways = [f"{form}?signatory={signatory.pk}", f"{form}?addendum={addendum.pk}"]

    page = office.get(agreement_of_asahan.get_absolute_url()).content.decode()

    assert [page.count(f'href="{way}"') for way in ways] == [1, 1]
    first = [office.get(way).context["form"].initial for way in ways]
    assert (first[0]["purpose"], first[0]["signatory"]) == ("authority", str(signatory.pk))
    assert (first[1]["purpose"], first[1]["addendum"]) == ("addendum", str(addendum.pk))


@pytest.mark.parametrize("said", ["signatory=x", "signatory=999999", "addendum=1e9", "addendum=%00"])
def test_an_address_that_names_nothing_of_the_paper_opens_the_plain_form(said, office, agreement_of_asahan):
    SignatoryFactory(agreement=agreement_of_asahan)

    answer = office.get(f"{address('document-add', agreement_of_asahan.ref)}?{said}")

    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert answer.context["form"].initial["purpose"] == "paper"


def test_a_second_press_files_one_document(office, agreement_of_asahan):
    key = str(uuid4())

    assert send(office, agreement_of_asahan, key=key).url == send(office, agreement_of_asahan, key=key).url
    assert Document.objects.count() == 1


def test_a_newer_version_is_filed_on_the_page_of_the_document(office, agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document
    sent = {"file": upload_of(), "key": str(uuid4())}

    assert office.post(address("document-version", document.pk), sent).status_code == 302

    newest, oldest = document.files.all()
    page = office.get(document.get_absolute_url()).content.decode()
    for file in (newest, oldest):
        assert file.sha256 in page
        assert file.get_absolute_url() in page


def test_a_refused_version_says_why_on_the_page(office, agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document

    answer = office.post(
        address("document-version", document.pk),
        {"file": SimpleUploadedFile("a.pdf", b""), "key": str(uuid4())},
    )

    assert answer.status_code == 422
    assert document.files.count() == 1


def test_a_correction_asks_for_a_reason_and_stands_in_the_history(office, agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document
    sent = {"purpose": "other", "title": "Lampiran", "version": document.version}

    assert office.post(address("document-change", document.pk), sent).status_code == 422
    office.post(address("document-change", document.pk), {**sent, "reason": "Bukan naskahnya"})

    page = text_of(office.get(agreement_of_asahan.get_absolute_url()))
    assert "Bukan naskahnya" in page


def test_a_correction_of_an_older_state_is_not_saved(office, agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document
    sent = {"purpose": "other", "title": "Lampiran", "version": document.version, "reason": "Satu"}
    office.post(address("document-change", document.pk), sent)

    answer = office.post(address("document-change", document.pk), {**sent, "title": "Lain"})

    assert answer.status_code == 409
    assert Document.objects.get().title == "Lampiran"


def test_a_withdrawn_document_leaves_the_paper_and_keeps_its_page(office, agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar, title="Naskah keliru").document

    office.post(address("document-withdraw", document.pk), {"reason": "Salah berkas"})

    section = office.get(agreement_of_asahan.get_absolute_url()).context["dossier"].documents
    assert section == []
    page = office.get(document.get_absolute_url())
    assert page.status_code == 200
    assert address("document-change", document.pk) not in page.content.decode()


def test_who_may_not_file_sees_no_way_to_it(client, officer_asahan, agreement_of_asahan, registrar):
    document = filed(agreement_of_asahan, registrar).document
    client.force_login(officer_asahan)

    paper = client.get(agreement_of_asahan.get_absolute_url()).content.decode()
    page = client.get(document.get_absolute_url()).content.decode()

    assert address("document-add", agreement_of_asahan.ref) not in paper
    assert address("document-change", document.pk) not in page
    assert address("document-version", document.pk) not in page


# --- pages as pictures ----------------------------------------------------------------------------


def test_a_page_is_shown_as_a_picture_that_the_portal_has_drawn(office, agreement_of_asahan, registrar):
    file = filed(agreement_of_asahan, registrar)

    answer = office.get(address("document-page", file.document_id, 1, 1))

    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert Image.open(io.BytesIO(answer.content)).format == "PNG"


def test_a_picture_is_made_once(office, agreement_of_asahan, registrar, media):
    file = filed(agreement_of_asahan, registrar)
    first = office.get(address("document-page", file.document_id, 1, 1)).content
    (kept,) = (media / "previews").rglob("*.png")
    kept.write_bytes(b"made before")

    assert first != b"made before"
    assert office.get(address("document-page", file.document_id, 1, 1)).content == b"made before"


@pytest.mark.parametrize("page", [0, 2, 201, 99_999])
def test_a_page_that_is_not_there_is_not_found(page, office, agreement_of_asahan, registrar):
    file = filed(agreement_of_asahan, registrar)

    assert office.get(address("document-page", file.document_id, 1, page)).status_code == 404


def test_another_region_sees_neither_document_nor_page(
    client, officer_batang, agreement_of_asahan, registrar
):
    file = filed(agreement_of_asahan, registrar)
    client.force_login(officer_batang)

    assert client.get(file.document.get_absolute_url()).status_code == 404
    assert client.get(address("document-page", file.document_id, 1, 1)).status_code == 404


def test_the_words_of_a_page_stand_under_its_picture(office, agreement_of_asahan, registrar):
    file = filed(agreement_of_asahan, registrar)
    readings.read(file=file)

    page = office.get(file.document.get_absolute_url())

    assert SENTENCE in text_of(page)
    assert 'id="halaman-1"' in page.content.decode()


def test_words_of_a_document_do_not_become_part_of_the_page(office, agreement_of_asahan):
    document = read_document(agreement_of_asahan, "<script>alert(1)</script> <b>tebal</b>")

    page = office.get(document.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_ten_pages_at_once_are_shown_around_the_one_asked_for(office, agreement_of_asahan):
    document = read_document(agreement_of_asahan, *[f"Halaman {n}" for n in range(1, 36)])

    shown = office.get(f"{document.get_absolute_url()}?halaman=13").context["dossier"].pages

    assert [page.number for page in shown] == list(range(11, 21))


@pytest.mark.parametrize("page", ["0", "-1", "99999", "x", "٣", "1" * 30])
def test_a_page_number_that_makes_no_sense_shows_the_nearest(page, office, agreement_of_asahan):
    document = read_document(agreement_of_asahan, "Halaman")

    assert office.get(f"{document.get_absolute_url()}?halaman={quote(page)}").status_code == 200


def test_pages_that_were_not_read_are_counted(office, agreement_of_asahan):
    document = read_document(agreement_of_asahan, "Satu", "Dua", "Tiga")
    PageText.objects.filter(page=3).delete()

    assert office.get(document.get_absolute_url()).context["dossier"].unread_pages == 1


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_of_a_document_asks_as_often_for_many_versions(
    count, office, agreement_of_asahan, django_assert_max_num_queries
):
    document = read_document(agreement_of_asahan, "Satu")
    for number in range(2, count + 1):
        version_of(document, "Satu", number=number)
    office.get(document.get_absolute_url())

    with django_assert_max_num_queries(16):
        office.get(document.get_absolute_url())


# --- damaged --------------------------------------------------------------------------------------


def test_paper_and_document_say_that_evidence_is_damaged(office, agreement_of_asahan, registrar, media):
    file = filed(agreement_of_asahan, registrar)
    assert "Bukti rusak" not in text_of(office.get(agreement_of_asahan.get_absolute_url()))
    (media / "files" / file.key[:2] / file.key).write_bytes(b"%PDF- something else")

    list(readings.check_files())

    assert FileCheck.objects.get().state == "changed"
    for page in (agreement_of_asahan, file.document):
        assert "Bukti rusak" in text_of(office.get(page.get_absolute_url()))
    assert office.get(file.get_absolute_url()).status_code == 410
    assert office.get(address("document-page", file.document_id, 1, 1)).status_code == 410


# --- evidence -------------------------------------------------------------------------------------


def test_a_report_being_written_offers_a_newer_version_of_its_evidence(
    client, officer_asahan, agreement_of_asahan
):
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan), written_by=officer_asahan
    )
    row = documents.attach(report=report, upload=small_pdf(), by=officer_asahan)
    client.force_login(officer_asahan)

    page = client.get(report_page(report.commitment)).content.decode()
    assert f'id="renew-{row.document_id}"' in page
    newer = SimpleUploadedFile("daftar-hadir.pdf", pdf_files.good_of_today())
    client.post(address("evidence-upload", report.pk), {"file": newer, "replaces": row.document_id})

    assert [file.number for file in StoredFile.objects.filter(document=row.document)] == [2, 1]
