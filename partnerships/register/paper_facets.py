"""The filter panel of the register: for every value of a filter, how many papers choosing it would show."""

from django.db.models import Case, CharField, Count, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from partnerships.filters import HAS_OR_LACKS
from partnerships.lifecycle import Status
from partnerships.models import (
    AgreementKind,
    AgreementScope,
    AgreementTheme,
    Organization,
    OrganizationKind,
    PartnerClass,
    Party,
    SigningEvent,
    Theme,
    Validity,
)
from partnerships.models.kinds import CLASS_OF_KIND
from partnerships.register.facets import Facet, counts_of, options_of, options_with_rows, without_filter
from regions.models import Region


def facets_of(register):
    """Every facet with its options and their counts, partner classes first.

    A count leaves the facet's own filter out and keeps every other. A value without papers is
    offered only while it is chosen, so that sending the panel again does not lose it.
    """
    return [
        Facet("class", _("Partner class"), _classes(register)),
        Facet("validity", _("Validity"), _validities(register)),
        Facet("kind", _("Kind of paper"), _kinds(register)),
        Facet("region", _("Region"), _regions(register)),
        Facet("theme", _("Theme"), _themes(register)),
        Facet("unit", _("Unit"), _units(register)),
        Facet("event", _("Event"), _events(register)),
        Facet("status", _("Status"), _statuses(register)),
    ]


def presence_of(register):
    """What a paper has or lacks, to choose from; these are not counted."""
    labels = {"has": _("Has"), "lacks": _("Lacks")}
    return [
        Facet(
            name,
            label,
            options_of(register, name, [(code, said, None) for code, said in HAS_OR_LACKS.items()]),
        )
        for name, label in labels.items()
    ]


def papers_per_region(papers):
    """How many of the papers each region has, by code; a province has those of its kabupaten and kota."""
    scopes = AgreementScope.objects.filter(agreement__in=papers).order_by()
    number = Count("agreement", distinct=True)
    below = scopes.exclude(region__parent=None).values_list("region").annotate(n=number)
    within = scopes.values_list(Coalesce("region__parent", "region")).annotate(n=number)
    return dict(below) | dict(within)


def papers_per_unit(papers):
    """How many of the papers each of the ministry's units has, with everything below it, by id."""
    parents = dict(Organization.objects.units().values_list("pk", "parent"))
    parties = Party.objects.filter(agreement__in=papers, organization__kind=OrganizationKind.UNIT)
    found: dict[int, set] = {}
    for paper, unit in parties.order_by().values_list("agreement", "organization"):
        while unit in parents:
            found.setdefault(unit, set()).add(paper)
            unit = parents[unit]
    return {unit: len(papers) for unit, papers in found.items()}


def _classes(register):
    papers = register.rows(without="class").order_by()
    by_kind = [When(organization__kind=kind, then=Value(cls)) for kind, cls in CLASS_OF_KIND.items()]
    counterparts = Party.objects.filter(agreement__in=papers.values("pk")).exclude(
        organization__kind=OrganizationKind.UNIT
    )
    per_class = counterparts.order_by().values_list(Case(*by_kind, output_field=CharField()))
    counts = dict(per_class.annotate(n=Count("agreement", distinct=True)))
    # A paper without any counterpart is of unknown class too.
    counts[PartnerClass.UNKNOWN] = papers.with_counterpart_of(PartnerClass.UNKNOWN).count()
    return options_of(register, "class", [(c.value, c.label, counts.get(c, 0)) for c in PartnerClass])


def _validities(register):
    counts = counts_of(register, "validity", "validity")
    return options_of(register, "validity", [(v.value, v.label, counts.get(v, 0)) for v in Validity])


def _kinds(register):
    return options_with_rows(register, "kind", AgreementKind, counts_of(register, "kind", "kind"))


def _statuses(register):
    counts = counts_of(register, "status", "status_then")
    return options_with_rows(register, "status", Status, counts)


def _regions(register):
    """Every region with a paper, each province before its kabupaten and kota."""
    counts = papers_per_region(without_filter(register, "region"))
    chosen = register.chosen("region")
    provinces = {code[:2] for code in chosen}
    regions = Region.objects.filter(code__in={*counts, *chosen, *provinces})
    names = regions.order_by("code").values_list("code", "name")
    return options_of(register, "region", [(code, name, counts.get(code, 0)) for code, name in names])


def _themes(register):
    rows = AgreementTheme.objects.filter(agreement__in=without_filter(register, "theme"))
    counts = dict(rows.values_list("theme__slug").annotate(n=Count("agreement", distinct=True)))
    themes = Theme.objects.filter(slug__in={*counts, *register.chosen("theme")})
    return options_of(register, "theme", [(t.slug, str(t), counts.get(t.slug, 0)) for t in themes])


def _units(register):
    counts = papers_per_unit(without_filter(register, "unit"))
    chosen = register.chosen("unit")
    units = Organization.objects.units().order_by("name")
    shown = [unit for unit in units if unit.pk in counts or unit.slug in chosen]
    return options_of(register, "unit", [(u.slug, u.label, counts.get(u.pk, 0)) for u in shown])


def _events(register):
    rows = register.rows(without="event").order_by().exclude(event=None)
    counts = dict(rows.values_list("event__slug").annotate(n=Count("pk", distinct=True)))
    events = SigningEvent.objects.filter(slug__in={*counts, *register.chosen("event")})
    return options_of(register, "event", [(e.slug, e.name, counts.get(e.slug, 0)) for e in events])
