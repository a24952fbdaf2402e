"""The commitments that a process keeps beside its papers, and how they are kept true (register.notes)."""

import datetime
import logging
import threading
from dataclasses import dataclass, field

from django.db import DatabaseError, connection
from django.utils import timezone

from kemnaker_portal.readers import whole_register
from kemnaker_portal.replicas import reading
from partnerships.register import notes
from partnerships.register.index.commitments import CommitmentIndex
from partnerships.register.index.look import looked_up
from partnerships.register.index.shared import index_of, missed_no_note, one_state
from partnerships.register.index.standings import Standings
from partnerships.register.index.watch import noted_times

_lock = threading.Lock()
_kept: dict = {}
# Beyond so many commitments at once everything is read anew.
_MOST_AT_ONCE = 20_000
# When so many have been read anew, everything is, beside the requests: what they have in common with others
# is told once more for each.
_MOST_FRESH = 5_000

log = logging.getLogger(__name__)


@dataclass
class _Kept:
    """Standings, true up to the snapshot ``seen``, and as long as it is ``noted`` no further time; and the
    last index that was made of them."""

    standings: Standings
    seen: str
    database: int
    noted: int
    asked_at: datetime.datetime = field(default_factory=timezone.now)
    read_anew: int = 0
    being_read: bool = False
    index: CommitmentIndex | None = None


def commitment_index():
    """The commitments of now, whose state of any day can be asked for, beside the papers of now.

    Within a transaction they are read from what that transaction sees, and kept by nobody.
    """
    return looked_up("commitments", _commitment_index)


@whole_register()
def _commitment_index():
    papers = index_of()
    if reading().in_atomic_block:
        return CommitmentIndex(papers, Standings.read())
    noted = noted_times()
    with _lock:
        kept = _kept.get(None)
        if kept is None or not (missed_no_note(kept) and (kept.noted == noted or _brought_up_to_date(kept))):
            kept = _kept[None] = _read(noted)
        kept.noted = noted
        kept.index = _index(kept, papers)
        return kept.index


def _index(kept, papers):
    last = kept.index
    if last and (last.papers, last.standings) == (papers, kept.standings):
        return last
    # What offices are part of changes with the names of things, and with the pairs that there are.
    offices = vars(last).get("offices") if last else None
    same = offices and last.papers.names is papers.names and offices.pairs is kept.standings.offices.values
    return CommitmentIndex(papers, kept.standings, offices if same else None)


def _brought_up_to_date(kept):
    """Read anew what was written; whether that was enough, and not everything has to be."""
    seen, database, noted = notes.since(kept.seen, notes.STANDINGS)
    if database != kept.database:
        return False
    if not noted:
        kept.seen = seen
        return True
    with one_state():
        seen, _database, noted = notes.since(kept.seen, notes.STANDINGS)
        if notes.EVERYTHING in noted or len(noted) > _MOST_AT_ONCE:
            return False
        kept.standings, kept.seen = kept.standings.with_fresh(noted), seen
    kept.read_anew += len(noted)
    if kept.read_anew > _MOST_FRESH and not kept.being_read:
        kept.being_read = True
        threading.Thread(target=_read_beside, name="ledger-index", daemon=True).start()
    return True


def _read(noted):
    with one_state():
        seen, database = notes.now()
        return _Kept(Standings.read().with_reported(), seen, database, noted)


@whole_register()
def _read_beside():
    """Read everything anew while requests are answered from what there is; a thread of its own."""
    try:
        kept = _read(noted_times())
        with _lock:
            _kept[None] = kept
    except DatabaseError:
        # The next commitment that is written has it tried again.
        log.warning("the commitments could not be read anew beside the requests", exc_info=True)
        with _lock:
            _kept[None].being_read = False
    finally:
        connection.close()
