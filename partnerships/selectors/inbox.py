"""What an office has to do: reports, action points, verifications, and papers that lack something."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, DateField, Exists, Min, OuterRef, Q, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ActionPointStatus
from partnerships.models import (
    ActionPoint,
    AgreementKind,
    Commitment,
    CommitmentStanding,
    OrganizationKind,
    Party,
    ProgressReport,
    access_of,
)
from partnerships.models.standing import DaysWithin
from partnerships.permissions import Action, papers_within
from partnerships.roles import Role
from partnerships.selectors import desks, lateness, tally
from partnerships.selectors.awaited import GROUPS, awaited_of, late_of, pressing_of

_SHOWN = 10
# The badge counts no further; the page does.
MOST_ON_BADGE = 99

# Papers from which something is expected to follow.
_FOLLOWED_UP = (AgreementKind.MOU, AgreementKind.NOTA_KESEPAKATAN, AgreementKind.KOMITMEN_BERSAMA)
_WITH_TASKS = (Role.REGISTRAR, Role.UNIT_OFFICER, Role.REGIONAL_OFFICER)


@dataclass(frozen=True)
class Line:
    """A commitment with a report to write: until when, in words, and how many more of its periods are
    in the same state."""

    commitment: Commitment
    ends: datetime.date
    when: str
    late: bool
    more: int

    @property
    def url(self):
        return reverse("partnerships:progress-report", args=[self.commitment.pk, self.ends])


@dataclass(frozen=True)
class Group:
    """Tasks of one kind: how many commitments they are about, the first of them, and the address of
    exactly these."""

    code: str
    label: str
    count: int
    lines: list
    url: str

    @property
    def hidden(self):
        return self.count - len(self.lines)


@dataclass(frozen=True)
class Lack:
    """Papers that lack something: what, how many, and where they are."""

    label: str
    figure: tally.Figure


@dataclass(frozen=True)
class Queue:
    """Reports that wait for this reader's verification."""

    count: int
    oldest: datetime.datetime | None


def postings_with_tasks(user):
    """The reader's postings to whose office something can fall due."""
    return [posting for posting in access_of(user).postings if posting.role in _WITH_TASKS]


class Inbox:
    """What the office of a posting has to do today."""

    def __init__(self, user, posting, on=None):
        self.user = user
        self.posting = posting
        self.office = posting.organization
        self.on = on or timezone.localdate()

    @cached_property
    def groups(self):
        """What is begun, what came back, then what is asked for, by its day. Groups without rows are
        left out."""
        return [
            Group(code, label, len(self.rows(code)), self.lines(self.rows(code)[:_SHOWN]), self._url(code))
            for code, label in GROUPS.items()
            if len(self.rows(code))
        ]

    def rows(self, code):
        """Every commitment of a group (awaited.Awaited), the earliest first."""
        return self._awaited[code]

    def lines(self, rows):
        """The rows as lines of the page."""
        commitments = Commitment.objects.select_related("agreement", "owner", "owed_by__organization")
        found = commitments.in_bulk([row.commitment for row in rows])
        return [
            Line(
                found[row.commitment],
                row.ends,
                lateness.said(row.ends, self.on),
                row.ends < self.on,
                row.more,
            )
            for row in rows
        ]

    def _url(self, code):
        return f"{reverse('partnerships:tasks')}?office={self.office.slug}&only={code}"

    @cached_property
    def _standings(self):
        return commitments_of(self.user, self.posting, self.on)

    @cached_property
    def _awaited(self):
        return awaited_of(self._standings, self.on)

    @cached_property
    def next_due(self):
        """The first day on which a report of this office will be due; None when none is known."""
        rows = self._standings.filter(next_due__isnull=False).annotate(
            **{
                days: DaysWithin("min(day)", days[6:], self.on, datetime.date.max, output_field=DateField())
                for days in ("first_awaited", "first_begun")
            }
        )
        return rows.aggregate(day=Min(Least("first_awaited", "first_begun")))["day"]

    @cached_property
    def action_points(self):
        """What the office is to do and what it is to check, the earliest first."""
        points = points_of(self.user, self.posting, self.on).select_related("agreement", "owner")
        return list(points.order_by("due", "pk")[:_SHOWN])

    @cached_property
    def action_point_count(self):
        return points_of(self.user, self.posting, self.on).count()

    @property
    def action_points_url(self):
        return f"{reverse('partnerships:action-point-list')}?mine=1"

    @cached_property
    def queue(self):
        """The reports that wait for this office's verification; None for who verifies none."""
        if self.posting.role not in (Role.REGISTRAR, Role.UNIT_OFFICER):
            return None
        rows = reports_to_verify(self.user)
        return Queue(**rows.aggregate(count=Count("pk"), oldest=Min("submitted_at")))

    @cached_property
    def lacks(self):
        """Papers that want something from this office: of all papers for the bureau, else of its own."""
        if self.posting.role == Role.REGISTRAR:
            own = {}
        elif self.posting.role == Role.UNIT_OFFICER:
            own = {"unit": self.office.slug}
        else:
            return []
        follow_up = {"kind": [kind.value for kind in _FOLLOWED_UP], "lacks": "follow_up"}
        lacks = [
            (_("End within 90 days"), tally.asking(**own, validity="ending")),
            (_("Term unknown"), tally.asking(**own, validity="unknown")),
            (_("In force, without the signed scan"), tally.in_force(**own, lacks="scan")),
            (_("In force, without a paper that follows them up"), tally.in_force(**own, **follow_up)),
        ]
        figures = [Lack(label, tally.figure(self.user, params)) for label, params in lacks]
        return [lack for lack in figures if lack.figure.count]

    @property
    def is_empty(self):
        return not (self.groups or self.action_point_count or (self.queue and self.queue.count) or self.lacks)


def commitments_of(user, posting, on):
    """The standings of the commitments that the office of a posting answers for, as reminders do: where
    nobody is posted to the office that owes, the ministry's units in the paper answer, and else the
    bureau."""
    rows = CommitmentStanding.objects.visible_to(user).standing()
    own, left = _answered_for(posting, on)
    return rows.filter(own | left)


def _answered_for(posting, on):
    """What an office answers for of its own, and what is left to it as ``_left_to`` has it: of commitments,
    whose standings know the units of the paper."""
    # The ids themselves: of a list of offices the database can use the index by office.
    offices = _ids(desks.offices_of(posting, on))
    own, none = Q(desk__in=offices), Q(pk__in=[])
    if posting.role == Role.REGIONAL_OFFICER:
        return own, none
    attended = _ids(desks.with_people(on))
    nobody = Q(desk=None) | ~Q(desk__in=attended)
    if posting.role == Role.UNIT_OFFICER:
        return own, nobody & Q(units__overlap=offices)
    # What is no unit is never among the units of a paper.
    return own, nobody & ~Q(units__overlap=attended)


def _ids(offices):
    return list(offices.order_by().values_list("pk", flat=True))


def reports_to_verify(user):
    """Submitted reports that the reader may decide on; never an entry of one's own."""
    rows = ProgressReport.objects.visible_to(user).waiting().not_written_by(user)
    return rows.filter(commitment__agreement__in=papers_within(user, Action.VERIFY_PROGRESS).values("pk"))


def open_count(user, on=None):
    """How much is to be done now by the reader's offices: reports begun, returned, late or due within
    a week, action points, verifications. It counts little further than the badge shows."""
    on = on or timezone.localdate()
    postings = postings_with_tasks(user)
    if not postings:
        return 0
    parts = [part for posting in postings for part in _parts_of(user, posting, on)]
    count = _together([_marked(late_of(part, on), "overdue") for part in parts])
    if count > MOST_ON_BADGE:
        return count
    waiting = [_marked(rows, code) for part in parts for code, rows in pressing_of(part, on)]
    waiting += [_marked(points_of(user, posting, on).order_by(), "point") for posting in postings]
    if access_of(user).has(Role.REGISTRAR, Role.UNIT_OFFICER):
        waiting.append(_marked(reports_to_verify(user).order_by(), "report"))
    return count + _together(waiting)


def _parts_of(user, posting, on):
    """What an office answers for in parts, so that each is found by an index of its own."""
    rows = CommitmentStanding.objects.visible_to(user).standing()
    own, left = _answered_for(posting, on)
    # In the order of the index: asked for any so many of them, the database would read from the first on.
    yield rows.filter(own).order_by("desk", "next_awaited")
    if posting.role != Role.REGIONAL_OFFICER:
        yield rows.filter(left)


def _together(parts):
    """How many different things are in the parts, of which each is read little further than is shown."""
    first, *others = parts
    return first.union(*others).count()


def _marked(rows, kind):
    # The kind keeps equal numbers of different things apart in the union.
    return rows.values_list("pk", Value(kind))[: MOST_ON_BADGE + 1]


def points_of(user, posting, on):
    """Open action points that the office is to do, or, done, to check."""
    offices = desks.offices_of(posting, on).values("pk")
    to_do = Q(owner__in=offices) | _left_to(posting, on, "owner")
    to_check = Q(status=ActionPointStatus.DONE, verifier__in=offices)
    if posting.role == Role.REGISTRAR:
        to_check |= Q(status=ActionPointStatus.DONE, verifier=None)
    to_check &= ~Q(done_by=user)
    return ActionPoint.objects.visible_to(user).filter(Q(status=ActionPointStatus.OPEN) & to_do | to_check)


def _left_to(posting, on, office):
    """What nobody answers for but the units of the paper, if this posting is of one of them; for the
    bureau what is not even theirs. ``office`` is the column that names the office."""
    without_people = desks.without_people(on).values("pk")
    nobody = Q(**{office: None}) | Q(**{f"{office}__in": without_people})
    units = Party.objects.filter(agreement=OuterRef("agreement"), organization__kind=OrganizationKind.UNIT)
    if posting.role == Role.UNIT_OFFICER:
        return nobody & Exists(units.filter(organization__in=desks.offices_of(posting, on).values("pk")))
    if posting.role == Role.REGISTRAR:
        return nobody & ~Exists(units.exclude(organization__in=without_people))
    return Q(pk__in=[])
