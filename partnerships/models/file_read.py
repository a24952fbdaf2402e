"""Who took which file or list away, or looked at a page of it: the log that a breach is told from."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReadContent(models.TextChoices):
    """What was read."""

    DOCUMENT = "document", _("document or evidence")
    PAGE = "page", _("page of a document")
    PROFILE = "profile", _("profile of a paper")
    REGISTER = "register", _("Register of partnerships")
    LEDGER = "ledger", _("Ledger of commitments")
    DOSSIER = "dossier", _("Dossier")
    PACKET = "packet", _("Packet of an event")
    DOOR_SHEET = "door_sheet", _("sheet for the door of an event")
    BRIEF = "brief", _("Brief for leadership")
    PERIOD = "period", _("Report on a period")
    REGION = "region", _("Profile of a region")
    HANDOUT = "handout", _("Hand-out of the evaluation meeting")
    SLIDES = "slides", _("Slides of the evaluation meeting")
    FUNNEL = "funnel", _("Trained, certified, placed")
    REGIONS = "regions", _("Regions side by side")
    DISPOSAL = "disposal", _("Certificate of destruction")


class FileRead(models.Model):
    """One file that the portal handed out: to whom, when, through which door.

    Of a list it keeps the question and how far its reader saw (``Access.as_data``), not the rows: who was in
    it is found by asking again. It names what was read by key alone and outlives it. It holds no network
    address and no name.
    """

    at = models.DateTimeField(_("time"), default=timezone.now)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        verbose_name=_("reader"),
        related_name="+",
        db_constraint=False,
    )
    door = models.CharField(_("door"), max_length=10)
    request = models.CharField(_("number of the request"), max_length=32)
    content = models.CharField(_("what was read"), max_length=12, choices=ReadContent)
    form = models.CharField(_("form"), max_length=5)
    file = models.ForeignKey(
        "partnerships.StoredFile",
        models.DO_NOTHING,
        verbose_name=_("file"),
        null=True,
        related_name="+",
        db_constraint=False,
    )
    page = models.PositiveIntegerField(_("page"), null=True)
    # The question of a list; the reference of the one paper; the slug of the event.
    question = models.TextField(_("question"), blank=True)
    scope = models.JSONField(_("what its reader saw"), default=dict)
    rows = models.PositiveIntegerField(_("rows"))

    class Meta:
        verbose_name = _("file read")
        verbose_name_plural = _("files read")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="file_read_content_known", condition=Q(content__in=ReadContent.values)
            ),
            models.CheckConstraint(
                name="file_read_names_what",
                condition=Q(content__in=[ReadContent.DOCUMENT, ReadContent.PAGE], file__isnull=False)
                | ~Q(content__in=[ReadContent.DOCUMENT, ReadContent.PAGE]) & Q(file=None),
            ),
        ]
        indexes = [models.Index(name="file_read_by_a_person", fields=["reader", "at"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.get_content_display()} ({self.form})"
