"""A row that somebody does not give back: who waits for it hears so, and keeps nobody else waiting."""

from contextlib import closing

import pytest
from django.db import connection

from accounts.middleware import ErrorsMet
from partnerships.models import Agreement
from partnerships.roles import Role
from tests.conftest import person
from tests.databases import owner_connection
from tests.factories import AgreementFactory


@pytest.fixture
def paper(own_database):
    return AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])


@pytest.fixture
def held(paper):
    """Somebody else works on the paper and does not come to an end."""
    with closing(owner_connection(connection.settings_dict["NAME"])) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM partnerships_agreement WHERE id = %s FOR UPDATE", [paper.pk])
        yield other


@pytest.fixture
def move(client, paper):
    """Cancel the paper on its page."""
    client.force_login(person(Role.REGISTRAR, "biro-kerja-sama"))
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 200")
    said = {"to": "terminated", "effective_on": "2026-01-15", "reason": "Diakhiri", "version": paper.version}
    return lambda: client.post(f"/kemitraan/{paper.ref}/status/", said)


def test_who_waits_in_vain_is_told_when_to_come_back(move, held, paper):
    answer = move()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert Agreement.objects.get(pk=paper.pk).status == paper.status


def test_who_comes_right_after_is_told_without_waiting(move, held, client):
    move()
    # Nobody holds the row any more; whoever had waited again would have got it.
    with held.cursor() as cursor:
        cursor.execute("ROLLBACK")

    assert move().status_code == 503
    assert client.get("/kemitraan/").status_code == 200


def test_a_moment_later_the_row_is_asked_for_again(move, held, paper, monkeypatch):
    monkeypatch.setattr(ErrorsMet, "PATIENCE", 0)
    assert move().status_code == 503
    with held.cursor() as cursor:
        cursor.execute("ROLLBACK")

    assert move().status_code == 302
    assert Agreement.objects.get(pk=paper.pk).status == "terminated"
