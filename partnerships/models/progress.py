import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Least, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.lifecycle import REPORT_IS_WRITTEN, REPORT_MOVES, ReportStatus, forbidden_moves_sql
from partnerships.models.access import access_of
from partnerships.models.commitment import Commitment
from partnerships.models.posting import Posting
from partnerships.roles import ADMIN, Role


class Obstacle(models.TextChoices):
    BUDGET = "budget", _("budget")
    STAFF = "staff", _("staff or instructors")
    FACILITIES = "facilities", _("facilities and equipment")
    REGULATION = "regulation", _("regulation or procedure")
    COORDINATION = "coordination", _("coordination between the parties")
    DATA = "data", _("data or system")
    PARTICIPANTS = "participants", _("participants or demand")
    OTHER = "other", _("other")


class ProgressReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of commitments the reader sees; a draft only by who writes it and its own side."""
        rows = self.filter(Exists(Commitment.objects.visible_to(user).filter(pk=OuterRef("commitment"))))
        access = access_of(user)
        if access.has(Role.REGISTRAR, ADMIN):
            return rows
        own = Q(written_by=user.pk)
        if access.regions:
            commitments = Commitment.objects.in_regions(access.regions).filter(pk=OuterRef("commitment"))
            own |= Q(Exists(commitments))
        if access.units:
            own |= Q(commitment__agreement__parties__organization__in=access.units)
        drafts = self.model.objects.filter(own, pk=OuterRef("pk"))
        return rows.filter(~Q(status=ReportStatus.DRAFT) | Exists(drafts))

    def waiting(self):
        """Submitted, and not yet decided on."""
        return self.filter(status=ReportStatus.SUBMITTED)

    def verified(self):
        return self.filter(status=ReportStatus.VERIFIED)

    def not_written_by(self, user):
        """What the user may judge: nobody verifies an entry of their own."""
        return self.exclude(writers__contains=[user.pk])

    def known_by(self, on):
        """Of periods that had ended by that day, or submitted by it."""
        return self.annotate(
            known_on=Least(F("period_end"), TruncDate("submitted_at"), output_field=models.DateField())
        ).filter(known_on__lte=on)


@pghistory.track()
class ProgressReport(models.Model):
    """What was achieved on a commitment in a period, in the unit of its indicator; the total so far
    when the commitment is cumulative. It counts only once somebody else has verified it."""

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, verbose_name=_("commitment"), related_name="reports"
    )
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("period until"))
    status = models.CharField(
        _("status"), max_length=12, choices=ReportStatus, default=ReportStatus.DRAFT, editable=False
    )
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    obstacle = models.CharField(_("obstacle"), max_length=20, choices=Obstacle, blank=True)
    obstacle_note = models.TextField(_("about the obstacle"), max_length=1000, blank=True)
    next_step = models.TextField(_("next step"), max_length=1000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("written by"), related_name="+"
    )
    # Everyone who ever wrote in it; none of them may verify it.
    writers = ArrayField(models.BigIntegerField(), default=list, editable=False)
    posting = models.ForeignKey(
        Posting, models.PROTECT, verbose_name=_("for the office"), null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("submitted by"),
        null=True,
        editable=False,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("decided by"),
        null=True,
        editable=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Where the public can read of it.")
    )
    demonstration = models.BooleanField(_("made up for the demonstration"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["-period_end", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "period_end"], name="report_once_per_period"),
            models.CheckConstraint(name="report_status_known", condition=Q(status__in=ReportStatus.values)),
            models.CheckConstraint(
                name="report_value_not_negative", condition=Q(value=None) | Q(value__gte=0)
            ),
            models.CheckConstraint(
                name="report_submitted_with_a_value",
                condition=Q(status=ReportStatus.DRAFT)
                | Q(value__isnull=False, submitted_by__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_verified_by_another",
                condition=~Q(status=ReportStatus.VERIFIED)
                | Q(decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("submitted_by"))
                & ~Q(decided_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="report_period_in_order",
                condition=Q(period_start=None) | Q(period_end__gte=F("period_start")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at", "id"],
                name="report_waiting",
                condition=Q(status=ReportStatus.SUBMITTED),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="forbidden_moves",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(forbidden_moves_sql(REPORT_MOVES)),
            ),
            pgtrigger.Protect(
                name="begins_as_a_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'draft'"),
            ),
            pgtrigger.Protect(
                name="keeps_what_was_submitted",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status IN ('submitted', 'verified') AND (OLD.commitment_id, OLD.period_start,"
                    " OLD.period_end, OLD.value, OLD.note, OLD.obstacle, OLD.obstacle_note, OLD.next_step,"
                    " OLD.writers, OLD.source) IS DISTINCT FROM (NEW.commitment_id, NEW.period_start,"
                    " NEW.period_end, NEW.value, NEW.note, NEW.obstacle, NEW.obstacle_note, NEW.next_step,"
                    " NEW.writers, NEW.source)"
                ),
            ),
            pgtrigger.Protect(
                name="submitted_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.submitted_at IS NOT NULL"),
            ),
        ]

    def __str__(self):
        return f"{self.commitment_id}: {self.period_end:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("partnerships:progress-report", args=[self.commitment_id, self.period_end])

    @property
    def is_written(self):
        """Whether what it says may still be changed."""
        return self.status in REPORT_IS_WRITTEN


class ReportMove(models.Model):
    """A step of a report: submitted, taken back, returned, verified, opened again; by whom, when, why."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, verbose_name=_("report"), related_name="moves")
    old = models.CharField(pgettext_lazy("status before", "from"), max_length=12, choices=ReportStatus)
    new = models.CharField(pgettext_lazy("status after", "to"), max_length=12, choices=ReportStatus)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("recorded"), auto_now_add=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a report")
        verbose_name_plural = _("steps of reports")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.report_id}: {self.old} -> {self.new}"
