from functools import cached_property

import numpy as np

from partnerships.models import access_of
from partnerships.models.standing import Figures
from partnerships.register.index.measured import Measured
from partnerships.register.index.offices import Offices, named_in
from partnerships.register.index.reach import Reach
from partnerships.register.index.standings import NO_DAY, STATES, of_alike, sum_of, value_of
from partnerships.roles import ADMIN, ANONYMOUS, Role

# What readers of so many kinds see is kept, a mask of a megabyte each.
_MOST_READERS = 20


class CommitmentIndex:
    """The commitments (Standings) beside the papers (a PaperIndex) that they belong to: whoever sees a paper
    sees its commitments. Masks are arrays over the commitments, in the order of the ledger."""

    def __init__(self, papers, standings, offices=None):
        self.papers = papers
        self.standings = standings
        self._seen_with = {}
        if offices:
            self.offices = offices

    @cached_property
    def offices(self):
        return Offices(self.standings.offices.values)

    @cached_property
    def names(self):
        return self.papers.names

    def selection(self, mask, day):
        return CommitmentSelection(self, mask, day)

    def seen_by(self, user):
        """What ``CommitmentStanding.objects.visible_to`` lets this reader know of."""
        access = access_of(user)
        mask = self._seen_with.get(access)
        if mask is None:
            mask = self.of_papers(self.papers.seen_by(user))
            # Replaced as a whole, because several threads may be here.
            self._seen_with = dict([*self._seen_with.items()][1 - _MOST_READERS :]) | {access: mask}
        return mask

    def of_papers(self, papers):
        """The commitments of some of the papers (a Selection)."""
        mask = np.zeros(len(self.standings.paper), bool)
        for (known, places), of_block in zip(self._places, papers.masks, strict=True):
            mask[known] |= of_block[places]
        if mask.all():
            return np.ones(len(self.standings), bool)
        return mask.take(self.standings.paper.codes)

    def owned_by(self, grouping, values):
        """The commitments with an office that has one of the values in a grouping of the offices."""
        return grouping.having(values).take(self.standings.offices.codes)

    @cached_property
    def _places(self):
        """For each block of papers (which of the papers of commitments are in it, at which positions)."""
        papers, found = self.standings.paper.values, []
        for block in self.papers.blocks:
            known = np.flatnonzero(block.place_known(papers))
            found.append((known, block.places(papers[known])))
        return found

    @cached_property
    def _stand_once(self):
        """Whether no paper of commitments stands there twice, told once more for what came later."""
        papers = self.standings.paper.values
        return len(np.unique(papers)) == len(papers)

    def counts_of_papers(self, numbers, name):
        """How many commitments each value of a grouping of the papers has, from the number of each paper; or
        the sum of what else whole numbers count."""
        counts: dict = {}
        blocks = zip(self.papers.blocks, self._places, self.papers.everything.masks, strict=True)
        for block, (known, places), current in blocks:
            of_block = np.zeros(len(block), np.int64)
            if self._stand_once:
                of_block[places] = numbers[known]
            else:
                np.add.at(of_block, places, numbers[known])
            for value, number in block.groupings[name].sums(of_block * current).items():
                counts[value] = counts.get(value, 0) + number
        return counts


class CommitmentSelection:
    """Some of the commitments of an index, and how many of them have what, as it is on a day."""

    def __init__(self, index, mask, day):
        self._index = index
        self._standings = index.standings
        self._day = day
        self.mask = mask

    @cached_property
    def _size(self):
        return int(np.count_nonzero(self.mask))

    def __len__(self):
        return self._size

    def ids(self):
        """The ids of these, in the order of the ledger."""
        return self._standings.ids[self.mask]

    def ids_between(self, start, stop):
        return self._standings.ids[np.flatnonzero(self.mask)[start:stop]].tolist()

    def counts(self, name):
        """How many of these have each value: of ``state``, of what is alike, of ``region``, ``office`` (with
        everything below it), ``unit``, ``theme`` and ``class``. Values that none has may be left out."""
        if name == "state":
            return dict(zip(STATES, self._alike.sum(axis=0).tolist(), strict=True))
        if name == "region":
            return self._index.offices.regions.counts(self._offices)
        if name == "office":
            return self._index.offices.grouping.counts(self._offices)
        if name in {"unit", "theme", "class"}:
            return self._index.counts_of_papers(self._papers, name)
        part = of_alike(self._standings.alike.values)[name]
        values, codes = np.unique(part, return_inverse=True)
        numbers = np.bincount(codes, self._alike.sum(axis=1))
        return {value_of(name, value): int(n) for value, n in zip(values, numbers, strict=True) if n}

    def offices_known_to(self, user):
        """The offices that owe one of these or answer for it, as far as the reader may know of them: as
        ``Organization.objects.visible_to`` has it."""
        offices, papers = self._index.offices, self._index.papers
        named = set(named_in(offices.pairs[self._offices > 0]))
        access = access_of(user)
        if access.has(Role.REGISTRAR, ADMIN):
            return named
        if access.has(ANONYMOUS):
            return set()
        return named & (offices.known_to_all | set(papers.seen_by(user).counts("organization")))

    @cached_property
    def figures(self):
        """What these come to (models.standing.Figures), without the sums of an indicator."""
        standing = self.mask & (self._standings.withdrawn_on == NO_DAY)
        rate = self._standings.rate
        return self._figures(standing, sum_of(rate.values, self._numbers(rate, standing)))

    def figures_as_of(self, on):
        """The same with what had been achieved by a day, and with what was withdrawn after it."""
        return self._figures(self.mask & ~self._standings.withdrawn_by(on), self.measured(on).rates)

    def _figures(self, standing, rates):
        late = int(np.searchsorted(self._standings.next_due, self._day.toordinal()))
        alike = self._numbers(self._standings.alike, standing)
        return Figures(
            shown=len(self),
            commitments=int(np.count_nonzero(standing)),
            overdue=int(np.count_nonzero(standing[:late])),
            measurable_ones=int(alike[of_alike(self._standings.alike.values)["measurable"] > 0].sum()),
            reports_waiting=int(self._standings.waiting[standing].sum()),
            rates=rates,
        )

    def measured(self, on=None):
        """What was achieved of these, today or as was known by a day, see Measured."""
        return Measured(self._index, self.mask, on)

    def reach(self, indicators):
        """How far those with one of the indicators (ids) have come, see Reach."""
        return Reach(self._index, self.mask, indicators)

    @staticmethod
    def _numbers(column, mask):
        """How many rows of the mask have each value of a coded column."""
        codes = column.codes if mask.all() else column.codes[mask]
        return np.bincount(codes, minlength=len(column))

    @cached_property
    def _offices(self):
        return self._numbers(self._standings.offices, self.mask)

    @cached_property
    def _papers(self):
        return self._numbers(self._standings.paper, self.mask)

    @cached_property
    def _alike(self):
        """How many have each value of what is alike, by state."""
        alike, size = self._standings.alike, len(STATES)
        codes = alike.codes * size + self._standings.states(self._day)
        numbers = np.bincount(codes if self.mask.all() else codes[self.mask], minlength=len(alike) * size)
        return numbers.reshape(len(alike), size)
