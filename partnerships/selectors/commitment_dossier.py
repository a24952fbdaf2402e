"""Everything that the page of one commitment shows, as far as its reader may know it."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.utils import timezone

from partnerships import permissions
from partnerships.models import Commitment, PeriodState, ProgressReport
from partnerships.models.reporting import DUE_SOON
from partnerships.permissions import Action

# The states of a period that still wait for somebody to report.
TO_REPORT = (PeriodState.DUE, PeriodState.OVERDUE, PeriodState.DRAFT, PeriodState.RETURNED)


@dataclass(frozen=True)
class Period:
    """A stretch of time of a commitment with the report on it, if the reader may see one.

    ``begins`` is None where no first day is known; ``late``: nothing was handed in by its last day.
    """

    begins: datetime.date | None
    ends: datetime.date
    state: str
    late: bool
    report: ProgressReport | None


def state_by_date(ends, today):
    """The state of a period that nobody has reported on."""
    if ends < today:
        return PeriodState.OVERDUE
    return PeriodState.DUE if ends <= today + DUE_SOON else PeriodState.NOT_YET_DUE


class CommitmentDossier:
    """One commitment that came from ``commitments_seen_by(user)``: its periods, reports and rights."""

    def __init__(self, commitment, user):
        self.commitment = commitment
        self.user = user
        self.today = timezone.localdate()

    @cached_property
    def reports(self):
        """The reports that the reader may see, newest period first, with how much evidence each has."""
        evidence = Count("documents", filter=Q(documents__withdrawn_at=None))
        rows = ProgressReport.objects.visible_to(self.user).filter(commitment=self.commitment)
        rows = rows.select_related("submitted_by", "decided_by", "written_by")
        return list(rows.annotate(evidence=evidence).order_by("-period_end", "-pk"))

    @cached_property
    def periods(self):
        """The calendar: every period that is owed, and what was reported outside of it, in order."""
        report_of = {report.period_end: report for report in self.reports}
        found = {}
        for row in self.commitment.periods.with_state(self.today):
            report = report_of.get(row.ends)
            state = row.state
            if state == PeriodState.DRAFT and report is None:
                # The draft of others is not the reader's business: to them, nothing is there yet.
                state = state_by_date(row.ends, self.today)
            found[row.ends] = Period(row.begins, row.ends, state, row.late, report)
        for ends, report in report_of.items():
            found.setdefault(ends, Period(report.period_start, ends, report.status, False, report))
        return [found[ends] for ends in sorted(found)]

    @cached_property
    def periods_now(self):
        """What has been reported or can be, newest first, and the next one that is not yet due."""
        begun = [period for period in self.periods if period.state != PeriodState.NOT_YET_DUE]
        return [*self._later[:1], *reversed(begun)]

    @property
    def periods_later(self):
        return self._later[1:]

    @cached_property
    def _later(self):
        return [period for period in self.periods if period.state == PeriodState.NOT_YET_DUE]

    @cached_property
    def next_to_report(self):
        """The first period that waits for a report: the one a reporter means."""
        waiting = [period for period in self.periods if period.state in TO_REPORT]
        return next(iter([*waiting, *self._later]), None)

    @cached_property
    def rights(self):
        """What the reader may do with this commitment."""
        standing = self.commitment.withdrawn_on is None
        return {
            "change": standing and self._can(Action.CHANGE_COMMITMENT),
            "report": standing and self._can(Action.REPORT_PROGRESS),
        }

    def _can(self, action):
        return permissions.can(self.user, action, commitment=self.commitment)


def commitments_seen_by(user):
    """The commitments that the reader may see, with their figures and everything their page names."""
    return (
        Commitment.objects.visible_to(user)
        .with_achieved()
        .select_related(
            "agreement",
            "indicator",
            "owner__region",
            "owed_by__organization__region",
            "owed_to__organization",
            "contact",
        )
    )
