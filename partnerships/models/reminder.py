import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models.commitment import Commitment


class SentReminder(models.Model):
    """A reminder that was given: once for each commitment, last day of its period, step of the ladder
    and reader. A moved date is another last day, so that its ladder begins anew.

    ``step`` is the number of days before the last day (90 … 0), or minus the number of days after it.
    """

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reminders")
    period_end = models.DateField()
    step = models.SmallIntegerField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    given_on = models.DateField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "period_end", "step", "recipient"], name="reminder_given_once"
            ),
        ]

    def __str__(self):
        return f"{self.commitment_id}, {self.period_end}: {self.step}"


@pghistory.track()
class MailPreference(models.Model):
    """Which mail a person wants; without a row, all of it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_preference"
    )
    reminders = models.BooleanField(_("reminders of what is due (at most one mail a day)"), default=True)
    decisions = models.BooleanField(_("decisions on my reports"), default=True)

    class Meta:
        verbose_name = _("choice of mail")
        verbose_name_plural = _("choices of mail")

    def __str__(self):
        return str(self.user_id)


# The token is nobody's history, and what a calendar program does is no change.
@pghistory.track(exclude=["token_hash", "fetched_at"])
class CalendarFeed(models.Model):
    """The private address of a person's calendar. Only the SHA-256 of its token is kept; a new address
    revokes the old one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(revoked_at=None), name="calendar_one_per_person"
            ),
        ]

    def __str__(self):
        return str(self.user_id)
