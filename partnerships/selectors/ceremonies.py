"""Signing events: what was announced, and what of it is in the register."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, OuterRef, Subquery, Sum
from django.utils.translation import gettext, ngettext

from partnerships.models import EventExpectation, PartnerClass, SigningEvent
from partnerships.permissions import can_see_whole_register
from partnerships.selectors import tally
from partnerships.selectors.asking import Question

EVENTS_A_PAGE = 50


@dataclass(frozen=True)
class ClassTally:
    """Of one class of partner: the papers announced (None: not said) and those in the register.

    ``registered`` is what the records stand for: a batch without its papers is one record.
    """

    partner_class: PartnerClass
    expected: int | None
    registered: int
    papers: list

    @property
    def missing(self):
        return max(0, (self.expected or 0) - self.registered)

    @property
    def sentence(self):
        """The gap in words; nothing where no number was announced."""
        if self.expected is None:
            return ""
        said = {"n": self.registered, "expected": self.expected, "missing": self.missing}
        if self.missing:
            return (
                ngettext(
                    "%(n)s of %(expected)s papers registered; %(missing)s is missing",
                    "%(n)s of %(expected)s papers registered; %(missing)s are missing",
                    self.missing,
                )
                % said
            )
        if self.registered > self.expected:
            return gettext("%(n)s papers registered, %(expected)s were announced") % said
        return gettext("All %(expected)s papers registered") % said


class EventList:
    """The events a reader knows, newest first, with the papers the reader may see."""

    def __init__(self, user, params):
        self.user = user
        self.sees_all = can_see_whole_register(user)
        self.question = Question(params, sorts=["-held", "name"])

    @cached_property
    def page(self):
        return self.question.page_of(self._rows(), EVENTS_A_PAGE)

    def _rows(self):
        events = SigningEvent.objects.visible_to(self.user).select_related("host")
        for word in self.question.q.split()[:10]:
            events = events.filter(name__icontains=word)
        announced = EventExpectation.objects.filter(event=OuterRef("pk")).order_by().values("event")
        events = events.annotate(
            **tally.papers_and_in_force(self.user, "agreements"),
            announced=Subquery(announced.annotate(n=Sum("papers")).values("n")),
        )
        down = self.question.sort.startswith("-")
        if self.question.sort.endswith("name"):
            return events.order_by("-name" if down else "name")
        return (
            events.order_by(F("held_latest").desc(nulls_last=True), "name")
            if down
            else events.order_by("held_latest", "name")
        )


class EventPage(tally.PapersOf):
    """One event with its papers by class of partner, and for whom sees the whole register the gap."""

    SHOWN = 200

    def __init__(self, event, user):
        super().__init__(user, event=event.slug)
        self.event = event
        self.sees_all = can_see_whole_register(user)

    @cached_property
    def tallies(self):
        """Each class that was announced or has a paper, in the order of PartnerClass."""
        shown: dict[str, list] = {}
        for paper in self.newest:
            shown.setdefault(paper.lead_class, []).append(paper)
        rows = self.register.rows().with_lead().order_by().values_list("lead_class")
        registered = dict(rows.annotate(n=Sum("represents")))
        expected = {}
        if self.sees_all:
            expected = dict(self.event.expectations.order_by().values_list("partner_class", "papers"))
        return [
            ClassTally(each, expected.get(each), registered.get(each, 0), shown.get(each, []))
            for each in PartnerClass
            if each in expected or each in registered
        ]

    @cached_property
    def announced_parts(self):
        return [each for each in self.tallies if each.expected is not None]

    @property
    def announced(self):
        """How many papers were announced in all; 0 where no number was, or not for this reader."""
        return sum(each.expected for each in self.announced_parts)

    @property
    def registered(self):
        return sum(each.registered for each in self.tallies)

    @property
    def missing(self):
        """How many of the announced papers are not in the register, class by class."""
        return sum(each.missing for each in self.tallies)

    @property
    def shows_all_papers(self):
        return self.papers.count <= self.SHOWN
