import datetime
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import EXPORT_GOES_ON, EXPORT_MOVES, ExportStatus, forbidden_moves_sql
from partnerships.models.access import access_of

# A file is tried twice; what fails a second time is given up.
MOST_TRIES = 2
# How long a finished file is kept.
KEPT_FOR = datetime.timedelta(days=7)


class ExportContent(models.TextChoices):
    """What a file is made of."""

    REGISTER = "register", _("Register of partnerships")
    LEDGER = "ledger", _("Ledger of commitments")
    DOSSIER = "dossier", _("Dossier")
    PACKET = "packet", _("Packet of an event")
    HANDOUT = "handout", _("Hand-out of the evaluation meeting")
    SLIDES = "slides", _("Slides of the evaluation meeting")


class ExportForm(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    ZIP = "zip", "ZIP"


class ExportJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A file is for who asked for it, and for nobody else."""
        return self.filter(asked_by=user.pk)

    def going_on(self):
        """Waiting or being made."""
        return self.filter(status__in=EXPORT_GOES_ON)

    def due(self, now):
        """Waiting, and not for a later time."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=now), status=ExportStatus.WAITING)

    def silent_since(self, moment):
        """Said to be made, and nothing was heard of its worker since."""
        return self.filter(status=ExportStatus.RUNNING, heartbeat_at__lt=moment)

    def outdated(self, now):
        """Finished files that were kept long enough."""
        return self.filter(status=ExportStatus.DONE, finished_at__lt=now - KEPT_FOR)


class ExportJob(models.Model):
    """A file that somebody asked for and that is made in the background; also the log of who took what.

    ``params`` is the question, a query of the list it is made of; ``narrowed_by`` the same in words.
    ``scope`` is how far its reader saw when it was made (``Access.as_data``). Each try has a name of its own,
    ``worker``: who finds another there has lost the job. The file lies under ``file_key`` while it is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One key for each press: the same press twice makes one file.
    key = models.UUIDField(unique=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked for by"), related_name="export_jobs"
    )
    made_of = models.CharField(_("made of"), max_length=12, choices=ExportContent)
    form = models.CharField(_("form"), max_length=4, choices=ExportForm)
    params = models.TextField(_("question"), blank=True)
    language = models.CharField(_("language"), max_length=5)
    narrowed_by = models.JSONField(_("filters"), default=list)
    scope = models.JSONField(_("what its reader saw"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=ExportStatus, default=ExportStatus.WAITING, editable=False
    )
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    worker = models.CharField(_("worker"), max_length=80, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    cancel_asked_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    file_key = models.CharField(max_length=32, blank=True, editable=False)
    file_name = models.CharField(_("file name"), max_length=150, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    problem = models.TextField(_("what went wrong"), blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("file made in the background")
        verbose_name_plural = _("files made in the background")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="export_tried_at_most_twice", condition=Q(attempts__lte=MOST_TRIES)),
            models.CheckConstraint(
                name="export_running_has_a_worker",
                condition=~Q(status=ExportStatus.RUNNING)
                | ~Q(worker="") & Q(heartbeat_at__isnull=False, started_at__isnull=False, attempts__gte=1),
            ),
            models.CheckConstraint(
                name="export_has_its_file_while_it_is_kept",
                condition=Q(
                    status=ExportStatus.DONE,
                    file_key__regex=r"^[0-9a-f]{32}$",
                    sha256__regex=r"^[0-9a-f]{64}$",
                    size__gt=0,
                )
                & ~Q(file_name="")
                | ~Q(status=ExportStatus.DONE) & Q(file_key=""),
            ),
            models.CheckConstraint(
                name="export_over_has_an_end",
                condition=Q(status__in=EXPORT_GOES_ON, finished_at=None)
                | ~Q(status__in=EXPORT_GOES_ON) & Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="export_failed_says_why", condition=~Q(status=ExportStatus.FAILED) | ~Q(problem="")
            ),
            models.UniqueConstraint(
                name="export_file_of_one_job", fields=["file_key"], condition=~Q(file_key="")
            ),
        ]
        indexes = [
            models.Index(name="export_of_a_person", fields=["asked_by", "-asked_at"]),
            models.Index(
                name="export_going_on",
                fields=["status", "asked_at"],
                condition=Q(status__in=EXPORT_GOES_ON),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="forbidden_moves",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(forbidden_moves_sql(EXPORT_MOVES)),
            ),
            pgtrigger.Protect(
                name="begins_waiting",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'waiting'"),
            ),
            pgtrigger.Protect(
                name="keeps_what_was_asked",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.key, OLD.asked_by_id, OLD.made_of, OLD.form, OLD.params, OLD.language,"
                    " OLD.asked_at) IS DISTINCT FROM (NEW.key, NEW.asked_by_id, NEW.made_of, NEW.form,"
                    " NEW.params, NEW.language, NEW.asked_at))"
                ),
            ),
        ]

    def __str__(self):
        return f"{self.get_made_of_display()} ({self.get_form_display()})"

    def get_absolute_url(self):
        return reverse("partnerships:download", args=[self.pk])

    @property
    def query(self):
        """The question as parameters of a list."""
        return QueryDict(self.params)

    @property
    def goes_on(self):
        return self.status in EXPORT_GOES_ON

    @property
    def is_being_cancelled(self):
        return self.status == ExportStatus.RUNNING and self.cancel_asked_at is not None

    def can_be_taken_by(self, user):
        """Whether its file is there and still what this reader may see: rights may have changed since."""
        return self.status == ExportStatus.DONE and self.scope == access_of(user).as_data()

    @property
    def kept_until(self):
        """When its file goes; None when there is none."""
        return self.finished_at + KEPT_FOR if self.status == ExportStatus.DONE else None

    @property
    def percent(self):
        """How far it is, as a whole number. Only a finished file is whole."""
        if self.status in {ExportStatus.DONE, ExportStatus.EXPIRED}:
            return 100
        return min(99, 100 * self.rows_done // self.rows_total) if self.rows_total else 0

    def seconds_left(self, now):
        """How long it still takes at the pace so far; None while nothing is known of its pace."""
        if self.status != ExportStatus.RUNNING or not self.rows_done or not self.rows_total:
            return None
        taken = (now - self.started_at).total_seconds()
        return max(0, taken * (self.rows_total - self.rows_done) / self.rows_done)
