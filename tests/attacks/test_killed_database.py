"""kill -9 of every process of PostgreSQL while people save: what was answered stays, and all goes on."""

import os
import random
import signal
import threading
import time
from contextlib import closing, suppress
from datetime import date

import psycopg2
import pytest

from kemnaker_portal.embedded_postgres import database_settings
from partnerships.roles import Role
from tests.attacks.browser import Browser
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory

WRITERS = 8
# Seconds after which nobody will be answered any more; how long it took is printed.
PATIENCE = 120
MOST_KILLS = 10
# Commits stay in memory for seconds, and nothing else brings them to the disk meanwhile.
FORGETFUL = """
synchronous_commit = off
wal_writer_delay = 10s
wal_writer_flush_after = 1GB
bgwriter_lru_maxpages = 0
autovacuum = off
"""


@pytest.fixture
def looked_after(own_server):
    """The server is started again when it died: as script/server does, once a second."""
    ended = threading.Event()

    def look():
        while not ended.wait(1):
            own_server.ensure_running()

    looking = threading.Thread(target=look)
    looking.start()
    yield own_server
    ended.set()
    looking.join()


def as_owner(server, statement):
    """What a statement gives, asked on a connection of its own."""
    said = database_settings(server.data_dir, "owner")
    with closing(psycopg2.connect(host=said["HOST"], user=said["USER"], dbname=said["NAME"])) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


class Writer(threading.Thread):
    """An officer whose report is saved again and again, each time with one more; knows what was answered."""

    def __init__(self, served, report):
        super().__init__(daemon=True)
        self.report, self.answered, self.heard_at = report.pk, 0, 0.0
        # What was answered stands there no more: another version does.
        self.has_lost = False
        self._page = f"/komitmen/{report.commitment_id}/capaian/{report.period_end}/"
        self._browser = Browser(served, report.written_by)
        self._tokens = self._browser.token(self._page)
        self._version = report.version
        self._ended = threading.Event()

    def run(self):
        fields = {"batches-TOTAL_FORMS": "0", "batches-INITIAL_FORMS": "0"}
        while not (self._ended.is_set() or self.has_lost):
            fields |= {"value": str(self.answered + 1), "version": str(self._version)}
            code = self._browser.post(f"{self._page}draf/", self._tokens, fields)
            if code in {200, 409}:
                self.heard_at, self.has_lost = time.monotonic(), code == 409
            if code == 200:
                self.answered, self._version = self.answered + 1, self._version + 1
            else:
                time.sleep(0.05)

    def end(self):
        self._ended.set()
        self.join()


@pytest.fixture
def writers(looked_after, served):
    """Officers, each with a draft of a report open."""
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    drafts = {"period_end": date(2025, 12, 31), "value": 0, "written_by": officer}
    reports = [
        ReportFactory(commitment=MeasurableFactory(agreement=paper), **drafts) for _writer in range(WRITERS)
    ]
    writers = [Writer(served, report) for report in reports]
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.end()


def kill(server):
    """End every process of the server at once; when that was."""
    for pid in server._processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return time.monotonic()


def wait_until_answered(writers, since):
    """How long (s) it takes until each of them was answered after that moment."""
    while min(time.monotonic() if each.has_lost else each.heard_at for each in writers) < since:
        assert time.monotonic() - since < PATIENCE, "nobody is answered any more"
        time.sleep(0.02)
    return time.monotonic() - since


def killed_while_saving(server, writers, seed, rounds):
    """The longest time (s) after one of the kills until all writers were answered again."""
    moments, longest = random.Random(seed), 0.0  # noqa: S311 - moments, no secrets
    for _round in range(rounds):
        time.sleep(moments.uniform(0.5, 1.5))
        longest = max(longest, wait_until_answered(writers, since=kill(server)))
    for writer in writers:
        writer.end()
    return longest


def test_nothing_that_was_answered_is_lost_and_all_goes_on_by_itself(looked_after, writers, rounds):
    kills = rounds(sample=2, full=60)

    longest = killed_while_saving(looked_after, writers, seed=20250322, rounds=kills)

    assert not any(writer.has_lost for writer in writers)
    stands = dict(as_owner(looked_after, "SELECT id, value::int FROM partnerships_progressreport"))
    for writer in writers:
        # The last save may stand although its answer was cut off.
        assert stands[writer.report] - writer.answered in {0, 1}
    saves = as_owner(looked_after, "SELECT sum(version - 1)::int FROM partnerships_progressreport")
    events = "SELECT count(*)::int FROM partnerships_progressreportevent WHERE pgh_label = 'update'"
    assert saves == as_owner(looked_after, events)
    answered = sum(writer.answered for writer in writers)
    print(f"{answered:,} saves answered around {kills} kills, none lost; again after {longest:.1f} s at most")


def test_a_database_that_does_not_wait_for_the_disk_loses_what_was_answered(looked_after, writers):
    """What waiting is good for: the same writers over a server that answers before a save is on the disk."""
    with (looked_after.cluster / "postgresql.conf").open("a") as conf:
        conf.write(FORGETFUL)
    os.kill(looked_after._postmaster(), signal.SIGHUP)
    kills = 0

    while kills < MOST_KILLS and not any(writer.has_lost for writer in writers):
        # A kill shows nothing unless somebody was answered since the one before.
        wait_until_answered(writers, since=time.monotonic())
        wait_until_answered(writers, since=kill(looked_after))
        kills += 1

    assert any(writer.has_lost for writer in writers)
    lost = sum(writer.has_lost for writer in writers)
    print(f"{lost} of {WRITERS} writers lost a save that was answered, in the {kills} kills it took")
