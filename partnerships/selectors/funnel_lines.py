"""By what the funnel of people is broken down: the values, their names and addresses."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext

from partnerships.models import Organization, PartnerClass
from partnerships.register.index.reach import Reached
from partnerships.selectors import tally
from regions.models import Region

_MONTHS_OF_A_YEAR, _OF_A_QUARTER = 12, 3


class OfRegions:
    """The provinces; of those asked for, their kabupaten and kota."""

    def __init__(self, funnel):
        self._funnel = funnel
        self._asked = {region.code for region in funnel.ledger.asked.get("region", [])}

    def of(self, reach):
        found = reach.by("region")
        return {code: each for code, each in found.items() if self._is_shown(code)}

    def _is_shown(self, code):
        if not self._asked:
            return len(code) == len("11")
        return code in self._asked if len(code) == len("11") else bool({code, code[:2]} & self._asked)

    @staticmethod
    def ordered(values, _by):
        return sorted(values)

    @staticmethod
    def names(values):
        return dict(Region.objects.filter(code__in=values).values_list("code", "name"))

    @staticmethod
    def asked(code):
        return {"region": code}

    def url(self, code):
        if code in self._asked or len(code) > len("11"):
            return reverse("partnerships:region-detail", args=[code])
        return self._funnel.url(region=code)


class OfClasses:
    def __init__(self, funnel):
        self._funnel = funnel
        self._asked = funnel.ledger.asked.get("class") or PartnerClass.values

    def of(self, reach):
        return {code: each for code, each in reach.by("class").items() if code in self._asked}

    @staticmethod
    def ordered(values, _by):
        return [code for code in PartnerClass.values if code in values]

    @staticmethod
    def names(values):
        return {code: PartnerClass(code).label for code in values}

    @staticmethod
    def asked(code):
        return {"class_": code}

    def url(self, code):
        return self._funnel.url(class_=code, by="partner")


class OfPartners:
    """The counterparts of the papers, those with most people first."""

    def __init__(self, funnel):
        self._user = funnel.user
        self._units = {unit.pk for unit in funnel.ledger.index.names.units}
        self._asked = {each.pk for each in funnel.ledger.asked.get("partner", [])}

    def of(self, reach):
        found = reach.by("partner")
        shown = self._asked or found.keys() - self._units
        return {pk: each for pk, each in found.items() if pk in shown}

    @staticmethod
    def ordered(values, by):
        stages = list(by.values())

        def place(pk):
            return [-stage.get(pk, Reached()).done for stage in stages], pk

        return sorted(values, key=place)

    def names(self, values):
        self._known = Organization.objects.visible_to(self._user).in_bulk(list(values))
        return {pk: each.name for pk, each in self._known.items()}

    def asked(self, pk):
        return {"partner": self._known[pk].slug}

    def url(self, pk):
        return self._known[pk].get_absolute_url()


class OfPeriods:
    """The years in which the commitments are due; within one year, its quarters."""

    def __init__(self, funnel):
        self._funnel = funnel
        asked = funnel.ledger.asked
        self._first, self._last = asked.get("due_after"), asked.get("due_before")
        is_one_year = self._first and self._last and self._first.year == self._last.year
        self._length = _OF_A_QUARTER if is_one_year else _MONTHS_OF_A_YEAR

    def of(self, reach):
        found: dict = {}
        for month, each in reach.by("month").items():
            period = None if month is None else month // self._length
            found[period] = found.get(period, Reached()) + each
        return found

    @staticmethod
    def ordered(values, _by):
        return sorted(values, key=lambda period: (period is None, period))

    def names(self, values):
        return {period: self._name(period) for period in values}

    def _name(self, period):
        if period is None:
            return gettext("Without a due date")
        first, _last = self._days(period)
        if self._length == _MONTHS_OF_A_YEAR:
            return str(first.year)
        number = ("I", "II", "III", "IV")[first.month // _OF_A_QUARTER]
        return gettext("Quarter %(number)s %(year)s") % {"number": number, "year": first.year}

    def _days(self, period):
        """The first and the last day of it."""
        first, after = (
            datetime.date(1970 + month // 12, month % 12 + 1, 1)
            for month in (period * self._length, (period + 1) * self._length)
        )
        return first, after - datetime.timedelta(days=1)

    def asked(self, period):
        if period is None:
            return {"lacks": "due"}
        first, last = self._days(period)
        first, last = max(first, self._first or first), min(last, self._last or last)
        return {"due_after": first.isoformat(), "due_before": last.isoformat()}

    def url(self, period):
        if period is None or self._length == _OF_A_QUARTER:
            return tally.ledger_address(self._funnel.asking(**self.asked(period)))
        return self._funnel.url(**self.asked(period))
