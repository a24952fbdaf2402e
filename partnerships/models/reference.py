import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.models.kinds import AgreementKind, PartnerClass


@pghistory.track()
class Theme(models.Model):
    """A field of work that a paper covers, from the ministry's vocabulary."""

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    aliases = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("other words for it"),
        default=list,
        blank=True,
        help_text=_("Words that sources use, separated by commas; imports read them as this theme."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name_en if get_language() == "en" else self.name


class Stage(models.TextChoices):
    """The way of a person through training to work."""

    TRAINED = "trained", _("Trained")
    CERTIFIED = "certified", _("Certified")
    PLACED = "placed", _("Placed")


RUPIAH = "Rupiah"


@pghistory.track()
class Indicator(models.Model):
    """What is counted when a commitment is measured, with its unit.

    One that counts people at a ``stage`` asks for batches of trainees, by gender and disability.
    """

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    unit = models.CharField(_("unit"), max_length=40)
    stage = models.CharField(_("counts people who are"), max_length=10, choices=Stage, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name_en if get_language() == "en" else self.name

    @property
    def is_money(self):
        return self.unit == RUPIAH


@pghistory.track()
class InstrumentRule(models.Model):
    """Which paper is proposed to a class of partner, and what must follow it within how many days."""

    partner_class = models.CharField(_("partner class"), max_length=20, choices=PartnerClass, unique=True)
    proposes = models.CharField(_("proposed paper"), max_length=30, choices=AgreementKind)
    asks_for = models.CharField(_("paper that must follow"), max_length=30, choices=AgreementKind, blank=True)
    within_days = models.PositiveSmallIntegerField(_("within days"), null=True, blank=True)

    class Meta:
        verbose_name = _("instrument rule")
        verbose_name_plural = _("instrument rules")
        ordering = ["partner_class"]
        constraints = [
            models.CheckConstraint(
                name="instrument_rule_days_need_a_paper",
                condition=Q(within_days=None) | ~Q(asks_for=""),
            ),
        ]

    def __str__(self):
        return f"{self.get_partner_class_display()}: {self.get_proposes_display()}"
