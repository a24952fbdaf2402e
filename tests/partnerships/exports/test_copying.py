"""Lines that the database copies out while somebody takes them: no more than asked for, none left over."""

import os
import subprocess
import sys
import threading
from contextlib import closing
from urllib.parse import quote

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict

from partnerships.exports import as_csv
from partnerships.exports.as_pdf import MOST_IN_ONE_RENDER
from partnerships.exports.extract import snapshot
from partnerships.exports.files import make_file
from partnerships.exports.of_register import RegisterExtract
from partnerships.exports.query import copied
from partnerships.roles import Role
from tests.conftest import person
from tests.databases import owner_connection
from tests.factories import UserFactory
from tests.serving import ROOT

FORM = "FORMAT csv"


def add_papers(database, number, kind="mou"):
    """Papers by plain SQL and without triggers, which would cost more than all the rest of a test."""
    with closing(owner_connection(database)) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE partnerships_agreement DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO partnerships_agreement (ref, external_source, external_id, kind, title, status,"
            " signed_precision, place, represents, certainty, version, created_at)"
            " SELECT 'KS-2025-' || %s || lpad(n::text, 6, '0'), '', '', %s, repeat('Naskah ', 20), 'signed',"
            " '', 'Jakarta', 1, 'high', 1, now() FROM generate_series(1, %s) AS n",
            [number, kind, number],
        )
        cursor.execute("ALTER TABLE partnerships_agreement ENABLE TRIGGER USER")


def test_lines_come_in_the_order_of_the_query_and_with_their_ends(own_database):
    with snapshot():
        batches = list(copied("SELECT n FROM generate_series(1, 1203) AS n ORDER BY n", FORM))

    assert [len(batch) for batch in batches] == [500, 500, 203]
    assert [int(line) for batch in batches for line in batch] == list(range(1, 1204))
    assert batches[0][0] == b"1\n"


def test_one_who_stops_taking_stops_the_database(own_database):
    # Among the columns a series is made while it is read; as a table it would be written down first.
    endless = "SELECT generate_series(1, 2000000000)"
    with snapshot():
        with closing(copied(endless, FORM)) as batches:
            assert len(next(batches)) == 500

        assert [thread for thread in threading.enumerate() if thread.name.endswith("(_copy)")] == []

    with snapshot():
        assert list(copied("SELECT 1", FORM)) == [[b"1\n"]]


def test_what_progress_raises_leaves_and_frees_the_connection(own_database):
    class Cancelled(Exception):
        pass

    def cancel(done):
        raise Cancelled

    reader = UserFactory(is_superuser=True)
    add_papers(own_database, 3000)
    with pytest.raises(Cancelled), snapshot():
        list(as_csv.parts(RegisterExtract(reader, QueryDict()), cancel))

    with snapshot():
        assert list(copied("SELECT 1", FORM)) == [[b"1\n"]]


def test_an_error_of_the_database_is_one_of_django(own_database):
    with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic():
        list(copied("SELECT 1 / (n - 700) FROM generate_series(1, 1000) AS n", FORM))


PEAK_OF_EACH_FORM = """
import resource, django
django.setup()
from django.http import QueryDict
from accounts.models import User
from partnerships.exports.files import make_file
user = User.objects.get(is_superuser=True)
for kind in ("mou", "pks"):
    query = QueryDict(f"kind={kind}&columns=title,partner,kind,signed,validity,place")
    for form in ("csv", "json", "xlsx"):
        make_file(form, user, query)[1].close()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_rows(own_database):
    """The peak of a process that makes files of 2,000 papers, and then of 20,000, in KB."""
    UserFactory(is_superuser=True)
    add_papers(own_database, 2_000, kind="mou")
    add_papers(own_database, 20_000, kind="pks")
    values = connection.settings_dict
    address = f"postgresql://{values['USER']}@/{own_database}?host={quote(values['HOST'], safe='')}"

    made = subprocess.run(
        [sys.executable, "-c", PEAK_OF_EACH_FORM],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "kemnaker_portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    few, many = map(int, made.stdout.split())
    assert many - few < 15_000


def test_a_snapshot_is_not_left_to_itself_while_its_rows_are_put_on_paper(own_database):
    # Of a connection that says nothing for five minutes the database thinks that somebody left it behind.
    add_papers(own_database, MOST_IN_ONE_RENDER + 1)
    registrar = person(Role.REGISTRAR, "biro-kerja-sama")
    connection.ensure_connection()
    session, heard = connection.connection.info.backend_pid, []
    with closing(connection.copy()) as watching:

        def progress(rows):
            with watching.cursor() as cursor:
                cursor.execute("SELECT state_change FROM pg_stat_activity WHERE pid = %s", [session])
                heard.append((rows, cursor.fetchone()[0]))

        make_file("pdf", registrar, QueryDict("columns=title"), progress=progress).file.close()

    moments = [moment for rows, moment in heard if rows]
    assert len(set(moments)) == len(moments) > 1
