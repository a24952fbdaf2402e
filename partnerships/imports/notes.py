"""What a note of conflicts says: its sentences, the fields they speak of, and the values in them.

A sentence that contradicts the record is a fact that is not in force; a plain remark is a note.
"""

import re

from partnerships.actions.record import FactLine
from partnerships.imports.cells import NotUnderstood, as_said, partial_date
from partnerships.models import Certainty, FactField, FactFlag
from partnerships.models.partial_date import WEEKDAYS, weekday_mismatch

_ABBREVIATIONS = {
    "a.n", "bpk", "dkk", "dll", "dr", "drs", "dsb", "h", "hj", "ir", "jl", "kab", "kec", "kep", "m", "moh",
    "muh", "no", "pj", "pjs", "plh", "plt", "prof", "prov", "sdr", "st", "tbk",
}  # fmt: skip

# The first that fits a sentence says which field it contradicts.
_CONTRADICTIONS = [
    (r"tanggal(?: [^:.]{0,20})?:", FactField.SIGNED),
    (r"tanggal = ", FactField.SIGNED),
    (r".*\badalah tanggal\b", FactField.SIGNED),
    (r"jumlah(?: [^:]{0,60})?:", FactField.COUNT),
    (r"(?:penandatangan|ejaan nama)\b[^:]{0,40}(?::|berbeda)", FactField.SIGNATORY),
    (r"pihak kemnaker:", FactField.UNIT),
    (r"unit(?: [^:]{0,20})?:", FactField.UNIT),
    (r"nama (?:mitra|di sumber)\b", FactField.PARTNER),
    (r"mitra:", FactField.PARTNER),
    (r"(?:bisa digolongkan|klasifikasi)\b", FactField.PARTNER),
    (r"judul(?: [^:]{0,20})?:", FactField.TITLE),
    (r"tempat(?: [^:]{0,20})?:", FactField.PLACE),
    (r"nomor(?: [^:]{0,20})?:", FactField.NUMBER),
    (r"(?:wilayah|daerah|region):", FactField.REGION),
    (r"sumber menaruh\b", FactField.REGION),
    (r"(?:tema|bidang):", FactField.THEMES),
    (r"(?:mulai|akhir|masa berlaku|jangka waktu)(?: [^:]{0,20})?:", FactField.TERM),
    (r"(?:target|komitmen)(?: [^:]{0,20})?:", FactField.COMMITMENTS),
    (r"acara(?: [^:]{0,20})?:", FactField.EVENT),
    (r"riwayat\b", FactField.NOTE),
]
_SAYS = r"(?:menulis|menyebut|ditulis|disebut|menamai)"
_A_KIND = r"(?:\bmou\b|\bmoc\b|nota kesepa|perjanjian kerja)"
# A source is quoted with a value of its own; which field it is can be told from the words.
_QUOTED = [
    (
        rf"(?!hanya|.*tidak menyebut).*\b{_SAYS} .*(?:\bmou\b|\bmoc\b|nota kesepa|perjanjian kerja)",
        FactField.KIND,
    ),
    (rf"(?!hanya).*\b{_SAYS} .*\bpenanda ?tangan\b", FactField.SIGNATORY),
    (r".*\bmenamai\b", FactField.PARTNER),
]

_DAY = (
    rf"(?:(?:{'|'.join(WEEKDAYS)}),? )?"
    r"(?:\d{4}-\d\d-\d\d|\d{1,2}[-/]\d{1,2}[-/]\d{4}|\d{1,2} [a-z]+ \d{4})"
)
# A source is a domain or a bare name in small letters: "merdeka: Kamis 26/10/2017".
_SOURCE_WITH_DAY = re.compile(
    rf"\b(?P<source>[a-z0-9][\w.-]*\w)(?: (?:menulis|menyebut)|:) (?P<day>(?i:{_DAY}))\b"
)


def facts_of_note(note, *, signed, sources, certainty):
    """The facts in a note. ``signed`` is the date the record follows, ``sources`` the row's own."""
    facts = []
    for sentence in _sentences(note):
        field = _contradicted_field(sentence)
        facts.append(
            FactLine(
                field=field or FactField.NOTE,
                value=sentence,
                source="; ".join(sources),
                certainty=certainty,
                in_force=field is None,
            )
        )
        if field != FactField.TERM:
            facts += _other_days(sentence, signed, sources, certainty)
    return facts


def _sentences(note):
    parts, start = [], 0
    for match in re.finditer(r"\.\s+", note):
        word = re.search(r"([\w.]*)$", note[start : match.start()]).group(1).lower()
        if word in _ABBREVIATIONS or re.fullmatch(r"[a-z]", word):
            continue
        parts.append(note[start : match.start()])
        start = match.end()
    parts.append(note[start:])
    return [part.strip().rstrip(".").strip() for part in parts if part.strip(" .")]


def _contradicted_field(sentence):
    text = sentence.lower()
    for pattern, field in [*_CONTRADICTIONS, *_QUOTED]:
        if re.match(pattern, text):
            return field
    # A day that some source gives, with its name before it.
    return FactField.SIGNED if _SOURCE_WITH_DAY.search(sentence) else None


def _other_days(sentence, signed, sources, certainty):
    """Each day that a named source writes and the record does not follow."""
    facts = []
    for match in _SOURCE_WITH_DAY.finditer(sentence):
        try:
            day = partial_date(match.group("day"))
        except NotUnderstood:
            continue
        wrong_weekday = weekday_mismatch(match.group("day"))
        if day == signed and not wrong_weekday:
            continue
        facts.append(
            FactLine(
                field=FactField.SIGNED,
                value=match.group("day") if wrong_weekday else as_said(day),
                source=_whole_address(match.group("source"), sources),
                certainty=Certainty.LOW if wrong_weekday else certainty,
                in_force=False,
                flag=FactFlag.WEEKDAY if wrong_weekday else FactFlag.NONE,
            )
        )
    return facts


def _whole_address(name, sources):
    """The row's own source whose address begins with that name, else the name as the note gives it."""
    for source in sources:
        if re.match(rf"(?:https?://)?(?:www\.)?{re.escape(name.lower())}\b", source.lower()):
            return source
    return name
