from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class BulkVerb(models.TextChoices):
    """What can be done to a selection of papers in one step; the codes stand in addresses."""

    ADD_THEME = "tambah-bidang", _("Add a theme")
    REMOVE_THEME = "hapus-bidang", _("Remove a theme")
    SET_UNIT = "unit", _("Set the responsible unit")
    SET_EVENT = "acara", _("Set the signing event")
    REMIND = "ingatkan", _("Remind of overdue reports")


class BulkRun(models.Model):
    """What became of a selection of papers: which were done, which were left and why.

    ``results`` has a row for each paper, [reference, outcome, words]: an empty outcome is done, any other
    a reason of ``actions.bulk.Outcome``, or a sentence of the action itself in ``words``.
    """

    entry_key = models.UUIDField(unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("done by"), related_name="bulk_runs"
    )
    verb = models.CharField(_("what was done"), max_length=20, choices=BulkVerb)
    target = models.CharField(_("to what"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    results = models.JSONField(_("results"), default=list)
    made_at = models.DateTimeField(_("done at"), auto_now_add=True)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.get_verb_display()}: {self.done} / {len(self.results)}"

    def get_absolute_url(self):
        return reverse("partnerships:bulk-report", args=[self.entry_key])

    @property
    def done(self):
        """How many papers were done."""
        return sum(1 for _ref, outcome, _words in self.results if not outcome)
