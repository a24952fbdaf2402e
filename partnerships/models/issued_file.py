"""The PDFs that the portal has given out, by the code that stands on each."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import issue_code


class IssuedKind(models.TextChoices):
    """What a PDF of the portal is; said to anybody who holds its code."""

    REGISTER = "register", _("Register of partnerships")
    LEDGER = "ledger", _("Ledger of commitments")
    MATRIX = "matrix", _("Follow-up matrix of a paper")
    PROFILE = "profile", _("Profile of a paper")
    PACKET = "packet", _("Packet of an event")
    DOOR = "door", _("Sheet of the day, for the door")
    BRIEF = "brief", _("Brief for leadership")
    PERIOD = "period", _("Report on a period")
    REGION = "region", _("Profile of a region")
    HANDOUT = "handout", _("Hand-out of the evaluation meeting")
    SLIDES = "slides", _("Slides of the evaluation meeting")
    FUNNEL = "funnel", _("Trained, certified, placed")
    REGIONS = "regions", _("Regions side by side")
    DISPOSAL = "disposal", _("Certificate of destruction")


class IssuedFile(models.Model):
    """A PDF as it left the portal, written once when it was finished.

    ``params`` is the question its rows answer, for the reader ``issued_for`` whose rights are in ``scope``
    (``Access.as_data``); ``rows_sha256`` is of these rows as JSON, empty for a file without any. ``sha256``
    and ``size`` (bytes) are of the file itself. Everybody may know the kind, the moments, the number of rows
    and the digest of a file whose code they hold; the question and the reader are told to nobody.
    """

    code = models.CharField(_("code"), max_length=issue_code.LENGTH, unique=True)
    kind = models.CharField(_("kind of file"), max_length=12, choices=IssuedKind)
    params = models.TextField(_("question"), blank=True)
    language = models.CharField(_("language"), max_length=5)
    issued_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked for by"), related_name="issued_files"
    )
    scope = models.JSONField(_("what its reader saw"), default=dict)
    as_of = models.DateTimeField(_("data as of"))
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    rows = models.PositiveIntegerField(_("rows"))
    rows_sha256 = models.CharField(_("SHA-256 of the rows"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("issued file")
        verbose_name_plural = _("issued files")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="issued_under_a_code",
                condition=Q(code__regex=f"^[{issue_code.ALPHABET}]{{{issue_code.LENGTH}}}$"),
            ),
            models.CheckConstraint(
                name="issued_with_its_digest", condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0)
            ),
            models.CheckConstraint(
                name="issued_rows_have_a_digest",
                condition=Q(rows_sha256="", rows=0) | Q(rows_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
        ]
        indexes = [models.Index(name="issued_lately", fields=["-issued_at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.get_kind_display()} {self.shown_code}"

    def get_absolute_url(self):
        return reverse("partnerships:issued-file", args=[self.shown_code])

    @property
    def shown_code(self):
        return issue_code.shown(self.code)

    @property
    def query(self):
        """The question as parameters."""
        return QueryDict(self.params)
