"""The commitments of the ledger in memory: arrays, in the order in which they are to be reported."""

import bisect
from decimal import Decimal
from functools import cached_property, partial

import numpy as np

from partnerships.models import Agreement, Funding, Recurrence
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.reporting import DUE_SOON
from partnerships.register.index import rows
from partnerships.register.index.coded import Coded, spliced
from partnerships.register.index.exact import total
from partnerships.register.index.reported import Reported, day_of, parts_of

# The day of what has none; after every other, as in the order of the ledger.
NO_DAY = np.iinfo(np.int32).max

STATES = tuple(CommitmentState)
_FUNDINGS = ("", *Funding.values)
_RECURRENCES = tuple(Recurrence.values)
_CHOICES = {"funding": _FUNDINGS, "recurrence": _RECURRENCES}
# What is alike in all of these is counted as one: (name, how many bits, as a whole number in SQL).
_ALIKE = (
    ("measurable", 1, "measurable::int"),
    ("waits", 1, "(waiting > 0)::int"),
    ("returned", 1, "(returned > 0)::int"),
    ("owes", 1, "owes::int"),
    ("demonstration", 1, "demonstration::int"),
    ("funding", 4, f"array_position('{{\"\",{','.join(_FUNDINGS[1:])}}}'::text[], funding::text) - 1"),
    ("recurrence", 4, f"array_position('{{{','.join(_RECURRENCES)}}}'::text[], recurrence::text) - 1"),
    ("indicator", 40, "coalesce(indicator_id, 0)"),
)
# A rate is two whole numbers of fifteen digits, which are added up exactly: a third has twenty digits in the
# database, a billionth twenty-eight.
DIGITS = 15
_FEW_PAPERS = 5_000
_BITS_OF_OFFICE = 31


def _alike_in_sql():
    shift, parts = 0, []
    for _name, bits, sql in _ALIKE:
        parts.append(f"(({sql})::bigint << {shift})")
        shift += bits
    return " | ".join(parts)


def _day(column):
    return f"coalesce({day_of(column)}, {NO_DAY})"


def _counted(column):
    return f"CASE WHEN measurable THEN {parts_of(column)} ELSE 0 END"


_COLUMNS = {
    "ids": ("commitment_id", "i8", np.int64),
    "paper": ("agreement_id", "i8", np.int64),
    "position": ("position", "i2", np.int16),
    "next_due": (_day("next_due"), "i4", np.int32),
    "withdrawn_on": (_day("withdrawn_on"), "i4", np.int32),
    "due": (_day("due"), "i4", np.int32),
    "waiting": ("waiting", "i4", np.int32),
    "alike": (_alike_in_sql(), "i8", np.int64),
    "offices": (
        f"(coalesce(owner_id, 0) << {_BITS_OF_OFFICE}) | coalesce(owing_id, 0)",
        "i8",
        np.int64,
    ),
    # Of what is measured, counted up to 1; the rest of it is 0.
    "rate": ("CASE WHEN measurable THEN trunc(least(rate, 1) * 1e15) ELSE 0 END::bigint", "i8", np.int64),
    # Of what is measured, in ten-thousandths of its unit.
    "promised": (_counted("target"), "i8", np.int64),
    "done": (_counted("achieved"), "i8", np.int64),
    "rest": (
        "CASE WHEN measurable AND rate < 1 THEN trunc(mod(rate * 1e15, 1) * 1e15) ELSE 0 END::bigint",
        "i8",
        np.int64,
    ),
}
_SQL = f"SELECT {', '.join(sql for sql, *_types in _COLUMNS.values())} FROM partnerships_commitmentstanding"  # noqa: S608
_TYPES = {name: types for name, (_sql, *types) in _COLUMNS.items()}
_CODED = ("paper", "alike", "offices", "rate", "promised", "done")


class Standings:
    """Every commitment there is, with what it is counted and filtered by on any day: plain columns, and
    Coded ones: its ``paper``, what is ``alike`` (``of_alike``), its ``offices`` (``both_offices``), its
    ``rate``, what was ``promised`` and ``done`` (in PARTS of reported.py)."""

    def __init__(self, columns, refs):
        self.ids, self.position, self.waiting = (columns[name] for name in ("ids", "position", "waiting"))
        self.next_due, self.withdrawn_on, self.due = (
            columns[name] for name in ("next_due", "withdrawn_on", "due")
        )
        self.paper, self.alike, self.offices = (columns[name] for name in _CODED[:3])
        self.rate, self.promised, self.done = (columns[name] for name in _CODED[3:])
        # The references of the papers, in bytes: these have the order of the database.
        self._refs = refs
        self._states = {}
        self._achieved = {}

    @classmethod
    def read(cls):
        """The commitments as they stand."""
        columns = _read()
        coded = {name: Coded.of(columns.pop(name)) for name in _CODED}
        refs = _refs_of(coded["paper"].values)
        by_ref = np.argsort(np.argsort(refs))[coded["paper"].codes]
        order = np.lexsort((columns["ids"], columns["position"], by_ref, columns["next_due"]))
        columns = {name: column[order] for name, column in columns.items()}
        return cls(columns | {name: each.sorted_by(order) for name, each in coded.items()}, refs)

    def with_fresh(self, ids):
        """The same commitments with these (ids) read anew; without those that are gone."""
        new = _read(ids)
        refs = _refs_of(new["paper"])
        keys = list(zip(new["next_due"], refs, new["position"], new["ids"], strict=True))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        gone = np.flatnonzero(np.isin(self.ids, np.asarray(ids, np.int64)))
        before = np.array([self._place(keys[each]) for each in order], np.int64)
        places = before - np.searchsorted(gone, before)
        columns = {}
        for name, column in new.items():
            kept = getattr(self, name)
            splice = kept.spliced if name in _CODED else partial(spliced, kept)
            columns[name] = splice(gone, places, column[order])
        more = columns["paper"].values[len(self.paper) :]
        fresh = Standings(columns, self._refs if not len(more) else np.append(self._refs, _refs_of(more)))
        if "reported" in vars(self):
            fresh.reported = self.reported.with_fresh(ids)
        return fresh

    def _place(self, key):
        """Before which commitment one stands with that key."""
        return bisect.bisect_left(range(len(self)), key, key=self._key)

    def _key(self, place):
        ref = self._refs[self.paper.codes[place]]
        return self.next_due[place], ref, self.position[place], self.ids[place]

    def __len__(self):
        return len(self.ids)

    # --- which commitments: masks -------------------------------------------------------------

    def among(self, ids):
        """Those with these ids."""
        return np.isin(self.ids, np.asarray(ids, np.int64))

    def in_states(self, states, day):
        wanted = np.zeros(len(STATES), bool)
        wanted[[_CODE[CommitmentState(state)] for state in states]] = True
        return wanted.take(self.states(day))

    def withdrawn_by(self, day):
        return self.withdrawn_on <= day.toordinal()

    def due_from(self, day):
        return (self.due >= day.toordinal()) & (self.due != NO_DAY)

    def due_until(self, day):
        return self.due <= day.toordinal()

    def lacking(self, things):
        """Those without an ``indicator``, without a ``due`` date, or without both."""
        mask = np.ones(len(self), bool)
        if "indicator" in things:
            mask &= self.alike_with("indicator", [0])
        if "due" in things:
            mask &= self.due == NO_DAY
        return mask

    def alike_with(self, name, values):
        """Those with one of the values of a part of what is alike."""
        return np.isin(of_alike(self.alike.values)[name], _codes(name, values)).take(self.alike.codes)

    # --- an earlier day -----------------------------------------------------------------------

    @cached_property
    def reported(self):
        """What reports brought to them."""
        return Reported.read()

    def with_reported(self):
        """The same, with what reports brought to them read already, of the same state of the data."""
        self.reported = Reported.read()
        return self

    def achieved_by(self, day):
        """How much of each that can be measured had been achieved, as was known by a day, in PARTS."""
        achieved = self._achieved.get(day)
        if achieved is None:
            achieved = self._achieved_by(day)
            # The last two days are kept: of a period and of the one before it.
            self._achieved = dict([*self._achieved.items()][-1:]) | {day: achieved}
        return achieved

    def _achieved_by(self, day):
        return self._of_reported(self.reported.by(day))

    @cached_property
    def deliveries(self):
        """(how many verified reports each has, the end of the latest of their periods or 0)."""
        return tuple(map(self._of_reported, self.reported.deliveries))

    def _of_reported(self, numbers):
        """Of each commitment the number that was found for it among those with reports; else 0."""
        found = np.zeros(len(self), np.int64)
        known, places = self._places_of_reported
        found[places[known]] = numbers[known]
        return found

    @cached_property
    def _places_of_reported(self):
        """(which of the commitments with reports are here, at which places)."""
        ids = self.reported.commitments
        if not len(self):
            return np.zeros(len(ids), bool), np.zeros(len(ids), np.intp)
        places = self._by_id[np.searchsorted(self.ids, ids, sorter=self._by_id).clip(max=len(self) - 1)]
        return self.ids[places] == ids, places

    @cached_property
    def _by_id(self):
        return np.argsort(self.ids)

    def states(self, day):
        """Of each the place of its state on a day among STATES, as ``state_on`` has it."""
        states = self._states.get(day)
        if states is None:
            states = self._states_on(day)
            # Most readers ask for today; of other days the last is kept beside it. Replaced as a whole,
            # because several threads may be here.
            self._states = dict([*self._states.items()][-1:]) | {day: states}
        return states

    def _states_on(self, day):
        part = of_alike(self.alike.values)
        dated = np.where(part["returned"], _RETURNED, np.where(part["waits"], _WAITING, _NOT_YET_DUE))
        undated = np.where(
            part["returned"],
            _RETURNED,
            np.where(part["waits"], _WAITING, np.where(part["owes"], _DONE, _UNDATED)),
        )
        # They stand in the order of the next day that is due.
        late, soon, known = np.searchsorted(
            self.next_due, [day.toordinal(), (day + DUE_SOON).toordinal() + 1, NO_DAY]
        )
        codes = self.alike.codes
        states = np.empty(len(self), np.uint8)
        states[:late] = _OVERDUE
        states[late:soon] = np.where(part["returned"], _RETURNED, _DUE).take(codes[late:soon])
        states[soon:known] = dated.take(codes[soon:known])
        states[known:] = undated.take(codes[known:])
        states[self.withdrawn_by(day)] = _WITHDRAWN
        return states


_CODE = {state: code for code, state in enumerate(STATES)}
_OVERDUE, _RETURNED, _DUE, _WAITING = (
    np.uint8(_CODE[CommitmentState(state)]) for state in ("overdue", "returned", "due", "waiting")
)
_NOT_YET_DUE, _DONE, _UNDATED, _WITHDRAWN = (
    np.uint8(_CODE[CommitmentState(state)]) for state in ("not_yet_due", "done", "undated", "withdrawn")
)


def of_alike(values):
    """{name: array} of the parts of what is alike; ``value_of`` says what they mean."""
    found, shift = {}, 0
    for name, bits, _sql in _ALIKE:
        found[name] = (values >> shift) & (2**bits - 1)
        shift += bits
    return found


def value_of(name, code):
    """What a part of what is alike is called in the database: an indicator by its id."""
    if name in _CHOICES:
        return _CHOICES[name][code]
    return int(code) if name == "indicator" else bool(code)


def _codes(name, values):
    return [_CHOICES[name].index(each) if name in _CHOICES else int(each) for each in values]


def both_offices(values):
    """(who answers for it, who owes it) of the values of ``offices``; 0 where nobody does."""
    return values >> _BITS_OF_OFFICE, values & (2**_BITS_OF_OFFICE - 1)


def sum_of(values, numbers):
    """The sum of rates, of which so many have each value: exact, as the database has it."""
    whole, rest = (total(part.astype(np.int64), numbers) for part in (values.real, values.imag))
    # Not rounded, as every operation with decimals would.
    return Decimal(f"{whole * 10**DIGITS + rest}e-{2 * DIGITS}")


def _read(ids=None):
    # What is asked for by its id is few.
    which = "" if ids is None else f" WHERE commitment_id IN ({','.join(str(int(each)) for each in ids)})"
    columns = rows.read(_SQL + which, _TYPES)
    columns["rate"] = columns["rate"] + 1j * columns.pop("rest")
    return columns


def _refs_of(papers):
    """The references of papers (ids), in their order."""
    refs = Agreement.objects.order_by().values_list("pk", "ref")
    if len(papers) < _FEW_PAPERS:
        refs = refs.filter(pk__in=np.unique(papers).tolist())
    found = dict(refs)
    return np.array([found[paper].encode() for paper in papers.tolist()], np.bytes_)
