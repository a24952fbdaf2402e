"""The texts and pages that a process keeps to search in, and how they are kept true (register.notes)."""

import datetime
import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np
from django.db import DatabaseError, connection
from django.utils import timezone

from kemnaker_portal.readers import whole_register
from kemnaker_portal.replicas import reading
from partnerships.models import AgreementSearch, PageText
from partnerships.models.agreement_queryset import words_in
from partnerships.register import notes
from partnerships.register.index.shared import missed_no_note, one_state
from partnerships.register.index.texts import Pages, Texts, understood
from partnerships.register.index.watch import noted_times

# So few texts are read at once; more are read beside the requests, which ask the database until then.
_FEW = 2_000
# Beyond so many papers read anew, all are.
_MOST_FRESH = 300
# The words of a page take about half a kB; of more pages than these the database is asked.
_MOST_PAGES = 200_000

_NOTHING = np.empty(0, np.int64)

log = logging.getLogger(__name__)

_lock = threading.Lock()
_kept: dict = {}
_reading: threading.Thread | None = None


@dataclass
class _Kept:
    """What is searched, true up to the snapshot ``seen``, and as long as it is ``noted`` no further time; of
    the papers ``changed`` since (ids) it is read as ``fresh``."""

    texts: Texts
    pages: Pages | None
    seen: str
    database: int
    noted: int
    asked_at: datetime.datetime = field(default_factory=timezone.now)
    changed: Collection[int] = frozenset()
    fresh: tuple[Texts, Pages] | None = None


def found_in_memory(text):
    """The ids of the papers that ``keys_matching`` finds, as they are now; None where the database has to be
    asked: within a transaction, while the texts are read, and for what only the database understands."""
    if reading().in_atomic_block:
        return None
    kept, words = _asked(text)
    if kept is None or not words_in(text):
        return kept and _NOTHING
    part = text.strip().lower()
    found = kept.texts.matching(words, part)
    if kept.fresh is None:
        return found
    texts, _pages = kept.fresh
    return np.concatenate([found[~np.isin(found, kept.changed)], texts.matching(words, part)])


def found_on_pages_in_memory(text, user):
    """The ids of the papers of which a page of a document in force has every word, as far as the reader may
    have it with its paper; None where the database has to be asked."""
    if reading().in_atomic_block:
        return None
    kept, words = _asked(text)
    if kept is None or kept.pages is None:
        return None
    found = kept.pages.saying(words, user, kept.changed)
    if kept.fresh is None:
        return found
    _texts, pages = kept.fresh
    return np.concatenate([found, pages.saying(words, user)])


def _asked(text):
    """(what is kept as of now, the words of the text as they are understood), or (None, None)."""
    kept = _kept_now()
    words = kept and understood(tuple(words_in(text)))
    return (None, None) if words is None else (kept, words)


@whole_register()
def read_texts():
    """Read the texts now, for a process that has the time."""
    kept = _read(noted_times())
    with _lock:
        _kept[None] = kept


@whole_register()
def _kept_now():
    noted = noted_times()
    with _lock:
        kept = _kept.get(None)
        if kept is None or not (missed_no_note(kept) and (kept.noted == noted or _brought_up_to_date(kept))):
            kept = _kept[None] = _read_or_begin_to(noted)
        if kept is None:
            return None
        kept.noted = noted
        # As it is now: another request may bring it up to date meanwhile.
        return replace(kept, changed=[*kept.changed])


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
        kept.fresh = Texts(sorted(changed)), Pages(sorted(changed))
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
        pages = Pages() if PageText.objects.count() <= _MOST_PAGES else None
        return _Kept(Texts(), pages, seen, database, noted)


def _read_beside():
    """Read the texts while requests are answered by the database; a thread of its own."""
    try:
        read_texts()
    except DatabaseError:
        # The next search has it tried again.
        log.warning("the searchable texts could not be read beside the requests", exc_info=True)
    finally:
        connection.close()
