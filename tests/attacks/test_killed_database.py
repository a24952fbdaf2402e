"""kill -9 of every process of PostgreSQL while people save: what was answered stays, and all goes on."""

import os
import random
import signal
import subprocess
import threading
import time
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import psycopg2
import pytest

from kemnaker_portal.embedded_postgres import DATABASE, EmbeddedPostgres, database_settings, in_use
from kemnaker_portal.postgres_programs import binaries
from partnerships.roles import Role
from tests.attacks.browser import Browser
from tests.conftest import person
from tests.databases import owner_settings
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.serving import Served

WRITERS = 8
AGAIN_SECONDS = 10


class OwnCluster:
    """A database server that may be killed: of this test alone, with a copy of the test's database in it."""

    def __init__(self, folder: Path, server: EmbeddedPostgres):
        self.folder, self._server = folder, server
        self._reviving = threading.Event()

    def fill_from(self, database: str) -> None:
        here, there = owner_settings(), database_settings(self.folder, "owner")
        dump = [str(binaries() / "pg_dump"), "-h", here["HOST"], "-U", here["USER"], database]
        load = [str(binaries() / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-h", there["HOST"]]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
            subprocess.run(
                [*load, "-U", there["USER"], DATABASE],
                stdin=dumping.stdout,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        assert dumping.returncode == 0

    def environment(self) -> dict[str, str]:
        """How the portal finds it, instead of the test's own database."""
        return {
            f"DATABASE_{part}URL": f"postgresql://{values['USER']}@/{DATABASE}?host={values['HOST']}"
            for part, values in (
                ("", database_settings(self.folder, "web")),
                ("OWNER_", database_settings(self.folder, "owner")),
            )
        }

    def ask(self, question: str) -> list:
        values = database_settings(self.folder, "owner")
        with closing(psycopg2.connect(host=values["HOST"], user=values["USER"], dbname=DATABASE)) as one:
            one.autocommit = True
            with one.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        for pid in self._server._processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def __enter__(self):
        # As script/server does, who looks after it once a second.
        def revive():
            while not self._reviving.wait(1):
                self._server.ensure_running()

        self._thread = threading.Thread(target=revive)
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._reviving.set()
        self._thread.join()


class Writer(threading.Thread):
    """An officer whose report is saved again and again, each time with one more; knows what was answered."""

    def __init__(self, served, report):
        super().__init__(daemon=True)
        self.report, self.answered, self.heard_at = report.pk, 0, 0.0
        # What was answered stands there no more: another version does.
        self.has_lost = False
        self._page = f"/komitmen/{report.commitment_id}/capaian/{report.period_end}/"
        self._browser = Browser(served, report.written_by)
        self._version = report.version
        self._ended = threading.Event()

    def open_the_form(self):
        self._tokens = self._browser.token(self._page)

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
def reports(own_database):
    """Drafts of one officer, one for each writer, in the database that is copied."""
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    return [
        ReportFactory(
            commitment=MeasurableFactory(agreement=paper),
            period_end=date(2025, 12, 31),
            value=0,
            written_by=officer,
        )
        for _writer in range(WRITERS)
    ]


@pytest.fixture
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    with in_use(folder) as server, OwnCluster(folder, server) as cluster:
        yield cluster


@pytest.fixture
def writers(own_database, cluster, reports, tmp_path):
    served = Served(own_database, str(tmp_path))
    writers = [Writer(served, report) for report in reports]
    # Everybody is signed in now, also in the copy.
    cluster.fill_from(own_database)
    served.environment |= cluster.environment()
    served.start()
    for writer in writers:
        writer.open_the_form()
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.end()
    served.stop()


def killed_while_saving(cluster, writers, seed, rounds):
    """The longest time (s) after one of the kills until all writers were answered again."""
    moments, longest = random.Random(seed), 0.0  # noqa: S311 - moments, no secrets
    for _round in range(rounds):
        time.sleep(moments.uniform(0.5, 1.5))
        cluster.kill()
        killed = time.monotonic()
        while min(time.monotonic() if each.has_lost else each.heard_at for each in writers) < killed:
            assert time.monotonic() - killed < 6 * AGAIN_SECONDS, "nobody is answered any more"
            time.sleep(0.02)
        longest = max(longest, time.monotonic() - killed)
    for writer in writers:
        writer.end()
    return longest


def kept(cluster):
    return dict(cluster.ask("SELECT id, value::int FROM partnerships_progressreport"))


def test_nothing_that_was_answered_is_lost_and_all_goes_on_by_itself(cluster, writers, rounds):
    kills = rounds(sample=2, full=60)

    longest = killed_while_saving(cluster, writers, seed=20250322, rounds=kills)

    assert not any(writer.has_lost for writer in writers)
    stands = kept(cluster)
    for writer in writers:
        # The last save may stand although its answer was cut off.
        assert stands[writer.report] - writer.answered in {0, 1}
    saves = cluster.ask("SELECT sum(version - 1)::int FROM partnerships_progressreport")
    events = "SELECT count(*)::int FROM partnerships_progressreportevent WHERE pgh_label = 'update'"
    assert saves == cluster.ask(events)
    answered = sum(writer.answered for writer in writers)
    print(f"{answered:,} saves answered around {kills} kills, none lost; again after {longest:.1f} s at most")


def test_a_database_that_does_not_wait_for_the_disk_loses_what_was_answered(cluster, writers):
    """What waiting is good for: the same writers over a server that answers before a save is on the disk."""
    cluster.ask(f"ALTER DATABASE {DATABASE} SET synchronous_commit = off")

    killed_while_saving(cluster, writers, seed=20250323, rounds=2)

    assert any(writer.has_lost for writer in writers)
    print(f"{sum(writer.has_lost for writer in writers)} of {WRITERS} writers lost a save that was answered")
