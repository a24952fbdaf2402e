"""The database comes back as it was at a moment between two backups, from a sealed archive of its log (T61).

Archive, base copy and recovery are those of the samples in docs/deployment, changed only in where things lie.
"""

import os
import re
import shlex
import shutil
import subprocess
import time
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection, connections

from kemnaker_portal import backups
from kemnaker_portal.backups.database import Database
from kemnaker_portal.embedded_postgres import EmbeddedPostgresError, database_settings, in_use
from kemnaker_portal.places import Folder
from kemnaker_portal.postgres_programs import Programs, binaries
from partnerships import files
from partnerships.actions import documents, sealing
from partnerships.models import Agreement
from partnerships.roles import Role
from partnerships.selectors.chain import check_chain
from tests.attacks.test_killed_database import kill
from tests.attacks.writers import PATIENCE, as_owner
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.report_pages import small_pdf
from tests.replicas import FOLLOWER, admit_follower
from tests.serving import ROOT
from tests.waiting import wait_for

SAMPLES = ROOT / "docs" / "deployment"
SEALED = b"age-encryption.org/v1\n"
MOMENT = "2026-11-28 14:59:00+07"


class Archive:
    """The folder into which base copies and the log are sealed, and the keys it is sealed for."""

    def __init__(self, folder, patience):
        self.place, self._patience = folder / "archive", patience
        self._key, self._public = folder / "backup.key", folder / "backup.pub"
        self.place.mkdir(mode=0o700)
        self._public.write_text(f"{backups.new_identity(self._key)}\n")

    def sample(self, name, *changes):
        """What a sample says, with these changes, of this machine."""
        text = (SAMPLES / name).read_text()
        for old, new in changes:
            assert text.count(old) == 1, f"{name} has {text.count(old)} times {old!r}"
            text = text.replace(old, new)
        return (
            text.replace("/archive", str(self.place))
            .replace("/etc/portal-backup.pub", str(self._public))
            .replace("/run/portal-backup.key", str(self._key))
        )

    def follow(self, server):
        """Let the server keep its log here."""
        server.stop()
        admit_follower(server.cluster)
        for path in (self.place, self._key, self._public):
            Programs(server.cluster).give(path)
        with (server.cluster / "postgresql.conf").open("a") as conf:
            patience = ("archive_timeout = 60\n", f"archive_timeout = {self._patience}\n")
            conf.write(self.sample("postgresql-archive.conf", patience))
        server.ensure_running()

    def copy_base(self, server):
        """A base copy, by what the service does every week."""
        unit = self.sample("portal-base-copy.service").replace("$$", "$").replace("%%", "%")
        here = {"PGHOST": str(server.socket_folder), "PGUSER": FOLLOWER}
        path = f"{binaries()}:{os.environ['PATH']}"
        for command in re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE):
            subprocess.run(shlex.split(command), env={**os.environ, **here, "PATH": path}, check=True)

    @contextmanager
    def recovered(self, folder, moment):
        """A server in a new folder, brought to a moment."""
        shutil.rmtree(folder, ignore_errors=True)
        cluster = folder / "postgres"
        cluster.mkdir(mode=0o700, parents=True)
        (base,) = self.place.glob("base-*.tar.gz.age")
        opened = subprocess.run(["age", "-d", "-i", self._key, base], stdout=subprocess.PIPE, check=True)
        subprocess.run(["tar", "-xz", "--no-same-owner"], input=opened.stdout, cwd=cluster, check=True)
        with (cluster / "postgresql.conf").open("a") as conf:
            conf.write(self.sample("postgresql-moment.conf", (MOMENT, moment)))
        (cluster / "recovery.signal").touch()
        with in_use(folder) as server:
            yield server


@pytest.fixture
def archive(tmp_path, rounds):
    return Archive(tmp_path, patience=rounds(sample=2, full=60))


@pytest.fixture
def media(monkeypatch, tmp_path):
    """The folder of uploaded files, which outlives the database; not by the setting, which also says where
    the database of the tests is."""
    monkeypatch.setattr(files.store, "media", lambda: tmp_path / "media")
    monkeypatch.setattr(files.store, "place", lambda: Folder(tmp_path / "media"))
    return tmp_path / "media"


def use(server):
    """Let the test work in the database of that server."""
    connections.close_all()
    connection.settings_dict.update(database_settings(server.data_dir, "web"))


def figures(server):
    with Database(server.data_dir).moment() as moment:
        return moment.tables


def now():
    """(the moment, the file of the log in which it lies)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()::text, pg_walfile_name(pg_current_wal_insert_lsn())")
        return cursor.fetchone()


def some_papers():
    for paper in AgreementFactory.create_batch(3, with_parties=["ditjen-binalavotas"]):
        paper.title = "Pelatihan pengelasan"
        paper.save()
    sealing.seal()


def an_uploaded_file():
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    report = ReportFactory(commitment=MeasurableFactory(agreement=paper), written_by=officer)
    return documents.attach(report=report, upload=small_pdf(), by=officer)


def test_what_was_destroyed_comes_back_as_it_was_at_the_moment_before(own_server, archive, tmp_path, media):
    archive.follow(own_server)
    some_papers()
    archive.copy_base(own_server)
    some_papers()
    kept = an_uploaded_file()
    sealing.seal()
    whole, (moment, piece) = figures(own_server), now()

    # An hour of work, and then somebody deletes every paper as the owner of the tables.
    some_papers()
    as_owner(own_server, "TRUNCATE partnerships_agreement CASCADE")
    assert not Agreement.objects.exists()
    _moment, last = now()
    destroyed = time.monotonic()
    wait_for((archive.place / f"{last}.age").exists, seconds=PATIENCE)
    archived = time.monotonic() - destroyed

    # The machine is lost; the archive is not, and nothing in it opens without the key.
    connections.close_all()
    kill(own_server)
    shutil.rmtree(own_server.cluster)
    assert all(path.read_bytes().startswith(SEALED) for path in archive.place.iterdir())

    # An altered archive is not taken for the end of what there is.
    needed = archive.place / f"{piece}.age"
    sealed = needed.read_bytes()
    needed.write_bytes(sealed[:-1000] + bytes([sealed[-1000] ^ 1]) + sealed[-999:])
    with (
        pytest.raises(EmbeddedPostgresError, match="before configured recovery target"),
        archive.recovered(tmp_path / "again", moment),
    ):
        pass
    needed.write_bytes(sealed)

    began = time.monotonic()
    with archive.recovered(tmp_path / "again", moment) as recovered:
        took = time.monotonic() - began
        use(recovered)
        assert figures(recovered) == whole
        assert check_chain().broken == []
        assert (media / "files" / kept.key[:2] / kept.key).exists()
        call_command("check_integrity")
        call_command("check_restored")
        some_papers()
        connections.close_all()
    rows = sum(rows for rows, _digest in whole.values())
    print(f"\nin the archive after {archived:.0f} s; {rows:,} rows equal, recovered in {took:.1f} s")
