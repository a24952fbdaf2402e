"""kill -9 of an import at any moment: every record of its file or none, and the next run brings them all."""

import os
import random
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.apps import apps

from tests.databases import at_work_in, copy_of_the_test_database
from tests.serving import RECORDS, ROOT, Served


@pytest.fixture
def before_an_import(django_db_setup, django_db_blocker, tmp_path):
    """Gives, again and again, a portal into which nothing has been imported yet."""

    @contextmanager
    def portal():
        with copy_of_the_test_database(f"test_import_{os.getpid()}") as database, at_work_in(database):
            yield Served(database, str(tmp_path))

    with django_db_blocker.unblock():
        yield portal


def importing(portal):
    return subprocess.Popen(
        [sys.executable, "manage.py", *RECORDS],
        cwd=ROOT,
        env=portal.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def rows():
    """How many rows each table of the register has, those of the history among them."""
    models = apps.get_app_config("partnerships").get_models()
    return {model._meta.db_table: model._base_manager.count() for model in models}


def test_an_import_is_written_whole_or_not_at_all_and_the_next_run_brings_the_same(before_an_import, rounds):
    with before_an_import() as portal:
        nothing = rows()
        began = time.monotonic()
        assert importing(portal).wait() == 0
        longest = time.monotonic() - began
        everything = rows()
    assert everything["partnerships_agreement"] > nothing["partnerships_agreement"]
    moments = random.Random(20251128)  # noqa: S311 - moments, no secrets

    for _kill in range(rounds(sample=2, full=60)):
        with before_an_import() as portal:
            process = importing(portal)
            time.sleep(moments.uniform(longest / 4, longest))
            process.kill()
            process.wait()

            assert rows() in (nothing, everything)
            assert importing(portal).wait() == 0
            assert rows() == everything
