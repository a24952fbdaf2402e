"""Signing events: what was announced, and what of it is in the register."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from partnerships import permissions
from partnerships.lifecycle import ONCE_SIGNED, Status
from partnerships.models import (
    Document,
    EventExpectation,
    OrganizationKind,
    PartnerClass,
    Party,
    SigningEvent,
)
from partnerships.models.kinds import CLASS_OF_KIND
from partnerships.permissions import Action, can_see_whole_register
from partnerships.selectors import tally
from partnerships.selectors.asking import Question
from partnerships.selectors.signatures import FindingKind, findings_of

EVENTS_A_PAGE = 50


@dataclass(frozen=True)
class ClassTally:
    """Of one class of partner: the papers announced (None: not said), those in the register, and how
    many of these are signed and have their scan on file.

    All are what the records stand for: a batch without its papers is one record. ``urls`` has the
    address of the rows behind each figure.
    """

    partner_class: PartnerClass
    expected: int | None
    registered: int
    signed: int
    scanned: int
    papers: list
    urls: dict

    @property
    def missing(self):
        return max(0, (self.expected or 0) - self.registered)

    @property
    def unsigned(self):
        return self.registered - self.signed

    @property
    def unscanned(self):
        return self.registered - self.scanned

    @property
    def sentence(self):
        """What of the announced papers is not in the register, in words; nothing without a number."""
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

    @property
    def gaps(self):
        """(sentence, address of the rows) of what the registered papers still lack."""
        found = []
        if self.unsigned:
            said = ngettext("%(n)s not signed yet", "%(n)s not signed yet", self.unsigned)
            found.append((said % {"n": self.unsigned}, self.urls["unsigned"]))
        if self.unscanned:
            said = ngettext("%(n)s without a scan", "%(n)s without a scan", self.unscanned)
            found.append((said % {"n": self.unscanned}, self.urls["unscanned"]))
        return found


class EventList:
    """The events a reader knows, newest first, with the papers the reader may see."""

    def __init__(self, user, params):
        self.user = user
        self.sees_all = can_see_whole_register(user)
        self.can_plan = permissions.can(user, Action.CHANGE_EVENT)
        self.question = Question(params, sorts=["-held", "name"])

    @cached_property
    def page(self):
        page = self.question.page_of(self._rows(), EVENTS_A_PAGE)
        page.object_list = tally.PapersPer(self.user, "event").put(page.object_list)
        return page

    def _rows(self):
        events = SigningEvent.objects.visible_to(self.user).select_related("host")
        for word in self.question.q.split()[:10]:
            events = events.filter(name__icontains=word)
        announced = EventExpectation.objects.filter(event=OuterRef("pk")).order_by().values("event")
        events = events.annotate(announced=Subquery(announced.annotate(n=Sum("papers")).values("n")))
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
            shown.setdefault(paper.partner_class, []).append(paper)
        figures = self._figures()
        expected = {}
        if self.sees_all:
            expected = dict(self.event.expectations.order_by().values_list("partner_class", "papers"))
        return [
            ClassTally(
                each,
                expected.get(each),
                *figures.get(each, (0, 0, 0)),
                papers=shown.get(each, []),
                urls=self._urls(each),
            )
            for each in PartnerClass
            if each in expected or each in figures
        ]

    def _figures(self):
        """(registered, signed, scanned) of each class, by its leading counterpart's."""
        scan = Document.objects.scans().filter(agreement=OuterRef("pk"))
        rows = self.register.rows().with_lead().annotate(has_scan=Exists(scan)).order_by()
        papers = Sum("represents")
        figures = rows.values_list("lead_class").annotate(
            registered=papers,
            signed=Coalesce(Sum("represents", filter=Q(status__in=ONCE_SIGNED)), 0),
            scanned=Coalesce(Sum("represents", filter=Q(has_scan=True)), 0),
        )
        return {row[0]: row[1:] for row in figures}

    def _urls(self, partner_class):
        of_class = {"event": self.event.slug, "class": partner_class.value}
        more = {
            "registered": {},
            "signed": {"status": [status.value for status in ONCE_SIGNED]},
            "unsigned": {"status": [status.value for status in Status if status not in ONCE_SIGNED]},
            "scanned": {"has": "scan"},
            "unscanned": {"lacks": "scan"},
        }
        return {name: tally.address(tally.asking(**of_class, **each)) for name, each in more.items()}

    @cached_property
    def counts_some_elsewhere(self):
        """Whether a paper with partners of several classes stands under one here and under each there."""
        classes: dict[int, set] = {}
        parties = Party.objects.filter(agreement__in=self.register.rows().order_by().values("pk"))
        kinds = parties.exclude(organization__kind=OrganizationKind.UNIT)
        for paper, kind in kinds.values_list("agreement", "organization__kind"):
            classes.setdefault(paper, set()).add(CLASS_OF_KIND.get(OrganizationKind(kind)))
        return any(len(each) > 1 for each in classes.values())

    @cached_property
    def findings(self):
        """(kind, its findings as (paper, finding), the register's address if it has these rows)."""
        papers = {paper.pk: paper for paper in self.register.rows().order_by("ref")}
        found = findings_of(papers.values())
        letters = tally.address(tally.asking(event=self.event.slug, lacks="letters"))
        address = {FindingKind.NO_LETTER: letters, FindingKind.LETTER_NOT_FILED: letters}
        groups = [
            (
                kind,
                [(papers[pk], each) for pk, listed in found.items() for each in listed if each.kind == kind],
                address.get(kind, ""),
            )
            for kind in FindingKind
        ]
        return [group for group in groups if group[1]]

    @property
    def finding_count(self):
        return sum(len(listed) for _kind, listed, _address in self.findings)

    @cached_property
    def scheduled(self):
        """How many papers wait to be signed, as far as the reader may move them."""
        waiting = self.register.rows().order_by().filter(status=Status.SCHEDULED)
        within = permissions.papers_within(self.user, Action.MOVE_AGREEMENT)
        return waiting.filter(pk__in=within.order_by().values("pk")).count()

    @cached_property
    def rights(self):
        """What the reader may do here."""
        return {
            "change": permissions.can(self.user, Action.CHANGE_EVENT),
            "enter": permissions.can(self.user, Action.ADD_AGREEMENT),
            "print": self.sees_all,
        }

    @property
    def lies_ahead(self):
        """Whether the event is still to be held."""
        return bool(self.event.held and self.event.held.earliest > timezone.localdate())

    @property
    def agenda(self):
        return [item for item in self.event.agenda.split("\n") if item.strip()]

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
