"""Days as an iCalendar file (RFC 5545), for a reader's own calendar program."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_file(days, on):
    """The bytes of a calendar with an all-day entry for each of the days, as of the day ``on``."""
    # Loaded only where a calendar is asked for.
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", f"-//Kemnaker//Portal Kemitraan//{translation.get_language().upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Kemnaker partnerships"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", datetime.timedelta(hours=6), parameters={"value": "DURATION"})
    # A calendar holds at least one component, also when nothing falls on any day.
    calendar.add_component(_jakarta())
    host = urlsplit(settings.PORTAL_URL).hostname
    # The same all day long, so that a program that asks again is told that nothing is new.
    stamp = timezone.make_aware(datetime.datetime.combine(on, datetime.time())).astimezone(datetime.UTC)
    for each in days:
        event = Event()
        event.add("uid", f"{each.uid}@{host}")
        event.add("dtstamp", stamp)
        event.add("dtstart", each.day)
        event.add("dtend", each.day + datetime.timedelta(days=1))
        event.add("summary", each.title)
        event.add("description", each.detail)
        event.add("categories", [each.kind])
        event.add("url", settings.PORTAL_URL + each.path)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def _jakarta():
    from icalendar import Timezone, TimezoneStandard

    zone = Timezone()
    zone.add("tzid", settings.TIME_ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime.datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", datetime.timedelta(hours=7))
    standard.add("tzoffsetto", datetime.timedelta(hours=7))
    standard.add("tzname", "WIB")
    zone.add_component(standard)
    return zone
