"""Whom to remind of which report on a day."""

import datetime
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice

from accounts.models import User
from partnerships.models import (
    Commitment,
    CommitmentStanding,
    MailPreference,
    ReportingPeriod,
    SentReminder,
)
from partnerships.selectors.desks import Desks, units_of_papers

# Days before the last day of a period on which a reminder is given; after it, one every week.
LADDER = (90, 60, 30, 14, 7, 0)
WEEK = 7
# From this many days after the last day on, the office above is told too.
OFFICE_ABOVE_AFTER = 30
# So many reminders are asked about at once.
_AT_A_TIME = 5_000
# A reminder as one number: its last day, then its commitment.
_BITS_OF_AN_ID = 40


@dataclass(frozen=True, slots=True)
class Reminder:
    """A report that is due or late. ``step`` is the number of days before the last day (90 … 0), or
    minus the number of days after it (-7, -14 …)."""

    commitment: int
    ends: datetime.date
    step: int

    @property
    def key(self):
        return (self.commitment, self.ends, self.step)


@dataclass(frozen=True)
class Digest:
    """What one reader is reminded of on a day; ``wanted`` is False for who wants no such mail."""

    reader: User
    reminders: list[Reminder]
    wanted: bool = True


def step_on(ends, on):
    """The step of the ladder that holds on a day: the last one reached, so that a day on which nothing
    could be sent leaves one reminder to give, not all that were missed. None before the first."""
    days = (ends - on).days
    if days >= 0:
        return min((step for step in LADDER if step >= days), default=None)
    return -(-days // WEEK) * WEEK


def digests_on(on):
    """What every reader is still to be told on that day, and may see: one Digest after the other, by address.

    Of a whole country they do not fit into memory at once; until its turn comes a reminder is one number.
    """
    desks, for_reader = Desks(on), defaultdict(lambda: array("q"))
    for some in _some_at_a_time(_owed_on(on)):
        units = units_of_papers({paper for _ends, _commitment, paper, _office in some})
        for ends, commitment, paper, office in some:
            readers = desks.answering_for(office, units[paper])
            if (on - ends).days > OFFICE_ABOVE_AFTER:
                readers = readers | desks.above(office, units[paper], readers)
            for reader in readers:
                for_reader[reader].append(ends.toordinal() << _BITS_OF_AN_ID | commitment)
    unwanted = set(MailPreference.objects.filter(reminders=False).values_list("user", flat=True))
    for reader in sorted((desks.people[pk] for pk in for_reader), key=lambda reader: reader.email):
        if told_on(reader, on):
            continue
        left = []
        for some in _some_at_a_time(_reminders(for_reader.pop(reader.pk), on)):
            left += not_yet_given(reader, _seen_by(reader, some))
        if left:
            yield Digest(reader, left, reader.pk not in unwanted)


def _owed_on(on):
    """(last day, commitment, paper, office) of every period without a report whose ladder has begun."""
    last = on + datetime.timedelta(days=LADDER[0])
    rows = CommitmentStanding.objects.filter(next_due__lte=last)
    fields = ("pk", "agreement", "desk", "awaited", "begun")
    for commitment, paper, office, awaited, begun in rows.values_list(*fields).iterator():
        for ends in [*(awaited or ()), *(begun or ())]:
            if ends <= last:
                yield ends, commitment, paper, office


def _reminders(numbers, on):
    """The reminders, what ends first on top."""
    # Many commitments end on the same day.
    day, step = cache(datetime.date.fromordinal), cache(partial(step_on, on=on))
    for number in sorted(numbers):
        ends = day(number >> _BITS_OF_AN_ID)
        yield Reminder(number & ((1 << _BITS_OF_AN_ID) - 1), ends, step(ends))


def _some_at_a_time(rows):
    rows = iter(rows)
    while some := list(islice(rows, _AT_A_TIME)):
        yield some


def told_on(reader, on):
    """Whether the reader has had the one mail of that day."""
    return SentReminder.objects.filter(recipient=reader, given_on=on).exists()


def not_yet_given(reader, reminders):
    given = set(
        SentReminder.objects.filter(
            recipient=reader, commitment__in={each.commitment for each in reminders}
        ).values_list("commitment", "period_end", "step")
    )
    return [reminder for reminder in reminders if reminder.key not in given]


def _seen_by(reader, reminders):
    """A posting may reach further than the eye: nobody is told of what they may not open."""
    asked = {reminder.commitment for reminder in reminders}
    seen = set(Commitment.objects.visible_to(reader).filter(pk__in=asked).values_list("pk", flat=True))
    return [reminder for reminder in reminders if reminder.commitment in seen]


@dataclass(frozen=True)
class Asked(Digest):
    """What a person asks another to be told of; ``papers`` says of which paper each commitment is."""

    papers: dict = field(default_factory=dict)
    told: bool = False

    @property
    def can_be_given(self):
        return self.wanted and not self.told


def digests_about(papers, on):
    """What is overdue on these papers (ids), for everybody who answers for it and may see it.

    Somebody asks for it, so it is told whatever the ladder has told before; still once a day.
    """
    paper_of = dict(Commitment.objects.filter(agreement__in=papers).values_list("pk", "agreement"))
    # The ids are given one by one: joined to their rules, the calendar of every paper would be made.
    periods = ReportingPeriod.objects.filter(commitment__in=list(paper_of)).overdue(on)
    fields = ("commitment", "ends", "commitment__owner", "commitment__owed_by__organization")
    desks, units = Desks(on), units_of_papers(set(paper_of.values()))
    for_reader = defaultdict(list)
    for commitment, ends, owner, party in periods.order_by("ends", "commitment").values_list(*fields):
        for reader in desks.answering_for(owner or party, units[paper_of[commitment]]):
            for_reader[reader].append(Reminder(commitment, ends, step_on(ends, on)))
    unwanted = set(MailPreference.objects.filter(reminders=False).values_list("user", flat=True))
    told = set(SentReminder.objects.filter(given_on=on).values_list("recipient", flat=True))
    found = []
    for pk, reminders in for_reader.items():
        if seen := _seen_by(desks.people[pk], reminders):
            found.append(Asked(desks.people[pk], seen, pk not in unwanted, paper_of, pk in told))
    return sorted(found, key=lambda digest: digest.reader.email)


def papers_told_of(digests):
    """The papers (ids) that these digests speak of."""
    return {digest.papers[each.commitment] for digest in digests for each in digest.reminders}
