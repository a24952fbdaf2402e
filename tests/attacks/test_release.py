"""A release while people work, as docs/operations.md ("A release") goes about it: nobody notices."""

import http.client
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from contextlib import closing, contextmanager
from datetime import date
from itertools import cycle

import pytest

from partnerships.models import ProgressReport
from partnerships.roles import Role
from tests.attacks.next_release import MARK, make_next_release
from tests.attacks.nginx import BrowserBehindNginx, nginx_before
from tests.attacks.writers import Writer
from tests.conftest import person
from tests.databases import owner_connection, rows
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.serving import Served
from tests.waiting import wait_for

COLLECT = ["collectstatic", "--noinput"]
PAGES = ("/", "/kemitraan/", "/tugas/", "/wilayah/", "/masuk/")
BETWEEN = 0.2  # seconds from one page to the next


@pytest.fixture(scope="module")
def next_release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("releases") / "next"
    make_next_release(folder)
    return folder


class Reader(threading.Thread):
    """Somebody who opens one page after the other, each with its looks; counts what is answered."""

    def __init__(self, browser):
        super().__init__(daemon=True)
        self.codes, self.longest, self.looks, self.sees_the_next = Counter(), 0.0, set(), False
        self._browser, self._ended = browser, threading.Event()

    def run(self):
        for address in cycle(PAGES):
            code, page = self._open(address)
            if code == 200:
                self.sees_the_next = MARK in page
            for looks in re.findall(r'"(/static/css/base[^"]+)"', page):
                self._open(looks)
                self.looks.add(looks)
            if self._ended.wait(BETWEEN):
                return

    def _open(self, address):
        began = time.monotonic()
        try:
            code, page = self._browser.get(address)
        except (OSError, http.client.HTTPException) as error:
            code, page = type(error).__name__, ""
        self.longest = max(self.longest, time.monotonic() - began)
        self.codes[code if code in {200, 302} else f"{code} of {address}"] += 1
        return code, page

    def end(self):
        self._ended.set()
        self.join()


@contextmanager
def people_at_work(nginx, nodes, number):
    """So many who read and so many who write."""
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    registrar = person(Role.REGISTRAR, "biro-kerja-sama")
    drafts = {"period_end": date(2025, 12, 31), "value": 0, "written_by": officer}
    measured = [MeasurableFactory(agreement=paper) for _each in range(number)]
    reports = [ReportFactory(commitment=each, **drafts) for each in measured]
    writers = [Writer(BrowserBehindNginx(nginx, nodes[0], officer), report) for report in reports]
    who = [officer, registrar] * number
    readers = [Reader(BrowserBehindNginx(nginx, nodes[0], each)) for each in who[:number]]
    for each in writers + readers:
        each.start()
    try:
        yield readers, writers
    finally:
        for each in writers + readers:
            each.end()


def killed_while_it_makes_the_index(served, next_release):
    """End a migration in the middle; PostgreSQL itself goes on with what it was told last."""
    makes_it = (
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND query LIKE 'CREATE INDEX CONCURRENTLY%'"
    )
    with closing(owner_connection(served.database)) as looking, closing(looking.cursor()) as cursor:
        # No index is whole before everybody who looks at how things were has gone.
        looking.set_session(isolation_level="REPEATABLE READ", autocommit=False)
        cursor.execute("SELECT FROM partnerships_theme")
        migrating = subprocess.Popen(
            [sys.executable, "manage.py", "migrate"], cwd=next_release, env=served.environment
        )
        wait_for(lambda: rows(served.database, makes_it))
        migrating.kill()
        migrating.wait()


def of_both(readers):
    """The addresses of the styles of both releases, when somebody has seen both."""
    found = set().union(*(reader.looks for reader in readers))
    return found if len(found) == 2 else None


def is_ready(served):
    with urllib.request.urlopen(f"{served.address}/healthz?ready=1", timeout=30) as answer:  # noqa: S310
        return answer.status == 200


def test_nobody_notices_a_release(nodes, next_release, tmp_path, rounds):
    first = nodes[0]
    number = rounds(sample=2, full=6)
    ahead = Served(first.database, first.data)
    ahead.environment, ahead.code = first.environment, next_release
    ahead.log = tmp_path / "ahead.log"
    with nginx_before(nodes, tmp_path) as nginx, people_at_work(nginx, nodes, number) as (readers, writers):
        ahead.manage(*COLLECT)
        with pytest.raises(RuntimeError, match="Migrations: 4 pending"):
            ahead.start()

        killed_while_it_makes_the_index(first, next_release)
        ahead.manage("migrate")
        for code in (next_release, first.code, next_release):
            for node in nodes:
                node.stop()
                node.code = code
                node.start()
                assert is_ready(node)
                # Pages come from both for a while, and each has to find its looks.
                for address in wait_for(lambda: of_both(readers)):
                    assert {nginx.ask(address)[0].status for _time in range(10)} == {200}
            is_next = code == next_release
            wait_for(lambda sought=is_next: {each.sees_the_next for each in readers} == {sought})

    read = sum((each.codes for each in readers), Counter())
    written = sum((each.codes for each in writers), Counter())
    longest = max(each.longest for each in readers)
    print(f"read {dict(read)}, the longest within {longest:.2f} s; written {dict(written)}")
    assert set(read) == {200, 302}
    assert set(written) == {200} and all(writer.answered for writer in writers)
    for writer in writers:
        assert ProgressReport.objects.get(pk=writer.report).value == writer.answered
