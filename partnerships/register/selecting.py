"""What was asked of the register, as papers of its index."""

import functools
import operator

from partnerships.filters.papers import BELOW, OF_OTHERS, SIGNS
from partnerships.models import DormantState
from partnerships.register import searching
from partnerships.register.index import index_of


def having(register, name):
    """The papers that fit one of the filters in force."""
    index, value = register.index, register.asked[name]
    if name == "dormant":
        asleep = register.lives.asleep
        return functools.reduce(operator.or_, (asleep[DormantState(state)] for state in value))
    if name == "sign":
        shown = (register.lives.showing(*SIGNS[code]) for code in value)
        return functools.reduce(operator.or_, shown)
    if name in ("has", "lacks"):
        return _all_of(register, name, value)
    if name == "q":
        return searching.found_by(index, value, register.user)
    return _DIRECTLY[name](index, value)


_DIRECTLY = {
    "class": lambda index, classes: index.having("class", classes),
    "kind": lambda index, kinds: index.having("kind", kinds),
    "status": lambda index, statuses: index.having("status_then", statuses),
    "validity": lambda index, validities: index.having("validity", validities),
    "region": lambda index, regions: index.having("region", [region.code for region in regions]),
    "theme": lambda index, themes: index.having("theme", [theme.pk for theme in themes]),
    "unit": lambda index, units: index.having("unit", [unit.pk for unit in units]),
    "event": lambda index, events: index.having("event", [event.pk for event in events]),
    "ref": lambda index, papers: index.among([paper.pk for paper in papers]),
    "partner": lambda index, partners: index.having("organization", [each.pk for each in partners]),
    "signed_after": lambda index, day: index.signed_from(day),
    "signed_before": lambda index, day: index.signed_until(day),
    "ends_after": lambda index, day: index.ending_from(day),
    "ends_before": lambda index, day: index.ending_until(day),
    # It decides which index is asked.
    "on": lambda index, day: index.everything,
}


def _all_of(register, name, things):
    found = register.index.everything
    for thing in things:
        having_it = _with(register, thing)
        found &= having_it if name == "has" else ~having_it
    return found


def _with(register, thing):
    if thing not in OF_OTHERS:
        return register.index.with_thing(thing)
    # The papers below and before are those of today, whatever day the register is read on.
    today = index_of() if register.on else register.index
    if thing == "predecessor":
        return register.index.renewing(today.known_to(register.user).ids())
    if thing == "renewal":
        return register.index.among(today.renewed(register.user))
    return register.index.among(today.followed_up_by(BELOW[thing], register.user))
