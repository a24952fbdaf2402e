"""Everything that the page of one report shows: its period, what came before it, its evidence and steps."""

from functools import cached_property

from django.db.models import Prefetch
from django.utils import timezone

from partnerships import permissions
from partnerships.lifecycle import ReportStatus
from partnerships.models import BatchShare, Document, ProgressReport, StoredFile
from partnerships.permissions import Action
from partnerships.selectors.commitment_dossier import Period, state_by_date
from partnerships.selectors.confirmations import answers_on

SHOWN_BEFORE = 6


class ReportDossier:
    """A period of a commitment with the report on it, as far as the reader may know it.

    ``commitment`` came from ``commitments_seen_by(user)``. ``exists`` is False for a day on which nothing is
    due and nothing was reported.
    """

    def __init__(self, commitment, period_end, user):
        self.commitment = commitment
        self.period_end = period_end
        self.user = user
        self.today = timezone.localdate()

    @cached_property
    def report(self):
        """The report of the period, if there is one that the reader may see."""
        rows = self._reports.filter(period_end=self.period_end)
        return rows.select_related(
            "submitted_by", "decided_by", "written_by", "posting__organization"
        ).first()

    @cached_property
    def _row(self):
        return self.commitment.periods.filter(ends=self.period_end).with_state(self.today).first()

    @property
    def exists(self):
        return self.report is not None or self._row is not None

    @cached_property
    def period(self):
        report, row = self.report, self._row
        if report:
            late = bool(row and row.late)
            return Period(report.period_start, report.period_end, report.status, late, report)
        return Period(row.begins, row.ends, state_by_date(row.ends, self.today), row.late, None)

    @property
    def _reports(self):
        return ProgressReport.objects.visible_to(self.user).filter(commitment=self.commitment)

    @cached_property
    def before(self):
        """The reports on earlier periods, latest first."""
        rows = self._reports.filter(period_end__lt=self.period_end).select_related("submitted_by")
        return list(rows.order_by("-period_end")[:SHOWN_BEFORE])

    @cached_property
    def last_verified(self):
        """The verified report on the last period before this one, or None."""
        rows = self._reports.verified().filter(period_end__lt=self.period_end)
        return rows.order_by("-period_end").first()

    @cached_property
    def documents(self):
        """The evidence, each with its versions, newest first."""
        versions = StoredFile.objects.select_related("uploaded_by").with_verdict().order_by("-number")
        rows = Document.objects.visible_to(self.user).filter(report=self.report).standing()
        return list(rows.prefetch_related(Prefetch("files", queryset=versions))) if self.report else []

    @cached_property
    def batches(self):
        shares = BatchShare.objects.select_related("commitment__agreement")
        rows = self.report.batches.prefetch_related(Prefetch("shares", queryset=shares))
        return list(rows) if self.report else []

    @cached_property
    def moves(self):
        """What happened to the report, newest first."""
        return list(self.report.moves.select_related("by")) if self.report else []

    @cached_property
    def answers(self):
        """What the partner was asked about the report, and said."""
        return list(answers_on(self.report)) if self.report else []

    @cached_property
    def action_points(self):
        """What the report has given to do."""
        return list(self.report.action_points.select_related("agreement", "owner")) if self.report else []

    @cached_property
    def returned(self):
        """The last return with its reason, while the report waits to be changed."""
        if self.report and self.report.status == ReportStatus.RETURNED:
            return next((move for move in self.moves if move.new == ReportStatus.RETURNED), None)
        return None

    @cached_property
    def rights(self):
        """What the reader may do with the report as it is now."""
        report = self.report
        may_report = self._can(Action.REPORT_PROGRESS)
        is_judge = (
            report is not None and self.user.pk not in report.writers and self._can(Action.VERIFY_PROGRESS)
        )
        return {
            "report": may_report,
            "write": may_report and (report.is_written if report else self._row is not None),
            "take_back": may_report
            and report is not None
            and report.status == ReportStatus.SUBMITTED
            and report.submitted_by_id == self.user.pk,
            "decide": is_judge and report.status == ReportStatus.SUBMITTED,
            "reopen": is_judge and report.status == ReportStatus.VERIFIED,
            "ask": report is not None
            and report.submitted_at is not None
            and (may_report or self._can(Action.VERIFY_PROGRESS)),
            "raise": report is not None
            and permissions.can(self.user, Action.RAISE_ACTION_POINT, self.commitment.agreement),
        }

    def _can(self, action):
        return permissions.can(self.user, action, commitment=self.commitment)
