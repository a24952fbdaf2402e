"""A copy of the test database that follows a primary of its own by streaming, as PostgreSQL does it."""

import os
import signal
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.db import connection, connections

from kemnaker_portal.embedded_postgres import database_settings, in_use
from kemnaker_portal.postgres_programs import Programs
from kemnaker_portal.replicas import REPLICA
from tests.databases import copy_to_another_server

FOLLOWER = "portal_follower"
_PATIENCE = 20


def admit_follower(cluster):
    """Let FOLLOWER copy a cluster on which no server works yet."""
    with (cluster / "pg_hba.conf").open("a") as access:
        access.write(f"local replication {FOLLOWER} trust\n")
    role = f"CREATE ROLE {FOLLOWER} LOGIN REPLICATION;\n"
    Programs(cluster).run("postgres", "--single", "postgres", sql=role)


class Copies:
    """A primary with the tables and rows of the test database, and the copy that follows it."""

    def __init__(self, folder):
        self.primary, self.copy = folder / "primary", folder / "copy"

    @contextmanager
    def at_work(self):
        admit_follower(self.primary / "postgres")
        with in_use(self.primary) as server:
            copy_to_another_server(database_settings(self.primary, "owner"))
            self._copy_from(server.socket_folder)
            with in_use(self.copy) as self._follower:
                yield self

    def _copy_from(self, socket):
        self.copy.mkdir(mode=0o700)
        programs = Programs(self.primary / "postgres")
        programs.give(self.copy)
        programs.run(
            "pg_basebackup",
            *("-h", str(socket), "-U", FOLLOWER, "-D", str(self.copy / "postgres")),
            *("--checkpoint=fast", "--no-sync", "--write-recovery-conf"),
        )

    @property
    def settings(self):
        """How the web role reaches the copy."""
        return database_settings(self.copy, "web")

    def as_owner(self, statement):
        """Carry a statement out on the primary, as who owns its tables."""
        said = database_settings(self.primary, "owner")
        where = {"host": said["HOST"], "dbname": said["NAME"], "user": said["USER"]}
        with closing(psycopg2.connect(**where)) as owner, owner, owner.cursor() as cursor:
            cursor.execute(statement)

    @contextmanager
    def standing_still(self):
        """The copy answers, but replays nothing of what the primary sends."""
        replaying = [pid for pid in self._follower._processes() if b"startup" in _command_of(pid)]
        for pid in replaying:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in replaying:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def away(self):
        """The copy does not answer."""
        self._follower.stop()
        try:
            yield
        finally:
            self._follower.ensure_running()

    def catches_up(self):
        """Wait until the copy has everything that the primary has."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()")
            (position,) = cursor.fetchone()
        connections[REPLICA].close()
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with connections[REPLICA].cursor() as cursor:
                cursor.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [position])
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.02)
        raise AssertionError("the copy does not catch up")


def _command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


@contextmanager
def copies_at_work(folder):
    """The two at work, and the tests connected to both."""
    with in_use(folder / "primary"):
        pass
    with Copies(folder).at_work() as copies:
        before = dict(connection.settings_dict)
        connections.close_all()
        connection.settings_dict.update(database_settings(copies.primary, "web"))
        connections.settings[REPLICA] = {**before, **copies.settings}
        try:
            yield copies
        finally:
            connections.close_all()
            del connections.settings[REPLICA]
            del connections[REPLICA]
            connection.settings_dict.update(before)
