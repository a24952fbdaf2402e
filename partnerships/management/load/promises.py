"""What the parties of a paper owe, and what they reported of it."""

import datetime

from partnerships.lifecycle import ONCE_SIGNED, ReportStatus
from partnerships.management.load import words
from partnerships.models import Recurrence

_RECURRENCES = {
    Recurrence.ONCE: 50,
    Recurrence.YEARLY: 22,
    Recurrence.QUARTERLY: 14,
    Recurrence.HALF_YEARLY: 10,
    Recurrence.MONTHLY: 4,
}
_MONTHS = {
    Recurrence.MONTHLY: 1,
    Recurrence.QUARTERLY: 3,
    Recurrence.HALF_YEARLY: 6,
    Recurrence.YEARLY: 12,
}
_FUNDING = ["", "", "", "apbn", "apbn", "apbd", "partner", "phln"]
# Chosen so that half a report comes on each commitment, since not all of them can have any.
_REPORTED = 0.7
_WAYS = {
    ReportStatus.DRAFT: [],
    ReportStatus.SUBMITTED: [ReportStatus.SUBMITTED],
    ReportStatus.RETURNED: [ReportStatus.SUBMITTED, ReportStatus.RETURNED],
    ReportStatus.VERIFIED: [ReportStatus.SUBMITTED, ReportStatus.VERIFIED],
}
_LAST = {
    ReportStatus.VERIFIED: 62,
    ReportStatus.SUBMITTED: 16,
    ReportStatus.DRAFT: 13,
    ReportStatus.RETURNED: 9,
}
_DAY = datetime.timedelta(days=1)


def numbers_of_commitments(rng, papers, commitments):
    """How many each paper has: many have few, few have many, together exactly ``commitments``."""
    weights = [rng.expovariate(1) for _ in range(papers)]
    whole = sum(weights)
    numbers = [int(weight / whole * commitments) for weight in weights]
    for _ in range(commitments - sum(numbers)):
        numbers[rng.randrange(papers)] += 1
    return numbers


class Promises:
    def __init__(self, world, copies, rng, on):
        self.world, self.copies, self.rng, self.on = world, copies, rng, on
        self._recurrences = (list(_RECURRENCES), list(_RECURRENCES.values()))
        self._last = (list(_LAST), list(_LAST.values()))

    def write(self, paper, number):
        for position in range(1, number + 1):
            self._commitment(paper, position)

    def _commitment(self, paper, position):
        rng = self.rng
        by, to = self._sides(paper)
        # What it lacks; about four in ten lack nothing and are measurable.
        lacks = set()
        if rng.random() > 0.4:
            lacks = set(rng.sample(["indicator", "target", "due", "owner", "proof"], rng.randint(1, 5)))
        target = None if "target" in lacks else rng.choice([5, 10, 25, 30, 50, 100, 150, 200, 500, 1000])
        first = paper.signed or paper.entered
        due = None if "due" in lacks else first + datetime.timedelta(days=rng.randint(90, 1700))
        recurrence = rng.choices(*self._recurrences)[0]
        cumulative = rng.random() < 0.6
        row = self.copies.add(
            *("partnerships_commitment", paper.id, position, self._text(target)),
            *(f"Pasal {rng.randint(2, 12)}" if rng.random() < 0.3 else "", by and by[0], to and to[0]),
            *(None if "indicator" in lacks else rng.choice(self.world.indicators), target, due),
            *(recurrence.value, cumulative, None if "owner" in lacks else self._owner(paper, by)),
            *("" if "proof" in lacks else rng.choice(words.PROOFS), rng.choice(_FUNDING), "", False, 1),
            *(paper.entered, rng.choice(self.world.writers)),
        )
        if due and paper.status in ONCE_SIGNED and rng.random() < _REPORTED:
            self._reports(row, paper, due, recurrence, target or 100)

    def _sides(self, paper):
        """The parties that owe it and that it is owed to; of some nobody has said which."""
        if len(paper.parties) < 2 or self.rng.random() < 0.12:
            return None, None
        by, to = self.rng.sample(paper.parties[:4], 2)
        return by, to if self.rng.random() < 0.5 else None

    def _owner(self, paper, by):
        if paper.office and self.rng.random() < 0.5:
            return paper.office
        return by[1] if by else self.rng.choice(paper.parties)[1]

    def _text(self, target):
        rng = self.rng
        if target is None:
            return rng.choice(words.VAGUE)
        return f"{rng.choice(words.VERBS)} {target} {rng.choice(words.OBJECTS)}"

    def _reports(self, commitment, paper, due, recurrence, target):
        rng = self.rng
        until = min(self.on, paper.over or self.on)
        periods = [ends for ends in _periods(paper.signed, due, recurrence) if ends <= until]
        if not periods:
            return
        number = min(len(periods), 1 + int(rng.expovariate(0.55)))
        first = rng.randint(0, len(periods) - number)
        for place, ends in enumerate(periods[first : first + number], start=1):
            # All but the newest are done with.
            status = ReportStatus.VERIFIED if place < number else rng.choices(*self._last)[0]
            value = round(target * place / number * rng.uniform(0.3, 1.2), 2)
            self._report(commitment, ends, status, value)

    def _report(self, commitment, ends, status, value):
        rng = self.rng
        writer, verifier = rng.sample(self.world.writers, 2)
        sent = ends + _DAY * rng.randint(1, 30)
        was_sent = status != ReportStatus.DRAFT
        is_decided = status in (ReportStatus.VERIFIED, ReportStatus.RETURNED)
        obstacle = rng.choice(words.OBSTACLES)
        row = self.copies.add(
            *("partnerships_progressreport", commitment, None, ends, status.value, value),
            *(rng.choice(words.NOTES), obstacle, "Dicatat bersama pihak lain." if obstacle else "", ""),
            *(writer, f"{{{writer}}}", writer if was_sent else None, sent if was_sent else None),
            *(verifier if is_decided else None, sent + _DAY * 7 if is_decided else None, "", False, 1),
        )
        old, by, at = ReportStatus.DRAFT, writer, sent
        for new in _WAYS[status]:
            reason = "Lampirkan daftar hadir." if new == ReportStatus.RETURNED else ""
            self.copies.add("partnerships_reportmove", row, old.value, new.value, by, at, reason)
            old, by, at = new, verifier, sent + _DAY * 7


def _periods(first, due, recurrence):
    """The last days of the periods, as portal_periods in the database has them."""
    if recurrence == Recurrence.ONCE or first is None:
        return [due]
    step = _MONTHS[recurrence]
    month = first.year * 12 + (first.month - 1) // step * step
    found = []
    while datetime.date(month // 12, month % 12 + 1, 1) <= due:
        month += step
        found.append(min(datetime.date(month // 12, month % 12 + 1, 1) - _DAY, due))
    return found
