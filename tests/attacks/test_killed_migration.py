"""A migration that is ended half-way: the next run completes it, and nothing tells the two from one."""

import os
import random
import subprocess
import sys
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kemnaker_portal.database.base import DatabaseWrapper
from tests.databases import (
    addresses_of,
    as_owner_in,
    copy_of_the_test_database,
    empty_database,
    rows,
    schema_of,
)
from tests.serving import ROOT

# What locks nothing, and so is taken back by nobody: (app, name) of each, the shortest first.
IN_STEPS = [("accounts", "0005_clean_names"), ("partnerships", "0019_clean_text")]
# What the last step of migrate makes: who may do what, of each kind of record.
PERMISSIONS = """
    SELECT app_label, model, codename FROM auth_permission
    JOIN django_content_type ON django_content_type.id = content_type_id
"""


@pytest.fixture(autouse=True)
def unblocked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def migrating(name):
    """Every migration, as somebody starts it."""
    environment = {**os.environ, **addresses_of(name), "PORTAL_DB_ROLE": "owner"}
    return subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environment
    )


def applied(name):
    """How many migrations are noted as carried out."""
    is_begun = "SELECT to_regclass('django_migrations') IS NOT NULL"
    return rows(name, "SELECT count(*) FROM django_migrations")[0][0] if rows(name, is_begun)[0][0] else 0


def test_a_killed_run_is_completed_by_the_next_one(rounds):
    chance = random.Random("migrations")  # noqa: S311 - moments, no secrets
    with empty_database(f"test_whole_{os.getpid()}") as whole:
        began = time.monotonic()
        assert migrating(whole).wait() == 0
        took, schema = time.monotonic() - began, schema_of(whole)
        permissions, number = sorted(rows(whole, PERMISSIONS)), applied(whole)
    moments = []
    for _round in range(rounds(sample=1, full=20)):
        with empty_database(f"test_killed_{os.getpid()}") as name:
            # The first second is for Python alone.
            for moment in sorted(chance.uniform(1, took) for _kill in range(3)):
                running = migrating(name)
                time.sleep(moment)
                running.kill()
                running.wait()
                moments.append(applied(name))
            assert migrating(name).wait() == 0

            assert schema_of(name) == schema
            assert sorted(rows(name, PERMISSIONS)) == permissions
            assert applied(name) == number
    print(f"killed after {sorted(moments)} of {number} migrations; all of them take {took:.1f} s")


@pytest.mark.parametrize("key", IN_STEPS, ids=".".join)
def test_a_migration_in_steps_is_taken_up_after_each_of_them(key, rounds, monkeypatch):
    # These databases are older than the function that is told who reads.
    monkeypatch.setattr(DatabaseWrapper, "_listens", False)
    with empty_database(f"test_before_{os.getpid()}") as before:
        graph = MigrationLoader(None).graph
        (parent,) = (each.key for each in graph.node_map[key].parents if each.key[0] == key[0])
        with as_owner_in(before):
            call_command("migrate", *parent, verbosity=0)
        whole, steps = taken_up(before, key, after=0), len(graph.nodes[key].operations)
        for after in range(1 if rounds(sample=0, full=1) else steps - 2, steps + 1):
            assert taken_up(before, key, after) == whole, f"after {after} of {steps} steps"


def test_only_what_is_known_to_be_in_steps_is():
    nodes = MigrationLoader(None).graph.nodes
    ours = {"accounts", "partnerships", "regions"}

    assert sorted(key for key in nodes if key[0] in ours and not nodes[key].atomic) == IN_STEPS


def taken_up(before, key, after):
    """The schema that one more run leaves where that migration was ended after so many of its steps."""
    with copy_of_the_test_database(f"test_steps_{os.getpid()}", before) as copy, as_owner_in(copy):
        loader = MigrationLoader(connection)
        migration = loader.graph.nodes[key]
        migration.operations = migration.operations[:after]
        with connection.schema_editor(atomic=False) as editor:
            migration.apply(loader.project_state(key, at_end=False), editor)
        call_command("migrate", *key, verbosity=0)
        return schema_of(copy)
