"""What papers were on any day: read once, so that a row of days costs no more than one."""

import numpy as np

from partnerships.lifecycle import Status
from partnerships.models import DormancyDecision, Term
from partnerships.models.agreement_parts import StatusChange
from partnerships.models.dormancy import held_until

_NEVER = np.iinfo(np.int32).min
_OPEN = np.iinfo(np.int32).max
_AT_A_TIME = 10_000


class Past:
    """The steps, the terms and the decisions of the papers of a block (``papers``: their ids, None for all),
    from which follows what ``as_of``, ``with_validity`` and ``decided_until`` say of a day. Days are numbers
    (``date.toordinal``); masks have a place for each paper of the block."""

    def __init__(self, block, papers=None):
        self._size = len(block)
        self._signed = block.signed_earliest
        of_these = {} if papers is None else {"agreement__in": papers}
        steps = StatusChange.objects.filter(**of_these).order_by("pk")
        signed = steps.values_list("agreement", "effective_on", "new")
        self._steps = _Rows(block, signed, (_day(_NEVER), lambda status: status == Status.SIGNED))
        terms = Term.objects.filter(**of_these).order_by("position", "pk")
        names = ("starts_earliest", "ends_latest", "agreed_latest", "ends_open", "ended_early")
        days = (_day(_NEVER), _day(_OPEN), _day(_OPEN), int, int)
        self._terms = _Rows(block, terms.values_list("agreement", *names), days)
        made = DormancyDecision.objects.filter(**of_these).order_by("pk").annotate(until=held_until())
        rows = made.values_list("agreement", "decided_on", "until")
        self._decisions = _Rows(block, rows, (_day(_NEVER), _day(_NEVER)))

    def goes_on(self, day):
        """The papers that were signed and not over: in force, ending soon, or of unknown end."""
        effective, is_signed = self._steps.columns
        signed = self._steps.last(effective <= day, is_signed, self._size, 0).astype(bool)
        starts, ends, agreed, is_open, early = self._terms.columns
        begun = starts <= day
        # A term that was closed early had until then the end that was agreed.
        end = np.where((early > 0) & (ends > day), agreed, np.where(is_open > 0, _OPEN, ends))
        # Without a term the end is not known; without one that has begun the paper has not begun.
        has_terms = np.zeros(self._size, bool)
        has_terms[self._terms.places] = True
        last = self._terms.last(begun, end, self._size, _NEVER)
        return signed & (self._signed <= day) & (~has_terms | (last >= day))

    def decided_until(self, day):
        """Until when the latest decision on each paper, of those made by the day, holds."""
        decided_on, until = self._decisions.columns
        return self._decisions.last(decided_on <= day, until, self._size, _NEVER)


class _Rows:
    """Rows about papers of a block, in the order in which they count: the place of each one's paper, and the
    columns that are read of it."""

    def __init__(self, block, rows, said):
        found = tuple(zip(*rows.iterator(chunk_size=_AT_A_TIME), strict=True)) or ((),) * (len(said) + 1)
        papers = np.array(found[0], np.int64)
        known = block.place_known(papers)
        self.places = block.places(papers[known])
        self.columns = [
            np.array([say(value) for value in values], np.int32)[known]
            for say, values in zip(said, found[1:], strict=True)
        ]

    def last(self, mask, values, size, nothing):
        """Of each paper the value of its last row in the mask."""
        found = np.full(size, nothing, np.int32)
        # Where a place stands several times, the last value stays.
        found[self.places[mask]] = values[mask]
        return found


def _day(nothing):
    return lambda day: nothing if day is None else day.toordinal()
