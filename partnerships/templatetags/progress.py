"""How commitments and what was reported on them are written on a page: periods, amounts, rates, states."""

import calendar
import datetime
from decimal import Decimal

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnerships.columns import Amount, Rate
from partnerships.models import PeriodState

register = template.Library()

_STATE_LOOKS = {
    PeriodState.NOT_YET_DUE: ("neutral", "calendar"),
    PeriodState.DUE: ("warn", "calendar-clock"),
    PeriodState.OVERDUE: ("bad", "calendar-x-2"),
    PeriodState.DRAFT: ("neutral", "square-pen"),
    PeriodState.SUBMITTED: ("accent", "hourglass"),
    PeriodState.RETURNED: ("warn", "undo-2"),
    PeriodState.VERIFIED: ("good", "circle-check"),
}


@register.inclusion_tag("components/badge.html")
def period_badge(state):
    """The state of a period or of a report (the report's statuses are states of its period)."""
    tone, icon = _STATE_LOOKS[PeriodState(state)]
    return {"text": PeriodState(state).label, "tone": tone, "icon": icon}


@register.filter
def amount(value, indicator):
    """A number in the unit of its indicator: "1.250 orang", "Rp1.250.000"; empty for none."""
    return "" if value in (None, "") else str(Amount.of(value, indicator))


@register.filter
def people(number):
    """A number of people; a part of one, which a shared batch may bring, with its decimals."""
    return str(Amount(number))


@register.filter
def percent(rate):
    """A fraction in percent with one decimal, cut and not rounded; empty for none."""
    return "" if rate is None else Rate(rate).percent


@register.filter
def bar(rate):
    """A fraction as the whole percent that a bar can show, 0 to 100."""
    return 0 if rate is None else min(100, int(Decimal(rate) * 100))


@register.filter
def period(row):
    """The time that a report speaks of, as people call it: March 2025, quarter I 2025, 1 Jan – 9 Feb 2025.

    ``row`` has ``begins`` and ``ends`` (a period) or ``period_start`` and ``period_end`` (a report).
    """
    begins = row.begins if hasattr(row, "begins") else row.period_start
    ends = row.ends if hasattr(row, "ends") else row.period_end
    return _called(begins, ends) if begins else _("until %(day)s") % {"day": date_format(ends, "j F Y")}


def _called(begins, ends):
    months = _whole_months(begins, ends)
    if months == 1:
        return date_format(ends, "F Y")
    if months == 3 and begins.month % 3 == 1:
        return _("quarter %(number)s %(year)s") % {
            "number": ("I", "II", "III", "IV")[begins.month // 3],
            "year": begins.year,
        }
    if months == 6 and begins.month in (1, 7):
        return _("half-year %(number)s %(year)s") % {
            "number": "I" if begins.month == 1 else "II",
            "year": begins.year,
        }
    if months == 12 and begins.month == 1:
        return str(begins.year)
    first = "j M" if begins.year == ends.year else "j M Y"
    return f"{date_format(begins, first)} – {date_format(ends, 'j M Y')}"


def _whole_months(begins: datetime.date, ends: datetime.date):
    """How many whole calendar months the time is; 0 when it begins or ends within one."""
    last = calendar.monthrange(ends.year, ends.month)[1]
    if begins.day != 1 or ends.day != last:
        return 0
    return (ends.year - begins.year) * 12 + ends.month - begins.month + 1
