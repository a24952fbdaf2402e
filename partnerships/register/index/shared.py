"""The index that a process keeps, and how it is kept true to what was written since (register.notes)."""

import datetime
import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kemnaker_portal.readers import whole_register
from kemnaker_portal.replicas import from_primary, reading
from partnerships.register import notes
from partnerships.register.index.look import looked_up
from partnerships.register.index.papers import PaperIndex
from partnerships.register.index.watch import noted_times

# Beyond so many papers read anew, the whole is read anew beside the requests.
_MOST_FRESH = 300

log = logging.getLogger(__name__)

_lock = threading.Lock()
_kept: dict = {}


@dataclass
class _Kept:
    """An index, true up to the snapshot ``seen``, and as long as it is ``noted`` no further time; ``changed``
    are the papers read anew since its base."""

    index: PaperIndex
    seen: str
    database: int
    day: datetime.date
    noted: int
    asked_at: datetime.datetime = field(default_factory=timezone.now)
    changed: set = field(default_factory=set)
    being_read: bool = False


def index_of(on=None):
    """The index of now: of the papers as they stand, or as they stood on a day.

    Within a transaction it is read from what that transaction sees, and kept by nobody.
    """
    index = looked_up("papers", _index_of)
    return index.then(on) if on else index


@whole_register()
def _index_of():
    if reading().in_atomic_block:
        return PaperIndex.read()
    noted = noted_times()
    with _lock:
        kept = _kept.get(None)
        if kept is None or not (_is_recent(kept) and (kept.noted == noted or _brought_up_to_date(kept))):
            kept = _kept[None] = _read(noted)
        kept.noted = noted
        return kept.index


def _is_recent(kept):
    return missed_no_note(kept) and kept.day == timezone.localdate()


def missed_no_note(kept):
    """Whether what is kept was asked for not so long ago that notes may have been forgotten since."""
    now = timezone.now()
    asked_at, kept.asked_at = kept.asked_at, now
    return now - asked_at < notes.LONG_AGO


def _brought_up_to_date(kept):
    """Read anew what was written; whether that was enough, and not everything has to be."""
    seen, database, noted = notes.since(kept.seen)
    if database != kept.database:
        return False
    if not _counts(noted):
        kept.seen = seen
        return True
    with one_state():
        kept.seen, _database, noted = notes.since(kept.seen)
        if notes.EVERYTHING in noted:
            return False
        kept.changed |= {note for note in noted if note > 0}
        kept.index = kept.index.with_fresh(sorted(kept.changed), names_too=notes.NAMES in noted)
    if len(kept.changed) > _MOST_FRESH and not kept.being_read:
        kept.being_read = True
        threading.Thread(target=_read_beside, name="register-index", daemon=True).start()
    return True


def _counts(noted):
    """Whether one of the notes is of anything that the index holds."""
    return any(note != notes.WORK for note in noted)


def _read(noted):
    with one_state():
        seen, database = notes.now()
        return _Kept(PaperIndex.read(), seen, database, timezone.localdate(), noted)


@whole_register()
def _read_beside():
    """Read everything anew while requests are answered from what there is; a thread of its own."""
    try:
        kept = _read(noted_times())
        with _lock:
            _kept[None] = kept
    except DatabaseError:
        # The next paper that is written has it tried again.
        log.warning("the register could not be read anew beside the requests", exc_info=True)
        with _lock:
            _kept[None].being_read = False
    finally:
        connection.close()


@contextmanager
def one_state():
    """One state of the data for several questions, as it is at this moment."""
    with from_primary(), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
