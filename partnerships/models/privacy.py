"""What was decided about the personal data of somebody: that it is withheld, or that it was erased."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.person import Person

# What stands in the records instead; records are in Indonesian whatever the language of a page.
ERASED, RESTRICTED = "Orang yang datanya dihapus", "Nama dibatasi"
ERASED_IN_TEXT = "[dihapus]"
# A name that no mail server ever has (RFC 2606).
NOWHERE = "dihapus.invalid"
ERASED_ADDRESS, RESTRICTED_ADDRESS = f"dihapus@{NOWHERE}", f"dibatasi@{NOWHERE}"


# What is withheld is no history: it stands here alone until it goes back or is erased.
@pghistory.track(exclude=["held"])
class Restriction(models.Model):
    """The data of a person, or of the owner of an account, taken out of every page and file while its
    processing is restricted (UU 27/2022, articles 11 and 41); only the administration shows it.

    ``held`` has a row for each value that was taken out: [table, key, column, value].
    """

    person = models.OneToOneField(
        Person,
        models.PROTECT,
        verbose_name=_("person"),
        null=True,
        blank=True,
        related_name="restriction",
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("account"),
        null=True,
        blank=True,
        related_name="restriction",
    )
    held = models.JSONField(_("what is withheld"), default=list)
    reason = models.CharField(_("reason"), max_length=300)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("restricted personal data")
        verbose_name_plural = _("restricted personal data")
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                name="restriction_of_one",
                condition=Q(person=None, user__isnull=False) | Q(person__isnull=False, user=None),
            ),
            models.CheckConstraint(name="restriction_says_why", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.person or self.user}: {self.reason}"


class Erasure(models.Model):
    """That somebody's data was erased, and why. It names nobody.

    ``digests`` say who it was to somebody who holds an older backup with the same records, so that a restore
    erases them again: SHA-256 of the kind of record, its key and the moment of its first event.
    """

    at = models.DateTimeField(_("time"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)
    digests = ArrayField(models.CharField(max_length=64), verbose_name=_("who it was, as SHA-256"))

    class Meta:
        verbose_name = _("erasure of personal data")
        verbose_name_plural = _("erasures of personal data")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="erasure_of_somebody", condition=~Q(reason="") & Q(digests__len__gte=1)
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{timezone.localtime(self.at):%Y-%m-%d}: {self.reason}"
