"""The text of one cell becomes a value, or a sentence that says why it can't."""

import re
import unicodedata
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kemnaker_portal.text import is_seen
from partnerships.imports.vocabulary import EMPTY_MARKS, name_key
from partnerships.models import PartialDate, Precision
from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR, WEEKDAYS

_LONGEST_TERM_YEARS = 99
_DURATION = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))? ?(tahun|thn|th|years?|bulan|bln|months?)?")


class NotUnderstood(ValueError):
    """A cell that can't be taken as it is; the message is for the person who filled it in.

    ``column`` is named when the fault lies in another column than the one being read.
    """

    def __init__(self, message, column=""):
        super().__init__(message)
        self.column = column


def clean(text, form="NFKC"):
    """Text in one line, normalised. Raises NotUnderstood for characters that nobody can see.

    A zero-width character makes two equal names different, and a direction mark makes a text read
    other than it is stored.
    """
    text = re.sub(r"[\t\r\n]", " ", text)
    if not (text.isprintable() and is_seen(text)):
        text = "".join(_visible(character) for character in text)
    if "\ufffd" in text:
        raise NotUnderstood(
            _("The cell holds a broken character (�). Save the file as UTF-8 and import it again.")
        )
    text = " ".join(unicodedata.normalize(form, text).split())
    return "" if text in EMPTY_MARKS else text


def _visible(character):
    """The character, or a plain space for any kind of space, the no-break space among them."""
    if character.isprintable() and is_seen(character):
        return character
    if unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return " "
    raise NotUnderstood(
        _("The cell holds the invisible character U+%(code)04X. Type the text anew.")
        % {"code": ord(character)}
    )


def listed(text):
    """The parts of a cell that holds several values with ";" between them, each once."""
    return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def listed_with_gaps(text):
    """Like ``listed``, but with repeated and empty parts, for cells that pair part by part."""
    return [part.strip() for part in text.split(";")] if text else []


def partial_date(text):
    """Raises NotUnderstood for what is no date."""
    without_weekday = re.sub(rf"^(?:{'|'.join(WEEKDAYS)}),? +(?=\d)", "", text, flags=re.IGNORECASE)
    try:
        return PartialDate.parse(without_weekday)
    except ValueError as error:
        raise NotUnderstood(_why_no_date(text)) from error


def _why_no_date(text):
    if match := re.search(r"\b(\d{4})\b", text):
        year = int(match.group(1))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return _("“%(text)s”: the year must lie between %(first)d and %(last)d.") % {
                "text": text,
                "first": FIRST_YEAR,
                "last": LAST_YEAR,
            }
    if re.fullmatch(r"\d{5}", text):
        return _("“%(text)s” is a spreadsheet's number for a day. Format the cell as a date.") % {
            "text": text
        }
    return _("“%(text)s” is not a date. Write 2025-03-20, 20 Maret 2025, 20/03/2025, 2025-03 or 2025.") % {
        "text": text
    }


def duration_in_months(text):
    """ "5", "5 tahun", "2,5" and "18 bulan" as months. Raises NotUnderstood."""
    match = re.fullmatch(
        r"(\d{1,3})(?:[.,](\d{1,2}))? ?(tahun|thn|th|years?|bulan|bln|months?)?", text.lower()
    )
    wrong = NotUnderstood(
        _("“%(text)s” is not a duration. Write the years (5 or 2,5) or “18 bulan”.") % {"text": text}
    )
    if not match:
        raise wrong
    whole, fraction, unit = match.groups()
    amount = Decimal(f"{whole}.{fraction or 0}")
    in_months = unit is not None and unit[0] in "bm"
    months = amount if in_months else amount * 12
    if months != int(months) or not 0 < months <= _LONGEST_TERM_YEARS * 12:
        raise wrong
    return int(months)


def word_from(words, text, allowed):
    """What a word of a vocabulary means. Raises NotUnderstood with the words there are."""
    meaning = words.get(name_key(text))
    if meaning is None:
        raise NotUnderstood(
            _("“%(text)s” is not a word known here. Known are: %(allowed)s.")
            % {"text": text, "allowed": "; ".join(allowed)}
        )
    return meaning


def fits(text, field):
    """The text, if the field of the model can hold it. Raises NotUnderstood."""
    if len(text) > field.max_length:
        raise NotUnderstood(
            _("%(field)s: %(length)d characters, of which only %(most)d can be kept. Shorten it.")
            % {
                "field": capfirst(field.verbose_name),
                "length": len(text),
                "most": field.max_length,
            }
        )
    return text


def as_said(date):
    """A partial date as it is kept among the facts: 2025-03-20, 2019-08 or 2022."""
    return date.isoformat() if date and date.precision != Precision.UNKNOWN else ""
