"""kill -9 of a worker in the middle of a file: it is made by itself on the second try, whole."""

import hashlib
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import QueryDict

from partnerships import files
from partnerships.actions import exports
from partnerships.models import ExportJob
from partnerships.roles import Role
from tests.conftest import person
from tests.databases import at_work_in, copy_of_the_test_database
from tests.serving import RECORDS, ROOT, Served
from tests.waiting import wait_for


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database with the public records, without a web server: what a worker needs."""
    folder = tmp_path_factory.mktemp("portal")
    name = f"test_worker_{os.getpid()}"
    with (
        django_db_blocker.unblock(),
        copy_of_the_test_database(name) as database,
        at_work_in(database),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(settings, "PORTAL_DATA", folder)
        served = Served(database, str(folder))
        served.manage(*RECORDS)
        yield served


class Workers:
    """Background workers as they run with the portal, and the processes in which they make files."""

    def __init__(self, portal):
        self._portal = portal
        self._started = []

    def start(self):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_worker", "--interval", "0.2"],
            cwd=ROOT,
            env=self._portal.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._started.append(process)
        return process

    @staticmethod
    def making_files_for(process):
        """The process in which a worker makes files."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if int(stat[1]) == process.pid and b"--files-only" in words:
                return int(entry.name)
        raise AssertionError("no process makes files")

    def end(self):
        for process in self._started:
            process.kill()
            process.wait()


@pytest.fixture
def workers(portal):
    started = Workers(portal)
    yield started
    started.end()


def asked_for(reader):
    """A dossier of the papers of Sumatera Utara and Jawa Tengah: some seconds of work."""
    question = QueryDict("region=12&region=33&region=32")
    facts = {"made_of": "dossier", "form": "zip", "params": question, "language": "id"}
    return exports.ask(by=reader, key=uuid4(), **facts)


def in_the_middle(job):
    def is_so():
        now = ExportJob.objects.get(pk=job.pk)
        return now.status == "running" and now.rows_done >= 1 and now

    return wait_for(is_so)


def finished(job):
    return wait_for(lambda: (now := ExportJob.objects.get(pk=job.pk)).status in {"done", "failed"} and now)


def assert_whole(job):
    with files.open_made(job.file_key, sha256=job.sha256) as file, zipfile.ZipFile(file) as archive:
        sums = archive.read("manifest-sha256.txt").decode().splitlines()
        assert len({line.partition("/")[0][66:] for line in sums if "/" in line}) == job.rows_total
        for line in sums:
            digest, name = line.split("  ", 1)
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest


def test_a_file_outlives_the_process_that_made_it(portal, workers, rounds):
    reader = person(Role.REGISTRAR, "biro-kerja-sama")
    worker = workers.start()
    for _round in range(rounds(sample=1, full=40)):
        job = asked_for(reader)
        assert in_the_middle(job).attempts == 1

        os.kill(workers.making_files_for(worker), signal.SIGKILL)

        job = finished(job)
        assert (job.status, job.attempts, job.problem) == ("done", 2, "")
        assert_whole(job)
        assert worker.poll() is None
    kept = {path.name for path in (portal.data / "media").rglob("*") if path.is_file()}
    known = set(ExportJob.objects.values_list("file_key", flat=True))
    # The half that the killed process left is swept when it is an hour old.
    assert all(name in known or name.endswith(".part") for name in kept)


def test_a_file_outlives_the_whole_worker(workers):
    job = asked_for(person(Role.REGISTRAR, "biro-kerja-sama"))
    worker = workers.start()
    in_the_middle(job)
    making = workers.making_files_for(worker)

    worker.kill()
    worker.wait()
    wait_for(lambda: not Path(f"/proc/{making}").exists(), seconds=5)
    workers.start()

    job = finished(job)
    assert (job.status, job.attempts) == ("done", 2)
    assert_whole(job)


def test_what_dies_twice_is_given_up_with_a_sentence(workers):
    job = asked_for(person(Role.REGISTRAR, "biro-kerja-sama"))
    worker = workers.start()
    for attempt in (1, 2):
        wait_for(lambda attempt=attempt: ExportJob.objects.filter(pk=job.pk, attempts=attempt).exists())
        in_the_middle(job)
        os.kill(workers.making_files_for(worker), signal.SIGKILL)

    job = finished(job)

    assert (job.status, job.attempts, job.file_key) == ("failed", 2, "")
    assert job.problem


def test_a_worker_that_is_told_to_stop_leaves_its_file_for_the_next(workers):
    job = asked_for(person(Role.REGISTRAR, "biro-kerja-sama"))
    worker = workers.start()
    in_the_middle(job)
    making = workers.making_files_for(worker)

    worker.terminate()

    assert worker.wait(timeout=20) == 0
    assert not Path(f"/proc/{making}").exists()
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("waiting", 0)
    workers.start()
    assert finished(job).attempts == 1
