"""Many at once: each runs on a connection of its own, against a database that is really committed."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import translation

from partnerships.actions import agreements, guard
from partnerships.actions.guard import StaleVersion
from partnerships.actions.record import AgreementRecord, PartyLine
from partnerships.models import Agreement, Organization, Person
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory
from tests.partnerships.sheets import change_of, new_paper, page_of

ADD = reverse("partnerships:agreement-add")
MANY = 64
# As many pages at a time as a large server answers; drawing more only fights for the interpreter.
PAGES = 16
PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


def all_at_once(number, work):
    """What ``work(index)`` gives for each of the numbers, all begun in the same moment."""
    start = threading.Barrier(number)

    def run(index):
        with translation.override("id"):
            try:
                connections["default"].ensure_connection()
                start.wait(timeout=60)
                return work(index)
            except StaleVersion as stale:
                return stale
            finally:
                connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def sent_by(browser, address, data):
    """The answer's code, where it leads and its page; the rest of it would fill the memory."""
    answer = browser.post(address, data)
    return answer.status_code, answer.headers.get("Location"), answer.content.decode()


@pytest.fixture
def clerk(own_database):
    return person(Role.REGISTRAR, "biro-kerja-sama")


@pytest.fixture
def browsers(clerk):
    """Browsers of one person, signed in."""
    browsers = [Client() for _ in range(MANY)]
    browsers[0].force_login(clerk)
    for browser in browsers[1:]:
        browser.cookies = browsers[0].cookies
    # The first page reads every template; 64 threads would each do it.
    browsers[0].get(ADD)
    return browsers


def test_of_many_pages_that_save_the_same_version_one_wins_and_the_others_show_both(browsers):
    paper = AgreementFactory(with_parties=PARTIES)
    sent = [change_of(paper, title=f"Judul {index}") for index in range(PAGES)]

    answers = all_at_once(PAGES, lambda index: sent_by(browsers[index], page_of(paper), sent[index]))

    assert Counter(code for code, _address, _page in answers) == {302: 1, 409: PAGES - 1}
    winner = next(index for index, (code, _address, _page) in enumerate(answers) if code == 302)
    paper.refresh_from_db()
    assert (paper.title, paper.version) == (f"Judul {winner}", 2)
    for index, (_code, _address, page) in enumerate(answers):
        if index != winner:
            assert f'value="Judul {index}"' in page
            assert f"<mark>Judul {winner}</mark>" in page


def save_all_at_once(paper, clerk):
    lines = [PartyLine(organization=row.organization, pk=row.pk) for row in paper.parties.all()]

    def save(index):
        record = AgreementRecord(kind=paper.kind, title=f"Judul {index}", signed=paper.signed, parties=lines)
        return agreements.revise(agreement=paper, record=record, version=1, by=clerk, reason="Uji")

    return all_at_once(MANY, save)


def test_the_guard_alone_keeps_63_of_64_changes_from_being_lost(clerk, monkeypatch):
    guarded, unguarded = (AgreementFactory(with_parties=PARTIES) for _ in range(2))

    outcomes = Counter(type(each) for each in save_all_at_once(guarded, clerk))
    assert outcomes == {Agreement: 1, StaleVersion: MANY - 1}

    # Without it, everybody is told that all is well, and one title is left of 64.
    monkeypatch.setattr(guard, "check_version", lambda agreement, version: None)
    outcomes = Counter(type(each) for each in save_all_at_once(unguarded, clerk))
    assert outcomes == {Agreement: MANY}


def test_a_form_sent_20_times_at_once_makes_one_paper_and_one_answer(browsers):
    new = {"organization": "PT Pendatang Baru", "new": "on", "new_kind": "company"}
    sent = new_paper(
        signed="20 Maret 2025", parties=["Itjen", new], signatories=[{"person": "Nama Baru", "party": "1"}]
    )

    answers = all_at_once(20, lambda index: browsers[index].post(ADD, sent))

    paper = Agreement.objects.get()
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, paper.get_absolute_url())
    }
    assert paper.ref == "KS-2025-0001"
    assert Organization.objects.filter(name="PT Pendatang Baru").count() == 1
    assert Person.objects.filter(name="Nama Baru").count() == 1


def test_64_who_register_at_once_get_numbers_without_gaps(browsers):
    sent = [new_paper(title=f"Naskah {index}", signed="20 Maret 2025", another="on") for index in range(MANY)]

    answers = all_at_once(MANY, lambda index: sent_by(browsers[index], ADD, sent[index]))

    assert {code for code, _address, _page in answers} == {302}
    given = sorted(address.split("/")[2] for _code, address, _page in answers)
    assert given == [f"KS-2025-{serial:04d}" for serial in range(1, MANY + 1)]
    in_order = Agreement.objects.order_by("pk").values_list("ref", flat=True)
    assert sorted(in_order) == given
