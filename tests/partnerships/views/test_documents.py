import io

import pypdf
import pytest
from django.conf import settings
from django.urls import reverse

from partnerships.exports.files import MOST_IN_REQUEST
from partnerships.models import Agreement, ExportJob
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db

FORMS = ["csv", "xlsx", "json", "pdf"]


def export_url(form, query=""):
    return reverse("partnerships:agreement-export", args=[form]) + (f"?{query}" if query else "")


@pytest.fixture
def english(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    ("form", "kind", "disposition"),
    [
        ("csv", "text/csv; charset=utf-8", "attachment"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
        ("json", "application/json", "attachment"),
        ("pdf", "application/pdf", "inline"),
    ],
)
@pytest.mark.usefixtures("agreement_of_asahan")
def test_a_file_says_what_it_is_and_is_kept_by_nobody(
    client, registrar, time_machine, form, kind, disposition
):
    time_machine.move_to("2025-03-20T07:05:00Z", tick=False)
    client.force_login(registrar)

    response = client.get(export_url(form))

    assert response.status_code == 200
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'{disposition}; filename="kemitraan-2025-03-20-1405.{form}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    assert body(response)
    # What is sent while it is made has a length only when it is made.
    assert response.has_header("Content-Length") == (form not in {"csv", "json"})


def test_speaks_the_language_of_the_reader(client, registrar, english):
    client.force_login(registrar)

    response = client.get(export_url("csv", "columns=title"))

    assert body(response).decode("utf-8-sig") == "Reference;Paper\r\n"


@pytest.mark.parametrize("form", ["exe", "CSV", "csv.php", "html"])
def test_a_form_that_there_is_not_is_not_found(client, registrar, form):
    client.force_login(registrar)

    assert client.get(export_url(form)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_files_are_only_read(client, registrar, agreement_of_asahan, method):
    client.force_login(registrar)
    profile = reverse("partnerships:agreement-profile", args=[agreement_of_asahan.ref])

    assert getattr(client, method)(export_url("csv")).status_code == 405
    assert getattr(client, method)(profile).status_code == 405
    assert client.head(export_url("csv")).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_filter_gives_a_sentence_and_no_file(client, registrar, english, form):
    client.force_login(registrar)

    response = client.get(export_url(form, "kind=mou&validity=selamanya&sort=warna"))

    assert response.status_code == 400
    assert "No file was made" in response.content.decode()
    assert "“selamanya” is not a value of “Validity”" in response.content.decode()
    assert "The list can&#x27;t be sorted by “warna”" in response.content.decode()
    assert f'href="{reverse("partnerships:agreement-list")}?kind=mou' in response.content.decode()


@pytest.mark.parametrize("query", ["page=99", "page=x", "size=7", "size=-1&page=10000000000"])
def test_page_and_size_are_of_the_screen_only(client, registrar, query):
    AgreementFactory.create_batch(3)
    client.force_login(registrar)

    response = client.get(export_url("csv", query))

    assert response.status_code == 200
    assert len(body(response).splitlines()) == 4


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_a_long_list_is_made_in_the_background(client, registrar, form):
    Agreement.objects.bulk_create(
        Agreement(ref=f"KS-2024-{number:04d}", kind="pks", status="signed")
        for number in range(1, MOST_IN_REQUEST + 2)
    )
    client.force_login(registrar)

    response = client.get(export_url(form, "kind=pks&sort=title&columns=title"))

    job = ExportJob.objects.get()
    assert (response.status_code, response.url) == (303, f"/unduhan/?baru={job.pk}#unduhan-{job.pk}")
    assert (job.asked_by, job.made_of, job.form, job.rows_total) == (registrar, "register", form, 301)
    assert job.query.dict() == {"kind": "pks", "sort": "title", "columns": "ref,title"}
    assert client.get(export_url("csv", "kind=pks")).status_code == 200


def test_a_look_at_the_head_of_a_long_list_asks_for_nothing(client, registrar):
    Agreement.objects.bulk_create(
        Agreement(ref=f"KS-2024-{number:04d}", kind="pks", status="signed")
        for number in range(1, MOST_IN_REQUEST + 2)
    )
    client.force_login(registrar)

    assert client.head(export_url("pdf")).status_code == 303
    assert not ExportJob.objects.exists()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_officer_gets_own_region_only(
    client, officer_asahan, agreement_of_asahan, agreement_of_batang, form
):
    client.force_login(officer_asahan)

    text = body(client.get(export_url(form))).decode()

    assert agreement_of_asahan.ref in text
    assert agreement_of_batang.ref not in text


def test_a_profile_opens_in_the_browser_under_a_name_to_keep(client, officer_asahan, agreement_of_asahan):
    client.force_login(officer_asahan)

    response = client.get(reverse("partnerships:agreement-profile", args=[agreement_of_asahan.ref]))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="profil-{agreement_of_asahan.ref}.pdf"'
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    assert agreement_of_asahan.ref in pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()


def test_a_profile_of_another_region_does_not_exist(client, officer_batang, agreement_of_asahan):
    client.force_login(officer_batang)

    response = client.get(reverse("partnerships:agreement-profile", args=[agreement_of_asahan.ref]))

    assert response.status_code == 404
