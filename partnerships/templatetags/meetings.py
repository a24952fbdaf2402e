"""How the frozen rows of an evaluation meeting are written: amounts, states, and the ways behind figures."""

from django import template
from django.urls import reverse

from partnerships.columns import Amount
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.reference import RUPIAH

register = template.Library()

_LOOKS = {
    CommitmentState.OVERDUE: ("bad", "calendar-x-2"),
    CommitmentState.RETURNED: ("warn", "undo-2"),
    CommitmentState.DUE: ("warn", "calendar-clock"),
    CommitmentState.WAITING: ("accent", "hourglass"),
    CommitmentState.NOT_YET_DUE: ("neutral", "calendar"),
    CommitmentState.DONE: ("good", "circle-check"),
    CommitmentState.UNDATED: ("neutral", "circle-question-mark"),
}


@register.filter
def frozen_amount(value, promise):
    """A number in the unit that the commitment had: "1.250 orang"; empty for none."""
    if value is None:
        return ""
    return str(Amount(value, promise.unit, promise.unit == RUPIAH))


@register.inclusion_tag("components/badge.html")
def frozen_state(promise):
    """Where a commitment stood in its reporting."""
    tone, icon = _LOOKS[CommitmentState(promise.state)]
    return {"text": CommitmentState(promise.state).label, "tone": tone, "icon": icon}


@register.simple_tag
def rows_url(of, show):
    """The address of the rows behind a figure of a partner (MeetingPartner) or of a meeting as a whole."""
    page = (
        of.get_absolute_url()
        if hasattr(of, "minutes_url")
        else reverse("partnerships:meeting-rows", args=[of.pk])
    )
    return f"{page}?show={show}#rows"


@register.filter
def late(point, day):
    """Whether an action point was overdue on the day."""
    return point.is_overdue(day)
