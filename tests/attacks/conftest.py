"""Attacks and faults that take long: a sample with the other tests, all of it by script/attack."""

import os

import pytest
from django.db import connection, connections

from kemnaker_portal.embedded_postgres import database_settings, in_use
from tests.databases import address, copy_to_another_server
from tests.serving import Served


@pytest.fixture(scope="session")
def rounds():
    """How often a fault is tried, given how often the sample tries it."""

    def of(sample, full):
        return full if os.environ.get("ATTACKS") == "full" else sample

    return of


@pytest.fixture
def own_server(django_db_setup, django_db_blocker, tmp_path):
    """A server that this test alone uses, and may stop."""
    with django_db_blocker.unblock(), in_use(tmp_path / "postgresql") as server:
        copy_to_another_server(database_settings(server.data_dir, "owner"))
        before = dict(connection.settings_dict)
        connections.close_all()
        connection.settings_dict.update(database_settings(server.data_dir, "web"))
        yield server
        connections.close_all()
        connection.settings_dict.update(before)


@pytest.fixture
def served(own_server, tmp_path):
    roles = {"DATABASE_URL": "web", "DATABASE_JOBS_URL": "jobs", "DATABASE_OWNER_URL": "owner"}
    where = {name: address(database_settings(own_server.data_dir, role)) for name, role in roles.items()}
    served = Served("portal", str(tmp_path / "data"), where)
    served.start()
    yield served
    served.stop()
