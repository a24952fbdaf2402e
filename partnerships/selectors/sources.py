"""Which source says what about a paper, field by field, with what contradicts what."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext

from partnerships.models import FactField, FactFlag
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
    return SaidValue(fact.value, fact.sources, fact.get_certainty_display(), _remark(fact))


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
