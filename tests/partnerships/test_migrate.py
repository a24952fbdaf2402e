"""Migrating while people work: nobody waits long behind a migration that waits for a table."""

from contextlib import closing

import pytest
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import OperationalError, connection, migrations, transaction

from partnerships.management.commands import migrate
from tests.databases import owner_connection


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
