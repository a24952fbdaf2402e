"""How the register went on: what it held at the end of each quarter, every number with its rows."""

import datetime

from django.utils import formats, timezone
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from partnerships.models import DormantState
from partnerships.register import agreements_for
from partnerships.selectors import tally
from partnerships.selectors.quarters import quarter_of

QUARTERS = 8


def ends_of_quarters(until, number=QUARTERS):
    """The last days of so many quarters that were over by a day, and the day itself."""
    ends = [quarter_of(until, -away) - datetime.timedelta(days=1) for away in range(number)]
    return [*reversed(ends), until]


def asleep(user, until=None, **asked):
    """(name, number, in words, address) of the papers that slept at the end of each quarter up to a day
    (None: today), of those a question to the register asks for."""

    def said(number):
        return ngettext("%(n)s paper slept on %(day)s", "%(n)s papers slept on %(day)s", number)

    register = agreements_for(user, tally.asking(**asked))
    return _points(register.asleep_on, said, until, dormant=DormantState.values, **asked)


def in_force(user, until=None, **asked):
    """The same of the papers that were in force, ending soon or of unknown end."""

    def said(number):
        return ngettext("%(n)s paper in force on %(day)s", "%(n)s papers in force on %(day)s", number)

    register = agreements_for(user, tally.asking(**asked))
    alive = [code.value for code in tally.IN_FORCE]
    return _points(register.going_on, said, until, validity=alive, **asked)


def _points(number_on, said, until, **asked):
    today = timezone.localdate()
    return [
        _point(day, number_on(day), said, tally.asking(**asked, **tally.day(None if day == today else day)))
        for day in ends_of_quarters(until or today)
    ]


def _point(day, number, said, query):
    name = gettext("today") if "on" not in query else formats.date_format(day, "M y")
    words = said(number) % {
        "n": number_format(number, force_grouping=True),
        "day": formats.date_format(day, "j F Y"),
    }
    return name, number, words, tally.address(query)
