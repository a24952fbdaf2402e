"""Behind each figure of a meeting: exactly its rows, as they were frozen, each with a way to its proof."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ActionPointStatus, ReportStatus
from partnerships.models import FrozenCommitment, FrozenPaper, FrozenPoint, FrozenReport
from partnerships.models.commitment_state import CommitmentState
from partnerships.models.standing import severity
from partnerships.selectors.asking import Question
from partnerships.selectors.meeting_figures import frozen_day, once
from partnerships.selectors.tally import IN_FORCE

ROWS_A_PAGE = 25


def _all(day):
    return Q()


@dataclass(frozen=True)
class Kind:
    """A choice of rows: what it is called, of which rows, and which of them, on the day of the snapshot."""

    label: object
    model: type
    narrowed: Callable = _all


def _verified(day):
    return Q(status=ReportStatus.VERIFIED)


KINDS = {
    "commitments": Kind(_("Commitments"), FrozenCommitment),
    "measurable": Kind(_("Measurable commitments"), FrozenCommitment, lambda day: Q(measurable=True)),
    "unmeasurable": Kind(_("Not measurable yet"), FrozenCommitment, lambda day: Q(measurable=False)),
    "kept": Kind(_("Achieved in full"), FrozenCommitment, lambda day: Q(measurable=True, rate__gte=1)),
    "overdue": Kind(_("Overdue"), FrozenCommitment, lambda day: Q(state=CommitmentState.OVERDUE)),
    "verified": Kind(_("Verified reports"), FrozenReport, _verified),
    "proven": Kind(_("Verified with evidence"), FrozenReport, lambda day: _verified(day) & Q(proofs__gt=0)),
    "waiting": Kind(
        _("Waiting for verification"), FrozenReport, lambda day: Q(status=ReportStatus.SUBMITTED)
    ),
    "hindered": Kind(_("Reports with an obstacle"), FrozenReport, lambda day: ~Q(obstacle="")),
    "points": Kind(
        _("Action points not closed"), FrozenPoint, lambda day: ~Q(status=ActionPointStatus.CLOSED)
    ),
    "late": Kind(
        _("Overdue action points"),
        FrozenPoint,
        lambda day: Q(status=ActionPointStatus.OPEN, due__lt=day),
    ),
    "promised": Kind(_("Promised last time"), FrozenPoint, lambda day: Q(promised_before=True)),
    "papers": Kind(_("Signed papers"), FrozenPaper),
    "in_force": Kind(_("Not over"), FrozenPaper, lambda day: Q(validity__in=IN_FORCE)),
}


class FrozenRows:
    """The rows of a figure: of one partner, or of all of a meeting, where each stands once."""

    def __init__(self, meeting, params, partner=None):
        self.meeting, self.partner = meeting, partner
        self.day = frozen_day(meeting)
        self.question = Question(params, sorts=["worst"], choices={"show": set(KINDS)})
        self.show = self.question["show"] or "commitments"
        self.kind = KINDS[self.show]

    @property
    def table(self):
        """Which table shows them."""
        return self.kind.model.__name__.removeprefix("Frozen").lower()

    @cached_property
    def page(self):
        return self.question.page_of(self._in_order(self._rows()), ROWS_A_PAGE)

    def _rows(self):
        rows = self.kind.model.objects
        if self.partner:
            rows = rows.filter(partner=self.partner)
        else:
            rows = once(rows.filter(partner__meeting=self.meeting))
        return rows.filter(self.kind.narrowed(self.day)).select_related("partner__organization")

    def _in_order(self, rows):
        if self.kind.model is FrozenCommitment:
            reports = Prefetch("reports", FrozenReport.objects.order_by("-period_end", "-pk"))
            rows = rows.select_related("paper").annotate(severity=severity()).prefetch_related(reports)
            return rows.order_by("severity", F("rate").asc(nulls_first=True), "pk")
        if self.kind.model is FrozenReport:
            return rows.select_related("promise__paper").order_by("-period_end", "-pk")
        if self.kind.model is FrozenPoint:
            return rows.order_by("due", "pk")
        return rows.order_by(F("signed_on").desc(nulls_last=True), "pk")
