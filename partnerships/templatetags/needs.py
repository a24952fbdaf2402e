"""How needs and offers are written on a page."""

from django import template

from partnerships.columns.measures import Amount
from partnerships.models import NeedStatus

register = template.Library()

# An offer is open or withdrawn, in the same words and looks.
_LOOKS = {
    NeedStatus.OPEN: ("accent", "circle-dot"),
    NeedStatus.MET: ("good", "circle-check"),
    NeedStatus.WITHDRAWN: ("neutral", "ban"),
}


@register.inclusion_tag("components/badge.html")
def need_badge(row):
    """The state of a need or an offer."""
    tone, icon = _LOOKS[NeedStatus(row.status)]
    return {"text": row.get_status_display(), "tone": tone, "icon": icon}


@register.filter
def amount(number, indicator):
    """A number in the unit of its indicator: 1.250 orang."""
    return Amount.of(number, indicator)


@register.filter
def years(offer):
    """The years of an offer: 2027, or 2026–2028."""
    if offer.first_year == offer.last_year:
        return str(offer.first_year)
    return f"{offer.first_year}–{offer.last_year}"
