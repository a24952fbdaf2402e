import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from partnerships.models.kinds import Certainty


class FactField(models.TextChoices):
    """The fields of a record that sources speak of."""

    KIND = "kind", _("kind of paper")
    TITLE = "title", _("title")
    SIGNED = "signed", _("date of signing")
    PLACE = "place", _("place of signing")
    PARTNER = "partner", _("partner")
    UNIT = "unit", _("unit of the ministry")
    SIGNATORY = "signatory", _("signatory")
    NUMBER = "number", _("number of the paper")
    REGION = "region", _("region")
    THEMES = "themes", _("themes")
    TERM = "term", _("term")
    COMMITMENTS = "commitments", _("commitments")
    EVENT = "event", _("signing event")
    COUNT = "count", _("number of papers")
    NOTE = "note", _("note")


class FactFlag(models.TextChoices):
    NONE = "", _("nothing noted")
    WEEKDAY = "weekday", _("the weekday does not fit the date")


class SourcedFactQuerySet(models.QuerySet):
    def in_conflict(self):
        """Values that a source gives and the record does not follow."""
        return self.filter(in_force=False)


@pghistory.track()
class SourcedFact(models.Model):
    """Which source says which value for which field, and how sure. The value the record follows is
    in force; every other one stays beside it."""

    agreement = models.ForeignKey(
        "partnerships.Agreement", models.CASCADE, verbose_name=_("agreement"), related_name="facts"
    )
    field = models.CharField(_("field"), max_length=20, choices=FactField)
    value = models.TextField(_("value"))
    source = models.TextField(_("source"), help_text=_("An address or a title; several with “; ”."))
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty, default=Certainty.MEDIUM)
    in_force = models.BooleanField(_("in force"), default=True)
    flag = models.CharField(_("noted"), max_length=12, choices=FactFlag, blank=True, default=FactFlag.NONE)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = SourcedFactQuerySet.as_manager()

    class Meta:
        verbose_name = _("sourced value")
        verbose_name_plural = _("sourced values")
        ordering = ["field", "-in_force", "pk"]

    def __str__(self):
        return f"{self.get_field_display()}: {self.value[:60]}"

    @property
    def sources(self):
        """The single sources of the value, as (text, address or None)."""
        parts = [part.strip() for part in self.source.split("; ") if part.strip()]
        return [(part, part if part.startswith(("https://", "http://")) else None) for part in parts]
