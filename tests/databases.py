"""Databases of the tests: made and migrated by the owner, used as the web role that owns nothing."""

import os
import subprocess
import time
from contextlib import closing, contextmanager
from io import StringIO
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg2.extensions import make_dsn

from kemnaker_portal.embedded_postgres import database_from_url, database_settings
from kemnaker_portal.postgres_programs import binaries
from partnerships.register.notes import PAPERS, STANDINGS

_ATTEMPTS = 60
_MANY_DEAD_ROWS = 2_000
_LOCALE = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST' TEMPLATE template0"


def owner_settings():
    if url := os.environ.get("DATABASE_OWNER_URL"):
        return database_from_url(url)
    return database_settings(settings.PORTAL_DATA, "owner")


def addresses_of(name):
    """The settings by which another process finds a database of that name."""
    web = connection.settings_dict
    return {
        "DATABASE_URL": address({**web, "NAME": name}),
        "DATABASE_JOBS_URL": address({**web, "NAME": name, "USER": settings.JOBS_DATABASE_ROLE}),
        "DATABASE_OWNER_URL": address({**owner_settings(), "NAME": name}),
    }


def address(values):
    """The DATABASE_URL of settings for a database of this machine."""
    return f"postgresql://{values['USER']}@/{values['NAME']}?host={quote(values['HOST'], safe='')}"


def owner_connection(name=None):
    """A connection of its own as the owner, for what the web role may not do."""
    values = owner_settings()
    return _connect({**values, "NAME": name or values["NAME"]})


def _parameters(values):
    return {
        "host": values["HOST"],
        "port": values["PORT"] or None,
        "user": values["USER"],
        "password": values.get("PASSWORD") or None,
        "dbname": values["NAME"],
    }


def rows(name, statement):
    """What a statement of the owner gives in that database."""
    with closing(owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _connect(values):
    found = psycopg2.connect(**_parameters(values))
    found.autocommit = True
    return found


def _drop(name):
    """Drop a database; a session that a killed run left in it can only be ended by its own role."""
    main = {**connection.settings_dict, "NAME": owner_settings()["NAME"]}
    with closing(_connect(main)) as web, web.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [name],
        )
    for attempt in range(_ATTEMPTS):
        try:
            _execute_as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except psycopg2.errors.InsufficientPrivilege:
            # The server's own housekeeping is at work in it, which the owner can't end; it ends by itself.
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(0.5)


def _execute_as_owner(statement):
    with closing(owner_connection()) as owner, owner.cursor() as cursor:
        cursor.execute(statement)


def _without_waiting(name):
    """No commit waits for the disk: of a machine that dies in the middle of a test nothing is asked."""
    _execute_as_owner(f'ALTER DATABASE "{name}" SET synchronous_commit = off')


def make(name):
    """An empty database of that name with the schema, the regions and the reference data."""
    _make_empty(name)
    web = dict(connection.settings_dict)
    _use({**owner_settings(), "NAME": name})
    call_command("migrate", verbosity=0)
    _use({**web, "NAME": name})
    for command in ("load_regions", "load_reference"):
        call_command(command, stdout=StringIO())
    _keep_statistics(name)


def _make_empty(name):
    _drop(name)
    _execute_as_owner(f'CREATE DATABASE "{name}" {_LOCALE}')
    _without_waiting(name)
    with closing(owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute("GRANT USAGE ON SCHEMA public TO portal_web, portal_jobs")


@contextmanager
def empty_database(name):
    """A database without a table, for migrations."""
    connections.close_all()
    _make_empty(name)
    try:
        yield name
    finally:
        _drop(name)


def _keep_statistics(name):
    """Leave the planner what it knows now, the whole run long.

    The server's own housekeeping would come upon tables whose rows a test has just taken back, and note that
    they are empty: of a hundred rows of the next test, every question would then be asked row by row.
    """
    with closing(owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s SET (autovacuum_enabled = off)', oid::regclass)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def tidy():
    """Make room where many rows were taken back, so that no question reads through what is left of them."""
    with closing(owner_connection(connection.settings_dict["NAME"])) as owner, owner.cursor() as cursor:
        cursor.execute(
            "SELECT format('VACUUM %%s', relid::regclass) FROM pg_stat_user_tables WHERE n_dead_tup > %s",
            [_MANY_DEAD_ROWS],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def drop(name):
    connection.close()
    _drop(name)


@contextmanager
def copy_of_the_test_database(name, original=None):
    """A committed database of its own, for a server that is told its name; or a copy of another one."""
    original = original or connection.settings_dict["NAME"]
    connections.close_all()
    _drop(name)
    _execute_as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
    _without_waiting(name)
    try:
        yield name
    finally:
        _drop(name)


def schema_of(name):
    """Every table, function, trigger, policy and right of a database, as SQL."""
    found = make_dsn(**_parameters({**owner_settings(), "NAME": name}))
    dump = [binaries() / "pg_dump", "--schema-only", "-d", found]
    text = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
    # Two lines hold a key that is drawn for each dump.
    return [line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def copy_to_another_server(values):
    """Fill the empty database that these settings of its owner name with all that the test database holds."""
    # Notes are numbered by transactions, which are others there.
    left_out = [f"--exclude-table-data={table}" for table, _about in (PAPERS, STANDINGS)]
    dump, load = (str(binaries() / name) for name in ("pg_dump", "pg_restore"))
    from_here = make_dsn(**_parameters({**owner_settings(), "NAME": connection.settings_dict["NAME"]}))
    dumping = subprocess.Popen([dump, "-Fc", *left_out, "-d", from_here], stdout=subprocess.PIPE)
    # The schema itself is there already: of making it again the program complains, and goes on.
    subprocess.run(
        [load, "-d", make_dsn(**_parameters(values))], stdin=dumping.stdout, stderr=subprocess.DEVNULL
    )
    if dumping.wait():
        raise RuntimeError("the test database could not be dumped")


@contextmanager
def at_work_in(name):
    """Let the test itself, and its threads, work in that database."""
    original = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = original


@contextmanager
def at_work_as_owner(what):
    """Let the test itself work as the owner of the tables, in a committed copy of the test database."""
    name = f"test_{what}_{os.getpid()}"
    with copy_of_the_test_database(name), as_owner_in(name):
        yield name


@contextmanager
def as_owner_in(name):
    """Let the test itself work as the owner of the tables in that database."""
    with at_work_in(name):
        web = {each: connection.settings_dict[each] for each in ("USER", "PASSWORD")}
        connection.settings_dict |= {each: owner_settings().get(each, "") for each in web}
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict |= web


def _use(values):
    connection.close()
    for key in ("HOST", "PORT", "USER", "PASSWORD", "NAME"):
        connection.settings_dict[key] = values.get(key, "")
    connection.ensure_connection()
