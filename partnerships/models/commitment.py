import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

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


class CommitmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A commitment is seen by who sees its paper."""
        papers = self.model._meta.get_field("agreement").related_model.objects
        papers = papers.visible_to(user).filter(pk=OuterRef("agreement"))
        return self.filter(Exists(papers))

    def measurable(self):
        """With number, unit, due date, owner and proof: what an achievement rate may count."""
        return self.filter(
            indicator__isnull=False, target__isnull=False, due__isnull=False, owner__isnull=False
        ).exclude(proof_wanted="")


@pghistory.track()
class Commitment(models.Model):
    """What one party of a paper owes to another. One without number, unit, due date, owner and proof
    is kept, but is not measurable."""

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
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

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
        ]

    def __str__(self):
        return self.text

    @property
    def missing_for_measure(self):
        """What keeps this commitment from being measured, as labels; empty when it is measurable."""
        wanted = {
            _("indicator and unit"): self.indicator_id,
            _("number"): self.target,
            _("due date"): self.due,
            _("responsible office"): self.owner_id,
            _("proof wanted"): self.proof_wanted,
        }
        return [label for label, value in wanted.items() if value in (None, "")]
