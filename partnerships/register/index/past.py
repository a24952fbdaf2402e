"""What papers were on any day: read once, so that a row of days costs no more than one."""

import numpy as np

from partnerships.lifecycle import ONCE_SIGNED, OVER, Status
from partnerships.models import DormancyDecision, Validity
from partnerships.models.agreement_queryset import ENDING_SOON
from partnerships.models.dormancy import held_until
from partnerships.register.index import rows
from partnerships.register.index.reported import day_of

_NEVER = np.iinfo(np.int32).min
# The last day of a term without a known one; after every other.
NO_END = np.iinfo(np.int32).max
_STATUSES = tuple(Status.values)
_NO_STATUS = -1
_SIGNED = _STATUSES.index(Status.SIGNED)


def _int(sql, nothing=None):
    """A whole number in SQL, as ``rows.read`` has it."""
    return f"{sql}::int" if nothing is None else f"coalesce({sql}, {nothing})::int"


# Steps follow one another as they were recorded, terms by their order.
_STEPS = (
    "partnerships_statuschange t",
    "t.id",
    {
        "effective": _int(day_of("t.effective_on"), _NEVER),
        "status": _int(f"array_position('{{{','.join(_STATUSES)}}}'::text[], t.new::text) - 1"),
    },
)
_TERMS = (
    "partnerships_term t",
    "t.position, t.id",
    {
        "starts": _int(day_of("t.starts_earliest"), _NEVER),
        "ends": _int(day_of("t.ends_latest"), NO_END),
        "agreed": _int(day_of("t.agreed_latest"), NO_END),
        "is_open": _int("t.ends_open"),
        "early": _int("t.ended_early"),
    },
)


class Past:
    """The steps, the terms and the decisions of the papers of a block (``papers``: their ids, None for all),
    from which follows what ``as_of``, ``with_validity`` and ``decided_until`` say of a day. Days are numbers
    (``date.toordinal``); masks have a place for each paper of the block."""

    def __init__(self, block, papers=None):
        self._size = len(block)
        self._signed_earliest = block.signed_earliest
        self._steps = _Rows.read(block, *_STEPS, papers)
        self._terms = _Rows.read(block, *_TERMS, papers)
        self._decisions = _Rows.of_decisions(block, papers)
        self._has_terms = np.zeros(self._size, bool)
        self._has_terms[self._terms.places] = True

    def statuses(self, day):
        """Of each paper the place of its status on a day among those of Status; -1 before its first."""
        known = self._steps.effective <= day
        return self._steps.last(known, self._steps.status, self._size, _NO_STATUS)

    def terms(self, day):
        """(which papers have a term that had begun, its last day as it stood then, whether none was agreed);
        NO_END where no end is known."""
        terms = self._terms
        # A term that was closed early had until then the end that was agreed, or none.
        before_it = (terms.early > 0) & (terms.ends > day)
        ends = np.where(before_it, terms.agreed, terms.ends)
        is_open = np.where(before_it, terms.agreed == NO_END, terms.is_open > 0)
        last = terms.last(terms.starts <= day, np.arange(len(terms.starts)), self._size, -1)
        begun = last >= 0
        if not begun.any():
            return begun, np.full(self._size, NO_END, np.int32), begun
        return begun, np.where(begun, ends[last], NO_END), begun & is_open[last]

    def validities(self, day):
        """The Validity of each paper on a day."""
        statuses = self.statuses(day)
        begun, ends, is_open = self.terms(day)
        return np.select(
            [
                ~_among(statuses, ONCE_SIGNED),
                _among(statuses, OVER),
                self._signed_earliest > day,
                ~self._has_terms,
                ~begun,
                is_open,
                ends == NO_END,
                ends < day,
                ends <= day + ENDING_SOON.days,
            ],
            [
                Validity.NOT_BEGUN.value,
                Validity.ENDED.value,
                Validity.NOT_BEGUN.value,
                Validity.UNKNOWN.value,
                Validity.NOT_BEGUN.value,
                Validity.IN_FORCE.value,
                Validity.UNKNOWN.value,
                Validity.ENDED.value,
                Validity.ENDING.value,
            ],
            Validity.IN_FORCE.value,
        )

    def goes_on(self, day):
        """The papers that were signed and not over: in force, ending soon, or of unknown end."""
        begun, ends, _is_open = self.terms(day)
        # Without a term the end is not known; without one that has begun the paper has not begun.
        lasts = ~self._has_terms | begun & (ends >= day)
        return (self.statuses(day) == _SIGNED) & (self._signed_earliest <= day) & lasts

    def decided_until(self, day):
        """Until when the latest decision on each paper, of those made by the day, holds."""
        decided = self._decisions
        return decided.last(decided.decided_on <= day, decided.until, self._size, _NEVER)


def status_of(place):
    """The status at a place among those of ``Past.statuses``."""
    return None if place == _NO_STATUS else _STATUSES[place]


def _day(day):
    return _NEVER if day is None else day.toordinal()


def _among(statuses, wanted):
    return np.isin(statuses, [_STATUSES.index(each) for each in wanted])


class _Rows:
    """Rows about papers of a block, in the order in which they count: the place of each one's paper, and the
    columns that are read of it by their names."""

    def __init__(self, block, papers, columns):
        known = block.place_known(papers)
        self.places = block.places(papers[known])
        for name, column in columns.items():
            setattr(self, name, column[known])

    @classmethod
    def read(cls, block, table, order, columns, papers):
        these = "" if papers is None else f"WHERE t.agreement_id IN ({','.join(map(str, map(int, papers)))})"
        asked = ", ".join(["t.agreement_id::bigint", *columns.values()])
        found = rows.read(
            f"SELECT {asked} FROM {table} {these} ORDER BY {order}",  # noqa: S608 - ids and own words
            {"agreement": ("i8", np.int64), **dict.fromkeys(columns, ("i4", np.int32))},
        )
        return cls(block, found.pop("agreement"), found)

    @classmethod
    def of_decisions(cls, block, papers):
        """Few, and told by expressions of the model."""
        of_these = {} if papers is None else {"agreement__in": papers}
        made = DormancyDecision.objects.filter(**of_these).order_by("pk").annotate(until=held_until())
        found = list(made.values_list("agreement", "decided_on", "until"))
        ids, *days = zip(*found, strict=True) if found else ((), (), ())
        columns = (np.array([*map(_day, each)], np.int32) for each in days)
        return cls(block, np.array(ids, np.int64), dict(zip(("decided_on", "until"), columns, strict=True)))

    def last(self, mask, values, size, nothing):
        """Of each paper the value of its last row in the mask."""
        found = np.full(size, nothing, np.int32)
        # Where a place stands several times, the last value stays.
        found[self.places[mask]] = values[mask]
        return found
