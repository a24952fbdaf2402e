"""What the front page tells a reader: what needs attention first, where the papers are, how they became
more, and what is new."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.models import DormantState, PartnerClass, SigningEvent
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors import tally
from partnerships.selectors.places import Map, map_of_country, map_of_province

_NEWEST = 8
_EVENTS = 5
_YEARS = 10


@dataclass(frozen=True)
class Labelled:
    """A figure with what it counts, and a word beside it."""

    label: str
    figure: tally.Figure
    note: str = ""


class FrontPage:
    def __init__(self, user):
        self.user = user

    @cached_property
    def register(self):
        return agreements_for(self.user, tally.asking())

    @cached_property
    def attention(self):
        """What wants to be done: each figure leads to exactly its rows."""
        return [
            self._papers(_("Ending within 90 days"), validity="ending"),
            self._commitments(_("Commitments overdue"), overdue="yes"),
            self._commitments(_("Reports to verify"), unverified="yes", note=_("commitments with one")),
            self._papers(
                _("Signed and asleep"), dormant=DormantState.UNDECIDED.value, note=_("to be decided on")
            ),
            self._papers(_("Term unknown"), validity="unknown", note=_("no source gives the end")),
            self._papers(_("Sources differ"), has="conflict", note=_("values to be settled")),
        ]

    @cached_property
    def per_class(self):
        """Papers by class of partner; a filter by class matches any counterpart."""
        figures = [self._papers(each.label, class_=each.value) for each in PartnerClass]
        return [each for each in figures if each.figure.count]

    @cached_property
    def map(self) -> Map | None:
        """The papers in force on the provinces, or on the kabupaten and kota of the only province that the
        reader knows of; None where there is nothing to compare."""
        numbers = agreements_for(self.user, tally.in_force()).counts_by("region")
        provinces = {code[:2] for code in numbers}
        if len(provinces) > 1:
            return map_of_country(self.user)
        # A province counts the papers of its kabupaten and kota too.
        several = len(numbers.keys() - provinces) > 1
        return map_of_province(self.user, provinces.pop()) if several else None

    @cached_property
    def years(self):
        """(year, papers signed in it, in words, their address) of the last ten years."""
        last = timezone.localdate().year
        return [self._year(year) for year in range(last - _YEARS + 1, last + 1)]

    @cached_property
    def newest(self):
        return self.register.rows_between(0, _NEWEST)

    @cached_property
    def events(self):
        events = SigningEvent.objects.visible_to(self.user)
        newest = events.order_by(F("held_latest").desc(nulls_last=True), "name")[:_EVENTS]
        return tally.PapersPer(self.user, "event").put(newest)

    def _papers(self, label, note="", **asked):
        return Labelled(label, tally.figure(self.user, tally.asking(**asked)), note)

    def _commitments(self, label, note="", **asked):
        query = tally.asking(**asked)
        figure = tally.Figure(commitments_for(self.user, query).count, tally.ledger_address(query))
        return Labelled(label, figure, note)

    def _year(self, year):
        found = tally.figure(
            self.user, tally.asking(signed_after=f"{year}-01-01", signed_before=f"{year}-12-31")
        )
        said = ngettext("%(n)s paper signed in %(year)s", "%(n)s papers signed in %(year)s", found.count)
        words = said % {"n": number_format(found.count, force_grouping=True), "year": year}
        return str(year), found.count, words, found.url
