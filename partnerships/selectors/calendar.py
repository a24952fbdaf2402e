"""The days that a reader's calendar shows: ends of papers, reports and action points due, events."""

import datetime
from dataclasses import dataclass

from django.db.models import DateField
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.lifecycle import ActionPointStatus
from partnerships.models import (
    ActionPoint,
    Agreement,
    Commitment,
    CommitmentStanding,
    Precision,
    SigningEvent,
    Term,
)
from partnerships.models.standing import DaysWithin

BACK = datetime.timedelta(days=90)
AHEAD = datetime.timedelta(days=730)
# A calendar program reads the whole of it many times a day.
MOST_OF_A_KIND = 1_000


@dataclass(frozen=True)
class Day:
    """A day on which something falls. ``uid`` names the thing and stays when the day moves; ``path`` is
    the address of its page within the portal."""

    uid: str
    day: datetime.date
    title: str
    detail: str
    path: str
    kind: str


def days_of(user, on=None):
    """What falls on a day from 90 days ago to two years ahead, as far as the reader may see it now."""
    on = on or timezone.localdate()
    span = (on - BACK, on + AHEAD)
    found = [*_ends(user, span), *_reports(user, span), *_points(user, span), *_events(user, span)]
    return sorted(found, key=lambda each: (each.day, each.uid))


def _ends(user, span):
    papers = Agreement.objects.visible_to(user).papers().with_validity().with_parties()
    for paper in papers.filter(ends_latest__range=span).order_by("ends_latest", "pk")[:MOST_OF_A_KIND]:
        yield Day(
            f"paper-{paper.ref}",
            paper.ends_latest,
            _("Ends: %(title)s") % {"title": paper.display_title},
            f"{paper.ref}. {_ends_as_known(paper)}".strip(),
            paper.get_absolute_url(),
            _("End of a paper"),
        )


def _ends_as_known(paper):
    """What is known of the end where no source gives its day."""
    term: Term = next((term for term in paper.terms.all() if term.ends_latest == paper.ends_latest), None)
    if term is None or term.ends_precision == Precision.DAY:
        return ""
    return _("The day is not known; known is: %(end)s.") % {"end": term.ends}


def _reports(user, span):
    begins, ends = span
    last = {"output_field": DateField()}
    rows = CommitmentStanding.objects.visible_to(user).filter(next_due__lte=ends)
    rows = rows.annotate(
        first=Least(
            DaysWithin("min(day)", "awaited", begins, ends, **last),
            DaysWithin("min(day)", "begun", begins, ends, **last),
        )
    ).filter(first__isnull=False)
    # Whose first day comes after so many others has none among the first so many days.
    rows = rows.order_by("first", "pk")[:MOST_OF_A_KIND]
    days = sorted(
        (day, pk)
        for pk, awaited, begun in rows.values_list("pk", "awaited", "begun")
        for day in [*(awaited or ()), *(begun or ())]
        if begins <= day <= ends
    )[:MOST_OF_A_KIND]
    found = Commitment.objects.select_related("agreement", "owner", "owed_by__organization")
    found = found.in_bulk({pk for _day, pk in days})
    for day, pk in days:
        commitment = found[pk]
        office = commitment.office
        yield Day(
            f"report-{commitment.pk}-{day:%Y%m%d}",
            day,
            _("Report due: %(text)s") % {"text": commitment.text},
            ". ".join([commitment.agreement.ref, *([office.name] if office else [])]),
            commitment.get_absolute_url(),
            _("Report due"),
        )


def _points(user, span):
    points = ActionPoint.objects.visible_to(user).filter(status=ActionPointStatus.OPEN, due__range=span)
    for point in points.select_related("agreement", "owner").order_by("due", "pk")[:MOST_OF_A_KIND]:
        yield Day(
            f"action-point-{point.pk}",
            point.due,
            _("To do: %(text)s") % {"text": point.text},
            f"{point.agreement.ref}. {point.owner.name}",
            point.get_absolute_url(),
            _("Action point"),
        )


def _events(user, span):
    events = SigningEvent.objects.visible_to(user)
    events = events.filter(held_precision=Precision.DAY, held_earliest__range=span)
    for event in events.order_by("held_earliest", "pk")[:MOST_OF_A_KIND]:
        yield Day(
            f"event-{event.slug}",
            event.held_earliest,
            event.name,
            event.place,
            event.get_absolute_url(),
            _("Signing event"),
        )
