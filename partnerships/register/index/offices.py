"""Who owes commitments and answers for them: of what they are part, and for which regions they act."""

import numpy as np

from partnerships.models import Organization
from partnerships.models.kinds import GOVERNMENT_KINDS, OrganizationKind
from partnerships.register.index.grouping import Grouping
from partnerships.register.index.standings import both_offices

# Everyone signed in knows of these (OrganizationQuerySet.visible_to).
_KNOWN_TO_ALL = {OrganizationKind.UNIT, OrganizationKind.REGIONAL_OFFICE, *GOVERNMENT_KINDS}


class Offices:
    """The pairs of offices that commitments have (``Standings.offices``), by what each is part of.

    ``grouping`` has of each pair the offices of it and those above them, ``regions`` the regions for which
    they act with the provinces of these; ``names`` are what the offices themselves are called, slug and
    label, in the order of their names, ``places`` the region and the province of each.
    """

    def __init__(self, pairs):
        self.pairs = pairs
        named = set(named_in(pairs))
        self.names, self.known_to_all, self.places, above = {}, set(), {}, {}
        for office in Organization.objects.select_related("region").order_by("name", "pk").iterator():
            above[office.pk] = office.parent_id
            if office.pk in named:
                self.names[office.pk] = (office.slug, office.label)
                region = office.region
                self.places[office.pk] = [
                    code for code in (office.region_id, region and region.parent_id) if code
                ]
                if office.kind in _KNOWN_TO_ALL:
                    self.known_to_all.add(office.pk)
        self.grouping = self._grouping({pk: _chain(pk, above) for pk in named})
        self.regions = self._grouping(self.places)

    def _grouping(self, values_of):
        """Which pairs have which values, from the values of each office."""
        codes = {value: code for code, value in enumerate(_each_once(values_of.values()))}
        offices = np.array(sorted(values_of), np.int64)
        sizes = np.array([len(values_of[pk]) for pk in offices.tolist()], np.int64)
        flat = np.array([codes[each] for pk in offices.tolist() for each in values_of[pk]], np.int64)
        starts = np.cumsum(sizes) - sizes
        places, found = [], []
        for column in both_offices(self.pairs):
            pair = np.flatnonzero(column)
            office = np.searchsorted(offices, column[pair])
            number = sizes[office]
            # The values of one office after those of the other, each office's from its start on.
            within = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
            places.append(np.repeat(pair, number))
            found.append(flat[np.repeat(starts[office], number) + within])
        return Grouping.coded(len(self.pairs), np.concatenate(places), np.concatenate(found), list(codes))


def named_in(pairs):
    """The offices (ids) of some of the pairs."""
    offices = np.unique(np.concatenate(both_offices(pairs)))
    return offices[offices > 0].tolist()


def _each_once(lists):
    return dict.fromkeys(value for values in lists for value in values)


def _chain(office, above):
    found: list[int] = []
    while office and office not in found:
        found.append(office)
        office = above.get(office)
    return found
