"""What verified reports brought to commitments, from which any day's achievement follows: read once, so that
an earlier day costs no more than today."""

from functools import cached_property

import numpy as np
from django.conf import settings

from partnerships.lifecycle import ReportStatus
from partnerships.models import Stage
from partnerships.register.index import rows
from partnerships.register.index.coded import spliced

# What is promised and done is counted in such parts of a unit: a share of a batch has four digits.
PARTS = 10**4

_PEOPLE = " ".join(f"WHEN '{stage}' THEN b.{stage}_women + b.{stage}_men" for stage in Stage.values)


def parts_of(amount):
    """An amount in SQL as a whole number of parts."""
    # No whole number of the machine is larger; what counts people stays far below.
    return f"least({amount} * {PARTS}, 9e18)::bigint"


def day_of(date):
    """A date in SQL as ``date.toordinal`` has it."""
    return f"({date} - '0001-01-01'::date + 1)"


# As ``ProgressReportQuerySet.known_by`` has it.
_KNOWN_ON = f"least(r.period_end, (r.submitted_at AT TIME ZONE '{settings.TIME_ZONE}')::date)"
# What ``CommitmentQuerySet.with_achieved`` adds up: own reports, and parts of batches that others report.
# A total so far stands in place of what came before it, by the end of its period.
_SQL = f"""
SELECT r.commitment_id, {day_of(_KNOWN_ON)}, {day_of("r.period_end")}, c.cumulative::int,
    {parts_of("r.value")}
FROM partnerships_progressreport r
JOIN partnerships_commitment c ON c.id = r.commitment_id
WHERE r.status = '{ReportStatus.VERIFIED}' AND {{own}}
UNION ALL
SELECT p.commitment_id, {day_of(_KNOWN_ON)}, 0, 0,
    {parts_of(f"p.weight * CASE i.stage {_PEOPLE} ELSE 0 END")}
FROM partnerships_batchshare p
JOIN partnerships_traineebatch b ON b.id = p.batch_id
JOIN partnerships_progressreport r ON r.id = b.report_id
JOIN partnerships_commitment c ON c.id = p.commitment_id
JOIN partnerships_indicator i ON i.id = c.indicator_id
WHERE r.status = '{ReportStatus.VERIFIED}' AND r.commitment_id <> p.commitment_id AND {{shared}}
"""  # noqa: S608
_COLUMNS = {
    "of": ("i8", np.int64),
    "known_on": ("i4", np.int32),
    "ends": ("i4", np.int32),
    "is_total": ("i4", np.int32),
    "amount": ("i8", np.int64),
}


class Reported:
    """What each verified report brought to a commitment (``of``, its id): since which day it has been known,
    when its period ``ends`` (0: one of another commitment), and how much. Days are numbers
    (``date.toordinal``), amounts are in PARTS."""

    def __init__(self, columns):
        self._columns = columns
        self.of, self._known_on, self._ends, self._is_total, self._amount = (
            columns[name] for name in _COLUMNS
        )

    @classmethod
    def read(cls, ids=None):
        """Of every commitment, or of these (ids)."""
        columns = rows.read(_asked(ids), _COLUMNS)
        order = np.lexsort((columns["ends"], columns["of"]))
        return cls({name: column[order] for name, column in columns.items()})

    def with_fresh(self, ids):
        """The same with what these commitments (ids) have read anew."""
        new = Reported.read(ids)
        gone = np.flatnonzero(np.isin(self.of, np.asarray(ids, np.int64)))
        before = np.searchsorted(self.of, new.of)
        places = before - np.searchsorted(gone, before)
        return Reported(
            {
                name: spliced(column, gone, places, new._columns[name])
                for name, column in self._columns.items()
            }
        )

    @cached_property
    def commitments(self):
        """The ids of the commitments that have any, in their order."""
        return self.of[self._starts]

    @cached_property
    def _starts(self):
        return np.flatnonzero(np.diff(self.of, prepend=-1))

    def by(self, day):
        """How much of each of the ``commitments`` had been achieved, as was known by that day."""
        if not len(self.of):
            return self._amount
        known = self._known_on <= day.toordinal()
        is_total = self._is_total > 0
        added = np.add.reduceat(np.where(known & ~is_total, self._amount, 0), self._starts)
        totals = np.flatnonzero(known & is_total)
        latest = np.zeros(len(self._starts), np.int64)
        # They stand by their periods: where a commitment has several, the last one stays.
        latest[np.searchsorted(self._starts, totals, side="right") - 1] = self._amount[totals]
        return added + latest

    @cached_property
    def deliveries(self):
        """(how many reports each of the ``commitments`` has of its own, the end of the latest or 0)."""
        if not len(self.of):
            return self._amount, self._amount
        own = np.add.reduceat((self._ends > 0).astype(np.int64), self._starts)
        return own, np.maximum.reduceat(self._ends, self._starts)


def _asked(ids):
    if ids is None:
        return _SQL.format(own="true", shared="true")
    # What is asked for by its id is few.
    these = f"IN ({','.join(str(int(each)) for each in ids)})"
    return _SQL.format(own=f"r.commitment_id {these}", shared=f"p.commitment_id {these}")
