"""What holds for every write that a test of a page sends."""

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

EVENTS = [model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
_NEWEST = " UNION ALL ".join(f"SELECT '{table}', (SELECT max(pgh_id) FROM {table})" for table in EVENTS)
# Who answers by a link has no account.
_WITHOUT_ACCOUNT = "/konfirmasi/"


def _asked(statement, parameters=()):
    # Past Django, so that no test that counts questions counts these.
    with connection.connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


@pytest.fixture(autouse=True)
def every_write_is_in_the_history(monkeypatch):
    """Each event of a request says who, through which door and under which number; none is written twice."""
    post = Client.post

    def checked(self, path, *arguments, **more):
        if connection.connection is None or not connection.in_atomic_block:
            return post(self, path, *arguments, **more)
        before = dict(_asked(_NEWEST))
        answer = post(self, path, *arguments, **more)
        for table, last in _asked(_NEWEST):
            if last and last > (before[table] or 0):
                _check(path, table, before[table] or 0)
        return answer

    monkeypatch.setattr(Client, "post", checked)


def _check(path, table, last):
    told = _asked(
        "SELECT pgh_context->>'actor', pgh_context->>'door', pgh_context->>'request',"
        f" to_jsonb(event) - 'pgh_id' FROM {table} AS event WHERE pgh_id > %s",
        [last],
    )
    for actor, door, request, _row in told:
        assert door in {"page", "admin", "import"}, (path, table)
        assert request, (path, table)
        assert actor or path.startswith(_WITHOUT_ACCOUNT), (path, table)
    # A record may take two steps in a request, each with its event; none is told twice.
    assert len({str(row) for *_who, row in told}) == len(told), (path, table)
