"""Which papers showed a sign of life, and which sleep, over all of them at once: what
``AgreementQuerySet.with_dormancy`` says of each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from partnerships.lifecycle import ONCE_SIGNED, Status
from partnerships.models import AgreementKind, DormantState, SignOfLife, Validity
from partnerships.models.dormancy import Timely
from partnerships.register.index.block import NEVER
from partnerships.register.index.selection import Selection

_NOT_YET = np.iinfo(np.int32).max
_SIGNS = list(SignOfLife)


@dataclass(frozen=True)
class Speed:
    """How long papers took from their signing to a sign of life: how many have shown it, the middle of their
    days (None: of none), how many showed it within the limit, and how many could have by now."""

    shown: int
    middle: int | None
    in_time: int
    measured: int


class Lives:
    """The signs of life of the papers of an index on a day; ``today`` is the index of the papers below, which
    are those of now whatever day the register is read on."""

    def __init__(self, index, today, day):
        self._index = index
        self._today = today
        self._on = day.toordinal()

    @cached_property
    def asleep(self):
        """The papers that sleep, by DormantState."""
        late = Selection(self._index, [days <= self._on for days in self._missed])
        asleep = late & self.going_on & self._index.everything
        decided = self._decided()
        return {DormantState.UNDECIDED: asleep & ~decided, DormantState.DECIDED: asleep & decided}

    @property
    def all_asleep(self):
        return self.asleep[DormantState.UNDECIDED] | self.asleep[DormantState.DECIDED]

    def longest_asleep(self, selection, most, *, last=False):
        """The ids of so many papers of a selection, all of them asleep, that have slept longest; with
        ``last`` those that fell asleep last."""
        found = [
            (-int(days[place]) if last else int(days[place]), block.refs[place], int(block.ids[place]))
            for block, days, mask in zip(self._index.blocks, self._missed, selection.masks, strict=True)
            for place in _first_of(days, np.flatnonzero(mask), most, last)
        ]
        return [paper for _day, _ref, paper in sorted(found)[:most]]

    @cached_property
    def going_on(self):
        """The signed papers that are not over."""
        alive = self._index.having("validity", [Validity.IN_FORCE, Validity.ENDING, Validity.UNKNOWN])
        return alive & self._index.having("status_then", [Status.SIGNED])

    def _decided(self):
        """The papers on which a decision holds."""
        return self._index.where(lambda block: block.decided_until >= self._on)

    def speed(self, selection, sign, within):
        """The Speed of the papers of a selection to a sign that is due ``within`` days."""
        days, waiting = [], 0
        for block, firsts, mask in zip(self._index.blocks, self._firsts, selection.masks, strict=True):
            mask = mask & (block.signed_latest != NEVER) & (block.signed_latest <= self._on)
            first = firsts[_SIGNS.index(sign)]
            shown = mask & (first <= self._on)
            days.append(first[shown] - block.signed_latest[shown])
            waiting += int((mask & ~shown & (block.signed_latest + within < self._on)).sum())
        took = np.sort(np.concatenate(days))
        middle = int(took[(len(took) - 1) // 2]) if len(took) else None
        return Speed(len(took), middle, int((took <= within).sum()), len(took) + waiting)

    def showing(self, sign, when):
        """The papers that showed a sign, and when (Timely): as ``models.dormancy.showing`` says."""
        return Selection(
            self._index,
            [
                self._timely(block, firsts[_SIGNS.index(sign)], sign, when)
                for block, firsts in zip(self._index.blocks, self._firsts, strict=True)
            ],
        )

    def _timely(self, block, first, sign, when):
        mask = np.zeros(len(block), bool)
        signed = (block.signed_latest != NEVER) & (block.signed_latest <= self._on)
        if when == Timely.SHOWN:
            return signed & (first <= self._on)
        for limit in self._index.limits:
            if (within := limit.days(sign)) is None:
                continue
            due = block.signed_latest + within
            late = (first > due) & ((first <= self._on) | (due < self._on))
            fits = (first <= due) & (first <= self._on) if when == Timely.IN_TIME else late
            mask |= block.groupings["kind"].having([limit.kind]) & signed & fits
        return mask

    @cached_property
    def _firsts(self):
        """Of each block, the days of the signs of its papers, in the order of SignOfLife."""
        signed = self._today.having("status", ONCE_SIGNED) & self._today.everything
        plans = signed & self._today.having("kind", [AgreementKind.RENCANA_AKSI])
        return [
            [
                self._first_below(block, signed),
                self._first_below(block, plans),
                np.where(block.first_progress == NEVER, _NOT_YET, block.first_progress),
            ]
            for block in self._index.blocks
        ]

    def _first_below(self, block, papers):
        """Of each paper of the block, the day on which the first of these papers under it was signed."""
        first = np.full(len(block), _NOT_YET, np.int32)
        for source, mask in zip(self._today.blocks, papers.masks, strict=True):
            days = source.signed_latest
            mask = mask & (source.implements > 0) & (days != NEVER) & (days <= self._on)
            above = source.implements[mask]
            known = block.place_known(above)
            np.minimum.at(first, block.places(above[known]), days[mask][known])
        return first

    @cached_property
    def _missed(self):
        """Of each block, the day since which each paper is past a limit of its kind; a day that never comes
        for one that is past none."""
        return [
            self._missed_by(block, firsts)
            for block, firsts in zip(self._index.blocks, self._firsts, strict=True)
        ]

    def _missed_by(self, block, firsts):
        missed = np.full(len(block), _NOT_YET, np.int32)
        for limit in self._index.limits:
            of_kind = block.groupings["kind"].having([limit.kind]) & (block.signed_latest != NEVER)
            for number, sign in enumerate(_SIGNS):
                if (within := limit.days(sign)) is not None:
                    # A later sign stands for an earlier one.
                    owed = of_kind & ~(np.minimum.reduce(firsts[number:]) <= self._on)
                    missed[owed] = np.minimum(missed[owed], block.signed_latest[owed] + within + 1)
        return missed


class LivesThen(Lives):
    """The same of an earlier day, from the index of now: which papers there were and went on, and what had
    been decided, is read from their past."""

    @cached_property
    def going_on(self):
        return self._index.where(lambda block: block.past.goes_on(self._on)) & self._index.everything

    def _decided(self):
        return self._index.where(lambda block: block.past.decided_until(self._on) >= self._on)


def _first_of(days, places, most, last):
    """Of some places those with the earliest days, or the latest ones: so many, and what is alike to them."""
    if len(places) <= most:
        return places.tolist()
    found = -days[places] if last else days[places]
    return places[found <= np.partition(found, most - 1)[most - 1]].tolist()
