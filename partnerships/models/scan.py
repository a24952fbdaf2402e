"""What a virus scanner said of a stored file, and what follows for who wants to have it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    CLEAN = "clean", _("no virus found")
    INFECTED = "infected", _("virus found")


class FileScanQuerySet(models.QuerySet):
    def deciding(self):
        """Those that count before others: a virus that one scan found outweighs all that found none."""
        return self.order_by(models.Case(models.When(verdict=Verdict.INFECTED, then=0), default=1))


class FileScan(models.Model):
    """One verdict on a stored file, each at most once. Rows are only added: nothing makes an infected file
    clean again. A file without any has not been looked at.

    ``virus`` is the name that the scanner has for what it found.
    """

    file = models.ForeignKey(
        "partnerships.StoredFile", models.PROTECT, verbose_name=_("file"), related_name="scans"
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    virus = models.CharField(_("virus"), max_length=200, blank=True)
    scanned_at = models.DateTimeField(_("scanned"), default=timezone.now)

    objects = FileScanQuerySet.as_manager()

    class Meta:
        verbose_name = _("virus scan of a file")
        verbose_name_plural = _("virus scans of files")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "verdict"], name="file_scan_says_it_once"),
            models.CheckConstraint(
                name="file_scan_names_the_virus",
                condition=Q(verdict=Verdict.CLEAN, virus="") | Q(verdict=Verdict.INFECTED) & ~Q(virus=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.file_id}: {self.get_verdict_display()}"
