"""Files that are sent while they are made, through the real server: whole, or seen to be broken."""

import http.client
import json
import socket
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from partnerships.roles import Role
from tests.conftest import confirm, person
from tests.databases import at_work_in, owner_connection
from tests.serving import serving

# More than the buffers of both ends of a connection hold, so that the server has to wait for the reader.
ROWS = 30_000
FILE_OF_ALL = "/kemitraan/ekspor.{form}?columns=title,place,kind&sort=ref"


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker):
    """A portal with as many papers as a slow reader takes long for."""
    with django_db_blocker.unblock(), serving("streaming") as served:
        with closing(owner_connection(served.database)) as owner, owner.cursor() as cursor:
            cursor.execute("ALTER TABLE partnerships_agreement DISABLE TRIGGER USER")
            cursor.execute(
                "INSERT INTO partnerships_agreement (ref, external_source, external_id, kind, title, status,"
                " signed_precision, place, represents, certainty, version, created_at)"
                " SELECT 'KS-2025-' || lpad(n::text, 6, '0'), '', '', 'mou', repeat('Naskah ', 55), 'signed',"
                " '', repeat('Jakarta ', 24), 1, 'high', 1, now() FROM generate_series(1, %s) AS n",
                [ROWS],
            )
            cursor.execute("ALTER TABLE partnerships_agreement ENABLE TRIGGER USER")
        yield served


@pytest.fixture
def registrar(served, django_db_blocker):
    with django_db_blocker.unblock(), at_work_in(served.database):
        yield person(Role.REGISTRAR, "biro-kerja-sama")


class Reader:
    """Somebody signed in who takes a file slowly: nothing is read but what is asked for."""

    def __init__(self, served, user, language):
        client = Client()
        client.force_login(user)
        confirm(client, user)
        self._cookies = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self._cookies += f"; {settings.LANGUAGE_COOKIE_NAME}={language}"
        self._at = urlsplit(served.address)
        self.line = None

    def ask(self, address):
        self.line = http.client.HTTPConnection(self._at.hostname, self._at.port, timeout=60)
        self.line.sock = socket.socket()
        self.line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        self.line.sock.connect((self._at.hostname, self._at.port))
        self.line.request("GET", address, headers={"Cookie": self._cookies})
        return self.line.getresponse()

    def hang_up(self):
        self.line.sock.shutdown(socket.SHUT_RDWR)
        self.line.close()


@pytest.fixture
def reader(served, registrar):
    reader = Reader(served, registrar, "en")
    yield reader
    reader.line.close()


def sessions_at_work():
    """The database sessions of the portal that are in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'"
        )
        return [row[0] for row in cursor.fetchall()]


def nobody_at_work_after(seconds):
    deadline = time.monotonic() + seconds
    while sessions_at_work():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_reader_who_hangs_up_frees_the_cursor_within_five_seconds(reader, form):
    answer = reader.ask(FILE_OF_ALL.format(form=form))
    assert answer.read(1000)
    assert len(sessions_at_work()) == 1

    reader.hang_up()

    assert nobody_at_work_after(seconds=5)
    assert reader.ask("/kemitraan/ekspor.csv?kind=nda").read().startswith(b"\xef\xbb\xbfReference;")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_that_breaks_in_the_middle_is_seen_to_be_broken(reader, form):
    answer = reader.ask(FILE_OF_ALL.format(form=form))
    assert answer.read(1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", sessions_at_work())

    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()

    assert reader.ask("/kemitraan/ekspor.csv?kind=nda").read()


def test_a_long_file_comes_whole_and_speaks_the_language_of_its_reader_to_the_end(reader):
    lines = reader.ask(FILE_OF_ALL.format(form="csv")).read().decode("utf-8-sig").splitlines()

    assert len(lines) == ROWS + 1
    assert lines[0] == "Reference;Paper;Place;Kind"
    assert {line.rpartition(";")[2] for line in lines[1:]} == {"Memorandum of understanding"}
    assert len(json.loads(reader.ask(FILE_OF_ALL.format(form="json")).read())["rows"]) == ROWS
