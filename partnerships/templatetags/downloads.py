"""What is said of a file that is made in the background."""

import math

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.lifecycle import ExportStatus
from partnerships.models import ExportContent
from partnerships.register import Ledger, Register

register = template.Library()

_LOOKS = {
    ExportStatus.WAITING: ("neutral", "hourglass"),
    ExportStatus.RUNNING: ("accent", "loader"),
    ExportStatus.DONE: ("good", "circle-check"),
    ExportStatus.FAILED: ("bad", "octagon-alert"),
    ExportStatus.CANCELLED: ("neutral", "ban"),
    ExportStatus.EXPIRED: ("neutral", "archive"),
}
_A_MINUTE, _AN_HOUR = 60, 3600


@register.inclusion_tag("components/badge.html")
def export_badge(job):
    """The state of a file as text, icon and colour."""
    tone, icon = _LOOKS[ExportStatus(job.status)]
    text = _("Being cancelled") if job.is_being_cancelled else job.get_status_display()
    return {"text": text, "tone": tone, "icon": icon}


@register.simple_tag
def rows_of(job):
    """How much a file holds, in words."""
    return (Ledger if job.made_of == ExportContent.LEDGER else Register).counted(job.rows_total)


@register.simple_tag
def time_left(job, now):
    """How long a file still takes, in words; empty where nobody can say."""
    seconds = job.seconds_left(now)
    if seconds is None:
        return ""
    if job.rows_done >= job.rows_total:
        return _("being put together")
    if seconds < 10:
        return _("a few seconds left")
    if seconds < _A_MINUTE:
        left = math.ceil(seconds / 10) * 10
        return ngettext("about %(n)d second left", "about %(n)d seconds left", left) % {"n": left}
    if seconds < _AN_HOUR:
        left = math.ceil(seconds / _A_MINUTE)
        return ngettext("about %(n)d minute left", "about %(n)d minutes left", left) % {"n": left}
    return _("more than an hour left")
