"""How a paper of the register is written on a page: its cells, its states, its dates, its addresses."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from partnerships.lifecycle import Status
from partnerships.models import Validity
from partnerships.register.facets import ALL_OPENED, provinces_of
from partnerships.selectors import tally, validity

register = template.Library()

_VALIDITY_LOOKS = {
    Validity.NOT_BEGUN: ("neutral", "hourglass"),
    Validity.IN_FORCE: ("good", "circle-check"),
    Validity.ENDING: ("warn", "calendar-clock"),
    Validity.ENDED: ("bad", "calendar-x-2"),
    Validity.UNKNOWN: ("neutral", "circle-question-mark"),
}
_STATUS_LOOKS = {
    Status.PROPOSED: ("neutral", "lightbulb"),
    Status.DRAFTING: ("neutral", "square-pen"),
    Status.SCHEDULED: ("accent", "calendar-days"),
    Status.SIGNED: ("good", "signature"),
    Status.ENDED: ("neutral", "calendar-x-2"),
    Status.TERMINATED: ("bad", "ban"),
    Status.CANCELLED: ("neutral", "x"),
}


@register.inclusion_tag("components/badge.html")
def validity_badge(code):
    tone, icon = _VALIDITY_LOOKS[Validity(code)]
    return {"text": Validity(code).label, "tone": tone, "icon": icon}


@register.inclusion_tag("components/badge.html")
def validity_state(code):
    """The badge below a heading that already says “validity”."""
    looks = validity_badge(code)
    return {**looks, "text": gettext("Unknown")} if code == Validity.UNKNOWN else looks


@register.inclusion_tag("components/badge.html")
def status_badge(code):
    tone, icon = _STATUS_LOOKS[Status(code)]
    return {"text": Status(code).label, "tone": tone, "icon": icon}


@register.filter
def validity_label(code):
    return Validity(code).label


@register.filter
def grouped(number):
    """A number with its thousands apart."""
    return number_format(number, force_grouping=True)


@register.filter
def newest_first(column):
    """Whether a first press on the column's heading is better answered by its greatest values."""
    return column.number or column.code in {"signed", "ends"}


@register.filter
def pairs_of(query, names):
    """(name, value) of each of these parameters."""
    return [(name, value) for name in names.split() for value in query.getlist(name)]


@register.filter
def pairs_but(query, names):
    """(name, value) of every parameter but these."""
    return [(name, value) for name, values in query.lists() if name not in names.split() for value in values]


@register.filter
def in_full(date):
    """A partial date as far as it is known, with the weekday of a known day."""
    return validity.in_full(date) if date else ""


@register.filter
def precision_said(date):
    """What a reader is to know about a date that is not whole."""
    return {
        "month": gettext("only the month is known"),
        "year": gettext("only the year is known"),
    }.get(date.precision, "")


@register.filter
def in_years(months):
    return validity.duration_in_words(months)


@register.filter
def bare_address(address):
    """A web address as people quote it: without its scheme and, when long, without its tail."""
    bare = address.partition("://")[2].removeprefix("www.").rstrip("/")
    return bare if len(bare) <= 70 else f"{bare[:69]}…"


@register.filter
def by_province(listing, facet):
    """The options of the region facet, each province with its kabupaten and kota."""
    return provinces_of(listing, facet)


@register.filter
def lacks_regions(provinces):
    """Whether some kabupaten and kota of these provinces are not on the page yet."""
    return any(province.url for province in provinces)


@register.filter
def with_every_region(listing):
    """The address of the list with every kabupaten and kota in its panel."""
    return listing.url(opened=ALL_OPENED)


@register.simple_tag
def papers_url(**filters):
    """The register's address for these filters; ``on`` may be None."""
    return tally.address(tally.asking(**_with_day(**filters)))


@register.simple_tag
def in_force_url(**filters):
    """The register's address for what is in force among these papers; ``on`` may be None."""
    return tally.address(tally.in_force(**_with_day(**filters)))


def _with_day(on=None, **filters):
    return {**filters, **tally.day(on)}
