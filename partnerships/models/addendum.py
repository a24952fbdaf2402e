import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.agreement import Agreement
from partnerships.models.partial_date import PartialDateValue, Precision, partial_date_is_whole


class AddendumSubject(models.TextChoices):
    TERM = "term", _("term")
    SCOPE = "scope", _("scope")
    PARTIES = "parties", _("parties")
    BUDGET = "budget", _("budget")
    CORRECTION = "correction", _("correction")


@pghistory.track()
class Addendum(models.Model):
    """An addendum to a paper: what it changes, from which day, under which number.

    Its scan is a Document; a new term is a Term row that names it; new wording is in ClauseTexts.
    """

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="addenda"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    subjects = ArrayField(
        models.CharField(max_length=12, choices=AddendumSubject), verbose_name=_("what it changes")
    )
    number = models.CharField(_("number"), max_length=120, blank=True)
    signed_earliest = models.DateField(null=True, blank=True, editable=False)
    signed_latest = models.DateField(null=True, blank=True, editable=False)
    signed_precision = models.CharField(
        max_length=5, choices=Precision, blank=True, default=Precision.UNKNOWN, editable=False
    )
    effective_on = models.DateField(_("holds from"), null=True, blank=True)
    summary = models.TextField(_("what changed"), max_length=2000)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    entry_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("entered by"),
        editable=False,
        related_name="+",
    )

    signed = PartialDateValue("signed")

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["position", "pk"]
        constraints = [
            partial_date_is_whole("signed", "addendum"),
            models.UniqueConstraint(fields=["agreement", "position"], name="addendum_order"),
            models.UniqueConstraint(fields=["id", "agreement"], name="addendum_with_its_agreement"),
            models.CheckConstraint(name="addendum_says_what_changed", condition=~Q(summary="")),
            models.CheckConstraint(
                name="addendum_subjects_known",
                condition=Q(subjects__len__gte=1, subjects__contained_by=AddendumSubject.values),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.number or f"{self._meta.verbose_name} {self.position}"

    @property
    def begins(self):
        """The first day on which it holds: the given one, else the day of signing, else None."""
        return self.effective_on or self.signed_latest

    def has_begun(self, on):
        """Whether it holds on that day; one of which no day is known does."""
        return self.begins is None or self.begins <= on

    @property
    def subjects_in_words(self):
        return [str(AddendumSubject(subject).label) for subject in self.subjects]


@pghistory.track()
class ClauseText(models.Model):
    """The wording of one clause of a paper: the original one, or the one that an addendum gave it.

    Of the texts of a clause, the newest that has begun is in force; every earlier one stays readable.
    """

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), related_name="clause_texts"
    )
    clause = models.CharField(_("clause"), max_length=120, help_text=_("Such as Pasal 3 ayat (1)."))
    addendum = models.ForeignKey(
        Addendum,
        models.PROTECT,
        verbose_name=_("addendum"),
        null=True,
        blank=True,
        related_name="clause_texts",
    )
    text = models.TextField(_("text"), max_length=10_000)

    class Meta:
        verbose_name = _("wording of a clause")
        verbose_name_plural = _("wordings of clauses")
        ordering = ["clause", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "clause", "addendum"],
                name="clause_text_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="clause_text_says_something", condition=~Q(clause="") & ~Q(text="")),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.clause
