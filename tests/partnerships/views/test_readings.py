"""A naskah given to be read, confirmed field by field, registered with its file."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from partnerships import files
from partnerships.actions import naskah_readings
from partnerships.jobs import remind_of_reports
from partnerships.models import Agreement, NaskahReading, StoredFile
from tests.conftest import person
from tests.corpus.naskah_corpus import naskah_of
from tests.corpus.rendering import pdf_of
from tests.factories import AgreementFactory, NaskahReadingFactory

NEW = reverse("partnerships:reading-new")
GARUT = naskah_of("held_out")[1]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "media"


@pytest.fixture(scope="module")
def garut():
    """A digital PDF of a naskah of the held-out half."""
    return pdf_of(GARUT.text)


@pytest.fixture
def as_registrar(client, registrar):
    client.force_login(registrar)
    return client


def give(client, data, name="naskah.pdf", key=None):
    return client.post(NEW, {"file": SimpleUploadedFile(name, data), "key": key or uuid.uuid4()})


def fields_of(html):
    """What a browser would send of the page as it is shown."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", html):
        said = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        kind = said.get("type", "text")
        if "name" not in said or kind in {"file", "search"} or said["name"] == "csrfmiddlewaretoken":
            continue
        if kind in {"checkbox", "radio"} and " checked" not in tag:
            continue
        empty = "on" if kind in {"checkbox", "radio"} else ""
        sent.setdefault(said["name"], said.get("value", empty))
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        sent[name] = chosen[1]
    return sent


def files_kept(media):
    return [path for path in (media / "files").rglob("*") if path.is_file()] if media.exists() else []


# --- given to be read -----------------------------------------------------------------------------


def test_what_is_read_is_kept_with_its_file_and_shown_with_sentence_and_page(as_registrar, registrar, garut):
    answer = give(as_registrar, garut)

    reading = NaskahReading.objects.get()
    assert answer.url == reading.get_absolute_url()
    assert (reading.by, reading.pages, reading.by_ocr) == (registrar, 3, False)
    html = as_registrar.get(answer.url).content.decode()
    assert "Sinergi Program Perluasan Kesempatan Kerja" in html
    assert "<mark>14 November 2024</mark>" in html
    assert "halaman 1" in html
    assert Agreement.objects.filter(title__icontains="Sinergi").count() == 0


def test_only_what_is_sure_is_ticked_and_a_computed_end_never(as_registrar, garut):
    html = as_registrar.get(give(as_registrar, garut).url).content.decode()
    sent = fields_of(html)

    assert "title-take" in sent
    assert "party-0-contact-take" not in sent
    assert sent["derived_end"] == "13 November 2027"
    assert "derived_end-take" not in sent


def test_the_same_form_sent_twice_reads_once(as_registrar, garut, media):
    key = uuid.uuid4()

    first, second = give(as_registrar, garut, key=key), give(as_registrar, garut, key=key)

    assert first.url == second.url
    assert NaskahReading.objects.count() == len(files_kept(media)) == 1


def test_the_key_of_somebody_else_is_refused_and_nothing_kept(as_registrar, garut, media):
    others = NaskahReadingFactory()

    assert give(as_registrar, garut, key=others.pk).status_code == 422
    assert NaskahReading.objects.count() == 1
    assert files_kept(media) == []


def test_a_file_that_is_no_pdf_is_refused_with_the_sentence_of_files(as_registrar, media):
    answer = give(as_registrar, b"<html><script>alert(1)</script>")

    assert answer.status_code == 422
    assert "tidak diterima" in answer.content.decode()
    assert files_kept(media) == []


def test_a_form_without_a_file_is_refused(as_registrar):
    assert as_registrar.post(NEW, {"key": uuid.uuid4()}).status_code == 422


def test_what_is_no_naskah_says_so_and_offers_to_fill_in_by_hand(as_registrar):
    html = as_registrar.get(give(as_registrar, pdf_of("Undangan rapat\n\nHari Kamis, 20 Maret 2025.")).url)

    assert "tidak terbaca sebagai naskah" in html.content.decode()
    assert "Isi sendiri" in html.content.decode()


def test_who_lets_too_many_wait_registers_some_first(as_registrar, registrar, garut, monkeypatch):
    monkeypatch.setattr(naskah_readings, "MOST_UNREGISTERED", 2)
    NaskahReadingFactory.create_batch(2, by=registrar)

    assert give(as_registrar, garut).status_code == 422


@pytest.mark.parametrize("page", ["reading-detail", "reading-register"])
def test_a_reading_of_somebody_else_is_not_there(as_registrar, page):
    others = NaskahReadingFactory(by=person("registrar", "biro-kerja-sama"))
    address = reverse(f"partnerships:{page}", args=[others.pk])

    assert as_registrar.get(address).status_code == as_registrar.post(address).status_code == 404


def test_the_list_of_what_waits_is_ones_own_and_asks_the_same_for_1_and_30(
    as_registrar, registrar, django_assert_max_num_queries
):
    NaskahReadingFactory(name="milik-orang-lain.pdf")
    NaskahReadingFactory(by=registrar, name="milik-sendiri.pdf")
    with django_assert_max_num_queries(30) as one:
        html = as_registrar.get(NEW).content.decode()
    assert "milik-sendiri.pdf" in html
    assert "milik-orang-lain.pdf" not in html

    NaskahReadingFactory.create_batch(29, by=registrar)
    with django_assert_max_num_queries(len(one)):
        as_registrar.get(NEW)


# --- confirmed ------------------------------------------------------------------------------------


def test_a_weekday_that_does_not_fit_is_named_and_the_day_not_ticked(as_registrar, registrar):
    text = "NOTA KESEPAHAMAN\nTENTANG\nUJI\nPada hari ini Kamis tanggal 20 Maret 2024 di Jakarta:\n"
    reading = NaskahReadingFactory(by=registrar, text=text)

    html = as_registrar.get(reading.get_absolute_url()).content.decode()

    assert "Naskah menulis Kamis, padahal 20 Maret 2024 jatuh pada hari Rabu." in html
    assert "signed-take" not in fields_of(html)


def test_a_name_that_the_register_lacks_asks_who_is_meant(as_registrar, registrar):
    text = (
        "NOTA KESEPAHAMAN\nANTARA\nKEMENTERIAN KETENAGAKERJAAN REPUBLIK INDONESIA\nDAN\n"
        "PT UJI BELUM DIKENAL\nTENTANG\nUJI\nPada hari ini Kamis tanggal 20 Maret 2025 di Jakarta:\n"
    )
    reading = NaskahReadingFactory(by=registrar, text=text)
    page = as_registrar.get(reading.get_absolute_url()).content.decode()
    sent = fields_of(page) | {"party-1-organization-take": "on"}

    assert "Nama ini belum ada di register." in page
    assert "Kementerian Ketenagakerjaan, Kemnaker" in page
    assert as_registrar.post(reading.get_absolute_url(), sent).status_code == 422
    answer = as_registrar.post(reading.get_absolute_url(), sent | {"party-1-meant": "new"})
    html = as_registrar.get(answer.url).content.decode()
    assert fields_of(html)["parties-1-new"] == "on"
    assert fields_of(html)["parties-1-new_kind"] == "company"


def test_a_wrong_value_is_refused_only_where_it_is_taken(as_registrar, registrar):
    reading = NaskahReadingFactory(by=registrar)
    address = reading.get_absolute_url()

    assert as_registrar.post(address, {"signed": "kapan-kapan", "signed-take": "on"}).status_code == 422
    assert as_registrar.post(address, {"signed": "kapan-kapan"}).status_code == 302


def test_what_is_not_ticked_does_not_reach_the_new_paper(as_registrar, registrar):
    reading = NaskahReadingFactory(by=registrar)
    answer = as_registrar.post(
        reading.get_absolute_url(), {"title": "Uji", "title-take": "on", "place": "Jakarta"}
    )

    sent = fields_of(as_registrar.get(answer.url).content.decode())

    assert (sent["title"], sent["place"]) == ("Uji", "")


# --- registered -----------------------------------------------------------------------------------


def confirmed(client, garut):
    """The page of the new paper, filled in with everything that was ticked."""
    address = give(client, garut).url
    sent = fields_of(client.get(address).content.decode())
    register = client.post(address, sent).url
    return register, fields_of(client.get(register).content.decode())


def test_the_paper_enters_with_its_parties_numbers_signatories_and_scan(as_registrar, registrar, garut):
    register, sent = confirmed(as_registrar, garut)

    answer = as_registrar.post(register, sent)

    paper = Agreement.objects.get(title="Sinergi Program Perluasan Kesempatan Kerja")
    assert answer.url == paper.get_absolute_url()
    assert [(party.organization.slug, party.number) for party in paper.parties.all()] == [
        ("pemerintah-kabupaten-garut", "100.3.7/21/KS/2024"),
        ("ditjen-binapenta-pkk", "3/88/KS.01/XI/2024"),
    ]
    signed = [(each.person.name, each.post, each.capacity) for each in paper.signatories.all()]
    assert signed[0] == ("Nama Uji 3", "Bupati Garut", "pj")
    stored = StoredFile.objects.get(document__agreement=paper)
    reading = NaskahReading.objects.get()
    assert (stored.key, stored.document.purpose, reading.agreement) == (reading.key, "paper", paper)
    with files.open_checked(stored.key, sha256=stored.sha256) as file:
        assert file.read(5) == b"%PDF-"
    assert stored.document.events.get().pgh_context["actor"] == registrar.pk


def test_registered_twice_is_one_paper_and_the_reading_leads_there(as_registrar, garut):
    register, sent = confirmed(as_registrar, garut)

    first = as_registrar.post(register, sent)
    second = as_registrar.post(register, sent | {"key": str(uuid.uuid4())})

    assert first.url == second.url
    assert StoredFile.objects.count() == 1
    assert as_registrar.get(NaskahReading.objects.get().get_absolute_url()).url == first.url


def test_a_likely_duplicate_warns_before_anything_is_kept(as_registrar, garut):
    old = AgreementFactory(
        kind="nota_kesepakatan", with_parties=["ditjen-binapenta-pkk", "pemerintah-kabupaten-garut"]
    )
    Agreement.objects.filter(pk=old.pk).update(title="Sinergi Program Perluasan Kesempatan Kerja")
    register, sent = confirmed(as_registrar, garut)

    assert as_registrar.post(register, sent).status_code == 422
    assert StoredFile.objects.count() == 0
    assert as_registrar.post(register, sent | {"another": "on"}).status_code == 302


def test_a_paper_that_can_not_be_registered_leaves_no_document(as_registrar, garut):
    register, sent = confirmed(as_registrar, garut)

    answer = as_registrar.post(register, sent | {"signed": "20 Maret 2099"})

    assert answer.status_code == 422
    assert (StoredFile.objects.count(), NaskahReading.objects.get().agreement) == (0, None)


# --- left -----------------------------------------------------------------------------------------


def test_what_nobody_registers_within_30_days_goes_with_its_file(as_registrar, garut, media):
    give(as_registrar, garut)
    young = NaskahReading.objects.get()
    give(as_registrar, garut)
    old = NaskahReading.objects.exclude(pk=young.pk).get()
    registered = NaskahReadingFactory(agreement=AgreementFactory())
    month_ago = timezone.now() - timedelta(days=31)
    NaskahReading.objects.filter(pk__in=[old.pk, registered.pk]).update(created_at=month_ago)

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert naskah_readings.forget_old() == 1

    assert set(NaskahReading.objects.all()) == {young, registered}
    assert [path.name for path in files_kept(media)] == [young.key]


def test_the_daily_job_forgets_what_is_old(registrar):
    old = NaskahReadingFactory(by=registrar)
    NaskahReading.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))

    remind_of_reports.call()

    assert not NaskahReading.objects.exists()


def test_an_acting_signatory_without_a_letter_is_named(as_registrar, registrar):
    reading = NaskahReadingFactory(by=registrar, text=naskah_of("held_out")[13].text)

    html = as_registrar.get(reading.get_absolute_url()).content.decode()

    assert "Pelaksana tugas (Plt.), tetapi naskah tidak menyebut surat kewenangannya." in html


def test_the_register_and_the_new_paper_lead_to_the_reading(as_registrar):
    for page in ("agreement-list", "agreement-add"):
        assert f'href="{NEW}"' in as_registrar.get(reverse(f"partnerships:{page}")).content.decode()


def test_who_only_reads_is_not_offered_it(client, leadership):
    client.force_login(leadership)

    assert NEW not in client.get(reverse("partnerships:agreement-list")).content.decode()
