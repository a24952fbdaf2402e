"""When and where the paper was signed, and whether the day of the week is the date's."""

import re

from partnerships.imports.naskah.dates import dates_in
from partnerships.imports.naskah.proposals import NOTHING, Problem, Proposal

# Where a paper that opens without a date says it: in its last lines.
_AT_THE_END = re.compile(r"(?:pada\s+tanggal|ditandatangani|dibuat\s+di|ditetapkan)", re.IGNORECASE)
_PLACE_END = (
    r"(?=\s*(?:,\s*(?:yang|kami|oleh|telah|para|dengan|antara|on|pada)\b|"
    r",?\s+(?:yang|kami|oleh|telah|pada\s+(?:hari|tanggal))\b|[:;]|\.\s|\.$|\n\s*[Pp]ada\b))"
)
_PLACES = (
    re.compile(
        rf"(?:bertempat|mengambil\s+tempat|berlokasi)\s+di\s+(?P<place>.{{2,120}}?){_PLACE_END}",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        rf"(?i:ditandatangani|dibuat)\s+di\s*:?\s*(?P<place>[A-Z].{{1,80}}?)(?:{_PLACE_END}|$)", re.DOTALL
    ),
)
_AFTER_DATE = re.compile(
    rf"\s*\)?\s*,?\s*(?:bertempat\s+)?di\s+(?P<place>[A-Z].{{1,80}}?){_PLACE_END}", re.DOTALL
)


def read_signing(anatomy):
    """The day of signing and its place, each as a Proposal."""
    text = anatomy.text
    # A date behind the opening is that of a letter, not of the signing.
    has_opening = anatomy.presentation > anatomy.opening
    zone = (
        anatomy.opening,
        anatomy.presentation if has_opening else min(anatomy.body, anatomy.opening + 600),
    )
    found = dates_in(text.text, *zone)
    if not found:
        zone = (anatomy.close, len(text.text))
        found = dates_in(text.text, *zone) if _AT_THE_END.search(text.text[zone[0] :]) else []
    return _day(found, text, zone[0] == anatomy.opening), _place(found, text, zone)


def _day(found, text, in_opening):
    if not found:
        return NOTHING
    date = found[0]
    problems = []
    if not date.weekday_fits:
        problems.append(Problem("weekday", {"said": date.weekday, "day": date.day.isoformat()}))
    if date.other:
        problems.append(Problem("two_days", {"day": date.day.isoformat(), "other": date.other.isoformat()}))
    if problems:
        sure = 0.6
    elif not in_opening:
        sure = 0.85
    else:
        # A day of the week or brackets that fit are a second witness.
        sure = 0.98 if date.weekday or date.said_twice else 0.9
    sentence = text.sentence_at(date.start, date.end)
    return Proposal(date.day.isoformat(), sentence, text.page_at(date.start), sure, tuple(problems))


def _place(found, text, zone):
    plain = text.text
    for pattern, sure in zip(_PLACES, (0.93, 0.85), strict=True):
        if match := pattern.search(plain[: zone[1]], zone[0]):
            return _placed(match, text, sure)
    if found and (match := _AFTER_DATE.match(plain, found[0].end)):
        return _placed(match, text, 0.9)
    return NOTHING


def _placed(match, text, sure):
    place = " ".join(match["place"].split()).strip(" ,.;")
    return Proposal(
        place[:200],
        text.sentence_at(match.start(), match.end()),
        text.page_at(match.start("place")),
        sure if len(place) < 80 else 0.5,
    )
