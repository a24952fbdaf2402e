import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.models.access import access_of
from partnerships.models.need import FIRST_YEAR, LAST_YEAR, promised
from partnerships.models.organization import Organization
from partnerships.models.reference import Indicator, Theme
from partnerships.roles import ADMIN, Role
from regions.models import Region


class OfferStatus(models.TextChoices):
    OPEN = "open", _("Open")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# At the end of the transaction, when the regions have been written too.
_REGIONS = """
    IF EXISTS (
        SELECT 1 FROM partnerships_offer o WHERE o.id = {offer} AND o.everywhere = EXISTS (
            SELECT 1 FROM partnerships_offerregion p WHERE p.offer_id = o.id
        )
    ) THEN
        RAISE EXCEPTION 'an offer is for the whole country or for the regions it names'
        USING ERRCODE = '23514', CONSTRAINT = 'offer_for_some_region';
    END IF;
    RETURN NULL;
"""


def _for_some_region(offer, operation):
    return pgtrigger.Trigger(
        name="for_some_region",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        func=_REGIONS.format(offer=offer),
    )


class OfferQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every offer for the ministry; for a regional officer the open ones that could serve the own region
        or another part of its province."""
        access = access_of(user)
        if access.has(Role.REGISTRAR, Role.UNIT_OFFICER, Role.LEADERSHIP, ADMIN):
            return self.all()
        if not access.regions:
            return self.none()
        own = Region.objects.filter(code__in=access.regions).values(of_province=Coalesce("parent", "code"))
        return self.open().filter(Q(everywhere=True) | Exists(_places().filter(of_province__in=own)))

    def open(self):
        return self.filter(status=OfferStatus.OPEN)

    def within(self, code):
        """Offers for that region, for its province, or for a part of it; those for the whole country too."""
        places = OfferRegion.objects.filter(offer=OuterRef("pk"))
        named = Q(region=code) | Q(region__parent=code) | Q(region__children=code)
        return self.filter(Q(everywhere=True) | Exists(places.filter(named)))

    def near(self):
        """Within a question of needs: offers of the outer need's theme, unit and year, for its region, its
        province, or another part of that province."""
        # Joined, not asked for each offer: that many needs are compared with many offers at once.
        of_province = Coalesce("places__region__parent", "places__region")
        return self.alias(of_province=of_province).filter(
            Q(everywhere=True) | Q(of_province=Coalesce(OuterRef("region__parent"), OuterRef("region"))),
            theme=OuterRef("theme"),
            indicator=OuterRef("indicator"),
            first_year__lte=OuterRef("year"),
            last_year__gte=OuterRef("year"),
        )

    def with_promised(self):
        """Add ``promised``: how much of the number stands in papers that were made of matches and are not
        cancelled."""
        return self.annotate(promised=promised("portal_promised_of_offer"))


@pghistory.track()
class Offer(models.Model):
    """A programme that a partner offers: how many, of what, on which theme, for which regions and years.

    ``source`` says where it was read or heard of.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("offered by"), related_name="offers"
    )
    title = models.CharField(_("programme"), max_length=200)
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name=_("theme"), related_name="offers")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="offers"
    )
    number = models.DecimalField(_("number"), max_digits=18, decimal_places=2)
    first_year = models.PositiveSmallIntegerField(_("from the year"))
    last_year = models.PositiveSmallIntegerField(_("until the year"))
    everywhere = models.BooleanField(_("for the whole country"), default=False)
    regions = models.ManyToManyField(
        Region,
        through="OfferRegion",
        through_fields=("offer", "region"),
        verbose_name=_("for the regions"),
        related_name="offers",
    )
    note = models.TextField(_("note"), max_length=1000, blank=True)
    source = models.CharField(
        _("source"), max_length=300, blank=True, help_text=_("Where it was read or heard of.")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=OfferStatus, default=OfferStatus.OPEN, editable=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("recorded by"),
        editable=False,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    demonstration = models.BooleanField(_("made up for the demonstration"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # One key for each opened form: the same form sent twice makes one offer.
    entry_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(name="offer_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(name="offer_number_above_zero", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="offer_years_in_order",
                condition=Q(
                    first_year__gte=FIRST_YEAR, last_year__gte=F("first_year"), last_year__lte=LAST_YEAR
                ),
            ),
            models.CheckConstraint(name="offer_status_known", condition=Q(status__in=OfferStatus.values)),
        ]
        indexes = [
            models.Index(
                fields=["theme", "indicator", "first_year"],
                name="offer_open",
                condition=Q(status=OfferStatus.OPEN),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            _for_some_region("NEW.id", pgtrigger.Insert | pgtrigger.Update),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:offer-detail", args=[self.pk])

    @property
    def is_open(self):
        return self.status == OfferStatus.OPEN


@pghistory.track()
class OfferRegion(models.Model):
    """A region that an offer is for; a province stands for its kabupaten and kota too."""

    offer = models.ForeignKey(Offer, models.CASCADE, verbose_name=_("offer"), related_name="places")
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")

    class Meta:
        verbose_name = _("region of an offer")
        verbose_name_plural = _("regions of offers")
        ordering = ["region"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "region"], name="region_once_per_offer"),
        ]
        triggers = [
            _for_some_region("COALESCE(NEW.offer_id, OLD.offer_id)", pgtrigger.Insert | pgtrigger.Delete),
        ]

    def __str__(self):
        return str(self.region)


def _places():
    """The regions of an outer offer, each with the code of its province in ``of_province``."""
    return OfferRegion.objects.filter(offer=OuterRef("pk")).alias(
        of_province=Coalesce("region__parent", "region")
    )
