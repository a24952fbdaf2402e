"""How the answer of the other side is written on a page."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Answer

register = template.Library()


@register.inclusion_tag("components/badge.html")
def confirmation_badge(request):
    if request.answer == Answer.YES:
        return {"text": _("Confirmed by the partner"), "tone": "good", "icon": "circle-check"}
    if request.answer == Answer.NO:
        return {"text": _("Denied by the partner"), "tone": "bad", "icon": "octagon-alert"}
    if request.expires_at <= timezone.now():
        return {"text": _("Not answered"), "tone": "neutral", "icon": "clock-alert"}
    return {"text": _("Waiting for an answer"), "tone": "accent", "icon": "hourglass"}
