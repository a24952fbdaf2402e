"""How an action point's state is written on a page."""

from django import template
from django.utils.translation import gettext as _

from partnerships.lifecycle import ActionPointStatus

register = template.Library()

_LOOKS = {
    ActionPointStatus.OPEN: ("accent", "circle-dot"),
    ActionPointStatus.DONE: ("warn", "hourglass"),
    ActionPointStatus.CLOSED: ("good", "circle-check"),
}


@register.inclusion_tag("components/badge.html")
def action_point_badge(point, today):
    if point.is_overdue(today):
        return {"text": _("Overdue"), "tone": "bad", "icon": "calendar-x-2"}
    tone, icon = _LOOKS[ActionPointStatus(point.status)]
    return {"text": point.get_status_display(), "tone": tone, "icon": icon}
