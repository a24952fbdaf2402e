import datetime
import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import files
from partnerships.actions import exports
from partnerships.models import ExportJob, Organization
from partnerships.roles import Role
from partnerships.templatetags.downloads import time_left
from tests.conftest import person
from tests.factories import AgreementFactory, ExportJobFactory, SigningEventFactory

pytestmark = pytest.mark.django_db

LIST = "/unduhan/"


@pytest.fixture
def as_registrar(client, registrar):
    client.force_login(registrar)
    return client


def address(name, job):
    return reverse(f"partnerships:{name}", args=[job.pk])


def text_of(response):
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


@pytest.fixture
def english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def kept(settings, tmp_path):
    """Makes a finished file of somebody that lies on the disk."""
    settings.PORTAL_DATA = tmp_path

    def make(reader, content=b"isi"):
        with files.being_made() as target:
            target.file.write(content)
            made = target.keep()
        job = ExportJobFactory(asked_by=reader, reach="running", form="xlsx")
        return exports.finish(job=job, made=made, file_name="kemitraan.xlsx")

    return make


# --- the list -------------------------------------------------------------------------------------


def test_the_list_shows_own_files_only(as_registrar, registrar, unit_officer):
    own = ExportJobFactory(asked_by=registrar)
    other = ExportJobFactory(asked_by=unit_officer)

    html = as_registrar.get(LIST).content.decode()

    assert f"unduhan-{own.pk}" in html
    assert str(other.pk) not in html


@pytest.mark.parametrize(
    ("reach", "said", "asks_for_itself"),
    [
        ("", "Waiting", True),
        ("running", "Being made", True),
        ("done", "Ready", False),
        ("failed", "Failed", False),
        ("cancelled", "Cancelled", False),
        ("expired", "Expired", False),
    ],
)
def test_a_file_says_its_state_and_asks_for_itself_while_it_is_made(
    reach, said, asks_for_itself, as_registrar, registrar, english
):
    job = ExportJobFactory(asked_by=registrar, reach=reach, narrowed_by=["Kind of paper: MoU"])

    page = text_of(as_registrar.get(LIST))

    entry = page[page.index(f'id="unduhan-{job.pk}"') :]
    assert said in entry
    assert "Kind of paper: MoU" in entry
    assert "1,000 papers" in entry
    assert (f'hx-get="{address("download", job)}" hx-trigger="every 2s"' in entry) is asks_for_itself
    assert (f'href="{address("download-file", job)}"' in entry) is (reach == "done")
    assert (f'action="{address("download-cancel", job)}"' in entry) is asks_for_itself
    assert (f'action="{address("download-again", job)}"' in entry) is (
        reach in {"failed", "cancelled", "expired"}
    )


def test_the_entry_alone_is_for_htmx_and_tells_the_end(as_registrar, registrar, english):
    job = ExportJobFactory(asked_by=registrar, reach="running")
    part = as_registrar.get(address("download", job), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-swap-oob" not in part
    assert "<html" in as_registrar.get(address("download", job)).content.decode()

    exports.fail(job=job, problem="Tidak ada ruang.")
    part = as_registrar.get(address("download", job), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="true">Register of partnerships (PDF): Failed' in part


def test_the_menu_counts_what_is_in_the_making(as_registrar, registrar, english):
    assert "in the making" not in as_registrar.get("/bantuan/").content.decode()
    ExportJobFactory.create_batch(2, asked_by=registrar)

    assert "2<span" in as_registrar.get("/bantuan/").content.decode()


def test_as_many_questions_for_one_file_as_for_many(
    as_registrar, registrar, django_assert_max_num_queries, django_assert_num_queries
):
    ExportJobFactory(asked_by=registrar, reach="done")
    as_registrar.get(LIST)
    with django_assert_max_num_queries(20) as one:
        as_registrar.get(LIST)
    ExportJobFactory.create_batch(25, asked_by=registrar, reach="done")
    with django_assert_num_queries(len(one)):
        as_registrar.get(LIST)


@pytest.mark.parametrize(
    ("taken", "rows_done", "percent", "said"),
    [
        (10, 0, 0, ""),
        (10, 500, 50, "about 10 seconds left"),
        (30, 250, 25, "about 2 minutes left"),
        (8, 700, 70, "a few seconds left"),
        (40, 1000, 99, "being put together"),
        (3600, 10, 1, "more than an hour left"),
    ],
)
def test_how_long_it_takes_is_told_from_the_pace_so_far(taken, rows_done, percent, said, settings):
    from django.utils import translation

    now = timezone.now()
    job = ExportJob(
        status="running",
        rows_total=1000,
        rows_done=rows_done,
        started_at=now - datetime.timedelta(seconds=taken),
    )

    with translation.override("en"):
        assert (job.percent, time_left(job, now)) == (percent, said)


# --- asking ---------------------------------------------------------------------------------------


def press(client, query, **said):
    return client.post(LIST, {"made_of": "dossier", "form": "zip", "params": query, **said})


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/kemitraan/{ref}/", "ref={ref}"),
        ("/mitra/pemerintah-kabupaten-asahan/", "/kemitraan/?partner=pemerintah-kabupaten-asahan"),
        ("/mitra/ditjen-binalavotas/", "/kemitraan/?unit=ditjen-binalavotas"),
        ("/wilayah/12.09/", "/kemitraan/?region=12.09"),
        ("/kemitraan/?region=12.09", "?region=12.09"),
    ],
)
def test_a_page_offers_the_dossier_of_its_papers(page, query, as_registrar, agreement_of_asahan):
    AgreementFactory(with_parties=["itjen", "pemerintah-kabupaten-batang"])
    html = as_registrar.get(page.format(ref=agreement_of_asahan.ref)).content.decode()
    [offered] = re.findall(r'name="params" value="([^"]*)"', html)
    assert unescape(offered) == query.format(ref=agreement_of_asahan.ref)

    response = press(as_registrar, unescape(offered))

    job = ExportJob.objects.get()
    assert (response.status_code, response.url) == (303, f"{LIST}?baru={job.pk}#unduhan-{job.pk}")
    assert (job.made_of, job.form, job.rows_total) == ("dossier", "zip", 1)
    assert "download--new" in as_registrar.get(response.url).content.decode()


def test_the_same_button_pressed_twice_is_one_file(as_registrar, agreement_of_asahan):
    key = str(uuid4())
    for _press in range(2):
        press(as_registrar, f"ref={agreement_of_asahan.ref}")
        press(as_registrar, "", key=key)

    assert ExportJob.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"made_of": "semua"}, "There is no such file."),
        ({"form": "exe"}, "There is no such file."),
        ({"form": "pdf"}, "There is no such file."),
        ({"params": "kind=tidak-ada"}, "is not a value of"),
        ({"params": "region=33.25"}, "No paper fits these filters"),
        ({"key": "bukan-kunci"}, "There is no such file."),
        ({"made_of": "packet", "form": "pdf", "params": "event=tidak-ada"}, "There is no such event"),
    ],
)
def test_a_wrong_wish_is_refused_with_a_sentence(said, sentence, as_registrar, agreement_of_asahan, english):
    response = press(as_registrar, **{"query": "", **said})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not ExportJob.objects.exists()


def test_a_full_queue_is_said_with_the_way_out(as_registrar, registrar, agreement_of_asahan, english):
    ExportJobFactory.create_batch(5, asked_by=registrar)

    response = press(as_registrar, "")

    assert response.status_code == 422
    assert "5 of your files are in the making" in text_of(response)


def test_a_long_packet_is_made_in_the_background(as_registrar, monkeypatch):
    event = SigningEventFactory()
    AgreementFactory.create_batch(2, event=event, with_parties=["ditjen-binalavotas", "itjen"])
    packet = reverse("partnerships:event-packet", args=[event.slug])
    assert as_registrar.get(packet)["Content-Type"] == "application/pdf"
    monkeypatch.setattr("partnerships.views.ceremonies.MOST_IN_REQUEST", 1)

    response = as_registrar.get(packet)

    job = ExportJob.objects.get()
    assert response.status_code == 303
    assert (job.made_of, job.query["event"], job.rows_total) == ("packet", event.slug, 2)


# --- cancelling and asking again ------------------------------------------------------------------


def test_a_file_is_cancelled_and_asked_for_again(as_registrar, registrar):
    job = ExportJobFactory(asked_by=registrar)

    assert as_registrar.post(address("download-cancel", job)).status_code == 303
    job.refresh_from_db()
    assert job.status == "cancelled"

    assert as_registrar.post(address("download-again", job)).status_code == 303
    new = ExportJob.objects.exclude(pk=job.pk).get()
    assert (new.status, new.params, new.form) == ("waiting", job.params, job.form)


# --- taking ---------------------------------------------------------------------------------------


def test_the_file_is_given_to_be_saved_and_never_kept_in_between(as_registrar, registrar, kept):
    response = as_registrar.get(address("download-file", kept(registrar)))

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"isi"
    assert response["Content-Disposition"] == 'attachment; filename="kemitraan.xlsx"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_rights_are_asked_again_when_the_file_is_taken(as_registrar, registrar, kept, english):
    job = kept(registrar)
    registrar.postings.update(
        role=Role.REGIONAL_OFFICER,
        organization=Organization.objects.get(slug="pemerintah-kabupaten-asahan"),
    )

    response = as_registrar.get(address("download-file", job))

    assert response.status_code == 403
    assert "What you may see has changed" in text_of(response)
    assert f'action="{address("download-again", job)}"' in response.content.decode()


def test_the_file_of_another_and_an_address_that_was_guessed_are_not_found(client, registrar, kept):
    job = kept(registrar)
    client.force_login(person(Role.REGISTRAR, "biro-kerja-sama"))

    for name in ("download", "download-file"):
        assert client.get(address(name, job)).status_code == 404
        assert client.get(reverse(f"partnerships:{name}", args=[uuid4()])).status_code == 404
    for name in ("download-cancel", "download-again"):
        assert client.post(address(name, job)).status_code == 404
    assert client.get(f"{LIST}{str(job.pk)[:-1]}x/berkas").status_code == 404


@pytest.mark.parametrize(
    ("reach", "status"), [("", 303), ("running", 303), ("failed", 410), ("expired", 410)]
)
def test_what_is_not_there_is_not_given(reach, status, as_registrar, registrar):
    job = ExportJobFactory(asked_by=registrar, reach=reach)

    assert as_registrar.get(address("download-file", job)).status_code == status


def test_a_file_that_was_changed_on_the_disk_is_not_given(as_registrar, registrar, kept, settings):
    job = kept(registrar)
    path = settings.PORTAL_DATA / "media" / "exports" / job.file_key[:2] / job.file_key
    path.write_bytes(b"lain")

    assert as_registrar.get(address("download-file", job)).status_code == 410


def test_who_took_what_is_in_the_log(as_registrar, registrar, agreement_of_asahan, caplog, kept):
    with caplog.at_level("INFO", "partnerships"):
        b"".join(as_registrar.get("/kemitraan/ekspor.csv?region=12.09").streaming_content)
        as_registrar.get(address("download-file", kept(registrar)))

    lines = [record.getMessage() for record in caplog.records if "file taken" in record.getMessage()]
    assert lines[0] == f"file taken: /kemitraan/ekspor.csv by user {registrar.pk}, 1 rows"
    assert f"by user {registrar.pk}, 1000 rows" in lines[1]
