import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.lifecycle import ACTION_POINT_MOVES, ActionPointStatus, forbidden_moves_sql
from partnerships.models.agreement import Agreement
from partnerships.models.commitment import Commitment
from partnerships.models.organization import Organization
from partnerships.models.progress import ProgressReport


class ActionPointQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Exists(Agreement.objects.visible_to(user).filter(pk=OuterRef("agreement"))))

    def open(self):
        """Not yet closed: to be done, or done and to be checked."""
        return self.exclude(status=ActionPointStatus.CLOSED)

    def overdue(self, on):
        return self.filter(status=ActionPointStatus.OPEN, due__lt=on)


@pghistory.track()
class ActionPoint(models.Model):
    """A thing to do for a paper, by which office, until when, checked by which office: from an
    obstacle, a verification or a meeting. It is done only with a word or a file on what was done."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="action_points"
    )
    commitment = models.ForeignKey(
        Commitment,
        models.PROTECT,
        verbose_name=_("commitment"),
        null=True,
        blank=True,
        related_name="action_points",
    )
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        verbose_name=_("report"),
        null=True,
        blank=True,
        related_name="action_points",
    )
    text = models.CharField(_("what is to be done"), max_length=500)
    owner = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("responsible office"), related_name="action_points"
    )
    verifier = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name=_("checked by the office"),
        null=True,
        blank=True,
        related_name="+",
    )
    due = models.DateField(_("due"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ActionPointStatus,
        default=ActionPointStatus.OPEN,
        editable=False,
    )
    done_note = models.TextField(_("what was done"), max_length=1000, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("done by"),
        null=True,
        editable=False,
        related_name="+",
    )
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("checked by"),
        null=True,
        editable=False,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("raised by"), related_name="+"
    )
    raised_at = models.DateTimeField(_("raised"), auto_now_add=True)
    demonstration = models.BooleanField(_("made up for the demonstration"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    entry_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = ActionPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("action point")
        verbose_name_plural = _("action points")
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(name="action_point_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="action_point_done_by_somebody",
                condition=Q(status=ActionPointStatus.OPEN) | Q(done_by__isnull=False, done_at__isnull=False),
            ),
            models.CheckConstraint(
                name="action_point_checked_by_another",
                condition=~Q(status=ActionPointStatus.CLOSED)
                | Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(checked_by=F("done_by")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="forbidden_moves",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(forbidden_moves_sql(ACTION_POINT_MOVES)),
            ),
            pgtrigger.Trigger(
                name="done_with_proof",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.status <> 'open' AND NEW.done_note = '' AND NOT EXISTS (
                        SELECT 1 FROM partnerships_document d
                        WHERE d.action_point_id = NEW.id AND d.withdrawn_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'an action point is done with a word or a file'
                        USING ERRCODE = '23514', CONSTRAINT = 'action_point_done_with_proof';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("partnerships:action-point-detail", args=[self.pk])

    def is_overdue(self, on):
        return self.status == ActionPointStatus.OPEN and self.due < on
