"""How long the paper holds, from when, whether it may be renewed. An end is read only where it is named."""

import calendar
import datetime
import re

from partnerships.imports.naskah.dates import dates_in
from partnerships.imports.naskah.numbers_in_words import IN_WORDS, number_from
from partnerships.imports.naskah.proposals import NOTHING, Problem, Proposal

SIGNING = "signing"
_HEADINGS = (r"jangka\s+waktu|masa\s+(?:ber)?laku", r"berlaku|duration", r"pelaksanaan")
_DIGITS = r"[\dOolI]{1,3}"


def _amount(index, unit):
    """A pattern for "3 (tiga) tahun", "tiga tahun" or "6 (enam) bulan"."""
    return (
        rf"(?P<n{index}>{_DIGITS}|{IN_WORDS})\s*(?:\(\s*(?P<w{index}>[A-Za-z\s-]{{3,40}}|{_DIGITS})\s*\)\s*)?"
        rf"(?P<unit{index}>{unit})"
    )


_LENGTH = re.compile(
    rf"(?:jangka\s+waktu|masa\s+(?:ber)?laku|berlaku|berlangsung|selama|untuk\s+(?:waktu|masa))\b[^.;]{{0,160}}?"
    rf"\b{_amount(1, 'tahun|bulan')}\b(?:\s+(?:dan\s+)?{_amount(2, 'bulan')}\b)?",
    re.IGNORECASE,
)
# Times that the same article gives for something else.
_OTHER_TIME = re.compile(r"paling\s+(?:lambat|lama)|sebelum|setiap|sekurang|dalam\s+waktu", re.IGNORECASE)
_FROM = re.compile(
    r"(?:terhitung\s+)?(?:dihitung\s+)?\b(?:sejak|mulai(?:\s+berlaku)?|pada)\s+(?:sejak\s+|mulai\s+)?(?:pada\s+)?(?:saat\s+|hari\s+|tanggal\s+)*"
    r"(?P<signing>(?:di\s?tandatangani|penandatanganan))",
    re.IGNORECASE,
)
_FROM_DAY = re.compile(
    r"\b(?:sejak|mulai)\b(?:\s+(?:pada|dari|berlaku))?(?=\s+(?:tanggal\s+)?\d)", re.IGNORECASE
)
_TO_DAY = re.compile(
    r"\b(?:sampai\s+dengan|sampai|hingga|s\.d\.|berakhir\s+(?:pada)?)(?=\s+(?:tanggal\s+)?\d)", re.IGNORECASE
)
_RENEWED = r"(?:diperpanjang|perpanjangan|diperbarui|diperbaharui|ditambah|pembaruan)"
_NOT_RENEWED = re.compile(rf"\btidak\b(?:\s+\w+){{0,2}}\s+{_RENEWED}", re.IGNORECASE)
_MAY_BE_RENEWED = re.compile(_RENEWED, re.IGNORECASE)
_MOST_MONTHS = 1200


def read_term(anatomy, signed):
    """(months, start, end, derived end, renewal), each a Proposal; the start may be ``SIGNING``."""
    text = anatomy.text
    for order, heading in enumerate(_HEADINGS):
        for article in anatomy.headed(heading):
            found = _read(text, article.start, article.end, 0.95 - order * 0.05)
            if found[0] or found[2]:
                return _with_derived_end(found, signed)
    # A paper without such an article may say it in another.
    for article in anatomy.articles:
        length = _length(text, article.start, article.end, 0.6)
        if length:
            return _with_derived_end((length, *_read(text, article.start, article.end, 0.6)[1:]), signed)
    return NOTHING, NOTHING, NOTHING, NOTHING, NOTHING


def _read(text, start, end, sure):
    return (
        _length(text, start, end, sure),
        _start(text, start, end, sure),
        _end(text, start, end, sure),
        _renewal(text, start, end, sure),
    )


def _with_derived_end(found, signed):
    length, start, end, renewal = found
    return length, start, end, _derived_end(length, start, end, signed), renewal


def _length(text, start, end, sure):
    for found in _LENGTH.finditer(text.text, start, end):
        if _OTHER_TIME.search(found[0]):
            continue
        try:
            months = _months(found["n1"], found["unit1"]) + (
                _months(found["n2"], "bulan") if found["n2"] else 0
            )
        except ValueError:
            continue
        if not 0 < months <= _MOST_MONTHS:
            continue
        problems = _disagreement(found)
        sentence = text.sentence_at(found.start(), found.end())
        sure = 0.5 if problems else sure
        return Proposal(months, sentence, text.page_at(found.start()), sure, tuple(problems))
    return NOTHING


def _months(number, unit):
    return number_from(number) * (12 if unit.lower() == "tahun" else 1)


def _disagreement(found):
    """A problem where digits and the words in brackets name two numbers."""
    for index in (1, 2):
        number, words = found[f"n{index}"], found[f"w{index}"]
        if not number or not words:
            continue
        try:
            if number_from(number) != number_from(words):
                return [Problem("two_numbers", {"number": number, "words": words})]
        except ValueError:
            continue
    return []


def _start(text, start, end, sure):
    if found := _FROM.search(text.text, start, end):
        sentence = text.sentence_at(found.start(), found.end())
        return Proposal(SIGNING, sentence, text.page_at(found.start()), sure)
    return _named_day(text, _FROM_DAY, start, end, sure)


def _end(text, start, end, sure):
    return _named_day(text, _TO_DAY, start, end, sure)


def _named_day(text, before, start, end, sure):
    for found in before.finditer(text.text, start, end):
        dates = dates_in(text.text, found.end(), min(found.end() + 80, end))
        if dates:
            date = dates[0]
            sentence = text.sentence_at(date.start, date.end)
            return Proposal(date.day.isoformat(), sentence, text.page_at(date.start), sure)
    return NOTHING


def _renewal(text, start, end, sure):
    for pattern, value in ((_NOT_RENEWED, False), (_MAY_BE_RENEWED, True)):
        if found := pattern.search(text.text, start, end):
            sentence = text.sentence_at(found.start(), found.end())
            return Proposal(value, sentence, text.page_at(found.start()), sure)
    return NOTHING


def _derived_end(length, start, end, signed):
    """The day before the same day after so many months; a suggestion, and only where no end is named."""
    first = signed.value if start.value == SIGNING else start.value
    if end or not length or not first:
        return NOTHING
    day = datetime.date.fromisoformat(first)
    months = day.month - 1 + length.value
    year, month = day.year + months // 12, months % 12 + 1
    if year > datetime.MAXYEAR:
        return NOTHING
    same = datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    last = same - datetime.timedelta(days=1)
    return Proposal(last.isoformat(), length.sentence, length.page, min(length.sure, start.sure, 0.6))
