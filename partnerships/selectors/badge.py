"""How much waits for a reader, kept as long as nothing was written: every page says it."""

import datetime
from collections import OrderedDict
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from kemnaker_portal.readers import reading_for
from partnerships.register.index.watch import noted_times
from partnerships.selectors.inbox import open_count

# So many readers are remembered, those who asked last.
_MOST_READERS = 1_000

_kept: OrderedDict = OrderedDict()


@dataclass(frozen=True)
class _Kept:
    count: int
    noted: int
    day: datetime.date


def open_count_of(user):
    """What ``inbox.open_count`` gives; asked again only when something was written, or on another day."""
    # The number is kept for that user, whoever the rows of the page are read for.
    with reading_for(user):
        return _open_count_of(user, timezone.localdate())


def _open_count_of(user, today):
    if connection.in_atomic_block:
        return open_count(user, today)
    kept = _kept.get(user.pk)
    # Before it is counted: what is written meanwhile has it counted again.
    noted = noted_times()
    if kept and (kept.noted, kept.day) == (noted, today):
        return _keep(user, kept)
    return _keep(user, _Kept(open_count(user, today), noted, today))


def _keep(user, kept):
    _kept[user.pk] = kept
    _kept.move_to_end(user.pk)
    while len(_kept) > _MOST_READERS:
        _kept.popitem(last=False)
    return kept.count
