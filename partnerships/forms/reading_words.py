"""What the reader of naskah found, in the words of the page: how sure, and what is to be looked at."""

import datetime

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.imports.naskah import LIKELY, SURE
from partnerships.models import Capacity, PartialDate

# (words, tone of the badge, icon) of each step.
_SURE = (gettext_lazy("sure"), "good", "circle-check")
_LIKELY = (gettext_lazy("likely"), "neutral", "circle-question-mark")
_UNSURE = (gettext_lazy("unsure"), "warn", "triangle-alert")
COMPUTED = (gettext_lazy("computed, not read"), "neutral", "calculator")


def how_sure(proposal):
    """The step of a proposal as (words, tone, icon); a problem is never sure."""
    if proposal.sure >= SURE and not proposal.problems:
        return _SURE
    return _LIKELY if proposal.sure >= LIKELY else _UNSURE


def written_day(iso):
    """A day as a PartialDateField reads it: "20 Maret 2025"."""
    return str(PartialDate.parse(iso))


def in_words(problem):
    """The sentence of a naskah.Problem."""
    return _SENTENCES[problem.code](problem.about)


def _weekday(about):
    day = datetime.date.fromisoformat(about["day"])
    return _("The naskah says %(said)s, but %(day)s was a %(true)s.") % {
        "said": about["said"].capitalize(),
        "day": written_day(about["day"]),
        "true": formats.date_format(day, "l"),
    }


def _two_days(about):
    return _("The day is written twice, and differs: %(day)s and %(other)s.") % {
        "day": written_day(about["day"]),
        "other": written_day(about["other"]),
    }


def _two_numbers(about):
    return _("Figures and words differ: %(number)s and “%(words)s”.") % about


def _no_letter(about):
    label = str(Capacity(about["capacity"]).label)
    return _("%(capacity)s, but the naskah names no letter of authority.") % {
        "capacity": f"{label[:1].upper()}{label[1:]}"
    }


def _named_otherwise(about):
    return _("Further down, the naskah names it “%(other)s”.") % about


_SENTENCES = {
    "weekday": _weekday,
    "two_days": _two_days,
    "two_numbers": _two_numbers,
    "no_letter": _no_letter,
    "named_otherwise": _named_otherwise,
}
