import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.progress import ProgressReport


class Answer(models.TextChoices):
    YES = "yes", _("Yes, that is so")
    NO = "no", _("No, that is not so")


class ConfirmationRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Exists(ProgressReport.objects.visible_to(user).filter(pk=OuterRef("report"))))

    def open(self, at=None):
        """Not answered and not yet expired."""
        return self.filter(answered_at=None, expires_at__gt=at or timezone.now())


@pghistory.track()
class ConfirmationRequest(models.Model):
    """The partner's contact is asked, without an account, whether a report is right. The answer stands
    beside the verification and never replaces it; a link is answered once."""

    report = models.ForeignKey(
        ProgressReport, models.PROTECT, verbose_name=_("report"), related_name="confirmations"
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked by"), related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    expires_at = models.DateTimeField(_("the link holds until"))
    answer = models.CharField(_("answer"), max_length=3, choices=Answer, blank=True, editable=False)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    objects = ConfirmationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for confirmation")
        verbose_name_plural = _("requests for confirmation")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="confirmation_answered_whole",
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=Answer.values, answered_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="answered_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.answered_at IS NOT NULL"),
            ),
        ]

    def __str__(self):
        return f"{self.name}: {self.answer or '–'}"
