"""How a line of the ledger of commitments is written on a page."""

from django import template
from django.urls import reverse

from partnerships.models.commitment_state import CommitmentState
from partnerships.selectors.funnel import OF_THE_LEDGER

register = template.Library()

_LOOKS = {
    CommitmentState.OVERDUE: ("bad", "calendar-x-2"),
    CommitmentState.RETURNED: ("warn", "undo-2"),
    CommitmentState.DUE: ("warn", "calendar-clock"),
    CommitmentState.WAITING: ("accent", "hourglass"),
    CommitmentState.NOT_YET_DUE: ("neutral", "calendar"),
    CommitmentState.DONE: ("good", "circle-check"),
    CommitmentState.UNDATED: ("neutral", "calendar-off"),
    CommitmentState.WITHDRAWN: ("neutral", "ban"),
}


@register.inclusion_tag("components/badge.html")
def commitment_state(code):
    tone, icon = _LOOKS[CommitmentState(code)]
    return {"text": CommitmentState(code).label, "tone": tone, "icon": icon}


@register.filter
def narrowed(listing, one):
    """The address of a list with one more filter, given as ``name=value``."""
    name, _sign, value = one.partition("=")
    return listing.url(**{name: value})


@register.filter
def funnel_url(listing):
    """The address of the funnel of the same commitments."""
    query = listing.question.copy()
    for name in OF_THE_LEDGER:
        query.pop(name, None)
    return f"{reverse('partnerships:funnel')}?{query.urlencode()}"
