"""Which source says what about a paper, field by field, with what contradicts what."""

import re
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext

from partnerships.models import FactField, FactFlag, PartialDate
from partnerships.models.partial_date import weekday_mismatch


@dataclass(frozen=True)
class FieldSources:
    """What the sources say about one field: the values the record follows, and every other one."""

    label: str
    followed: list
    others: list


@dataclass(frozen=True)
class SaidValue:
    """One value with its sources, as (text, address or None), how sure it is, and what is odd about it."""

    value: str
    sources: list
    certainty: str
    remark: str


def sources_of(agreement):
    """The fields that sources speak of, in the order of FactField; fields without a fact are left out."""
    said: dict[str, tuple[list, list]] = {}
    for fact in agreement.facts.all():
        followed, others = said.setdefault(fact.field, ([], []))
        (followed if fact.in_force else others).append(_said(fact))
    return [FieldSources(each.label, *said[each]) for each in FactField if each in said]


def _said(fact):
    return SaidValue(_readable(fact.value), fact.sources, fact.get_certainty_display(), _remark(fact))


def _readable(value):
    """A date that a source file writes as 2025-03-20, as people read it; everything else as it is."""
    if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        return value
    try:
        return str(PartialDate.parse(value))
    except ValueError:
        return value


def _remark(fact):
    if fact.flag != FactFlag.WEEKDAY:
        return ""
    mismatch = weekday_mismatch(fact.value)
    if mismatch is None:
        return fact.get_flag_display()
    _written, date, _weekday = mismatch
    return gettext("%(date)s was not the weekday that is written, but a %(weekday)s.") % {
        "date": formats.date_format(date, "j F Y"),
        "weekday": formats.date_format(date, "l"),
    }
