"""What to do about a list without rows."""

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from partnerships.models import Agreement, AgreementScope, Organization, OrganizationAlias, Party, Theme
from regions.models import Region

_LIKE_ENOUGH = 78


@dataclass(frozen=True)
class WayOut:
    """A filter that keeps a list empty: what it says, and how much the list holds without it."""

    label: str
    values: str
    count: int
    counted: str
    url: str


def ways_out(listing):
    """Each filter in force without which the list would have rows."""
    if listing.count:
        return []
    ways = []
    for name in listing.asked:
        without = listing.count_without(name)
        if without:
            label, values = listing.said(name)
            ways.append(
                WayOut(
                    label, ", ".join(values), without, listing.counted(without), listing.url(**{name: None})
                )
            )
    return ways


def suggestions(register):
    """Names near to a search that found nothing, from what this reader may see, with their address."""
    text = register.asked.get("q", "")
    if not text or register.count:
        return []
    names = _names_known_to(register.user)
    near = process.extract(
        text, names, scorer=fuzz.WRatio, processor=str.lower, limit=3, score_cutoff=_LIKE_ENOUGH
    )
    return [(name, register.url(q=name)) for name, _score, _index in near]


def _names_known_to(user):
    papers = Agreement.objects.visible_to(user).papers().order_by().values("pk")
    # Each once: joined, a partner would come over for every paper it has.
    parties = Party.objects.filter(agreement__in=papers)
    partners = Organization.objects.filter(pk__in=parties.values("organization"))
    scopes = AgreementScope.objects.filter(agreement__in=papers)
    return {
        *partners.values_list("name", flat=True),
        *partners.exclude(short_name="").values_list("short_name", flat=True),
        *OrganizationAlias.objects.filter(organization__in=partners).values_list("name", flat=True),
        *Region.objects.filter(pk__in=scopes.values("region")).values_list("bare_name", flat=True),
        *Theme.objects.values_list("name", flat=True),
    }
