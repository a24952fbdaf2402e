"""The filter panel of the ledger: for every value of a filter, how many commitments it would show."""

from collections import Counter

from django.db.models import BooleanField, Case, Count, Q, When
from django.utils.translation import gettext_lazy as _

from partnerships.filters.commitments import YES, YES_OR_NO
from partnerships.models import (
    Funding,
    Indicator,
    Organization,
    OrganizationKind,
    PartnerClass,
    Recurrence,
)
from partnerships.models.commitment_state import STANDING, CommitmentState
from partnerships.models.kinds import CLASS_OF_KIND
from partnerships.register.facets import Facet, facet_of_many, options_of, options_with_rows
from regions.models import Region

# Columns of few values, which are counted together: one reading of the rows for all their facets.
_NARROW = ("state", "measurable", "waits", "indicator", "funding", "recurrence", "demonstration")


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
        facet_of_many(ledger, "owner", _("Responsible office"), _offices(ledger)),
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
    counts = _counts(ledger, "state")
    return options_of(ledger, "state", [(s.value, s.label, counts[s]) for s in STANDING])


def _measurable(ledger):
    counts = _counts(ledger, "measurable")
    return options_of(ledger, "measurable", [(code, said, counts[code == "yes"]) for code, said in YES_OR_NO])


def _unverified(ledger):
    waiting = _counts(ledger, "unverified", "waits")[True]
    said = _("with a report to verify")
    return options_of(ledger, "unverified", [(code, said, waiting) for code, _yes in YES])


def _regions(ledger):
    """Every region for which an office of a commitment acts, each province before its kabupaten and kota."""
    offices = Organization.objects.exclude(region=None).order_by()
    places = {pk: {code, above} for pk, code, above in offices.values_list("pk", "region", "region__parent")}
    counts: Counter[str] = Counter()
    for owner, owing, number in _offices_of(ledger, "region"):
        codes = places.get(owner, set()) | places.get(owing, set())
        counts.update(dict.fromkeys(codes - {None}, number))
    chosen = ledger.chosen("region")
    regions = Region.objects.filter(code__in={*counts, *chosen, *(code[:2] for code in chosen)})
    names = regions.order_by("code").values_list("code", "name")
    return options_of(ledger, "region", [(code, name, counts[code]) for code, name in names])


def _indicators(ledger):
    counts = _counts(ledger, "indicator")
    indicators = Indicator.objects.filter(Q(pk__in=counts) | Q(slug__in=ledger.chosen("indicator")))
    found = [(each.slug, str(each), counts[each.pk]) for each in indicators]
    return options_of(ledger, "indicator", found)


def _offices(ledger):
    """The offices that owe or answer for a commitment, each with what the offices below it do."""
    parents = dict(Organization.objects.exclude(parent=None).values_list("pk", "parent"))
    counts: Counter[int] = Counter()
    named = set()
    for owner, owing, number in _offices_of(ledger, "owner"):
        offices = {owner, owing} - {None}
        named |= offices
        counts.update(dict.fromkeys(_with_those_above(offices, parents), number))
    shown = Organization.objects.visible_to(ledger.user).filter(
        Q(pk__in=named) | Q(slug__in=ledger.chosen("owner"))
    )
    return [(each.slug, each.label, counts[each.pk]) for each in shown.order_by("name")]


def _units(ledger):
    """The ministry's units in the papers of commitments, each with everything below it."""
    units = {unit.pk: unit for unit in Organization.objects.units().order_by("name")}
    parents = {pk: unit.parent_id for pk, unit in units.items() if unit.parent_id}
    counts: Counter[int] = Counter()
    for of_paper, _kinds, number in _papers(ledger, "unit"):
        counts.update(dict.fromkeys(_with_those_above(set(of_paper), parents), number))
    chosen = ledger.chosen("unit")
    shown = [unit for pk, unit in units.items() if counts[pk] or unit.slug in chosen]
    return options_of(ledger, "unit", [(each.slug, each.label, counts[each.pk]) for each in shown])


def _classes(ledger):
    counts: Counter[PartnerClass] = Counter()
    for _units_of_paper, kinds, number in _papers(ledger, "class"):
        classes = {CLASS_OF_KIND[OrganizationKind(kind)] for kind in kinds}
        # A paper without any counterpart is of unknown class too.
        counts.update(dict.fromkeys(classes or {PartnerClass.UNKNOWN}, number))
    return options_of(ledger, "class", [(c.value, c.label, counts[c]) for c in PartnerClass])


def _coded(ledger, name, choices):
    return options_with_rows(ledger, name, choices, _counts(ledger, name))


def _withdrawn(ledger):
    numbers = _counts(ledger, "withdrawn", "state")
    withdrawn = numbers[CommitmentState.WITHDRAWN]
    counts = {"yes": withdrawn, "no": sum(numbers.values()) - withdrawn}
    return options_of(ledger, "withdrawn", [(code, said, counts[code]) for code, said in YES_OR_NO])


def _made_up(ledger):
    counts = _counts(ledger, "demonstration")
    found = [(code, said, counts[code == "yes"]) for code, said in YES_OR_NO]
    return options_of(ledger, "demonstration", found)


def _counts(ledger, name, column=None):
    """How many rows have each value of a column, without the facet's own filter."""
    place = _NARROW.index(column or name)
    counts: Counter = Counter()
    for *values, number in _numbers(ledger, name, "few", _few_values):
        counts[values[place]] += number
    return counts


def _offices_of(ledger, name):
    """(the responsible office, who owes it, how many rows) without the facet's own filter."""
    return _numbers(ledger, name, "offices", _office_pairs)


def _papers(ledger, name):
    """(units, kinds of the counterparts, how many rows): papers alike in both together."""
    return _numbers(ledger, name, "papers", _kinds_of_papers)


def _numbers(ledger, name, what, read):
    # Facets whose own filter is not in force count the same rows, which are then read once for all.
    rows = ledger.standings(without=name)
    key = (what, id(rows))
    if key not in ledger.numbers:
        ledger.numbers[key] = list(read(rows))
    return ledger.numbers[key]


def _few_values(rows):
    waits = Case(When(waiting__gt=0, then=True), default=False, output_field=BooleanField())
    return rows.annotate(waits=waits).values_list(*_NARROW).annotate(n=Count("pk"))


def _office_pairs(rows):
    return rows.values_list("owner", "owing").annotate(n=Count("pk"))


def _kinds_of_papers(rows):
    return rows.values_list("units", "counterparts").annotate(n=Count("pk"))


def _with_those_above(offices, parents):
    """The offices with everything that they are part of."""
    found = set()
    for office in offices:
        while office and office not in found:
            found.add(office)
            office = parents.get(office)
    return found
