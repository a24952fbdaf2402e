"""Attacks and faults that take long: a sample with the other tests, all of it by script/attack."""

import os
import threading
from datetime import date

import pytest
from django.db import connection, connections

from kemnaker_portal.embedded_postgres import database_settings, in_use
from partnerships.roles import Role
from script.internals.serve import revive
from tests.attacks.browser import Browser
from tests.attacks.nginx import BEHIND_NGINX
from tests.attacks.writers import WRITERS, Writer
from tests.conftest import person
from tests.databases import address, at_work_in, copy_to_another_server
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.serving import Served, serving


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


@pytest.fixture
def looked_after(own_server):
    """The server is started again when it died: as script/server does, once a second."""
    ended = threading.Event()

    def look():
        while not ended.wait(1):
            revive(own_server)

    looking = threading.Thread(target=look)
    looking.start()
    yield own_server
    ended.set()
    looking.join()


@pytest.fixture
def writers(looked_after, served):
    """Officers, each with a draft of a report open."""
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    drafts = {"period_end": date(2025, 12, 31), "value": 0, "written_by": officer}
    reports = [
        ReportFactory(commitment=MeasurableFactory(agreement=paper), **drafts) for _writer in range(WRITERS)
    ]
    writers = [Writer(Browser(served, report.written_by), report) for report in reports]
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.end()


@pytest.fixture
def nodes(django_db_setup, django_db_blocker):
    """Two web servers of one portal with some papers, for an nginx before them."""
    fill = ["generate_load", "--agreements=200", "--commitments=2000"]
    with (
        django_db_blocker.unblock(),
        serving("nodes", ["collectstatic", "--noinput"], fill, **BEHIND_NGINX) as first,
        at_work_in(first.database),
    ):
        second = Served(first.database, first.data)
        second.environment = first.environment
        second.start()
        yield [first, second]
        second.stop()
