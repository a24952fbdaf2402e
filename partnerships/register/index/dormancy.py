"""Which papers showed a sign of life, and which sleep, over all of them at once: what
``AgreementQuerySet.with_dormancy`` says of each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from partnerships.lifecycle import ONCE_SIGNED, Status
from partnerships.models import AgreementKind, DormantState, SignOfLife, Validity
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
        index = self._index
        alive = index.having("validity", [Validity.IN_FORCE, Validity.ENDING, Validity.UNKNOWN])
        late = Selection(index, [self._past_a_limit(place) for place in range(len(index.blocks))])
        since = late & alive & index.having("status_then", [Status.SIGNED]) & index.everything
        decided = index.where(lambda block: block.decided_until >= self._on)
        return {DormantState.UNDECIDED: since & ~decided, DormantState.DECIDED: since & decided}

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

    def shown_in_time(self, sign, in_time=True):
        """The papers that showed a sign in time, or did not: as ``models.dormancy.shown_in_time`` says."""
        return Selection(
            self._index,
            [
                self._timely(block, firsts[_SIGNS.index(sign)], sign, in_time)
                for block, firsts in zip(self._index.blocks, self._firsts, strict=True)
            ],
        )

    def _timely(self, block, first, sign, in_time):
        mask = np.zeros(len(block), bool)
        signed = (block.signed_latest != NEVER) & (block.signed_latest <= self._on)
        for limit in self._index.limits:
            if (within := limit.days(sign)) is None:
                continue
            due = block.signed_latest + within
            late = (first > due) & ((first <= self._on) | (due < self._on))
            fits = (first <= due) & (first <= self._on) if in_time else late
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

    def _past_a_limit(self, place):
        block, firsts = self._index.blocks[place], self._firsts[place]
        late = np.zeros(len(block), bool)
        for limit in self._index.limits:
            of_kind = block.groupings["kind"].having([limit.kind]) & (block.signed_latest != NEVER)
            for number, sign in enumerate(_SIGNS):
                if (within := limit.days(sign)) is not None:
                    # A later sign stands for an earlier one.
                    shown = np.minimum.reduce(firsts[number:]) <= self._on
                    late |= of_kind & ~shown & (block.signed_latest + within < self._on)
        return late
