import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.agreement import Agreement
from partnerships.models.agreement_parts import Saying
from partnerships.models.agreement_queryset import wanted_words
from partnerships.models.document import Document, StoredFile


class TextState(models.TextChoices):
    WAITING = "waiting", _("waiting to be read")
    READ = "read", _("read")
    EMPTY = "empty", _("no text on its pages")
    NO_OCR = "no_ocr", _("a picture; reading pictures is not installed here")
    FAILED = "failed", _("could not be read")


class FileText(models.Model):
    """How far the text of a stored file has been read, by whom it can then be found.

    ``pages`` counts the pages of the file, ``pages_by_ocr`` those read off a picture.
    """

    file = models.OneToOneField(StoredFile, models.PROTECT, primary_key=True, related_name="reading")
    state = models.CharField(_("state"), max_length=10, choices=TextState, default=TextState.WAITING)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    pages_by_ocr = models.PositiveIntegerField(_("pages read off a picture"), default=0)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")

    def __str__(self):
        return f"{self.file_id}: {self.get_state_display()}"


class PageTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pages of files that the reader may have."""
        return self.filter(Exists(StoredFile.objects.visible_to(user).filter(pk=OuterRef("file"))))

    def in_force(self):
        """Of the newest version of each document that was not withdrawn."""
        documents = Document.objects.standing().filter(pk=OuterRef("document"))
        files = StoredFile.objects.newest().filter(Exists(documents), pk=OuterRef("file"))
        return self.filter(Exists(files))

    def saying(self, text):
        """Pages on which every word of the text stands: by its beginning, or by its Indonesian stem."""
        words = wanted_words(text)
        if words is None:
            return self.none()
        return self.filter(pk__in=Saying(words, function="portal_pages_saying"))


class PageText(models.Model):
    """What stands on one page of a stored file, and what of it can be searched."""

    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="page_texts")
    page = models.PositiveIntegerField(_("page"))
    text = models.TextField(_("text"))
    by_ocr = models.BooleanField(_("read off a picture"), default=False)
    words = models.GeneratedField(
        expression=Func(F("text"), function="portal_words"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PageTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a page")
        verbose_name_plural = _("texts of pages")
        ordering = ["file", "page"]
        constraints = [
            models.UniqueConstraint(fields=["file", "page"], name="page_read_once"),
        ]
        indexes = [GinIndex(fields=["words"], name="page_text_words")]

    def __str__(self):
        return f"{self.file_id}, {self.page}"


class FileState(models.TextChoices):
    WHOLE = "whole", _("unchanged")
    CHANGED = "changed", _("changed on the disk")
    MISSING = "missing", _("missing from the disk")


class FileCheck(models.Model):
    """What the last check of a stored file's bytes against its SHA-256 found."""

    file = models.OneToOneField(StoredFile, models.PROTECT, primary_key=True, related_name="check_result")
    state = models.CharField(_("state"), max_length=10, choices=FileState)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("check of a file")
        verbose_name_plural = _("checks of files")

    def __str__(self):
        return f"{self.file_id}: {self.get_state_display()}"


class NaskahReadingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A reading is for who asked for it: until it is registered, it is nobody else's."""
        return self.filter(by=user.pk)

    def unregistered(self):
        """Not (yet) a paper of the register."""
        return self.filter(agreement=None)


class NaskahReading(models.Model):
    """A naskah that somebody gave the portal to read, and what was read off it: proposals, not a record.

    Its file lies under ``key`` until the paper is registered, when it becomes the scan of the paper;
    what nobody registers goes again. ``proposals`` holds under "read" what ``imports.naskah`` says, field by
    field, each with its value, the sentence and page it was read from, and how sure (0 to 1); under
    "state" how far the pages could be read; and under "confirmed" what its reader took over last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("file name"), max_length=150)
    media_type = models.CharField(_("type of file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    place_removed = models.BooleanField(default=False)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    by_ocr = models.BooleanField(_("read off a picture"), default=False)
    proposals = models.JSONField(_("proposals"), default=dict)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), null=True, blank=True, related_name="readings"
    )

    objects = NaskahReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("naskah being read")
        verbose_name_plural = _("naskah being read")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="reading_has_a_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0)
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:reading-detail", args=[self.pk])
