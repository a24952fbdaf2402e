"""What people type is read here, at one door: text, dates known in part, numbers, money, references."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.text import one_line
from kemnaker_portal.typed import LineField, NoteField, SentenceField
from partnerships.models import PartialDate, Precision
from partnerships.models.partial_date import FIRST_YEAR, LAST_YEAR, weekday_mismatch

__all__ = [
    "AmountField",
    "CountField",
    "LineField",
    "NoteField",
    "PartialDateField",
    "ReferenceField",
    "SentenceField",
    "written_amount",
]

_REFERENCE = re.compile(r"\bKS-\d{4}-\d{4,9}\b", re.IGNORECASE | re.ASCII)
_WHOLE = r"(?:0|[1-9]\d*|[1-9]\d{0,2}(?:\.\d{3})+)"
_NUMBER = re.compile(rf"(?:Rp\.?\s*)?({_WHOLE})(?:,-|,(\d{{1,2}}))?", re.ASCII | re.IGNORECASE)
# Digits with a dot or comma where it may part thousands or decimals: 1.25, 1,250, 12.50, 1.2500.
_EITHER_WAY = re.compile(r"(?:Rp\.?\s*)?\d+(?:[.,]\d+)+(?:,-)?", re.ASCII | re.IGNORECASE)
_LONGEST_NUMBER = 40


class PartialDateField(forms.Field):
    """A date as far as it is known: "2025-03-20", "20 Maret 2025", "Maret 2025" or "2025"."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a date. Write 20 Maret 2025, 2025-03-20, Maret 2025 or 2025."),
        "year": _("“%(value)s”: the year must lie between %(first)s and %(last)s."),
        "weekday": _("“%(value)s”: that day of the week does not fit the date."),
        "whole": _("“%(value)s” is not a whole date. Write day, month and year: 20 Maret 2025."),
    }

    def __init__(self, *, whole=False, **kwargs):
        self.whole = whole
        super().__init__(**kwargs)

    def to_python(self, value):
        """A PartialDate, or for a field of whole days that day; None for an empty text."""
        text = one_line(str(value or ""), "NFC")
        if not text:
            return None
        try:
            if len(text) > 60:
                raise ValueError
            date = PartialDate.parse(text)
        except ValueError:
            raise self._refusal(self._why(text), text) from None
        if weekday_mismatch(text):
            raise self._refusal("weekday", text)
        if not self.whole:
            return date
        if date.precision != Precision.DAY:
            raise self._refusal("whole", text)
        return date.earliest

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value

    def _refusal(self, code, text):
        params = {"value": text[:60], "first": FIRST_YEAR, "last": LAST_YEAR}
        return ValidationError(self.error_messages[code], code=code, params=params)

    @staticmethod
    def _why(text):
        years = [int(found) for found in re.findall(r"(?<!\d)\d{4}(?!\d)", text)]
        return "year" if any(not FIRST_YEAR <= year <= LAST_YEAR for year in years) else "invalid"


class AmountField(forms.Field):
    """A number as Indonesians write it, bare or as money: 1250, 1.250, 1.250.000,50, Rp1.250.000,-.

    A dot stands before every three digits or nowhere, a comma before one or two decimals: "1.250" is
    1250, and "1.25" or "1,250", which others read otherwise, are refused. Gives a Decimal.
    """

    default_error_messages = {
        "invalid": _("“%(value)s” is not a number. Write it like 1250, 1.250 or 1.250.000,50."),
        "ambiguous": _(
            "“%(value)s” can be read in two ways. Write thousands like 1.250 or 1250, and decimals like 12,5."
        ),
        "range": _("The number must lie between %(least)s and %(most)s."),
    }
    places = 2

    def __init__(self, *, least=0, most=Decimal("9999999999999999.99"), **kwargs):
        self.least, self.most = least, most
        mode = "decimal" if self.places else "numeric"
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value):
        text = one_line(str("" if value is None else value), "NFC")
        if not text:
            return None
        found = _NUMBER.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
        if not found or (not self.places and (found[2] or not text[0].isdigit() or text.endswith("-"))):
            raise self._refusal("ambiguous" if _EITHER_WAY.fullmatch(text) else "invalid", value=text[:30])
        number = Decimal(f"{found[1].replace('.', '')}.{found[2] or 0}")
        if not self.least <= number <= self.most:
            raise self._refusal("range", least=written_amount(self.least), most=written_amount(self.most))
        return number

    def prepare_value(self, value):
        return written_amount(value) if isinstance(value, Decimal) else value

    def _refusal(self, code, **params):
        return ValidationError(self.error_messages[code], code=code, params=params)


def written_amount(number):
    """A number as an AmountField reads it, whatever the language of the page: 1.250.000,5."""
    whole, _point, decimals = f"{Decimal(number):,f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")


class CountField(AmountField):
    """A whole number, bare: 1250 or 1.250. Gives an int."""

    default_error_messages = {
        "invalid": _("“%(value)s” is not a whole number. Write 1250 or 1.250."),
        "ambiguous": _("“%(value)s” is not a whole number. Write 1250 or 1.250."),
    }
    places = 0

    def __init__(self, *, least=1, most=999_999_999, **kwargs):
        super().__init__(least=least, most=most, **kwargs)

    def to_python(self, value):
        number = super().to_python(value)
        return None if number is None else int(number)


class ReferenceField(forms.Field):
    """Another paper of the portal, by its reference or the address of its page.

    ``papers`` is what the writer may see; another one does not exist.
    """

    default_error_messages = {
        "invalid": _("“%(value)s” is not a reference. Write it like KS-2025-0001."),
        "missing": _("There is no paper %(value)s that you can see."),
    }
    papers = None

    def to_python(self, value):
        text = one_line(str(value or ""), "NFC")
        if not text:
            return None
        found = _REFERENCE.search(text) if len(text) <= 300 else None
        if not found:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": text[:40]})
        reference = found.group().upper()
        paper = self.papers.filter(ref=reference).first()
        if paper is None:
            raise ValidationError(self.error_messages["missing"], code="missing", params={"value": reference})
        return paper
