from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageKind(models.TextChoices):
    INVITATION = "invitation", _("Invitation")
    TRANSFER = "transfer", _("Transfer of a posting")
    DIGEST = "digest", _("What is due")
    REPORT_RETURNED = "report_returned", _("A report was returned")
    REPORT_VERIFIED = "report_verified", _("A report was verified")
    CONFIRMATION = "confirmation", _("Request for confirmation")
    NEED_TAKEN_UP = "need_taken_up", _("A need was taken up")
    FILE_QUARANTINED = "file_quarantined", _("A virus was found in a file")


class OutboxMessage(models.Model):
    """A message that a decision owes somebody; written in the decision's transaction, sent by the worker.

    It goes to a user, or to the address of somebody without an account.
    """

    kind = models.CharField(_("kind"), max_length=30, choices=MessageKind)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("recipient"),
        null=True,
        blank=True,
        related_name="messages",
    )
    address = models.EmailField(_("e-mail"), blank=True)
    about = models.JSONField(_("about"), default=dict)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("last problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-written_at"]
        constraints = [
            models.CheckConstraint(
                name="message_goes_to_somebody",
                condition=models.Q(recipient__isnull=False, address="")
                | models.Q(recipient=None) & ~models.Q(address=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.mail_address}"

    @property
    def mail_address(self):
        return self.recipient.email if self.recipient else self.address
