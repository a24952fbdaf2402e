"""What was asked of the ledger, as commitments of its index."""

from kemnaker_portal.readers import whole_register
from partnerships.models import CommitmentStanding
from partnerships.models.commitment_state import CommitmentState
from partnerships.register.index.look import looked_up


def having(ledger, name, day):
    """The mask of the commitments that fit one of the filters in force, as they are on a day."""
    index, value = ledger.index, ledger.asked[name]
    if name in _OFTEN:
        asked = tuple(getattr(each, "pk", each) for each in value)
        return looked_up(
            ("commitments", name, asked, day), lambda: _PLAINLY[name](index.standings, value, day)
        )
    if name in _PLAINLY:
        return _PLAINLY[name](index.standings, value, day)
    if name in _BY_PAPERS:
        return index.of_papers(_BY_PAPERS[name](index.papers, value))
    if name == "region":
        return index.owned_by(index.offices.regions, [region.code for region in value])
    if name == "owner":
        return index.owned_by(index.offices.grouping, [office.pk for office in value])
    return index.standings.among(_asked_of_the_database(ledger, name, value))


def _said(name):
    """Of a part of what is alike that is so or not so; both ask for nothing."""
    return lambda standings, said, day: standings.alike_with(name, [each == "yes" for each in said])


_PLAINLY = {
    "state": lambda standings, states, day: standings.in_states(states, day),
    "overdue": lambda standings, said, day: standings.in_states([CommitmentState.OVERDUE], day),
    "measurable": _said("measurable"),
    "unverified": _said("waits"),
    "demonstration": _said("demonstration"),
    "withdrawn": lambda standings, said, day: _withdrawn(standings, set(said), day),
    "indicator": lambda standings, indicators, day: standings.alike_with(
        "indicator", [each.pk for each in indicators]
    ),
    "lacks": lambda standings, things, day: standings.lacking(things),
    "funding": lambda standings, sources, day: standings.alike_with("funding", sources),
    "recurrence": lambda standings, each, day: standings.alike_with("recurrence", each),
    "due_after": lambda standings, first, day: standings.due_from(first),
    "due_before": lambda standings, last, day: standings.due_until(last),
}
# What several figures of a page ask for; of each answer there is a mask of a megabyte while it is made.
_OFTEN = {"state", "overdue", "measurable", "unverified", "indicator"}
_BY_PAPERS = {
    "class": lambda papers, classes: papers.having("class", classes),
    "theme": lambda papers, themes: papers.having("theme", [theme.pk for theme in themes]),
    "unit": lambda papers, units: papers.having("unit", [unit.pk for unit in units]),
    "partner": lambda papers, partners: papers.having("organization", [each.pk for each in partners]),
    "event": lambda papers, events: papers.having("event", [event.pk for event in events]),
    "agreement": lambda papers, agreements: papers.among([each.pk for each in agreements]),
}


def _withdrawn(standings, said, day):
    withdrawn = standings.withdrawn_by(day)
    if said == {"yes"}:
        return withdrawn
    return ~withdrawn if said == {"no"} else withdrawn | ~withdrawn


@whole_register()
def _asked_of_the_database(ledger, name, value):
    """The ids of the commitments that fit a filter of which the index knows nothing, such as a search.

    They are kept to those that the reader sees, here and by the index; behind the policies a search would ask
    for each commitment of the country whether it may be read.
    """
    rows = ledger.filtered(CommitmentStanding.objects.visible_to(ledger.user).order_by(), name, value)
    return list(rows.values_list("pk", flat=True))
