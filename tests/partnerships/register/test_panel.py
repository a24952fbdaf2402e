"""The filter panel of the register is drawn once for a question; it says what is true for who asks it now."""

import pytest
from django.conf import settings
from django.test import Client

from partnerships.models import AgreementKind
from partnerships.register.index import index_of, shared
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
def nothing_kept(own_database):
    shared._kept.clear()
    AgreementFactory(kind=AgreementKind.MOU)


@pytest.fixture
def registrar(own_database):
    return browser_of(person(Role.REGISTRAR, "biro-kerja-sama"))


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def panel(client, question=""):
    text = client.get(f"/kemitraan/{question}").content.decode()
    return text[text.index('id="filter-form"') : text.index('class="listing__results"')]


def test_for_the_same_papers_a_piece_is_drawn_once():
    assert [index_of().drawn("piece", lambda: "first"), index_of().drawn("piece", lambda: "second")] == [
        "first",
        "first",
    ]

    AgreementFactory()

    assert index_of().drawn("piece", lambda: "second") == "second"


def test_a_panel_counts_what_was_written_a_moment_ago(registrar):
    before = [panel(registrar), panel(registrar)]

    AgreementFactory(kind=AgreementKind.PKS)

    assert before[0] == before[1]
    assert 'id="facet-kind-pks"' in panel(registrar)
    assert 'id="facet-kind-pks"' not in before[0]


def test_every_reader_gets_the_panel_of_what_they_may_see(registrar):
    officer = browser_of(person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan"))

    assert 'value="mou"' in panel(registrar)
    assert 'value="mou"' not in panel(officer)


def test_the_panel_follows_the_question_and_the_language(registrar):
    plain = panel(registrar)
    chosen = panel(registrar, "?kind=mou")
    opened = panel(registrar, "?columns=ref,kind")
    registrar.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert 'value="mou" checked' in chosen
    assert 'value="mou" checked' not in plain
    assert 'name="columns"' in opened
    assert "Partner class" in panel(registrar)
    assert "Partner class" not in plain
