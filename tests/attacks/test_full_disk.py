"""The disk of PostgreSQL fills up while people work: they are told so, and nothing they were answered is lost
(T56). The disks of uploads and of made files are tried where these are tested."""

import os
import subprocess
import time
from collections import Counter
from contextlib import suppress

import psycopg2
import pytest

from partnerships.roles import Role
from script.internals.serve import revive
from tests.attacks.test_stopped_database import Readers
from tests.attacks.writers import as_owner, assert_whole, wait_until_answered
from tests.conftest import person
from tests.waiting import wait_for

DISK = "320m"
# More than the log of the database holds before it needs another file.
MUCH_LOG = "SELECT pg_logical_emit_message(false, 'much', repeat('x', 1000000)) FROM generate_series(1, 300)"

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")


@pytest.fixture
def small_disk(tmp_path):
    """The folder of the database, on a disk of its own that is soon full."""
    folder = tmp_path / "postgresql"
    folder.mkdir(mode=0o700)
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mounted, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def own_server(small_disk, own_server):
    return own_server


def fill(disk):
    """Take all the room that is left."""
    with (disk / "filler").open("ab", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))


def test_a_full_disk_of_the_database_is_said_and_nothing_answered_is_lost(
    small_disk, looked_after, served, writers, capsys
):
    wait_until_answered(writers, since=time.monotonic())
    with Readers(served, person(Role.REGISTRAR, "biro-kerja-sama")) as readers:
        wait_for(lambda: readers.statuses()[200])

        # The tables can't grow: nobody is able to save, everybody is able to read.
        fill(small_disk)
        wait_for(lambda: all(writer.codes[503] + writer.codes[507] >= 3 for writer in writers))
        assert all("Tidak ada kiriman yang tersimpan setengah" in writer.browser.said for writer in writers)
        full = time.monotonic()
        wait_for(lambda: readers.statuses(since=full)[200] >= 10)
        assert set(readers.statuses()) == {200}

        # The log can't grow either: the database ends, and can't start again.
        with suppress(psycopg2.OperationalError):
            as_owner(looked_after, MUCH_LOG)
        gone = time.monotonic()
        wait_for(lambda: readers.statuses(since=gone)[503])
        wait_for(lambda: looked_after._postmaster() is None)
        revive(looked_after)
        assert "does not start" in capsys.readouterr().out

        (small_disk / "filler").unlink()
        back = wait_until_answered(writers, since=time.monotonic())
        room = time.monotonic()
        wait_for(lambda: readers.statuses(since=room)[200])
    for writer in writers:
        writer.end()

    codes = sum((writer.codes for writer in writers), start=Counter())
    pages = dict(readers.statuses())
    print(f"\nsaves {dict(codes)}, pages {pages}; all answered {back:.1f} s after there was room")
    assert set(codes) <= {200, 503, 507}
    assert set(readers.statuses()) == {200, 503}
    assert_whole(looked_after, writers)
