"""Whether anything was noted at all: one question for everything that a process keeps (register.notes)."""

import datetime
import threading
from dataclasses import dataclass

from django.utils import timezone

from partnerships.register import notes
from partnerships.register.index.look import looked_up

_lock = threading.Lock()


@dataclass
class _Watch:
    """How often something had been noted by the snapshot ``seen``, and a position of the database's log by
    which the last of it was written."""

    seen: str
    database: int
    written_by: str
    asked_at: datetime.datetime
    times: int = 0


_kept: dict[None, _Watch] = {}


def noted_times():
    """A number that stays the same as long as nothing is noted, of papers, commitments or work.

    What is read after this has been asked is true for as long as the answer is the same.
    """
    return looked_up("notes", _noted_times)


def last_note_written_by():
    """A position of the database's log by which everything was written that had been noted when noted_times
    was last asked: a copy that has come so far has all that is counted in memory."""
    noted_times()
    with _lock:
        return _kept[None].written_by


def _noted_times():
    with _lock:
        watch, now = _kept.get(None), timezone.now()
        if watch is None:
            watch = _kept[None] = _Watch(*notes.now_and_where(), now)
            return watch.times
        seen, database, is_noted, written_by = notes.anything_since(watch.seen)
        # After so long notes may have been forgotten.
        if is_noted or database != watch.database or now - watch.asked_at >= notes.LONG_AGO:
            watch.times += 1
            watch.written_by = written_by
        watch.seen, watch.database, watch.asked_at = seen, database, now
        return watch.times
