"""The numbers of a report on a period, each a question to the register or to the ledger."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.models import DormantState
from partnerships.models.commitment_state import CommitmentState
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors import tally


@dataclass(frozen=True)
class Measure:
    """A number of a report; ``asked`` gives the question of a period (periods.Period), to the register or
    (``of_commitments``) to the ledger, read as of the day as of which the period is told."""

    code: str
    label: str | Promise
    asked: Callable
    of_commitments: bool = False

    def listing(self, user, period):
        ask = commitments_for if self.of_commitments else agreements_for
        return ask(user, self._query(period))

    def url(self, period, **narrower):
        address = tally.ledger_address if self.of_commitments else tally.address
        return address(self._query(period, **narrower))

    def _query(self, period, **narrower):
        return tally.asking(**self.asked(period), **narrower, **tally.day(period.on))


def _signed_in(period):
    return {"signed_after": period.first.isoformat(), "signed_before": period.last.isoformat()}


def _in_force(_period):
    return {"validity": [code.value for code in tally.IN_FORCE]}


def _ended_in(period):
    ends = {"ends_after": period.first.isoformat(), "ends_before": period.last.isoformat()}
    return {"validity": "ended", **ends}


def _renewing(period):
    return {**_signed_in(period), "has": "predecessor"}


def _asleep(_period):
    return {"dormant": DormantState.values}


def _due_in(period):
    return {"due_after": period.first.isoformat(), "due_before": period.last.isoformat()}


def _reported(period):
    # Nothing is owed any more: every report was handed in, whether verified or not.
    return {**_due_in(period), "state": [CommitmentState.WAITING.value, CommitmentState.DONE.value]}


def _verified(period):
    return {**_due_in(period), "state": CommitmentState.DONE.value}


def _overdue(period):
    return {**_due_in(period), "overdue": "yes"}


def _measurable(period):
    return {**_due_in(period), "measurable": "yes"}


IN_FORCE = Measure("in_force", _("In force at the end"), _in_force)
ASLEEP = Measure("asleep", _("Asleep at the end"), _asleep)
OF_PAPERS = (
    Measure("signed", pgettext_lazy("papers of a period", "Signed"), _signed_in),
    IN_FORCE,
    Measure("ended", pgettext_lazy("papers of a period", "Ended"), _ended_in),
    Measure("renewed", _("Renewals signed"), _renewing),
    ASLEEP,
)
OF_COMMITMENTS = (
    Measure("due", _("Due in the period"), _due_in, of_commitments=True),
    Measure("reported", _("Reported"), _reported, of_commitments=True),
    Measure("verified", _("Verified"), _verified, of_commitments=True),
    Measure("overdue", _("Overdue at the end"), _overdue, of_commitments=True),
)
ACHIEVED = Measure("achieved", _("Achieved, verified"), _measurable, of_commitments=True)
