"""Questions to the register by chance, the same in every run."""

from django.http import QueryDict

from partnerships.lifecycle import Status
from partnerships.models import Validity
from tests.partnerships.varied_papers import THEMES, UNITS

_COMBINED = {
    "class": ["ministry", "regional", "development", "international", "unknown"],
    "validity": list(Validity.values),
    "kind": ["mou", "pks", "activity", "unknown"],
    "status": list(Status.values),
    "region": ["12", "12.09", "33.25", "32"],
    "theme": THEMES,
    "unit": UNITS,
    "partner": ["pemerintah-kabupaten-asahan", "pemerintah-kota-medan"],
    "signed_after": ["2020-01-01", "2025-02-01"],
    "signed_before": ["2024-12-31"],
    "ends_after": ["2021-06-01"],
    "ends_before": ["2026-12-31"],
    "on": ["2024-06-01", "2026-01-15"],
    "has": ["term", "conflict", "pks", "follow_up", "letters", "renewal", "predecessor"],
    "dormant": ["undecided", "decided"],
    "sign": ["follow_up_in_time", "follow_up_late", "progress_late", "progress_shown"],
    "lacks": ["commitments", "scan", "rencana_aksi", "renewal"],
    "q": ["pelatihan", "jakarta", "jak", "akar", "melatih", "KS-2025"],
}


def chance_question(chance, most=3):
    """Up to so many filters, each with one or two values."""
    query = QueryDict(mutable=True)
    for name in chance.sample(list(_COMBINED), chance.randrange(most + 1)):
        values = _COMBINED[name]
        query.setlist(name, chance.sample(values, min(len(values), chance.choice([1, 1, 2]))))
    return query
