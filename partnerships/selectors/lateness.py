"""How far a day lies ahead or behind, in words."""

from django.utils.translation import gettext, ngettext


def said(day, on):
    """“in 7 days”, “today” or “3 days late”, as read on the day ``on``."""
    days = (day - on).days
    if days == 0:
        return gettext("due today")
    if days > 0:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
