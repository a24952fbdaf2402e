"""What somebody is shown of an error, and of a request that nobody means."""

import psycopg2
import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.test import Client
from django.urls import path

from accounts.models import ErrorReport
from kemnaker_portal import urls

SECRET = "kata-sandi-basis-data-7781"

pytestmark = pytest.mark.django_db


@login_not_required
def breaks(request):
    raise RuntimeError(f"SELECT name FROM secrets WHERE word = '{SECRET}'")


@login_not_required
def loses_the_database(request):
    raise DatabaseError("server closed the connection") from psycopg2.DatabaseError("server closed it")


@login_not_required
def saves_what_is_gone(request):
    raise DatabaseError("Forced update did not affect any rows.")


urlpatterns = [
    path("rusak/", breaks),
    path("mati/", loses_the_database),
    path("hilang/", saves_what_is_gone),
    *urls.urlpatterns,
]
handler500 = urls.handler500


def test_an_error_shows_its_number_and_nothing_of_the_inside(settings):
    settings.ROOT_URLCONF = __name__

    answer = Client(raise_request_exception=False).get("/rusak/")

    assert answer.status_code == 500
    shown = answer.content.decode() + str(answer.headers)
    assert answer["X-Request-Id"] in answer.content.decode()
    assert not [word for word in (SECRET, "RuntimeError", "Traceback", "SELECT", ".py") if word in shown]
    report = ErrorReport.objects.get(request_id=answer["X-Request-Id"])
    assert report.kind == "RuntimeError"
    assert SECRET not in str(vars(report))


def test_a_database_that_dies_in_the_middle_of_an_answer_is_waited_for(settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)

    answer = client.get("/mati/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not ErrorReport.objects.exists()
    assert client.get("/hilang/").status_code == 500


@pytest.mark.parametrize("page", ["/", "/masuk/", "/kemitraan/", "/akun/sesi/", "/healthz", "/bahasa/"])
def test_no_page_repeats_a_request_to_who_sent_it(page, client, registrar):
    client.force_login(registrar)

    answer = client.generic("TRACE", page, headers={"X-Secret": SECRET})

    assert answer.status_code in {302, 405}
    assert SECRET not in answer.content.decode()
