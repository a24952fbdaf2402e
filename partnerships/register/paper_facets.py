"""The filter panel of the register: for every value of a filter, how many papers choosing it would show."""

from django.utils.translation import gettext_lazy as _

from partnerships.filters import HAS_OR_LACKS
from partnerships.lifecycle import Status
from partnerships.models import AgreementKind, DormantState, PartnerClass, Validity
from partnerships.register.facets import Facet, facet_of_many, options_of, options_with_rows


def facets_of(register):
    """Every facet with its options and their counts, partner classes first.

    A count leaves the facet's own filter out and keeps every other. A value without papers is
    offered only while it is chosen, so that sending the panel again does not lose it.
    """
    return [
        Facet("class", _("Partner class"), _all_of(register, "class", "class", PartnerClass)),
        Facet("validity", _("Validity"), _all_of(register, "validity", "validity", Validity)),
        Facet("kind", _("Kind of paper"), _found(register, "kind", "kind", AgreementKind)),
        Facet("region", _("Region"), _regions(register)),
        _themes(register),
        _units(register),
        _events(register),
        Facet("dormant", _("Asleep"), _dormant(register)),
        Facet("status", _("Status"), _found(register, "status", "status_then", Status)),
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


def _counts(register, name, grouping=None):
    return register.selection(without=name).counts(grouping or name)


def _all_of(register, name, grouping, choices):
    counts = _counts(register, name, grouping)
    return options_of(
        register, name, [(each.value, each.label, counts.get(each.value, 0)) for each in choices]
    )


def _found(register, name, grouping, choices):
    return options_with_rows(register, name, choices, _counts(register, name, grouping))


def _dormant(register):
    """Whether papers sleep, and whether somebody has decided what becomes of them."""
    found, asleep = register.selection(without="dormant"), register.lives.asleep
    return options_of(
        register,
        "dormant",
        [(each.value, each.label, len(found & asleep[each])) for each in DormantState],
    )


def _regions(register):
    """Every region with a paper, each province before its kabupaten and kota."""
    counts = _counts(register, "region")
    chosen = register.chosen("region")
    wanted = {*counts, *chosen, *(code[:2] for code in chosen)}
    names = register.index.names.regions
    return options_of(
        register,
        "region",
        [(code, name, counts.get(code, 0)) for code, name in names.items() if code in wanted],
    )


def _themes(register):
    counts = _counts(register, "theme")
    found = [(theme.slug, str(theme), counts.get(theme.pk, 0)) for theme in register.index.names.themes]
    return _those_with_rows(register, "theme", _("Theme"), found)


def _units(register):
    counts = _counts(register, "unit")
    found = [(unit.slug, unit.label, counts.get(unit.pk, 0)) for unit in register.index.names.units]
    return _those_with_rows(register, "unit", _("Unit"), found)


def _events(register):
    counts = _counts(register, "event")
    found = [(event.slug, event.name, counts.get(event.pk, 0)) for event in register.index.names.events]
    return _those_with_rows(register, "event", _("Event"), found)


def _those_with_rows(register, name, label, found):
    chosen = register.chosen(name)
    return facet_of_many(register, name, label, [each for each in found if each[2] or each[0] in chosen])
