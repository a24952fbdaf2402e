"""Questions to the ledger by chance, the same in every run."""

from django.http import QueryDict

from partnerships.models.commitment_state import STANDING
from tests.partnerships.varied_commitments import INDICATORS, OFFICES, UNITS

COMBINED = {
    "state": [state.value for state in STANDING],
    "measurable": ["yes", "no"],
    "unverified": ["yes"],
    "overdue": ["yes"],
    "region": ["12", "12.09", "33.25", "33"],
    "indicator": INDICATORS,
    "owner": [*OFFICES, *UNITS],
    "unit": UNITS,
    "theme": ["integrasi-data", "penempatan", "k3"],
    "partner": OFFICES,
    "class": ["ministry", "regional", "unknown"],
    "event": ["acara-uji"],
    "has": ["batches"],
    "lacks": ["indicator", "due"],
    "funding": ["apbn", "phln"],
    "recurrence": ["once", "monthly"],
    "withdrawn": ["yes", "no"],
    "demonstration": ["yes", "no"],
    "due_before": ["2026-06-30"],
    "due_after": ["2025-06-30"],
    "on": ["2025-10-01"],
    "q": ["melatih", "asahan"],
}


def chance_question(chance, most=3):
    """Up to so many filters, each with one or two values."""
    query = QueryDict(mutable=True)
    for name in chance.sample(list(COMBINED), chance.randrange(most + 1)):
        values = COMBINED[name]
        query.setlist(name, chance.sample(values, min(len(values), chance.choice([1, 1, 2]))))
    return query
