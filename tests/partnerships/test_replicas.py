"""A copy of the database answers what is marked for it, and nobody misses there what they just wrote.

The copy is a real one: it follows a primary by streaming. It is stopped from replaying to be behind.
"""

import contextlib
import json

import pytest
from django.db import DatabaseError, connection, connections
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import User
from kemnaker_portal import replicas
from kemnaker_portal.replicas import REPLICA
from partnerships.actions import exports
from partnerships.files import open_made
from partnerships.jobs import exports as jobs
from partnerships.models import Agreement, ExportContent, Posting, Theme, access_of
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory
from tests.replicas import copies_at_work

BRIEF = reverse("partnerships:brief")
REPORT = reverse("partnerships:period-report", args=[2025])
PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture(scope="module")
def copies(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), copies_at_work(tmp_path_factory.mktemp("copies")) as copies:
        yield copies


@pytest.fixture(autouse=True)
def caught_up(copies, django_db_blocker):
    with django_db_blocker.unblock():
        copies.catches_up()
        yield


@pytest.fixture(scope="module")
def paper(copies):
    return AgreementFactory(with_parties=PARTIES, title="Naskah pertama")


@pytest.fixture
def leader(paper):
    return person(Role.LEADERSHIP, "kementerian-ketenagakerjaan")


@pytest.fixture
def browser(client, leader, copies):
    client.force_login(leader)
    client.get(BRIEF)
    copies.catches_up()
    return client


def asked_of_the_copy(browser, address):
    """(how many questions about records the copy was asked for a page, the page)."""
    with CaptureQueriesContext(connections[REPLICA]) as asked:
        answer = browser.get(address)
    assert answer.status_code == 200
    return sum("partnerships_" in each["sql"] for each in asked), answer.content.decode()


def write_something(browser):
    """A form that is no paper's: no note tells the figures in memory of it."""
    answer = browser.post(reverse("partnerships:own-mail"), {"reminders": "weekly", "decisions": "on"})
    assert answer.status_code in {200, 302}


@pytest.mark.parametrize("address", [BRIEF, REPORT])
def test_a_marked_page_is_read_from_the_copy(browser, address):
    asked, _page = asked_of_the_copy(browser, address)

    assert asked > 0


def test_no_other_page_is(browser):
    for address in (reverse("partnerships:agreement-list"), reverse("partnerships:tasks"), "/"):
        assert asked_of_the_copy(browser, address)[0] == 0, address


def test_after_a_write_the_copy_is_not_read_until_it_has_it(browser, copies):
    assert asked_of_the_copy(browser, BRIEF)[0] > 0
    with copies.standing_still():
        write_something(browser)
        assert asked_of_the_copy(browser, BRIEF)[0] == 0
    copies.catches_up()

    assert asked_of_the_copy(browser, BRIEF)[0] > 0


def test_without_the_mark_of_the_write_the_copy_would_be_read(browser, copies):
    """What the test before relies on: it is the mark that sends the page to the primary."""
    with copies.standing_still():
        write_something(browser)
        del browser.cookies["last-write"]

        assert asked_of_the_copy(browser, BRIEF)[0] > 0


def test_a_forged_mark_is_none(browser):
    browser.cookies["last-write"] = "FFFFFFFF/FFFFFFFF:forged"

    assert asked_of_the_copy(browser, BRIEF)[0] > 0


def test_figures_in_memory_and_rows_of_the_copy_are_of_one_state(browser, paper, copies):
    with copies.standing_still():
        Agreement.objects.filter(pk=paper.pk).update(title="Naskah kedua")

        assert asked_of_the_copy(browser, REPORT)[0] == 0


def test_a_right_that_was_taken_away_is_gone_however_far_the_copy_is(browser, leader, copies):
    with copies.standing_still(), replicas.from_replica():
        copies.as_owner(
            "UPDATE partnerships_posting SET starts_on = '2020-01-01', ends_on = '2020-01-02'"
            f" WHERE user_id = {leader.pk}"
        )

        assert Posting.objects.active().filter(user=leader).exists(), "the copy has not heard of it"
        assert access_of(User.objects.get(pk=leader.pk)).roles == set()


def test_nothing_is_ever_written_to_the_copy(paper, copies):
    with replicas.from_replica() as is_granted:
        assert is_granted
        with pytest.raises(DatabaseError, match="read-only"), replicas.reading().cursor() as cursor:
            cursor.execute("UPDATE partnerships_theme SET position = position")
        for read in (Theme.objects.first(), Theme.objects.using(REPLICA).first()):
            read.save()
        assert replicas.alias() == "default", "what follows a write is read where it was written"
    with replicas.from_replica():
        Theme.objects.select_for_update()
        assert Theme.objects.create(slug="baru", name="Baru", name_en="New")._state.db == "default"
        assert Theme.objects.get(slug="baru")._state.db == "default"


def test_without_the_copy_the_primary_answers(browser, copies, monkeypatch):
    monkeypatch.setattr(replicas, "_left_alone_until", 0)
    with copies.away():
        assert browser.get(BRIEF).status_code == 200
        said = browser.get("/healthz?ready=1").json()
        assert (said["status"], said["checks"]["replica"]) == ("degraded", "no answer")
    copies.catches_up()

    assert browser.get("/healthz?ready=1").json()["checks"]["replica"] == "ok"


def test_a_copy_that_fails_in_the_middle_of_a_page_is_made_good_by_the_primary(browser, copies):
    asked = []

    def cut_off(execute, sql, params, many, context):
        asked.append(sql)
        if len(asked) > 1:
            context["connection"].connection.close()
        return execute(sql, params, many, context)

    with connections[REPLICA].execute_wrapper(cut_off):
        answer = browser.get(BRIEF)

    assert answer.status_code == 200
    assert len(asked) == 2


def test_a_server_that_follows_nobody_is_not_read(browser, copies):
    replica, primary = connections.settings[REPLICA], connection.settings_dict
    connections[REPLICA].close()
    with contextlib.ExitStack() as stack:
        stack.callback(connections[REPLICA].settings_dict.update, dict(replica))
        stack.callback(connections[REPLICA].close)
        connections[REPLICA].settings_dict.update(HOST=primary["HOST"])

        assert replicas.state() == "no replica"
        assert asked_of_the_copy(browser, BRIEF)[0] == 0


def ask_for_a_file(user):
    return exports.ask(
        by=user,
        made_of=ExportContent.REGISTER,
        form="json",
        params=QueryDict("sort=-ref"),
        key=exports.key_of(
            by=user, made_of=ExportContent.REGISTER, form="json", params=QueryDict(), language="id"
        ),
        language="id",
    )


@pytest.mark.parametrize("is_behind", [False, True])
def test_a_file_in_the_background_has_what_was_written_before_it(
    paper, leader, copies, settings, tmp_path, monkeypatch, is_behind
):
    settings.PORTAL_DATA = tmp_path
    monkeypatch.setattr(jobs, "_SECONDS_FOR_A_COPY", 0.5 if is_behind else 10)
    with copies.standing_still() if is_behind else contextlib.nullcontext():
        newest = AgreementFactory(with_parties=PARTIES, title=f"Naskah termuda {is_behind}")
        job = ask_for_a_file(leader)
        with CaptureQueriesContext(connections[REPLICA]) as asked:
            jobs.make_waiting_file.func()
    job.refresh_from_db()

    with open_made(job.file_key, sha256=job.sha256) as file:
        assert newest.title in json.dumps(json.load(file), ensure_ascii=False)
    assert any("partnerships_agreement" in each["sql"] for each in asked) is not is_behind


def test_what_is_marked_takes_nothing_in(browser):
    def pages(patterns):
        for each in patterns:
            yield from pages(each.url_patterns) if hasattr(each, "url_patterns") else [each]

    marked = {page.name for page in pages(get_resolver().url_patterns) if _is_marked(page.callback)}

    assert marked == {"brief", "brief-pdf", "period-report", "period-pdf", "period-csv"}
    for address in (BRIEF, REPORT, f"{REPORT}laporan.csv", f"{REPORT}laporan.pdf", "/ringkasan.pdf"):
        assert browser.post(address).status_code == 405


def _is_marked(view):
    while view:
        if getattr(view, "may_ask_a_replica", False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False
