import pghistory
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.access import access_of
from partnerships.models.organization import Organization
from partnerships.models.reference import Indicator, Theme
from partnerships.roles import ADMIN, Role
from regions.models import Region

FIRST_YEAR, LAST_YEAR = 2000, 2100


class NeedStatus(models.TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def promised(function):
    """How much of the outer row's number stands in papers that were made of matches and are not cancelled,
    whoever may see these. A ``function`` of the database adds it up."""
    return models.Func(
        "pk", function=function, output_field=models.DecimalField(max_digits=18, decimal_places=2)
    )


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Needs of every region for the ministry; for a regional officer those of the own region, a
        province with its kabupaten and kota."""
        access = access_of(user)
        if access.has(Role.REGISTRAR, Role.UNIT_OFFICER, Role.LEADERSHIP, ADMIN):
            return self.all()
        return self.filter(Q(region__in=access.regions) | Q(region__parent__in=access.regions))

    def open(self):
        return self.filter(status=NeedStatus.OPEN)

    def within(self, code):
        """Needs of that region and, for a province, of its kabupaten and kota."""
        return self.filter(Q(region=code) | Q(region__parent=code))

    def with_promised(self):
        """Add ``promised``: how much of the number stands in papers that were made of matches and are not
        cancelled."""
        return self.annotate(promised=promised("portal_promised_of_need"))

    def with_offers(self, among=None):
        """Open needs for which there is an open offer (one of ``among``) of the theme, the unit and the year:
        for the region, for its province, or for another part of that province."""
        offers = apps.get_model("partnerships", "Offer").objects.all() if among is None else among
        return self.open().filter(Exists(offers.open().near()))

    def unmet(self):
        """Needs of which papers that were proposed do not take up the whole number."""
        return self.with_promised().filter(number__gt=F("promised"))


@pghistory.track()
class Need(models.Model):
    """What a region needs of partners: how many, of what, on which theme, in which year. Stated by an office
    that acts for the region or for its province."""

    office = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("stated by the office"), related_name="needs"
    )
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="needs")
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name=_("theme"), related_name="needs")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="needs"
    )
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=2)
    year = models.PositiveSmallIntegerField(_("year"))
    note = models.TextField(_("note"), max_length=1000, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=NeedStatus, default=NeedStatus.OPEN, editable=False
    )
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("stated by"),
        editable=False,
        related_name="+",
    )
    stated_at = models.DateTimeField(_("stated"), auto_now_add=True)
    demonstration = models.BooleanField(_("made up for the demonstration"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # One key for each opened form: the same form sent twice makes one need.
    entry_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["year", "region", "pk"]
        constraints = [
            models.CheckConstraint(name="need_number_above_zero", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="need_year_within_reach", condition=Q(year__range=(FIRST_YEAR, LAST_YEAR))
            ),
            models.CheckConstraint(name="need_status_known", condition=Q(status__in=NeedStatus.values)),
            models.UniqueConstraint(
                fields=["office", "region", "theme", "indicator", "year"],
                condition=Q(status=NeedStatus.OPEN),
                name="need_stated_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["theme", "indicator", "year"], name="need_open", condition=Q(status=NeedStatus.OPEN)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="office_of_its_region",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM partnerships_organization o, regions_region r
                        WHERE o.id = NEW.office_id AND r.code = NEW.region_id
                        AND o.region_id IN (r.code, r.parent_id)
                    ) THEN
                        RAISE EXCEPTION 'the office does not act for region %', NEW.region_id
                        USING ERRCODE = '23514', CONSTRAINT = 'need_office_of_its_region';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.theme}, {self.region}, {self.year}"

    def get_absolute_url(self):
        return reverse("partnerships:need-detail", args=[self.pk])

    @property
    def is_open(self):
        return self.status == NeedStatus.OPEN
