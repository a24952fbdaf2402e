"""kill -9 of every process of PostgreSQL while people save: what was answered stays, and all goes on."""

import os
import random
import signal
import time
from contextlib import suppress

from tests.attacks.writers import assert_whole, wait_until_answered

MOST_KILLS = 10
# Commits stay in memory for seconds, and nothing else brings them to the disk meanwhile.
FORGETFUL = """
synchronous_commit = off
wal_writer_delay = 10s
wal_writer_flush_after = 1GB
bgwriter_lru_maxpages = 0
autovacuum = off
"""


def kill(server):
    """End every process of the server at once; when that was."""
    for pid in server._processes():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return time.monotonic()


def killed_while_saving(server, writers, seed, rounds):
    """The longest time (s) after one of the kills until all writers were answered again."""
    moments, longest = random.Random(seed), 0.0  # noqa: S311 - moments, no secrets
    for _round in range(rounds):
        time.sleep(moments.uniform(0.5, 1.5))
        longest = max(longest, wait_until_answered(writers, since=kill(server)))
    for writer in writers:
        writer.end()
    return longest


def test_nothing_that_was_answered_is_lost_and_all_goes_on_by_itself(looked_after, writers, rounds):
    kills = rounds(sample=2, full=60)

    longest = killed_while_saving(looked_after, writers, seed=20250322, rounds=kills)

    assert not any(writer.has_lost for writer in writers)
    assert_whole(looked_after, writers)
    answered = sum(writer.answered for writer in writers)
    print(f"{answered:,} saves answered around {kills} kills, none lost; again after {longest:.1f} s at most")


def test_a_database_that_does_not_wait_for_the_disk_loses_what_was_answered(looked_after, writers):
    """What waiting is good for: the same writers over a server that answers before a save is on the disk."""
    with (looked_after.cluster / "postgresql.conf").open("a") as conf:
        conf.write(FORGETFUL)
    os.kill(looked_after._postmaster(), signal.SIGHUP)
    kills = 0

    while kills < MOST_KILLS and not any(writer.has_lost for writer in writers):
        # A kill shows nothing unless somebody was answered since the one before.
        wait_until_answered(writers, since=time.monotonic())
        wait_until_answered(writers, since=kill(looked_after))
        kills += 1

    assert any(writer.has_lost for writer in writers)
    lost = sum(writer.has_lost for writer in writers)
    print(f"{lost} of {len(writers)} writers lost a save that was answered, in the {kills} kills it took")
