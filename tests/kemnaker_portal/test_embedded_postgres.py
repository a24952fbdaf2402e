"""The server that comes with the portal, on real clusters in folders of their own."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from kemnaker_portal import embedded_postgres, postgres_programs
from kemnaker_portal.embedded_postgres import (
    TIME_LIMITS,
    EmbeddedPostgres,
    database_from_url,
    database_settings,
    in_use,
)
from kemnaker_portal.postgres_programs import NOBODY, EmbeddedPostgresError, Programs
from tests.waiting import wait_for

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 60


def connect(data_dir, role="web", **changes):
    settings = database_settings(data_dir, role)
    arguments = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "dbname": settings["NAME"],
        "user": settings["USER"],
    }
    return psycopg2.connect(**(arguments | changes))


def ask(data_dir, sql, role="web", **changes):
    connection = connect(data_dir, role, **changes)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


@contextmanager
def another_process_using(data_dir):
    """A process of its own that says it has the server, and holds it until told to go on."""
    code = """
        import sys
        from pathlib import Path
        from kemnaker_portal.embedded_postgres import in_use
        with in_use(Path(sys.argv[1])):
            print("has it", flush=True)
            sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(data_dir)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def has_it(process):
    return process.stdout.readline() == b"has it\n"


def processes(data_dir):
    return EmbeddedPostgres(data_dir)._processes()


def postmaster(data_dir):
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


# A first start


def test_settings_name_the_socket_and_start_nothing(tmp_path):
    assert database_settings(tmp_path, "owner") == {
        "ENGINE": "kemnaker_portal.database",
        "HOST": str(tmp_path / "socket"),
        "PORT": "5432",
        "NAME": "portal",
        "USER": "portal_owner",
    }
    assert list(tmp_path.iterdir()) == []


def test_settings_refuse_a_role_nobody_has(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="PORTAL_DB_ROLE is 'admin'"):
        database_settings(tmp_path, "admin")


@pytest.mark.parametrize("role", TIME_LIMITS)
def test_each_role_has_its_limits_of_time(role, tmp_path):
    with in_use(tmp_path):
        for limit, value in TIME_LIMITS[role].items():
            assert ask(tmp_path, f"SHOW {limit}", role) == [(value,)]


def test_a_cluster_of_an_older_release_gets_the_roles_of_this_one(tmp_path):
    with in_use(tmp_path):
        pass
    # As it was made before there was a role for background work.
    Programs(tmp_path / "postgres").run(
        *("postgres", "--single", "-c", "exit_on_error=on", "portal"),
        sql="REVOKE ALL ON DATABASE portal FROM portal_jobs\nREVOKE ALL ON SCHEMA public FROM portal_jobs\n"
        "DROP ROLE portal_jobs\n",
    )
    (tmp_path / "postgres" / "pg_hba.conf").write_text("local all portal_web,portal_owner trust\n")

    with in_use(tmp_path):
        assert ask(tmp_path, "SELECT current_user::text", "jobs") == [("portal_jobs",)]
        assert ask(tmp_path, "SELECT has_schema_privilege('public', 'USAGE')", "jobs") == [(True,)]


def test_first_start_makes_database_and_roles(tmp_path):
    with in_use(tmp_path):
        assert ask(
            tmp_path,
            "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname LIKE 'portal%' ORDER BY 1",
        ) == [
            ("portal_jobs", False, False),
            ("portal_owner", False, True),
            ("portal_web", False, False),
        ]
        assert ask(
            tmp_path,
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), "
            "datlocprovider, datlocale FROM pg_database "
            "WHERE datname = 'portal'",
        ) == [("portal_owner", "UTF8", "b", "PG_UNICODE_FAST")]
        assert ask(tmp_path, "SELECT lower('ÉIRE'), to_tsvector('simple', 'Ñandú')::text") == [
            ("éire", "'ñandú':1")
        ]
    assert not list(tmp_path.glob("postgres.new-*"))


def test_web_role_makes_no_tables_and_owner_does(data_dir):
    with in_use(data_dir):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(data_dir, "CREATE TABLE t (id int)")
        ask(data_dir, "CREATE TABLE t (id int)", role="owner")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(data_dir, "SELECT * FROM t")


def test_nobody_is_superuser_across_the_socket(data_dir):
    with in_use(data_dir), pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
        connect(data_dir, user="postgres")


def test_test_databases_of_the_owner_have_the_same_rules(data_dir):
    with in_use(data_dir):
        ask(data_dir, "CREATE DATABASE test_portal", role="owner", dbname="postgres")
        assert ask(data_dir, "SELECT datlocale FROM pg_database WHERE datname = 'test_portal'") == [
            ("PG_UNICODE_FAST",)
        ]
        ask(data_dir, "CREATE TABLE t (id int)", role="owner", dbname="test_portal")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(data_dir, "CREATE TABLE u (id int)", dbname="test_portal")


def test_server_is_durable_and_deaf_to_the_network(data_dir):
    with in_use(data_dir):
        for name, value in {
            "listen_addresses": "",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
        }.items():
            assert ask(data_dir, f"SHOW {name}") == [(value,)], name
        assert (data_dir / "socket").stat().st_mode & 0o777 == 0o700
        assert (data_dir / "postgres").stat().st_mode & 0o777 == 0o700


def test_settings_of_the_caller_for_other_servers_do_not_disturb(data_dir, monkeypatch):
    for name, value in {"PGPORT": "6543", "PGHOST": "db.example", "PGDATA": "/nowhere"}.items():
        monkeypatch.setenv(name, value)
    with in_use(data_dir):
        assert ask(data_dir, "SELECT 1") == [(1,)]


def test_folder_name_with_signs_a_shell_would_read(tmp_path, finished_cluster):
    data_dir = tmp_path / 'it\'s "my" $HOME, folder'
    data_dir.mkdir()
    shutil.copytree(finished_cluster, data_dir / "postgres")
    with in_use(data_dir):
        assert ask(data_dir, "SELECT 1") == [(1,)]


def test_long_folder_gets_a_short_socket(tmp_path, finished_cluster):
    data_dir = tmp_path / ("long" * 25)
    data_dir.mkdir()
    shutil.copytree(finished_cluster, data_dir / "postgres")
    with in_use(data_dir) as server:
        assert server.socket_folder.parent == Path("/tmp")  # noqa: S108
        assert server.socket_folder.stat().st_mode & 0o777 == 0o700
        assert ask(data_dir, "SELECT 1") == [(1,)]
    assert not server.socket_folder.exists()


def test_socket_folder_prepared_by_a_stranger_is_refused(data_dir, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (data_dir / "socket").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EmbeddedPostgresError, match="is not ours"):
        EmbeddedPostgres(data_dir).acquire()


def test_root_without_namespaces_runs_the_server_as_nobody_even_in_closed_folders(tmp_path, monkeypatch):
    package = postgres_programs.binaries().parents[1]
    closed = tmp_path / "closed"
    for folder in (package / "pginstall18", package.with_name(f"{package.name}.libs")):
        copied = closed / folder.relative_to(package.parent)
        shutil.copytree(folder, copied, ignore=shutil.ignore_patterns("include"))
    closed.chmod(0o700)
    programs = closed / package.name / "pginstall18" / "bin"
    monkeypatch.setattr(postgres_programs, "binaries", lambda: programs)
    monkeypatch.setattr(Programs, "namespace_works", False)
    with in_use(closed / "data"):
        expected = NOBODY if os.geteuid() == 0 else os.geteuid()
        assert Path(f"/proc/{postmaster(closed / 'data')}").stat().st_uid == expected
        assert ask(closed / "data", "SELECT 1") == [(1,)]


def test_cluster_made_with_namespaces_goes_on_without(data_dir, monkeypatch):
    with in_use(data_dir):
        ask(data_dir, "CREATE TABLE kept (id int)", role="owner")
    monkeypatch.setattr(Programs, "namespace_works", False)
    with in_use(data_dir):
        assert ask(data_dir, "SELECT count(*) FROM kept", role="owner") == [(0,)]


def test_cluster_of_another_release_is_refused_with_the_remedy(data_dir):
    (data_dir / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 17"):
        EmbeddedPostgres(data_dir).acquire()


def test_server_that_cannot_start_shows_the_end_of_its_log(data_dir):
    with (data_dir / "postgres" / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        EmbeddedPostgres(data_dir).acquire()


# Users come and go


def test_last_user_stops_the_server(data_dir):
    with another_process_using(data_dir) as other:
        assert has_it(other)
        with in_use(data_dir):
            assert ask(data_dir, "SELECT 1") == [(1,)]
        assert ask(data_dir, "SELECT 1") == [(1,)]
        other.stdin.close()
        assert other.wait(PATIENCE) == 0
    assert processes(data_dir) == []


def test_killed_user_holds_nothing(data_dir):
    with another_process_using(data_dir) as other:
        assert has_it(other)
    with in_use(data_dir):
        pass
    assert processes(data_dir) == []


def test_forked_child_keeps_the_server(data_dir):
    reader, writer = os.pipe()
    with in_use(data_dir):
        child = os.fork()
        if child == 0:
            os.close(writer)
            os.read(reader, 1)
            os._exit(0)
    assert ask(data_dir, "SELECT 1") == [(1,)]
    os.close(writer)
    os.waitpid(child, 0)
    with in_use(data_dir):
        pass
    assert processes(data_dir) == []


def test_two_first_starts_at_once_share_one_server(tmp_path):
    with another_process_using(tmp_path) as one, another_process_using(tmp_path) as two:
        assert has_it(one)
        assert has_it(two)
        assert ask(tmp_path, "SELECT 1") == [(1,)]
        for process in (one, two):
            process.stdin.close()
            assert process.wait(PATIENCE) == 0
    assert processes(tmp_path) == []


# Killed at any moment

MAKING = {
    "nothing made yet": "postgres.lock",
    "folder made": "postgres.new-*",
    "initdb begun": "postgres.new-*/PG_VERSION",
    "initdb at work": "postgres.new-*/global/pg_control",
    "access rules written": "postgres.new-*/postgresql.auto.conf",
    "roles being made": "postgres.new-*/postmaster.pid",
    "moved to its place": "postgres",
}
STARTING = {
    "settings written": "postgres/portal.conf",
    "server starting": "postgres/postmaster.pid",
    "server listening": "socket/.s.PGSQL.5432",
}


def kill_a_start_at(data_dir, sign):
    with another_process_using(data_dir) as first:
        wait_for(lambda: any(data_dir.glob(sign)))
        first.kill()
        first.wait()


def assert_that_all_is_well(data_dir):
    with in_use(data_dir):
        assert ask(data_dir, "SELECT current_user::text") == [("portal_web",)]
        ask(data_dir, "CREATE TABLE t (id int)", role="owner")
    assert processes(data_dir) == []


@pytest.mark.parametrize("sign", MAKING.values(), ids=MAKING.keys())
def test_making_killed_at_a_moment_is_made_good_by_the_next_start(tmp_path, sign):
    kill_a_start_at(tmp_path, sign)
    assert_that_all_is_well(tmp_path)


@pytest.mark.parametrize("sign", STARTING.values(), ids=STARTING.keys())
def test_start_killed_at_a_moment_is_made_good_by_the_next(data_dir, sign):
    (data_dir / "postgres" / "portal.conf").unlink()
    kill_a_start_at(data_dir, sign)
    assert_that_all_is_well(data_dir)


@pytest.mark.parametrize("who", ["the postmaster", "everyone"])
def test_killed_server_with_living_users_starts_again_and_lost_nothing(data_dir, who):
    with in_use(data_dir) as server:
        ask(data_dir, "CREATE TABLE t AS SELECT 1 AS id", role="owner")
        busy = connect(data_dir)
        victims = [postmaster(data_dir)] if who == "the postmaster" else processes(data_dir)
        for pid in victims:
            with suppress(ProcessLookupError):  # a helper of the server may just have ended
                os.kill(pid, signal.SIGKILL)
        wait_for(lambda: server._postmaster() is None)

        with in_use(data_dir):
            assert ask(data_dir, "SELECT id FROM t", role="owner") == [(1,)]
        assert ask(data_dir, "SELECT 1") == [(1,)]
        busy.close()


def test_user_revives_a_dead_server(data_dir):
    with in_use(data_dir) as server:
        assert server.ensure_running() is False
        os.kill(postmaster(data_dir), signal.SIGKILL)
        wait_for(lambda: server._postmaster() is None)

        assert server.ensure_running() is True
        assert ask(data_dir, "SELECT 1") == [(1,)]


def test_left_over_process_number_of_a_stranger_does_not_keep_the_server_from_starting(data_dir):
    stale = data_dir / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{data_dir / 'postgres'}\n1\n5432\n\n\n1 1\nready\n")
    with in_use(data_dir):
        assert ask(data_dir, "SELECT 1") == [(1,)]


def test_server_without_its_socket_is_started_anew(data_dir, monkeypatch):
    monkeypatch.setattr(embedded_postgres, "SILENT_SECONDS", 0.2)
    with in_use(data_dir):
        (data_dir / "socket" / ".s.PGSQL.5432").unlink()
        with in_use(data_dir):
            assert ask(data_dir, "SELECT 1") == [(1,)]


# A server of one's own


def test_url_with_everything():
    url = "postgresql://portal%40web:p%2Fss%3Aword@db.example:6432/kemitraan?sslmode=require"
    assert database_from_url(url) == {
        "ENGINE": "kemnaker_portal.database",
        "HOST": "db.example",
        "PORT": "6432",
        "NAME": "kemitraan",
        "USER": "portal@web",
        "PASSWORD": "p/ss:word",
        "OPTIONS": {"sslmode": "require"},
    }


def test_url_with_a_socket_and_the_short_scheme():
    settings = database_from_url("postgres://portal@/kemitraan?host=/run/postgresql")
    assert (settings["HOST"], settings["NAME"], settings["PORT"]) == (
        "/run/postgresql",
        "kemitraan",
        "5432",
    )


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("", "does not begin with postgresql://"),
        ("mysql://u:geheim@h/n", "does not begin with postgresql://"),
        ("postgresql://u:geheim@h:54x2/n", "is not a valid address"),
        ("postgresql://u:geheim@h:99999/n", "is not a valid address"),
        ("postgresql://u:geheim@[::1/n", "is not a valid address"),
        ("postgresql://u:geheim@/n", "names no host"),
        ("postgresql://u:geheim@h", "names no database"),
        ("postgresql://u:geheim@h/n/m", "names no database"),
        ("postgresql://u:geheim@h/n?sslmod=require", r"options nobody knows \(sslmod\)"),
    ],
)
def test_malformed_url_names_variable_and_remedy_but_no_password(url, complaint):
    with pytest.raises(ImproperlyConfigured, match=complaint) as refusal:
        database_from_url(url, "DATABASE_OWNER_URL")
    message = str(refusal.value)
    assert message.startswith("DATABASE_OWNER_URL ")
    assert "postgresql://user:password@host:5432/name" in message
    assert "geheim" not in message


def test_driver_is_psycopg2_and_its_successor_is_absent():
    # With psycopg 3 installed, Django would use it without a word.
    assert importlib.util.find_spec("psycopg") is None
    assert not is_psycopg3
