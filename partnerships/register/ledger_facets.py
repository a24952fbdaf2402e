"""The filter panel of the ledger: for every value of a filter, how many commitments it would show."""

from collections import Counter

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from partnerships.filters.commitments import YES, YES_OR_NO
from partnerships.models import (
    Funding,
    Indicator,
    Organization,
    OrganizationKind,
    PartnerClass,
    Party,
    Recurrence,
)
from partnerships.models.commitment_state import STANDING
from partnerships.models.kinds import CLASS_OF_KIND
from partnerships.register.facets import Facet, counts_of, options_of, options_with_rows
from regions.models import Region


def facets_of(ledger):
    """Every facet with its options and their counts, what is open first.

    A count leaves the facet's own filter out and keeps every other. A value without commitments is
    offered only while it is chosen, so that sending the panel again does not lose it.
    """
    return [
        Facet("state", _("State"), _states(ledger)),
        Facet("measurable", _("Measurable"), _measurable(ledger)),
        Facet("unverified", _("Verification"), _unverified(ledger)),
        Facet("region", _("Region"), _regions(ledger)),
        Facet("indicator", _("Indicator"), _indicators(ledger)),
        Facet("owner", _("Responsible office"), _offices(ledger)),
        Facet("unit", _("Unit"), _units(ledger)),
        Facet("class", _("Partner class"), _classes(ledger)),
    ]


def marks_of(ledger):
    """How commitments are funded and reported, and which were withdrawn or made up."""
    return [
        Facet("funding", _("Source of funds"), _coded(ledger, "funding", Funding)),
        Facet("recurrence", _("Reported"), _coded(ledger, "recurrence", Recurrence)),
        Facet("withdrawn", _("Withdrawn"), _withdrawn(ledger)),
        Facet("demonstration", _("Made up for the demonstration"), _made_up(ledger)),
    ]


def _states(ledger):
    rows = ledger.rows(without="state").order_by().values_list("pk", flat=True)
    counts = Counter(map(ledger.state_of, rows))
    return options_of(ledger, "state", [(s.value, s.label, counts[s]) for s in STANDING])


def _measurable(ledger):
    rows = ledger.rows(without="measurable").order_by()
    counts = {"yes": rows.measurable().count()}
    counts["no"] = rows.count() - counts["yes"]
    return options_of(ledger, "measurable", [(code, said, counts[code]) for code, said in YES_OR_NO])


def _unverified(ledger):
    waiting = ledger.rows(without="unverified").order_by().unverified().count()
    said = _("with a report to verify")
    return options_of(ledger, "unverified", [(code, said, waiting) for code, _yes in YES])


def _regions(ledger):
    """Every region for which an office of a commitment acts, each province before its kabupaten and kota."""
    rows = ledger.rows(without="region").order_by()
    places = rows.values_list(
        "owner__region",
        "owner__region__parent",
        "owed_by__organization__region",
        "owed_by__organization__region__parent",
    )
    counts: Counter[str] = Counter()
    for *codes, number in places.annotate(n=Count("pk")):
        counts.update(dict.fromkeys({code for code in codes if code}, number))
    chosen = ledger.chosen("region")
    regions = Region.objects.filter(code__in={*counts, *chosen, *(code[:2] for code in chosen)})
    names = regions.order_by("code").values_list("code", "name")
    return options_of(ledger, "region", [(code, name, counts[code]) for code, name in names])


def _indicators(ledger):
    counts = counts_of(ledger, "indicator", "indicator__slug")
    indicators = Indicator.objects.filter(slug__in={*counts, *ledger.chosen("indicator")} - {None})
    found = [(each.slug, str(each), counts.get(each.slug, 0)) for each in indicators]
    return options_of(ledger, "indicator", found)


def _offices(ledger):
    """The offices that owe or answer for a commitment, each with what the offices below it do."""
    rows = ledger.rows(without="owner").order_by().values_list("owner", "owed_by__organization")
    parents = dict(Organization.objects.exclude(parent=None).values_list("pk", "parent"))
    counts: Counter[int] = Counter()
    named = set()
    for owner, owing, number in rows.annotate(n=Count("pk")):
        offices = {owner, owing} - {None}
        named |= offices
        counts.update(dict.fromkeys(_with_those_above(offices, parents), number))
    shown = Organization.objects.visible_to(ledger.user).filter(
        Q(pk__in=named) | Q(slug__in=ledger.chosen("owner"))
    )
    found = [(each.slug, each.label, counts[each.pk]) for each in shown.order_by("name")]
    return options_of(ledger, "owner", found)


def _units(ledger):
    """The ministry's units in the papers of commitments, each with everything below it."""
    units = {unit.pk: unit for unit in Organization.objects.units().order_by("name")}
    parents = {pk: unit.parent_id for pk, unit in units.items() if unit.parent_id}
    counts: Counter[int] = Counter()
    for number, parties in _papers(ledger, "unit", organization__kind=OrganizationKind.UNIT):
        counts.update(dict.fromkeys(_with_those_above({pk for pk, _kind in parties}, parents), number))
    chosen = ledger.chosen("unit")
    shown = [unit for pk, unit in units.items() if counts[pk] or unit.slug in chosen]
    return options_of(ledger, "unit", [(each.slug, each.label, counts[each.pk]) for each in shown])


def _classes(ledger):
    counts: Counter[PartnerClass] = Counter()
    for number, parties in _papers(ledger, "class"):
        counterparts = {kind for _pk, kind in parties if kind != OrganizationKind.UNIT}
        classes = {CLASS_OF_KIND[OrganizationKind(kind)] for kind in counterparts}
        # A paper without any counterpart is of unknown class too.
        counts.update(dict.fromkeys(classes or {PartnerClass.UNKNOWN}, number))
    return options_of(ledger, "class", [(c.value, c.label, counts[c]) for c in PartnerClass])


def _papers(ledger, name, **parties):
    """(how many commitments, the (id, kind) of the parties) of each paper, without the facet's filter."""
    rows = ledger.rows(without=name).order_by()
    numbers = dict(rows.values_list("agreement").annotate(n=Count("pk")))
    found: dict[int, list] = {paper: [] for paper in numbers}
    papers = Party.objects.filter(agreement__in=rows.values("agreement"), **parties).order_by()
    for paper, organization, kind in papers.values_list("agreement", "organization", "organization__kind"):
        found[paper].append((organization, kind))
    return [(numbers[paper], parties) for paper, parties in found.items()]


def _coded(ledger, name, choices):
    return options_with_rows(ledger, name, choices, counts_of(ledger, name, name))


def _withdrawn(ledger):
    rows = ledger.rows(without="withdrawn").order_by()
    withdrawn = rows.filter(withdrawn_on__lte=ledger.day).count()
    counts = {"yes": withdrawn, "no": rows.count() - withdrawn}
    return options_of(ledger, "withdrawn", [(code, said, counts[code]) for code, said in YES_OR_NO])


def _made_up(ledger):
    counts = counts_of(ledger, "demonstration", "demonstration")
    numbers = {"yes": counts.get(True, 0), "no": counts.get(False, 0)}
    return options_of(ledger, "demonstration", [(code, said, numbers[code]) for code, said in YES_OR_NO])


def _with_those_above(offices, parents):
    """The offices with everything that they are part of."""
    found = set()
    for office in offices:
        while office and office not in found:
            found.add(office)
            office = parents.get(office)
    return found
