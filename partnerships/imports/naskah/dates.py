"""Days as papers write them: in digits, in words, or both, with the day of the week said to be theirs."""

import datetime
import re
from dataclasses import dataclass

from partnerships.imports.naskah.numbers_in_words import IN_WORDS, number_from
from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR, WEEKDAYS

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "januari|january|jan",
            "februari|pebruari|february|feb",
            "maret|march|mar",
            "april|apr",
            "mei|may",
            "juni|june|jun",
            "juli|july|jul",
            "agustus|august|agu|agt",
            "september|sept|sep",
            "oktober|october|okt",
            "november|nopember|nov",
            "desember|december|des",
        ],
        start=1,
    )
    for name in names.split("|")
}
# Longer names first, or "mar" would end "maret".
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted((day.replace("'", "['`]?") for day in WEEKDAYS), key=len, reverse=True))
# A scan reads nought as O and one as l or I.
_DIGIT = r"[\dOolI]"

_IN_FIGURES = rf"(?P<fd>{_DIGIT}{{1,2}})\s*[-/.]\s*(?P<fm>{_DIGIT}{{1,2}})\s*[-/.]\s*(?P<fy>{_DIGIT}{{4}})"
_AGAIN = rf"(?P<ad>{_DIGIT}{{1,2}})\s+(?P<am>{_MONTH})\s+(?P<ay>{_DIGIT}{{4}})"
# "Kamis, tanggal dua puluh bulan Maret tahun dua ribu dua puluh lima (20-03-2025)": every part but day,
# month and year may be missing, and what stands in brackets says the same day again.
_DATE = re.compile(
    rf"(?:(?:hari\s+(?:ini\s*,?\s*)?)?\b(?P<weekday>{_WEEKDAY})\b\s*,?\s*)?"
    rf"(?:\b(?:pada\s+)?tanggal\s*:?\s*)?"
    rf"(?:(?P<day>\b{_DIGIT}{{1,2}}|\b{IN_WORDS})\s*,?\s*(?:bulan\s+)?\b(?P<month>{_MONTH})\b\s*,?\s*(?:tahun\s+)?"
    rf"(?P<year>{_DIGIT}{{4}}\b|{IN_WORDS})"
    rf"(?:\s*,?\s*\(\s*(?:{_IN_FIGURES}|{_AGAIN})\s*\))?"
    rf"|(?<![\w/.-]){_IN_FIGURES.replace('<f', '<n')}(?![\w/-]))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ReadDate:
    """A day in a text from ``start`` to ``end``. ``weekday`` is its day of the week as written, or "".

    ``said_twice`` tells that brackets say the day once more; ``other`` is what they say when it differs.
    """

    day: datetime.date
    start: int
    end: int
    weekday: str = ""
    said_twice: bool = False
    other: datetime.date | None = None

    @property
    def weekday_fits(self):
        """Whether the day of the week, if one is named, is the one of the date."""
        return not self.weekday or WEEKDAYS[self.weekday] == self.day.weekday()


def dates_in(text, start=0, end=None):
    """The days that a stretch of text names, in their order; what is no day of the calendar is left out."""
    found = []
    for match in _DATE.finditer(text, start, len(text) if end is None else end):
        read = _read(match)
        if read is not None:
            found.append(read)
    return found


def _read(match):
    said = match.groupdict()
    if said["nd"]:
        day = _day(said["nd"], said["nm"], said["ny"])
        again = None
    else:
        day = _day(said["day"], said["month"], said["year"])
        again = _day(said["fd"], said["fm"], said["fy"]) or _day(said["ad"], said["am"], said["ay"])
    day = day or again
    if day is None:
        return None
    weekday = re.sub("[`]", "'", (said["weekday"] or "").lower())
    return ReadDate(
        day,
        match.start(),
        match.end(),
        weekday=weekday if weekday in WEEKDAYS else "",
        said_twice=again is not None,
        other=again if again != day else None,
    )


def _day(day, month, year):
    if not (day and month and year):
        return None
    try:
        number = _MONTHS.get(month.lower()) or number_from(month)
        day, year = number_from(day), number_from(year)
        return datetime.date(year, number, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
