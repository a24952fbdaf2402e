"""The database as a backup sees it: one moment of it, told in figures that prove two of them equal."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extensions import make_dsn

from kemnaker_portal.embedded_postgres import database_from_url, database_settings
from kemnaker_portal.postgres_programs import binaries

# Who is signed in, and files that were made for somebody and are kept for a week, are no records. Notes of
# what was written are numbered by transactions: elsewhere these lie ahead, and all would seem new for a day.
LEFT_OUT = (
    "django_session",
    "usersessions_usersession",
    "portal_cache",
    "partnerships_exportjob",
    "partnerships_registerchange",
    "partnerships_standingchange",
)
# Each row as text has to read the same on every server.
_ONE_WAY = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex'; SET extra_float_digits = 1"


class Database:
    """The portal's database, seen by the role that owns its tables."""

    def __init__(self, data_dir: Path) -> None:
        url = os.environ.get("DATABASE_OWNER_URL")
        variable = "DATABASE_OWNER_URL"
        said = database_from_url(url, variable) if url else database_settings(data_dir, "owner")
        self._parameters = {
            "host": said["HOST"],
            "port": said["PORT"],
            "dbname": said["NAME"],
            "user": said["USER"],
            **said.get("OPTIONS", {}),
        }
        self._password = said.get("PASSWORD", "")

    def program(self, name: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
        """The command line and the environment of one of PostgreSQL's programs; the password is in the
        second, where other people of the machine don't see it."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        if self._password:
            env["PGPASSWORD"] = self._password
        line = [
            str(binaries() / name),
            "--no-password",
            f"--dbname={make_dsn(**self._parameters)}",
            *arguments,
        ]
        return line, env | {"LC_ALL": "C"}

    @contextmanager
    def moment(self) -> Iterator["Moment"]:
        """The database as it is now, however it goes on."""
        connection = psycopg2.connect(make_dsn(**self._parameters), password=self._password or None)
        try:
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            with connection.cursor() as cursor:
                cursor.execute(_ONE_WAY)
                yield Moment(cursor)
        finally:
            connection.close()


class Moment:
    """What stood in the database at one moment."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    @property
    def snapshot(self) -> str:
        """The name under which pg_dump finds the same moment."""
        self._cursor.execute("SELECT pg_export_snapshot()")
        return str(self._cursor.fetchone()[0])

    @property
    def version(self) -> str:
        self._cursor.execute("SHOW server_version")
        return str(self._cursor.fetchone()[0])

    @property
    def tables(self) -> dict[str, list[Any]]:
        """Of each table how many rows it has, and a number that any other row would change."""
        self._cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " ORDER BY relname"
        )
        names = [name for (name,) in self._cursor.fetchall() if name not in LEFT_OUT]
        return {name: self._figures(name) for name in names}

    def _figures(self, table: str) -> list[Any]:
        self._cursor.execute(
            f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM "{table}" t'  # noqa: S608 - a name from the catalogue
        )
        rows, digest = self._cursor.fetchone()
        return [rows, digest]

    @property
    def files(self) -> dict[str, list[Any]]:
        """Key of each uploaded file: its size in bytes and its SHA-256 when it came."""
        self._cursor.execute("SELECT key, size, sha256 FROM partnerships_storedfile")
        return {key: [size, sha256] for key, size, sha256 in self._cursor.fetchall()}

    @property
    def erasures(self) -> list[str]:
        """Whose data was erased, a line of digests for each erasure; a backup before an upgrade may be made
        of a database that has no such table yet."""
        self._cursor.execute("SELECT to_regclass('partnerships_erasure') IS NOT NULL")
        if not self._cursor.fetchone()[0]:
            return []
        self._cursor.execute("SELECT array_to_string(digests, ' ') FROM partnerships_erasure ORDER BY id")
        return [line for (line,) in self._cursor.fetchall()]
