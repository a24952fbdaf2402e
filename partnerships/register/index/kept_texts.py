"""The searchable texts that a process keeps, and how they are kept true (register.notes)."""

import datetime
import logging
import threading
from dataclasses import dataclass, field

import numpy as np
from django.db import DatabaseError, connection
from django.utils import timezone

from partnerships.models import AgreementSearch
from partnerships.models.agreement_queryset import words_in
from partnerships.register import notes
from partnerships.register.index.shared import missed_no_note, one_state
from partnerships.register.index.texts import Texts, understood
from partnerships.register.index.watch import noted_times

# So few texts are read at once; more are read beside the requests, which ask the database until then.
_FEW = 2_000
# Beyond so many papers read anew, all are.
_MOST_FRESH = 300

log = logging.getLogger(__name__)

_lock = threading.Lock()
_kept: dict = {}
_reading: threading.Thread | None = None


@dataclass
class _Kept:
    """Texts, true up to the snapshot ``seen``, and as long as it is ``noted`` no further time; those of the
    papers ``changed`` since are read as ``fresh``."""

    texts: Texts
    seen: str
    database: int
    noted: int
    asked_at: datetime.datetime = field(default_factory=timezone.now)
    changed: set = field(default_factory=set)
    fresh: Texts | None = None


def found_in_memory(text):
    """The ids of the papers that ``keys_matching`` finds, as they are now; None where the database has to be
    asked: within a transaction, while the texts are read, and for what only the database understands."""
    if connection.in_atomic_block:
        return None
    kept = _kept_now()
    if kept is None:
        return None
    if not words_in(text):
        return np.empty(0, np.int64)
    words = understood(text)
    if words is None:
        return None
    texts, changed, fresh = kept
    part = text.strip().lower()
    found = texts.matching(words, part)
    if fresh is None:
        return found
    return np.concatenate([found[~np.isin(found, changed)], fresh.matching(words, part)])


def read_texts():
    """Read the texts now, for a process that has the time."""
    kept = _read(noted_times())
    with _lock:
        _kept[None] = kept


def _kept_now():
    noted = noted_times()
    with _lock:
        kept = _kept.get(None)
        if kept is None or not (missed_no_note(kept) and (kept.noted == noted or _brought_up_to_date(kept))):
            kept = _kept[None] = _read_or_begin_to(noted)
        if kept is None:
            return None
        kept.noted = noted
        return kept.texts, [*kept.changed], kept.fresh


def _brought_up_to_date(kept):
    """Read anew what was written; whether that was enough, and not everything has to be."""
    seen, database, noted = notes.since(kept.seen)
    if database != kept.database or notes.EVERYTHING in noted:
        return False
    papers = {note for note in noted if note > 0}
    if not papers:
        kept.seen = seen
        return True
    if len(kept.changed | papers) > _MOST_FRESH:
        return False
    with one_state():
        seen, _database, noted = notes.since(kept.seen)
        changed = kept.changed | {note for note in noted if note > 0}
        kept.fresh = Texts(sorted(changed))
    kept.seen, kept.changed = seen, changed
    return notes.EVERYTHING not in noted


def _read_or_begin_to(noted):
    if AgreementSearch.objects.count() <= _FEW:
        return _read(noted)
    global _reading
    if _reading is None or not _reading.is_alive():
        _reading = threading.Thread(target=_read_beside, name="searchable-texts", daemon=True)
        _reading.start()
    return None


def _read(noted):
    with one_state():
        seen, database = notes.now()
        return _Kept(Texts(), seen, database, noted)


def _read_beside():
    """Read the texts while requests are answered by the database; a thread of its own."""
    try:
        read_texts()
    except DatabaseError:
        # The next search has it tried again.
        log.warning("the searchable texts could not be read beside the requests", exc_info=True)
    finally:
        connection.close()
