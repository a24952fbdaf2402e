"""Which people answer for an office: who is posted to it, or who acts in its place."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from partnerships.models import Organization, OrganizationKind, Party, Posting
from partnerships.roles import Role


@dataclass(frozen=True)
class _Office:
    parent: int | None
    region: str | None
    region_above: str | None
    is_unit: bool


class Desks:
    """The desks of one day. An office without people is answered for by its region's offices, then by
    its province's, or by the unit above it; a party that has no accounts at all, by the ministry's
    units in the paper, and where these have none either, by the bureau that keeps the register."""

    def __init__(self, on):
        self._offices = {
            pk: _Office(parent, region, above, kind == OrganizationKind.UNIT)
            for pk, parent, region, above, kind in Organization.objects.order_by().values_list(
                "pk", "parent", "region", "region__parent", "kind"
            )
        }
        self.people = {}
        self._writers = defaultdict(set)
        self._leaders = defaultdict(set)
        self._writers_of_region = defaultdict(set)
        self._bureau = set()
        for posting in Posting.objects.active(on).filter(user__is_active=True).select_related("user"):
            self.people[posting.user_id] = posting.user
            if posting.role == Role.LEADERSHIP:
                self._leaders[posting.organization_id].add(posting.user_id)
                continue
            self._writers[posting.organization_id].add(posting.user_id)
            if posting.role == Role.REGISTRAR:
                self._bureau.add(posting.user_id)
            region = self._offices[posting.organization_id].region
            if region and posting.role == Role.REGIONAL_OFFICER:
                self._writers_of_region[region].add(posting.user_id)

    def answering_for(self, office, units):
        """Ids of the people who answer for the office (an id, or None for a commitment that names
        nobody) in a paper with these units of the ministry."""
        found = self._own(office) if office else set()
        if not found:
            for unit in units:
                found = found | self._own(unit)
        return found or self._bureau

    def above(self, office, units, told):
        """Ids of the people of the next office above that has any besides ``told``: the office it is
        part of and so on upwards, then its province."""
        starts = [office] if office and self._own(office) else units
        found = set()
        for start in starts:
            found = found | self._next_above(start, told)
        return found

    def _own(self, office):
        row = self._offices[office]
        if row.region:
            in_region = self._writers_of_region
            return self._writers[office] or in_region[row.region] or in_region[row.region_above]
        if not row.is_unit:
            return self._writers[office]
        for unit in (office, *self._ancestors(office)):
            if self._writers[unit]:
                return self._writers[unit]
        return set()

    def _next_above(self, office, told):
        for ancestor in self._ancestors(office):
            if found := (self._writers[ancestor] | self._leaders[ancestor]) - told:
                return found
        return self._writers_of_region[self._offices[office].region_above] - told

    def _ancestors(self, office):
        found = []
        while (office := self._offices[office].parent) and office not in found:
            found.append(office)
        return found


def units_of_papers(papers):
    """For each paper (id) the ids of the ministry's units among its parties, in their order."""
    units = defaultdict(list)
    rows = Party.objects.filter(agreement__in=papers, organization__kind=OrganizationKind.UNIT)
    for paper, unit in rows.order_by("position", "pk").values_list("agreement", "organization"):
        units[paper].append(unit)
    return units


def offices_of(posting, on):
    """The offices for which a posting answers on a day, as ``Desks`` has it: its own, and those of its
    region, in its province or below it that nobody is posted to."""
    office = posting.organization
    others = _staffed(on).exclude(pk=office.pk)
    if posting.role == Role.REGIONAL_OFFICER:
        unattended = Q(region__parent=office.region_id) & ~Q(region__in=_staffed_regions(on))
        own = Organization.objects.filter(Q(region=office.region_id) | unattended)
        return own.exclude(pk__in=others.values("pk"))
    others_below = others.filter(_within([office.pk])).values("pk")
    return Organization.objects.filter(_within([office.pk])).exclude(_within(others_below))


def with_people(on):
    """The offices for which somebody answers: there, or in their region or its province, or above them."""
    regions, staffed = _staffed_regions(on), _staffed(on).values("pk")
    near = Q(region__in=regions) | Q(region__parent__in=regions)
    return Organization.objects.filter(near | Q(pk__in=staffed) | _within(staffed, only_units=True))


def without_people(on):
    """The offices for which nobody answers."""
    return Organization.objects.exclude(pk__in=with_people(on).values("pk"))


def _staffed_regions(on):
    return _postings(on).filter(role=Role.REGIONAL_OFFICER).values("organization__region")


def _staffed(on):
    return Organization.objects.filter(pk__in=_postings(on).values("organization"))


def _postings(on):
    return Posting.objects.active(on).filter(user__is_active=True).exclude(role=Role.LEADERSHIP)


def _within(roots, *, only_units=False):
    """Part of one of the organisations: itself, or up to three steps below, as deep as the ministry is."""
    inside = (
        Q(pk__in=roots)
        | Q(parent__in=roots)
        | Q(parent__parent__in=roots)
        | Q(parent__parent__parent__in=roots)
    )
    return inside & Q(kind=OrganizationKind.UNIT) if only_units else inside
