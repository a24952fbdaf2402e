"""A part of the register in memory: arrays of its papers, in the order of the register."""

import copy
from functools import cached_property

import numpy as np
from django.utils import timezone

from kemnaker_portal.readers import whole_register
from partnerships.filters.papers import OWN_THINGS, present
from partnerships.models import (
    Agreement,
    AgreementScope,
    AgreementTheme,
    Organization,
    OrganizationKind,
    PartnerClass,
    Party,
)
from partnerships.models.dormancy import decided_until, signs_of_life
from partnerships.models.kinds import CLASS_OF_KIND
from partnerships.register.index.grouping import Grouping
from partnerships.register.index.past import NO_END, Past, status_of

_AT_A_TIME = 10_000
# The day of a date that is not known; before every other, so that it comes last in the order of the register.
NEVER = np.iinfo(np.int32).min

_CODED = ("kind", "status", "status_then", "validity", "event")
_DAYS = ("signed_earliest", "signed_latest", "ends_latest", "first_progress", "decided_until")
_THINGS = {thing: f"has_{thing}" for thing in OWN_THINGS}
_COLUMNS = (
    "pk",
    "ref",
    *_CODED,
    *_DAYS,
    "represents",
    "published_at",
    "implements",
    "renews",
    *_THINGS.values(),
)


class Block:
    """Papers with what they are counted and filtered by, as it is on a day; their positions are their
    places in the order of the register. ``groupings`` by the names of facets and filters; ``there`` are those
    that there were on that day."""

    def __init__(self, papers=None):
        """Read the papers (ids), or every one there is, as they are today."""
        rows = Agreement.objects.with_validity().newest_first()
        rows = rows.annotate(**{name: present(thing) for thing, name in _THINGS.items()})
        day = timezone.localdate()
        rows = rows.annotate(
            first_progress=signs_of_life(rows, day)["first_progress"], decided_until=decided_until(day)
        )
        self._papers = papers
        if papers is not None:
            rows = rows.filter(pk__in=papers)
        columns = _read(rows.values_list(*_COLUMNS), len(_COLUMNS))
        self._take(dict(zip(_COLUMNS, columns, strict=True)))
        of_these = {} if papers is None else {"agreement__in": papers}
        self._group_parties(Party.objects.filter(**of_these))
        scopes = AgreementScope.objects.filter(**of_these).order_by()
        self.groupings["region"] = self._regions(scopes.values_list("agreement", "region", "region__parent"))
        themes = AgreementTheme.objects.filter(**of_these).order_by().values_list("agreement", "theme")
        self.groupings["theme"] = self._grouping(*_read(themes, 2))

    def __len__(self):
        return len(self.ids)

    def _take(self, columns):
        self.ids = np.array(columns["pk"], np.int64)
        self.refs = columns["ref"]
        self._by_id = np.argsort(self.ids)
        self._ids_in_order = self.ids[self._by_id]
        self.represents = np.array(columns["represents"], np.int32)
        self.published = np.array([at is not None for at in columns["published_at"]], bool)
        self.implements = np.array([above or 0 for above in columns["implements"]], np.int64)
        for name in _DAYS:
            days = [NEVER if day is None else day.toordinal() for day in columns[name]]
            setattr(self, name, np.array(days, np.int32))
        self.renews = np.array([before or 0 for before in columns["renews"]], np.int64)
        self.things = {thing: np.array(columns[name], bool) for thing, name in _THINGS.items()}
        places = np.arange(len(self))
        self.groupings = {name: Grouping(len(self), places, columns[name]) for name in _CODED}
        self.there = np.ones(len(self), bool)

    def _group_parties(self, parties):
        parties = parties.order_by().values_list("agreement", "organization", "organization__kind")
        papers, organizations, kinds = _read(parties, 3)
        self.groupings["organization"] = self._grouping(papers, organizations)
        above = _units_above(set(organizations))
        of_units = [
            (paper, unit) for paper, each in zip(papers, organizations, strict=True) for unit in above[each]
        ]
        self.groupings["unit"] = self._grouping(*_columns(of_units, 2))
        others = [
            (paper, CLASS_OF_KIND[OrganizationKind(kind)])
            for paper, kind in zip(papers, kinds, strict=True)
            if kind != OrganizationKind.UNIT
        ]
        # A paper without any counterpart is of unknown class too.
        alone = set(self.ids.tolist()) - {paper for paper, _class in others}
        others += [(paper, PartnerClass.UNKNOWN) for paper in alone]
        self.groupings["class"] = self._grouping(*_columns(others, 2))

    def _regions(self, scopes):
        papers, regions, provinces = _read(scopes, 3)
        within = [province or region for region, province in zip(regions, provinces, strict=True)]
        return self._grouping([*papers, *papers], [*regions, *within])

    def _grouping(self, papers, values):
        """From the ids of papers; those that are not in this block are left out."""
        ids = np.asarray(papers, np.int64)
        known = self.place_known(ids)
        if not known.all():
            values = [value for value, here in zip(values, known.tolist(), strict=True) if here]
        return Grouping(len(self), self.places(ids[known]), values)

    @cached_property
    def past(self):
        """What of these papers changed from day to day."""
        with whole_register():
            return Past(self, self._papers)

    def then(self, on):
        """The same papers as they were on a day, as ``as_of`` and ``with_validity`` say."""
        then, day = copy.copy(self), on.toordinal()
        statuses, validities = self.past.statuses(day), self.past.validities(day)
        then.there = statuses >= 0
        then.groupings = {
            **self.groupings,
            "status_then": self._each_has(statuses, status_of),
            "validity": self._each_has(validities, str),
        }
        begun, ends, _is_open = self.past.terms(day)
        then.ends_latest = np.where(begun & (ends != NO_END), ends, NEVER)
        then.first_progress = np.where(self.first_progress <= day, self.first_progress, NEVER)
        then.decided_until = self.past.decided_until(day)
        return then

    def _each_has(self, codes, said):
        values, codes = np.unique(codes, return_inverse=True)
        return Grouping.coded(
            len(self), np.arange(len(self)), codes, [said(each) for each in values.tolist()]
        )

    # --- positions ----------------------------------------------------------------------------

    def place_known(self, ids):
        """Of each id whether its paper is in this block."""
        if not len(self):
            return np.zeros(len(ids), bool)
        places = np.searchsorted(self._ids_in_order, ids).clip(max=len(self) - 1)
        return self._ids_in_order[places] == ids

    def places(self, ids):
        """The positions of papers (ids) that are in this block."""
        return self._by_id[np.searchsorted(self._ids_in_order, ids)]

    def mask_of(self, ids):
        """The mask of the papers with these ids."""
        ids = np.asarray(ids, np.int64)
        mask = np.zeros(len(self), bool)
        mask[self.places(ids[self.place_known(ids)])] = True
        return mask

    def order_key(self, place):
        """What decides where the paper of a position stands in the order of the register."""
        return (-int(self.signed_latest[place]), self.refs[place])


def _read(rows, width):
    return _columns(rows.iterator(chunk_size=_AT_A_TIME), width)


def _columns(rows, width):
    columns = tuple(zip(*rows, strict=True))
    return columns or ((),) * width


def _units_above(organizations):
    """Of each organisation, the ministry's units that it is or belongs to."""
    parents = dict(Organization.objects.exclude(parent=None).values_list("pk", "parent"))
    units = set(Organization.objects.units().values_list("pk", flat=True))
    return {each: units.intersection(_chain(each, parents)) for each in organizations}


def _chain(organization, parents):
    found: list[int] = []
    while organization and organization not in found:
        found.append(organization)
        organization = parents.get(organization)
    return found
