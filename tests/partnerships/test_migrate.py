"""Migrating while people work: nobody waits long behind it, and nothing is there that nobody may use."""

from contextlib import closing

import pytest
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import OperationalError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from partnerships.management.commands import migrate
from tests.databases import at_work_as_owner, owner_connection


@pytest.fixture
def a_migration_of_themes(own_database, monkeypatch):
    """Instead of all that is due, one migration that wants a table for itself; how often it was begun."""
    begun = []

    def apply(self, *args, **options):
        self.verbosity = 0
        begun.append(1)
        self.migration_progress_callback("apply_start", migrations.Migration("0999_sample", "partnerships"))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE partnerships_theme")

    monkeypatch.setattr(DjangosMigrate, "handle", apply)
    return begun


@pytest.fixture
def reader(own_database):
    """Somebody whose question about the same table takes long."""
    with closing(owner_connection(own_database)) as reader, reader.cursor() as cursor:
        reader.autocommit = False
        cursor.execute("SELECT FROM partnerships_theme")
        yield reader


def test_a_migration_lets_go_and_tries_again(a_migration_of_themes, reader, monkeypatch, capsys):
    monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: reader.rollback())

    migrate.Command().handle()

    assert len(a_migration_of_themes) == 2
    assert "A table is in use: tried again in 1 s." in capsys.readouterr().out


def test_a_table_that_is_never_free_is_told(a_migration_of_themes, reader, monkeypatch):
    monkeypatch.setattr(migrate, "_PAUSES", (1, None))
    monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: None)

    with pytest.raises(OperationalError, match="lock timeout"):
        migrate.Command().handle()
    assert len(a_migration_of_themes) == 2


def test_of_two_at_once_the_second_waits(a_migration_of_themes, own_database):
    with closing(owner_connection(own_database)) as first, first.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [migrate._ONE_AT_A_TIME])
        with connection.cursor() as second:
            second.execute("SET lock_timeout = '50ms'")

        with pytest.raises(OperationalError, match="lock timeout"):
            migrate.Command().handle()

    assert a_migration_of_themes == []


# What is there when a migration is committed, and nothing came after it.

APP = "partnerships"
A_TABLE = migrations.CreateModel(
    "Sample",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("theme", models.ForeignKey(f"{APP}.theme", models.PROTECT)),
    ],
)


@pytest.fixture
def as_owner(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), at_work_as_owner("migrating"):
        yield


def carry_out(operation):
    command = migrate.Command()
    command.verbosity = 0
    executor = MigrationExecutor(connection, command.migration_progress_callback)
    migration = migrations.Migration("0999_sample", APP)
    migration.operations = [operation]
    executor.apply_migration(executor.loader.project_state(), migration)


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_migration_that_could_not_be_noted_is_taken_back_whole(as_owner, monkeypatch):
    def end(*_migration):
        raise KeyboardInterrupt

    monkeypatch.setattr(MigrationRecorder, "record_applied", end)

    with pytest.raises(KeyboardInterrupt):
        carry_out(A_TABLE)

    assert ask("SELECT to_regclass('partnerships_sample') IS NULL")


def test_people_may_use_a_new_table_at_once_and_do_no_more_than_use_it(as_owner):
    carry_out(A_TABLE)

    for role in ("portal_web", "portal_jobs"):
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
            may = ask(f"SELECT has_table_privilege('{role}', 'partnerships_sample', '{right}')")
            assert may == (right not in {"TRUNCATE", "TRIGGER"}), (role, right)
        assert ask(f"SELECT has_sequence_privilege('{role}', 'partnerships_sample_id_seq', 'USAGE')")


def test_a_trigger_that_a_migration_replaced_goes_on_working_as_the_owner(as_owner):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgfoid::regproc::text, pg_get_functiondef(tgfoid) FROM pg_trigger"
            " WHERE tgrelid = 'partnerships_progressreport'::regclass AND NOT tgisinternal LIMIT 1"
        )
        name, text = cursor.fetchone()
    assert " SECURITY DEFINER" in text

    carry_out(migrations.RunSQL(text.replace(" SECURITY DEFINER", "")))

    assert ask(f"SELECT prosecdef FROM pg_proc WHERE oid = '{name}'::regproc")


def test_rights_that_somebody_gave_by_hand_are_taken_back(as_owner, monkeypatch):
    monkeypatch.setattr(DjangosMigrate, "handle", lambda *args, **options: None)
    with connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE, TRUNCATE ON partnerships_statuschange TO portal_web")

    migrate.Command().handle()

    assert not ask(
        "SELECT has_table_privilege('portal_web', 'partnerships_statuschange', 'UPDATE, TRUNCATE')"
    )
