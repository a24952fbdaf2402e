"""What was written to the register or the ledger since a process last looked, as triggers noted it.

A note carries the number of its transaction. What a process has not seen yet are the notes that its last
snapshot of the database could not see: exact over any number of processes, whatever the order in which
transactions end, and without a lock that writers wait for.
"""

import datetime

from django.db import connection
from django.utils import timezone

# Notes in place of the id of a paper: everything may be different; only what things are called; only
# what is to be done.
EVERYTHING, NAMES, WORK = 0, -1, -2
# Notes are kept for a day; who has not looked for so long may have missed some.
_KEPT_FOR = datetime.timedelta(days=1)
LONG_AGO = datetime.timedelta(hours=12)

# The tables of notes, each with the column that says about what: papers, and standings of commitments.
PAPERS = ("partnerships_registerchange", "agreement_id")
STANDINGS = ("partnerships_standingchange", "commitment_id")

_NOW = "SELECT pg_current_snapshot()::text, oid FROM pg_database WHERE datname = current_database()"
_NOW_AND_WHERE = """
    SELECT pg_current_snapshot()::text, oid, pg_current_wal_insert_lsn()::text
    FROM pg_database WHERE datname = current_database()
"""
_SINCE = """
    SELECT pg_current_snapshot()::text, d.oid, ARRAY(
        SELECT DISTINCT {about} FROM {table}
        WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
        AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
    )
    FROM pg_database d WHERE d.datname = current_database()
"""
_UNSEEN = """
    SELECT FROM {table} WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
    AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
"""
_ANYTHING_SINCE = f"""
    SELECT pg_current_snapshot()::text, d.oid,
        EXISTS ({_UNSEEN.format(table=PAPERS[0])}) OR EXISTS ({_UNSEEN.format(table=STANDINGS[0])}),
        pg_current_wal_insert_lsn()::text
    FROM pg_database d WHERE d.datname = current_database()
"""  # noqa: S608


def now():
    """(what is seen by now, which database): to be asked before what is to be kept is read."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        return cursor.fetchone()


def now_and_where():
    """The same, and a position of the database's log by which all of it was written."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW_AND_WHERE)
        return cursor.fetchone()


def since(seen, of=PAPERS):
    """(what is seen by now, which database, the notes since)."""
    table, about = of
    with connection.cursor() as cursor:
        cursor.execute(_SINCE.format(table=table, about=about), {"seen": seen})
        return cursor.fetchone()


def anything_since(seen):
    """(what is seen by now, which database, whether there is a note since, a position of the database's log
    by which all of it was written)."""
    with connection.cursor() as cursor:
        cursor.execute(_ANYTHING_SINCE, {"seen": seen})
        return cursor.fetchone()


def forget_old():
    """Delete the notes that every process has seen, or is too late for; returns how many."""
    forgotten = 0
    with connection.cursor() as cursor:
        for table, _about in (PAPERS, STANDINGS):
            cursor.execute(f"DELETE FROM {table} WHERE noted_at < %s", [timezone.now() - _KEPT_FOR])  # noqa: S608
            forgotten += cursor.rowcount
    return forgotten
