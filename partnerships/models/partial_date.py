"""Dates of which a source may know only the month or the year.

A partial date is kept as its earliest and latest possible day with its precision, so that ranges
match by overlap and "2022" is never printed as 1 January 2022.
"""

import calendar
import datetime
import re
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1945, 2100

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "januari jan january",
            "februari feb february pebruari",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov nopember",
            "desember des december dec",
        ],
        start=1,
    )
    for name in names.split()
}

WEEKDAYS = {
    "senin": 0,
    "selasa": 1,
    "rabu": 2,
    "kamis": 3,
    "jumat": 4,
    "jum'at": 4,
    "sabtu": 5,
    "minggu": 6,
    "ahad": 6,
}


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
    UNKNOWN = "", _("unknown")


@dataclass(frozen=True)
class PartialDate:
    """A day, a month or a year: ``earliest`` to ``latest`` are the days it may be."""

    earliest: datetime.date
    latest: datetime.date
    precision: str

    @classmethod
    def of(cls, year, month=None, day=None):
        """Raises ValueError for a day that does not exist or a year outside 1945 to 2100."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"year {year} outside {FIRST_YEAR} to {LAST_YEAR}")
        if month is None:
            return cls(datetime.date(year, 1, 1), datetime.date(year, 12, 31), Precision.YEAR)
        if day is None:
            last = calendar.monthrange(year, month)[1]
            return cls(datetime.date(year, month, 1), datetime.date(year, month, last), Precision.MONTH)
        date = datetime.date(year, month, day)
        return cls(date, date, Precision.DAY)

    @classmethod
    def parse(cls, text):
        """Read "2022", "2019-08", "2025-03-20", "20/03/2025" or "Kamis, 20 Maret 2025".

        None for empty text; ValueError for what is no date. Day comes before month, as in Indonesia.
        """
        text = " ".join(text.split())
        if not text:
            return None
        if match := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[ T]00:00(?::00)?)?", text):
            return cls.of(*(int(part) for part in match.groups() if part))
        if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
            day, month, year = (int(part) for part in match.groups())
            return cls.of(year, month, day)
        if match := re.fullmatch(r"(?:[A-Za-z']+,? )?(?:(\d{1,2}) )?([A-Za-z]+) (\d{4})", text):
            day, name, year = match.groups()
            if month := _MONTHS.get(name.lower()):
                return cls.of(int(year), month, int(day) if day else None)
        raise ValueError(f"not a date: {text}")

    def isoformat(self):
        """The date as far as it is known: 2025-03-20, 2019-08 or 2022."""
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[Precision(self.precision)]
        return self.earliest.isoformat()[:length]

    def __str__(self):
        pattern = {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}
        return formats.date_format(self.earliest, pattern[Precision(self.precision)])

    def short(self):
        """The date in the width of a table cell."""
        pattern = {Precision.DAY: "j M Y", Precision.MONTH: "M Y", Precision.YEAR: "Y"}
        return formats.date_format(self.earliest, pattern[Precision(self.precision)])


def weekday_mismatch(text):
    """The first "Kamis 20 Maret 2024" in a text whose weekday is not that date's.

    Returns (as written, the date, its true weekday 0 = Monday) or None.
    """
    said = r"\b(" + "|".join(WEEKDAYS) + r"),? (\d{1,2})[ /-]([A-Za-z]+|\d{1,2})[ /-](\d{4})"
    for match in re.finditer(said, text, re.IGNORECASE):
        named, day, month, year = match.groups()
        number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
        try:
            date = datetime.date(int(year), number, int(day)) if number else None
        except ValueError:
            continue
        if date and date.weekday() != WEEKDAYS[named.lower()]:
            return match.group(0), date, date.weekday()
    return None


class PartialDateValue(property):
    """Reads and writes the three columns ``<name>_earliest/_latest/_precision`` as one PartialDate.

    A property, so that a model can be made with the value as a keyword.
    """

    def __init__(self, name):
        earliest, latest, precision = partial_date_columns(name)

        def read(row):
            if not getattr(row, precision):
                return None
            return PartialDate(getattr(row, earliest), getattr(row, latest), getattr(row, precision))

        def write(row, value):
            setattr(row, earliest, value.earliest if value else None)
            setattr(row, latest, value.latest if value else None)
            setattr(row, precision, value.precision if value else Precision.UNKNOWN)

        super().__init__(read, write)


def partial_date_columns(name):
    """The three column names of a partial date, for ``update_fields`` and forms."""
    return [f"{name}_earliest", f"{name}_latest", f"{name}_precision"]


def partial_date_is_whole(name, table):
    """The constraint that the three columns agree: all empty, or a whole day, month or year."""
    earliest, latest, precision = partial_date_columns(name)
    first, last = f"{earliest}", f"{latest}"
    return models.CheckConstraint(
        name=f"{table}_{name}_is_whole",
        condition=Q(**{first: None, last: None, precision: Precision.UNKNOWN})
        | Q(**{f"{first}__isnull": False, last: F(first), precision: Precision.DAY})
        | Q(
            **{
                f"{first}__day": 1,
                f"{last}__gte": F(first) + datetime.timedelta(days=27),
                f"{last}__lte": F(first) + datetime.timedelta(days=30),
                precision: Precision.MONTH,
            }
        )
        | Q(
            **{
                f"{first}__day": 1,
                f"{first}__month": 1,
                f"{last}__gte": F(first) + datetime.timedelta(days=364),
                f"{last}__lte": F(first) + datetime.timedelta(days=365),
                precision: Precision.YEAR,
            }
        ),
    )
