import bisect
from collections import OrderedDict
from functools import cached_property

import numpy as np

from kemnaker_portal.readers import whole_register
from partnerships.lifecycle import DRAFTS, Status
from partnerships.models import AgreementKind, DormancyLimit, access_of
from partnerships.register.index.block import NEVER, Block
from partnerships.register.index.dormancy import Lives, LivesThen
from partnerships.register.index.names import Names
from partnerships.register.index.selection import Selection
from partnerships.roles import ADMIN, ANONYMOUS, Role

# The answers to so many searches, the last asked for.
_MOST_SEARCHES = 40
# So many pieces of pages, some 60 kB each.
_MOST_DRAWN = 40
# As many earlier days, the last asked for: of a line over quarters, and of a whole register.
_MOST_DAYS, _MOST_WHOLE_DAYS = 20, 3


class PaperIndex:
    """Every paper there is, as read once; those ``changed`` since (ids) are read anew as ``fresh``, a block
    of their own, as far as they are still there."""

    def __init__(self, base, fresh=None, changed=(), names=None, limits=None):
        self.base = base
        self.blocks = [base, *([fresh] if fresh else [])]
        self._changed = changed
        self._masks_of_readers = {}
        self._orders = {}
        self._lives = {}
        self._lives_then = {}
        self._then = {}
        self._searches = OrderedDict()
        self._drawn = {}
        if names:
            self.names = names
        if limits is not None:
            self.limits = limits

    @classmethod
    def read(cls):
        """The papers as they are now."""
        return cls(Block())

    def then(self, on):
        """The papers of now as they were on a day, and of them those that there were."""
        index = self._then.get(on)
        if index is None:
            index = PaperIndex(
                self.base.then(on),
                *(fresh.then(on) for fresh in self.blocks[1:]),
                changed=self._changed,
                names=self.names,
                limits=self.limits,
            )
            # Replaced as a whole, because several threads may be here.
            self._then = dict([*self._then.items()][1 - _MOST_WHOLE_DAYS :]) | {on: index}
        return index

    @cached_property
    def names(self):
        """What regions, themes, units and events are called."""
        return Names()

    @cached_property
    def limits(self):
        """The DormancyLimits; with a change of these, everything is read anew."""
        return list(DormancyLimit.objects.all())

    def with_fresh(self, ids, names_too):
        """The same papers with these (ids) read anew; papers that are new among them."""
        return PaperIndex(self.base, Block(ids), ids, None if names_too else self.names, limits=self.limits)

    def in_order(self, masks):
        base = np.flatnonzero(masks[0])
        found = self.base.ids[base]
        if len(self.blocks) == 1:
            return found
        fresh = np.flatnonzero(masks[1])
        return np.insert(found, np.searchsorted(base, self._places[fresh]), self.blocks[1].ids[fresh])

    def in_another_order(self, selection, name, read):
        """The ids of a selection in an order that the database knows: ``read`` gives the ids of all papers
        in it, and is asked once for each name."""
        if name not in self._orders:
            with whole_register():
                self._orders[name] = np.fromiter(read(), np.int64)
        order = self._orders[name]
        return order[np.isin(order, selection.ids(), assume_unique=True)]

    @cached_property
    def _places(self):
        """Of each fresh paper, the position in the base before which it stands."""
        fresh = self.blocks[1]
        return np.array(
            [
                bisect.bisect_left(range(len(self.base)), fresh.order_key(place), key=self.base.order_key)
                for place in range(len(fresh))
            ],
            np.int64,
        )

    # --- which papers -------------------------------------------------------------------------
    # Each of these may hold, beside the papers of now, what has been read anew since: see ``everything``.

    @cached_property
    def everything(self):
        base = self.base.there & ~self.base.mask_of(self._changed)
        return Selection(self, [base, *(fresh.there for fresh in self.blocks[1:])])

    def seen_by(self, user):
        """What ``Agreement.objects.visible_to`` lets this reader know of."""
        access = access_of(user)
        if access not in self._masks_of_readers:
            self._masks_of_readers[access] = self._seen_with(access)
        return self._masks_of_readers[access]

    def _seen_with(self, access):
        if access.has(Role.REGISTRAR, ADMIN):
            return self.everything
        seen = self.where(lambda block: np.zeros(len(block), bool))
        settled = ~self.having("status", DRAFTS)
        if access.has(ANONYMOUS):
            seen |= settled & self.where(lambda block: block.published)
        if access.has(Role.LEADERSHIP, Role.UNIT_OFFICER):
            seen |= settled
        if access.units:
            seen |= self.having("organization", access.units)
        if access.regions:
            seen |= self.having("region", access.regions) & ~self.having("status", [Status.PROPOSED])
        return seen & self.everything

    def papers(self):
        """Everything that is a paper."""
        return ~self.having("kind", [AgreementKind.ACTIVITY])

    def having(self, name, values):
        """The papers with at least one of the values of a grouping."""
        return self.where(lambda block: block.groupings[name].having(values))

    def among(self, ids):
        """The papers with these ids."""
        return self.where(lambda block: block.mask_of(ids))

    def told_of(self, paper, name):
        """The one value of a grouping that a paper (id) has; None of a paper that is not here."""
        for block in reversed(self.blocks):
            if block.place_known([paper])[0]:
                return block.groupings[name].value_at(block.places([paper])[0])
        return None

    def searched(self, search, ids_of):
        """The papers that a search (a key of its own) finds: ``ids_of`` asks for their ids, once for as long
        as nothing is written that could change the answer."""
        if search not in self._searches:
            self._searches[search] = self.among(ids_of())
        self._searches.move_to_end(search)
        while len(self._searches) > _MOST_SEARCHES:
            self._searches.popitem(last=False)
        return self._searches[search]

    def drawn(self, what, draw):
        """A piece of a page: ``what`` says everything beside the papers that decides how it looks, so that it
        is drawn once for as long as nothing is written."""
        found = self._drawn.get(what)
        if found is None:
            found = draw()
            # Replaced as a whole, because several threads may be here.
            self._drawn = dict([*self._drawn.items()][1 - _MOST_DRAWN :]) | {what: found}
        return found

    def where(self, mask_of):
        return Selection(self, [mask_of(block) for block in self.blocks])

    def signed_from(self, day):
        return self.where(lambda block: block.signed_latest >= day.toordinal())

    def signed_until(self, day):
        return self.where(
            lambda block: (block.signed_earliest != NEVER) & (block.signed_earliest <= day.toordinal())
        )

    def ending_until(self, day):
        return self.where(lambda block: (block.ends_latest != NEVER) & (block.ends_latest <= day.toordinal()))

    def ending_from(self, day):
        return self.where(lambda block: block.ends_latest >= day.toordinal())

    def with_thing(self, thing):
        """The papers that have the thing of filters.OWN_THINGS."""
        return self.where(lambda block: block.things[thing])

    def lives(self, today, day):
        """The signs of life of the papers on a day (dormancy.Lives); ``today`` is the index of now."""
        if day not in self._lives:
            self._lives[day] = Lives(self, today, day)
        return self._lives[day]

    def lives_then(self, day):
        """The signs of life of the papers of now as they were on an earlier day (dormancy.LivesThen)."""
        lives = self._lives_then.get(day)
        if lives is None:
            lives = LivesThen(self, self, day)
            # Replaced as a whole, because several threads may be here.
            self._lives_then = dict([*self._lives_then.items()][1 - _MOST_DAYS :]) | {day: lives}
        return lives

    def known_to(self, user):
        """The papers that count for a reader as being below or before another: seen, and not cancelled."""
        return self.seen_by(user) & ~self.having("status", [Status.CANCELLED])

    def followed_up_by(self, kinds, user):
        """The ids of the papers that one of these kinds follows, as far as the reader may know of it."""
        return self._pointed_at(self.known_to(user) & self.having("kind", kinds), "implements")

    def renewed(self, user):
        """The ids of the papers that another one renews, as far as the reader may know of that."""
        return self._pointed_at(self.known_to(user), "renews")

    def renewing(self, papers):
        """The papers that renew one of those with these ids."""
        return self.where(lambda block: np.isin(block.renews, papers))

    @staticmethod
    def _pointed_at(papers, name):
        blocks = zip(papers.index.blocks, papers.masks, strict=True)
        return np.unique(np.concatenate([getattr(block, name)[mask] for block, mask in blocks]))
