from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageKind(models.TextChoices):
    INVITATION = "invitation", _("Invitation")
    TRANSFER = "transfer", _("Transfer of a posting")


class OutboxMessage(models.Model):
    """A message that a decision owes somebody; written in the decision's transaction, sent by the worker."""

    kind = models.CharField(_("kind"), max_length=30, choices=MessageKind)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recipient"), related_name="messages"
    )
    about = models.JSONField(_("about"), default=dict)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("last problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-written_at"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.recipient.email}"
