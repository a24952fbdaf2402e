import pghistory
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from partnerships.models.partial_date import (
    PartialDate,
    PartialDateValue,
    Precision,
    partial_date_is_whole,
)

# Characters in which it is said why a term was closed.
LONGEST_REASON = 300


class TermReason(models.TextChoices):
    ORIGINAL = "original", _("original term")
    EXTENSION = "extension", _("extension")
    ADDENDUM = "addendum", _("addendum")


class TermQuerySet(models.QuerySet):
    def begun_by(self, on):
        """Terms that have begun on that day; one of unknown start counts as begun."""
        return self.filter(Q(starts_earliest=None) | Q(starts_earliest__lte=on))

    def as_agreed_on(self, on):
        """Add ``end_then`` (last day) and ``open_then``: the end as it stood on that day. A term that was
        closed early had until then the end that was agreed, or none."""
        before_it = Q(ended_early=True, ends_latest__gt=on)
        return self.annotate(
            end_then=Case(When(before_it, then=F("agreed_latest")), default=F("ends_latest")),
            open_then=Case(
                When(before_it, then=Q(agreed_latest=None)),
                default=F("ends_open"),
                output_field=models.BooleanField(),
            ),
        )


@pghistory.track()
class Term(models.Model):
    """One period in which a paper holds. The end may be known, open ("until further notice") or,
    as for most papers, unknown. Overlapping periods of one paper are refused by the database."""

    agreement = models.ForeignKey(
        "partnerships.Agreement", models.CASCADE, verbose_name=_("agreement"), related_name="terms"
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    reason = models.CharField(
        _("kind of term"), max_length=12, choices=TermReason, default=TermReason.ORIGINAL
    )
    starts_earliest = models.DateField(null=True, blank=True, editable=False)
    starts_latest = models.DateField(null=True, blank=True, editable=False)
    starts_precision = models.CharField(
        max_length=5, choices=Precision, blank=True, default=Precision.UNKNOWN, editable=False
    )
    ends_earliest = models.DateField(null=True, blank=True, editable=False)
    ends_latest = models.DateField(null=True, blank=True, editable=False)
    ends_precision = models.CharField(
        max_length=5, choices=Precision, blank=True, default=Precision.UNKNOWN, editable=False
    )
    ends_open = models.BooleanField(_("no end agreed"), default=False)
    duration_months = models.PositiveSmallIntegerField(
        _("duration in months as a source gives it"),
        null=True,
        blank=True,
        help_text=_("Kept as said; no end is computed from it."),
    )
    # What an early end leaves of the period stands in ``ends``; what had been agreed stays here.
    ended_early = models.BooleanField(_("ended early"), default=False, editable=False)
    agreed_earliest = models.DateField(null=True, blank=True, editable=False)
    agreed_latest = models.DateField(null=True, blank=True, editable=False)
    agreed_precision = models.CharField(
        max_length=5, choices=Precision, blank=True, default=Precision.UNKNOWN, editable=False
    )
    addendum = models.ForeignKey(
        "partnerships.Addendum",
        models.PROTECT,
        verbose_name=_("addendum"),
        null=True,
        blank=True,
        related_name="terms",
    )
    closed_because = models.CharField(_("why it was closed"), max_length=LONGEST_REASON, blank=True)

    objects = TermQuerySet.as_manager()
    starts = PartialDateValue("starts")
    ends = PartialDateValue("ends")
    agreed = PartialDateValue("agreed")

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["position", "pk"]
        constraints = [
            partial_date_is_whole("starts", "term"),
            partial_date_is_whole("ends", "term"),
            partial_date_is_whole("agreed", "term"),
            models.CheckConstraint(
                name="term_ended_early_says_when_and_why",
                condition=Q(ended_early=False, agreed_earliest=None)
                | Q(ended_early=True, ends_latest__isnull=False) & ~Q(closed_because=""),
            ),
            models.CheckConstraint(
                name="term_ends_after_it_starts",
                condition=Q(starts_earliest=None)
                | Q(ends_latest=None)
                | Q(ends_latest__gte=F("starts_earliest")),
            ),
            models.CheckConstraint(
                name="term_open_has_no_end", condition=Q(ends_open=False) | Q(ends_latest=None)
            ),
        ]

    def __str__(self):
        starts = str(self.starts) if self.starts else "?"
        ends = "…" if self.ends_open else str(self.ends) if self.ends else "?"
        return f"{starts} – {ends}"

    def cut_short(self, on, reason):
        """Let the period end on the day ``on``; what had first been agreed stays beside it."""
        if not self.ended_early:
            self.agreed = self.ends
        self.ends = PartialDate.of(on.year, on.month, on.day)
        self.ended_early, self.ends_open, self.closed_because = True, False, reason

    def has_begun(self, on):
        """Whether the period has begun on that day; one of unknown start counts as begun."""
        return self.starts_earliest is None or self.starts_earliest <= on
