"""The pages of saved views, and the lists that open with one."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import ListName, SavedView
from tests.factories import AgreementFactory, SavedViewFactory

LIST, LEDGER, VIEWS = "/kemitraan/", "/komitmen/", "/tampilan/"


@pytest.fixture
def as_registrar(client, registrar):
    client.force_login(registrar)
    return client


def said(response):
    return response.content.decode()


def test_a_question_is_saved_and_opened(as_registrar, registrar, agreement_of_asahan):
    page = as_registrar.get(f"{LIST}tampilan/baru/?class=regional&sort=title&warna=biru&page=3")
    form = {"key": uuid4(), "query": page.context["query"], "name": "Pemda", "is_default": "on"}

    answer = as_registrar.post(f"{LIST}tampilan/baru/", form)

    view = SavedView.objects.get()
    assert (view.query, view.is_default, view.owner) == ("class=regional&sort=title", True, registrar)
    assert answer.url == f"{LIST}?view={view.pk}"
    opened = as_registrar.get(answer.url)
    assert agreement_of_asahan.ref in said(opened)
    assert opened.context["listing"].view_shown == view


def test_what_is_posted_is_read_by_the_list_and_not_kept_as_it_came(as_registrar):
    query = "class=regional&view=0&warna=biru&has=' OR 1=1"
    as_registrar.post(f"{LIST}tampilan/baru/", {"key": uuid4(), "query": query, "name": "X"})

    assert SavedView.objects.get().query == "class=regional"


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "Pemda", "key": "x"}, {"name": "a" * 81}])
def test_a_form_that_is_wrong_is_given_back_with_what_was_typed(form, as_registrar):
    answer = as_registrar.post(f"{LIST}tampilan/baru/", {"query": "class=regional", "key": uuid4(), **form})

    assert answer.status_code == 422
    assert answer.context["query"] == "class=regional"
    assert not SavedView.objects.exists()


def test_the_same_name_twice_is_a_sentence_at_the_name(as_registrar, registrar):
    SavedViewFactory(owner=registrar, name="Pemda")
    answer = as_registrar.post(f"{LIST}tampilan/baru/", {"query": "", "key": uuid4(), "name": "PEMDA"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]


def test_only_who_may_share_is_asked_with_whom(client, registrar, unit_officer):
    for user, asked in ((registrar, True), (unit_officer, False)):
        client.force_login(user)
        form = client.get(f"{LIST}tampilan/baru/").context["form"]
        assert ("shared_with" in form.fields) is asked
    # What is not asked is not heard either.
    answer = client.post(
        f"{LIST}tampilan/baru/",
        {"query": "", "key": uuid4(), "name": "Y", "shared_with": "leadership"},
    )
    assert answer.status_code == 302
    assert SavedView.objects.get().shared_with == ""


@pytest.mark.parametrize(("of", "address"), [("agreements", LIST), ("commitments", LEDGER)])
def test_a_list_without_a_question_opens_with_the_default_view(of, address, as_registrar, registrar):
    view = SavedViewFactory(owner=registrar, list=of, query="q=asahan", is_default=True)

    assert as_registrar.get(address).url == f"{address}?view={view.pk}"
    for everything in ("?view=0", "?view=semua", "?q=&class=", "?q=bekasi"):
        assert as_registrar.get(address + everything).status_code == 200


def test_only_ones_own_default_opens_ones_list(client, registrar, unit_officer):
    SavedViewFactory(owner=registrar, is_default=True, shared_with="unit_officer")
    client.force_login(unit_officer)

    assert client.get(LIST).status_code == 200


def test_the_file_of_a_view_holds_the_rows_that_it_shows(as_registrar, registrar, agreement_of_asahan):
    other = AgreementFactory()
    view = SavedViewFactory(owner=registrar, query="class=regional")

    rows = as_registrar.get(f"/kemitraan/ekspor.json?view={view.pk}")
    text = b"".join(rows.streaming_content).decode()

    assert agreement_of_asahan.ref in text
    assert other.ref not in text


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "pdf"])
@pytest.mark.parametrize("view", ["999999", "x", "of another"])
def test_a_file_of_a_view_that_is_not_there_is_refused(form, view, as_registrar, unit_officer):
    if view == "of another":
        view = SavedViewFactory(owner=unit_officer).pk

    assert as_registrar.get(f"/kemitraan/ekspor.{form}?view={view}").status_code == 400
    assert as_registrar.get(f"{LIST}?view={view}").status_code == 200


def test_the_menu_shows_own_and_shared_views_of_the_list(as_registrar, registrar, unit_officer, admin):
    own = SavedViewFactory(owner=registrar, name="Milik sendiri")
    shared = SavedViewFactory(owner=admin, name="Dari admin", shared_with="registrar")
    hidden = SavedViewFactory(owner=unit_officer, name="Rahasia orang lain")
    ledger = SavedViewFactory(owner=registrar, name="Milik buku komitmen", list=ListName.COMMITMENTS)
    page = said(as_registrar.get(LIST))

    assert f"?view={own.pk}" in page
    assert f"?view={shared.pk}" in page
    assert hidden.name not in page
    assert ledger.name not in page


def test_a_name_is_text_and_never_markup(as_registrar, registrar):
    SavedViewFactory(owner=registrar, name="<script>alert(1)</script>")
    for address in (LIST, VIEWS, f"{LIST}tampilan/baru/"):
        page = said(as_registrar.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_view_is_renamed_shared_and_made_the_default(as_registrar, registrar):
    view = SavedViewFactory(owner=registrar)
    address = reverse("partnerships:view-change", args=[view.pk])
    form = {"name": "Baru", "shared_with": "leadership", "is_default": "on", "version": 1}

    assert as_registrar.post(address, form).url == VIEWS
    view.refresh_from_db()
    assert (view.name, view.shared_with, view.is_default, view.version) == ("Baru", "leadership", True, 2)

    stale = as_registrar.post(address, {**form, "name": "Dari jendela lain"})
    assert stale.status_code == 409
    view.refresh_from_db()
    assert view.name == "Baru"


def test_a_view_takes_over_the_question_of_the_list(as_registrar, registrar):
    view = SavedViewFactory(owner=registrar, query="class=regional")
    address = reverse("partnerships:view-ask-anew", args=[view.pk])

    answer = as_registrar.post(address, {"version": 1, "query": "lacks=pks&warna=biru"})

    assert answer.url == f"{LIST}?view={view.pk}"
    view.refresh_from_db()
    assert view.query == "lacks=pks"
    # Sent again it is another's version by now.
    as_registrar.post(address, {"version": 1, "query": ""})
    view.refresh_from_db()
    assert view.query == "lacks=pks"


def test_a_view_is_deleted_after_a_question(as_registrar, registrar):
    view = SavedViewFactory(owner=registrar, shared_with="leadership")
    address = reverse("partnerships:view-delete", args=[view.pk])

    assert as_registrar.get(address).status_code == 200
    assert SavedView.objects.exists()
    assert as_registrar.post(address, {"version": 1}).url == VIEWS
    assert not SavedView.objects.exists()


def test_the_view_of_another_does_not_exist_shared_or_not(client, registrar, unit_officer):
    view = SavedViewFactory(owner=registrar, shared_with="unit_officer")
    client.force_login(unit_officer)
    for name in ("view-change", "view-ask-anew", "view-delete"):
        address = reverse(f"partnerships:{name}", args=[view.pk])
        form = {"version": 1, "name": "X", "query": ""}
        assert client.post(address, form).status_code == 404
    view.refresh_from_db()
    assert (view.version, view.query) == (1, "class=regional")


@pytest.mark.parametrize("address", [LIST, LEDGER])
def test_the_list_asks_as_often_with_twenty_views_as_with_one(address, as_registrar, registrar):
    name = ListName.AGREEMENTS if address == LIST else ListName.COMMITMENTS
    asked = []
    for number in (1, 19):
        SavedViewFactory.create_batch(number, owner=registrar, list=name)
        with CaptureQueriesContext(connection) as queries:
            as_registrar.get(f"{address}?sort=ref")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_page_of_views_says_what_each_asks_with_as_many_queries_for_thirty_as_for_one(
    client, registrar, unit_officer, agreement_of_asahan
):
    secret = AgreementFactory(with_parties=["itjen"], status="proposed")
    asked = "region=12.09&theme=integrasi-data&class=regional&signed_after=2025-01-01&q=las&warna=biru"
    asked += f"&ref={secret.ref}"
    numbers = []
    for number in (1, 29):
        SavedViewFactory.create_batch(number, owner=registrar, query=asked, shared_with="unit_officer")
        client.force_login(unit_officer)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(VIEWS)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
    view = page.context["shared"][0]
    words = [words for _label, words in view.said]
    assert words == [
        "Kabupaten Asahan",
        "Integrasi data",
        "Pemerintah daerah",
        "2025-01-01",
        "las",
        secret.ref,
    ]
    assert secret.title not in said(page)
