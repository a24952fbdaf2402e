import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kemnaker_portal import scanner
from partnerships.files.reading import READABLE
from partnerships.models.action_point import ActionPoint
from partnerships.models.agreement import Agreement
from partnerships.models.agreement_parts import Saying
from partnerships.models.agreement_queryset import wanted_words
from partnerships.models.partial_date import PartialDateValue, Precision, partial_date_is_whole
from partnerships.models.progress import ProgressReport
from partnerships.models.scan import FileScan, Verdict


class DocumentPurpose(models.TextChoices):
    PAPER = "paper", _("the signed paper")
    ADDENDUM = "addendum", _("an addendum")
    AUTHORITY = "authority", _("a letter of authority")
    REPORT = "report", _("evidence of a report")
    ACTION_POINT = "action_point", _("evidence of an action point")
    OTHER = "other", _("another document of the paper")


# What is filed with a paper itself; the others belong to what was done on it.
OF_THE_PAPER = (
    DocumentPurpose.PAPER,
    DocumentPurpose.ADDENDUM,
    DocumentPurpose.AUTHORITY,
    DocumentPurpose.OTHER,
)


class DocumentLanguage(models.TextChoices):
    INDONESIAN = "id", _("Indonesian")
    ENGLISH = "en", _("English")
    BOTH = "id-en", _("Indonesian and English")
    OTHER = "other", _("another language")


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Documents of papers the reader sees; evidence of a report only with that report."""
        papers = Agreement.objects.visible_to(user).filter(pk=OuterRef("agreement"))
        return self.filter(Exists(papers)).open_with_their_paper_to(user)

    def open_with_their_paper_to(self, user):
        """Documents that are the reader's as soon as their paper is: evidence with its report only."""
        reports = ProgressReport.objects.visible_to(user).filter(pk=OuterRef("report"))
        return self.filter(Q(report=None) | Exists(reports))

    def standing(self):
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)

    def scans(self):
        """The signed papers themselves, as they stand on file."""
        return self.standing().filter(purpose=DocumentPurpose.PAPER)


@pghistory.track()
class Document(models.Model):
    """Something on file for a paper, and what it proves. Its bytes are StoredFiles, one for each version."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="documents"
    )
    purpose = models.CharField(_("what it proves"), max_length=20, choices=DocumentPurpose)
    title = models.CharField(_("title"), max_length=200)
    report = models.ForeignKey(
        ProgressReport,
        models.PROTECT,
        verbose_name=_("report"),
        null=True,
        blank=True,
        related_name="documents",
    )
    action_point = models.ForeignKey(
        ActionPoint,
        models.PROTECT,
        verbose_name=_("action point"),
        null=True,
        blank=True,
        related_name="documents",
    )
    addendum = models.ForeignKey(
        "partnerships.Addendum",
        models.PROTECT,
        verbose_name=_("addendum"),
        null=True,
        blank=True,
        related_name="documents",
    )
    # Who signs may be taken out of a record again; the letter that was filed stays.
    signatory = models.ForeignKey(
        "partnerships.Signatory",
        models.SET_NULL,
        verbose_name=_("signatory"),
        null=True,
        blank=True,
        related_name="letters",
    )
    dated_earliest = models.DateField(null=True, blank=True, editable=False)
    dated_latest = models.DateField(null=True, blank=True, editable=False)
    dated_precision = models.CharField(
        max_length=5, choices=Precision, blank=True, default=Precision.UNKNOWN, editable=False
    )
    language = models.CharField(_("language"), max_length=10, choices=DocumentLanguage, blank=True)
    original_place = models.CharField(
        _("where the paper original is kept"),
        max_length=200,
        blank=True,
        help_text=_("Such as Arsip Biro Kerja Sama, lemari 3, map 12."),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()
    dated = PartialDateValue("dated")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="document_purpose_known", condition=Q(purpose__in=DocumentPurpose.values)
            ),
            models.CheckConstraint(
                name="document_proves_what_it_says",
                condition=Q(purpose=DocumentPurpose.REPORT, report__isnull=False, action_point=None)
                | Q(purpose=DocumentPurpose.ACTION_POINT, report=None, action_point__isnull=False)
                | ~Q(purpose__in=[DocumentPurpose.REPORT, DocumentPurpose.ACTION_POINT])
                & Q(report=None, action_point=None),
            ),
            models.CheckConstraint(
                name="document_of_an_addendum_or_of_a_signatory",
                condition=(Q(addendum=None) | Q(purpose=DocumentPurpose.ADDENDUM))
                & (Q(signatory=None) | Q(purpose=DocumentPurpose.AUTHORITY)),
            ),
            partial_date_is_whole("dated", "document"),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="of_its_own_paper",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.report_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM partnerships_progressreport r
                        JOIN partnerships_commitment c ON c.id = r.commitment_id
                        WHERE r.id = NEW.report_id AND c.agreement_id = NEW.agreement_id
                    ) OR NEW.action_point_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM partnerships_actionpoint p
                        WHERE p.id = NEW.action_point_id AND p.agreement_id = NEW.agreement_id
                    ) OR NEW.addendum_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM partnerships_addendum d
                        WHERE d.id = NEW.addendum_id AND d.agreement_id = NEW.agreement_id
                    ) OR NEW.signatory_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM partnerships_signatory s
                        WHERE s.id = NEW.signatory_id AND s.agreement_id = NEW.agreement_id
                    ) THEN
                        RAISE EXCEPTION 'a document proves something of its own paper'
                        USING ERRCODE = '23514', CONSTRAINT = 'document_of_its_own_paper';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:document-detail", args=[self.pk])

    @property
    def version(self):
        """The number of the last event in its history: another one, and somebody has changed it."""
        return self.events.order_by("-pgh_id").values_list("pgh_id", flat=True).first() or 0

    @property
    def is_of_the_paper(self):
        return self.purpose in OF_THE_PAPER


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(Exists(Document.objects.visible_to(user).filter(pk=OuterRef("document"))))

    def saying(self, text):
        """Files with a page on which every word of the text stands (PageText)."""
        words = wanted_words(text)
        if words is None:
            return self.none()
        return self.filter(pk__in=Saying(words, function="portal_files_saying"))

    def newest(self):
        """The newest version of each document."""
        later = StoredFile.objects.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))

    def readable(self):
        """Of a kind that has pages to be read."""
        return self.filter(media_type__in=READABLE)

    def with_verdict(self):
        """Each with its ``verdict``, for a page that shows several."""
        said = FileScan.objects.filter(file=OuterRef("pk")).deciding()
        return self.annotate(verdict=said.values("verdict")[:1])

    def unscanned(self):
        """No scanner has looked at them."""
        return self.filter(~Exists(FileScan.objects.filter(file=OuterRef("pk"))))

    def let_out(self):
        """What the portal itself opens and hands out: see ``StoredFile.is_withheld``."""
        said = FileScan.objects.filter(file=OuterRef("pk"))
        free = self.filter(~Exists(said.filter(verdict=Verdict.INFECTED)))
        return free.filter(Exists(said)) if scanner.is_configured() else free


class StoredFile(models.Model):
    """One version of a document as it lies on the disk, under a random key, with the SHA-256 (64 hex
    digits) and the size (bytes) it had when it came. A version is never replaced; a new one is added."""

    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="files")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(_("file name"), max_length=150)
    media_type = models.CharField(_("type of file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    place_removed = models.BooleanField(_("place removed from the photo"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"), related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    # One key for each chosen file: a retry after a lost answer stores it once.
    upload_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="file_version_once"),
            models.CheckConstraint(
                name="file_has_a_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$", size__gt=0)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:document-file", args=[self.document_id, self.number])

    @cached_property
    def verdict(self):
        """The Verdict of the virus scanner, None as long as it has not looked at the file."""
        return FileScan.objects.filter(file=self.pk).deciding().values_list("verdict", flat=True).first()

    @property
    def is_quarantined(self):
        return self.verdict == Verdict.INFECTED

    @property
    def waits_for_scan(self):
        return scanner.is_configured() and self.verdict is None

    @property
    def is_withheld(self):
        """Whether nobody may have it, whatever their rights: a virus was found, or nothing is known while
        there is a scanner that would tell."""
        return self.is_quarantined or self.waits_for_scan

    @property
    def short_sha256(self):
        return self.sha256[:12]

    @property
    def is_readable(self):
        """Whether it is of a kind that has pages to be read and shown."""
        return self.media_type in READABLE
