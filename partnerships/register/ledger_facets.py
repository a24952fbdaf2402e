"""The filter panel of the ledger: for every value of a filter, how many commitments it would show."""

from django.utils.translation import gettext_lazy as _

from partnerships.filters.commitments import YES, YES_OR_NO
from partnerships.models import Funding, Indicator, PartnerClass, Recurrence
from partnerships.models.commitment_state import STANDING, CommitmentState
from partnerships.register.facets import Facet, facet_of_many, options_of, options_with_rows


def facets_of(ledger):
    """Every facet with its options and their counts, what is open first.

    A count leaves the facet's own filter out and keeps every other. A value without commitments is
    offered only while it is chosen, so that sending the panel again does not lose it.
    """
    return [
        Facet("state", _("State"), _states(ledger)),
        Facet("measurable", _("Measurable"), _yes_or_no(ledger, "measurable")),
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
        Facet("demonstration", _("Made up for the demonstration"), _yes_or_no(ledger, "demonstration")),
    ]


def _counts(ledger, name, of=None):
    return ledger.selection(without=name).counts(of or name)


def _states(ledger):
    counts = _counts(ledger, "state")
    return options_of(ledger, "state", [(s.value, s.label, counts[s]) for s in STANDING])


def _yes_or_no(ledger, name):
    counts = _counts(ledger, name)
    found = [(code, said, counts.get(code == "yes", 0)) for code, said in YES_OR_NO]
    return options_of(ledger, name, found)


def _unverified(ledger):
    waiting = _counts(ledger, "unverified", "waits").get(True, 0)
    said = _("with a report to verify")
    return options_of(ledger, "unverified", [(code, said, waiting) for code, _yes in YES])


def _regions(ledger):
    """Every region for which an office of a commitment acts, each province before its kabupaten and kota."""
    counts = _counts(ledger, "region")
    chosen = ledger.chosen("region")
    wanted = {*counts, *chosen, *(code[:2] for code in chosen)}
    names = ledger.index.names.regions
    found = [(code, name, counts.get(code, 0)) for code, name in names.items() if code in wanted]
    return options_of(ledger, "region", found)


def _indicators(ledger):
    counts, chosen = _counts(ledger, "indicator"), ledger.chosen("indicator")
    shown = [each for each in Indicator.objects.all() if each.pk in counts or each.slug in chosen]
    return options_of(ledger, "indicator", [(each.slug, str(each), counts.get(each.pk, 0)) for each in shown])


def _offices(ledger):
    """The offices that owe or answer for a commitment, each with what the offices below it do."""
    selection, chosen = ledger.selection(without="owner"), ledger.asked.get("owner", ())
    counts, names = selection.counts("office"), ledger.index.offices.names
    known = selection.offices_known_to(ledger.user)
    found = [(*names[pk], counts[pk]) for pk in names if pk in known]
    # A chosen one stays, also where nothing is left of what it answers for.
    others = [office for office in chosen if office.pk not in known]
    return found + [(office.slug, office.label, counts.get(office.pk, 0)) for office in others]


def _units(ledger):
    """The ministry's units in the papers of commitments, each with everything below it."""
    counts, chosen = _counts(ledger, "unit"), ledger.chosen("unit")
    shown = [each for each in ledger.index.names.units if each.pk in counts or each.slug in chosen]
    return options_of(ledger, "unit", [(each.slug, each.label, counts.get(each.pk, 0)) for each in shown])


def _classes(ledger):
    counts = _counts(ledger, "class")
    return options_of(ledger, "class", [(c.value, c.label, counts.get(c, 0)) for c in PartnerClass])


def _coded(ledger, name, choices):
    return options_with_rows(ledger, name, choices, _counts(ledger, name))


def _withdrawn(ledger):
    numbers = _counts(ledger, "withdrawn", "state")
    withdrawn = numbers[CommitmentState.WITHDRAWN]
    counts = {"yes": withdrawn, "no": sum(numbers.values()) - withdrawn}
    return options_of(ledger, "withdrawn", [(code, said, counts[code]) for code, said in YES_OR_NO])
