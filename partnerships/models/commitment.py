import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.commitment_queryset import CommitmentQuerySet
from partnerships.models.organization import Organization
from partnerships.models.party import Party
from partnerships.models.person import Person
from partnerships.models.reference import Indicator


class Recurrence(models.TextChoices):
    ONCE = "once", _("once")
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")
    HALF_YEARLY = "half_yearly", _("half-yearly")
    YEARLY = "yearly", _("yearly")


class Funding(models.TextChoices):
    APBN = "apbn", _("State budget (APBN)")
    APBD = "apbd", _("Regional budget (APBD)")
    PARTNER = "partner", _("Partner")
    PHLN = "phln", _("Foreign loan or grant (PHLN)")


@pghistory.track()
class Commitment(models.Model):
    """What one party of a paper owes to another. One without number, unit, due date, owner and proof
    is kept, but is not measurable and stays out of every rate."""

    agreement = models.ForeignKey(
        "partnerships.Agreement",
        models.CASCADE,
        verbose_name=_("agreement"),
        related_name="commitments",
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.CharField(_("commitment"), max_length=500)
    clause = models.CharField(_("clause of the paper"), max_length=60, blank=True)
    owed_by = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("owed by"),
        null=True,
        blank=True,
        related_name="commitments_owed",
    )
    owed_to = models.ForeignKey(
        Party,
        models.PROTECT,
        verbose_name=_("owed to"),
        null=True,
        blank=True,
        related_name="commitments_due",
    )
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        verbose_name=_("indicator"),
        null=True,
        blank=True,
        related_name="commitments",
    )
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField(
        _("reported from"),
        null=True,
        blank=True,
        help_text=_("The first day that counts; without one, the day of signing."),
    )
    due = models.DateField(_("due"), null=True, blank=True)
    recurrence = models.CharField(_("reported"), max_length=12, choices=Recurrence, default=Recurrence.ONCE)
    cumulative = models.BooleanField(
        _("cumulative"), default=True, help_text=_("Each report gives the total so far.")
    )
    owner = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name=_("responsible office"),
        null=True,
        blank=True,
        related_name="commitments",
    )
    contact = models.ForeignKey(
        Person,
        models.PROTECT,
        verbose_name=_("contact person"),
        null=True,
        blank=True,
        related_name="+",
    )
    proof_wanted = models.CharField(_("proof wanted"), max_length=300, blank=True)
    funding = models.CharField(_("source of funds"), max_length=12, choices=Funding, blank=True)
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Where the public can read of it.")
    )
    demonstration = models.BooleanField(_("made up for the demonstration"), default=False, editable=False)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # One key for each opened form: the same form sent twice makes one commitment.
    entry_key = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("entered"), auto_now_add=True, null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(name="commitment_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="commitment_numbers_not_negative",
                condition=(Q(target=None) | Q(target__gte=0)) & (Q(baseline=None) | Q(baseline__gte=0)),
            ),
            models.CheckConstraint(
                name="commitment_recurrence_known", condition=Q(recurrence__in=Recurrence.values)
            ),
            models.CheckConstraint(
                name="commitment_days_within_reach",
                condition=(Q(due=None) | Q(due__range=("1945-01-01", "2100-12-31")))
                & (Q(starts_on=None) | Q(starts_on__range=("1945-01-01", "2100-12-31"))),
            ),
            models.CheckConstraint(
                name="commitment_due_after_it_starts",
                condition=Q(due=None) | Q(starts_on=None) | Q(due__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="commitment_not_owed_to_oneself",
                condition=Q(owed_by=None) | Q(owed_to=None) | ~Q(owed_by=F("owed_to")),
            ),
        ]
        indexes = [models.Index(fields=["due", "id"], name="commitment_by_due")]

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return reverse("partnerships:commitment-detail", args=[self.pk])

    @property
    def office(self):
        """Who answers for it: the responsible office, else the party that owes it."""
        return self.owner or (self.owed_by.organization if self.owed_by else None)

    @property
    def missing_for_measure(self):
        """What keeps this commitment from being measured, as labels; empty when it is measurable."""
        wanted = {
            _("indicator and unit"): self.indicator_id,
            _("target number"): self.target,
            _("due date"): self.due,
            _("responsible office"): self.owner_id,
            _("proof wanted"): self.proof_wanted,
        }
        return [label for label, value in wanted.items() if value in (None, "", 0)]

    @property
    def is_measurable(self):
        return not self.missing_for_measure

    @property
    def first_day(self):
        """The first day that counts, if it is known."""
        return self.starts_on or self.agreement.signed_latest
