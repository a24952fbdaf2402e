import datetime

import pghistory
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.lifecycle import ReportStatus
from partnerships.models.commitment import Commitment
from partnerships.models.progress import ProgressReport

# A report can be awaited from this many days before the last day of its period.
DUE_SOON = datetime.timedelta(days=14)


class PeriodState(models.TextChoices):
    NOT_YET_DUE = "not_yet_due", _("Not yet due")
    DUE = "due", pgettext_lazy("state of a period", "Due")
    OVERDUE = "overdue", _("Overdue")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for verification")
    RETURNED = "returned", _("Returned")
    VERIFIED = "verified", _("Verified")


@pghistory.track()
class ReportingDate(models.Model):
    """A day on which a report is due besides the regular periods of a commitment."""

    commitment = models.ForeignKey(
        Commitment, models.CASCADE, verbose_name=_("commitment"), related_name="reporting_dates"
    )
    due_on = models.DateField(_("report due on"))

    class Meta:
        verbose_name = _("reporting date")
        verbose_name_plural = _("reporting dates")
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "due_on"], name="reporting_date_once"),
            models.CheckConstraint(
                name="reporting_date_within_reach",
                condition=Q(due_on__range=("1945-01-01", "2100-12-31")),
            ),
        ]

    def __str__(self):
        return f"{self.due_on:%Y-%m-%d}"


class ReportingPeriodQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Exists(Commitment.objects.visible_to(user).filter(pk=OuterRef("commitment"))))

    def with_state(self, on):
        """``report`` (its id, if there is one), ``state`` (PeriodState) and ``late`` on that day.

        A draft or a returned report of a period that is over is late too.
        """
        reports = ProgressReport.objects.filter(
            commitment=OuterRef("commitment"), period_end=OuterRef("ends")
        )
        of_report = [When(report_status=status, then=Value(status)) for status in ReportStatus.values]
        return (
            self.annotate(
                report=Subquery(reports.values("pk")[:1]),
                report_status=Subquery(reports.values("status")[:1]),
            )
            .annotate(
                state=Case(
                    *of_report,
                    When(ends__lt=on, then=Value(PeriodState.OVERDUE)),
                    When(ends__lte=on + DUE_SOON, then=Value(PeriodState.DUE)),
                    default=Value(PeriodState.NOT_YET_DUE),
                    output_field=CharField(),
                )
            )
            .annotate(
                late=Case(
                    When(report_status__in=_REPORTED, then=Value(False)),
                    When(ends__lt=on, then=Value(True)),
                    default=Value(False),
                )
            )
        )

    def unreported(self):
        """Without a submitted or verified report."""
        reports = ProgressReport.objects.filter(
            commitment=OuterRef("commitment"), period_end=OuterRef("ends"), status__in=_REPORTED
        )
        return self.filter(~Exists(reports))

    def overdue(self, on):
        return self.filter(ends__lt=on).unreported()


_REPORTED = (ReportStatus.SUBMITTED, ReportStatus.VERIFIED)


class ReportingPeriod(models.Model):
    """A stretch of time that a commitment owes a report of, due on its last day.

    A view of the database: from the recurrence between the first day and the due date, cut along the
    calendar, and from the ReportingDates. A withdrawn commitment owes none; of a paper that is over,
    none is owed for the time after it. ``begins`` is None where no first day is known.
    """

    id = models.CharField(primary_key=True, max_length=40)
    commitment = models.ForeignKey(Commitment, models.DO_NOTHING, related_name="periods", db_constraint=False)
    begins = models.DateField(null=True)
    ends = models.DateField()

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "partnerships_reportingperiod"
        ordering = ["ends"]

    def __str__(self):
        return f"{self.ends:%Y-%m-%d}"
