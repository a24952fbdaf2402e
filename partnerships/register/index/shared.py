"""The index that a process keeps, and how it learns of what was written since.

Triggers note the id of every paper that a transaction touches, with the transaction's own number
(partnerships_registerchange). What this process has not seen yet are the notes that its last snapshot
of the database could not see: exact over any number of processes, without a lock that writers wait for.
"""

import datetime
import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from partnerships.register.index.papers import PaperIndex

# Notes in place of the id of a paper: everything has to be read anew; only what things are called.
EVERYTHING, NAMES = 0, -1
# Beyond so many papers read anew, the whole is read anew beside the requests.
_MOST_FRESH = 300
# The index of today and of so many other days, the last asked for.
_MOST_DAYS = 3
# Notes are kept for a day; who has not asked for so long may have missed some.
_NOTED_FOR = datetime.timedelta(days=1)
_LONG_AGO = datetime.timedelta(hours=12)

_lock = threading.Lock()
_kept: OrderedDict = OrderedDict()

_NOTED = """
    SELECT pg_current_snapshot()::text, d.oid, (
        SELECT array_agg(DISTINCT agreement_id) FROM partnerships_registerchange
        WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
        AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
    )
    FROM pg_database d WHERE d.datname = current_database()
"""


@dataclass
class _Kept:
    """An index, true up to the snapshot ``seen``; ``changed`` are the papers read anew since its base."""

    index: PaperIndex
    seen: str
    database: int
    day: datetime.date
    asked_at: datetime.datetime = field(default_factory=timezone.now)
    changed: set = field(default_factory=set)
    being_read: bool = False


def index_of(on=None):
    """The index of now: of the papers as they stand, or as they stood on a day.

    Within a transaction it is read from what that transaction sees, and kept by nobody.
    """
    if connection.in_atomic_block:
        return PaperIndex.read(on)
    with _lock:
        kept = _kept.get(on)
        if kept is None or not (_is_recent(kept) and _brought_up_to_date(kept, on)):
            kept = _kept[on] = _read(on)
        _kept.move_to_end(on)
        while len(_kept) > _MOST_DAYS:
            _kept.popitem(last=False)
        return kept.index


def _is_recent(kept):
    now = timezone.now()
    missed_nothing, kept.asked_at = now - kept.asked_at < _LONG_AGO, now
    return missed_nothing and kept.day == timezone.localdate()


def forget_old_notes():
    """Delete the notes that every process has seen, or is too late for; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM partnerships_registerchange WHERE noted_at < %s", [timezone.now() - _NOTED_FOR]
        )
        return cursor.rowcount


def _brought_up_to_date(kept, on):
    """Read anew what was written; whether that was enough, and not everything has to be."""
    seen, database, noted = _ask(kept.seen)
    if database != kept.database or EVERYTHING in (noted or []):
        return False
    if not noted:
        kept.seen = seen
        return True
    with _one_state():
        kept.seen, _database, noted = _ask(kept.seen)
        if EVERYTHING in noted:
            return False
        kept.changed |= {paper for paper in noted if paper != NAMES}
        kept.index = kept.index.with_fresh(sorted(kept.changed), on, names_too=NAMES in noted)
    if len(kept.changed) > _MOST_FRESH and not kept.being_read:
        kept.being_read = True
        threading.Thread(target=_read_beside, args=(on,), name="register-index", daemon=True).start()
    return True


def _ask(seen):
    with connection.cursor() as cursor:
        cursor.execute(_NOTED, {"seen": seen})
        return cursor.fetchone()


def _read(on):
    with _one_state() as cursor:
        cursor.execute(
            "SELECT pg_current_snapshot()::text, oid FROM pg_database WHERE datname = current_database()"
        )
        seen, database = cursor.fetchone()
        return _Kept(PaperIndex.read(on), seen, database, timezone.localdate())


def _read_beside(on):
    """Read everything anew while requests are answered from what there is; a thread of its own."""
    try:
        kept = _read(on)
        with _lock:
            _kept[on] = kept
    finally:
        connection.close()


@contextmanager
def _one_state():
    """One state of the data for several questions."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor
