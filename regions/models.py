import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RegionKind(models.TextChoices):
    PROVINCE = "province", _("Province")
    KABUPATEN = "kabupaten", _("Kabupaten")
    KOTA = "kota", _("Kota")
    KABUPATEN_ADMINISTRATIVE = "kabupaten_administrative", _("Administrative kabupaten")
    KOTA_ADMINISTRATIVE = "kota_administrative", _("Administrative kota")


class TimeZone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class RegionQuerySet(models.QuerySet):
    def provinces(self):
        return self.filter(kind=RegionKind.PROVINCE)

    def kabupaten_kota(self):
        return self.exclude(kind=RegionKind.PROVINCE)

    def open(self):
        """Regions that exist today: not closed by a merger or a split."""
        return self.filter(closed_on=None)

    def within(self, code):
        """The region of that code and, for a province, its kabupaten and kota."""
        return self.filter(Q(code=code) | Q(parent=code))


@pghistory.track()
class Region(models.Model):
    """A province, kabupaten or kota by its Kemendagri code (not the BPS code, which looks alike).

    A region that is merged or split closes with a date and stays, because old papers name it.
    """

    code = models.CharField(_("Kemendagri code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=RegionKind)
    bare_name = models.CharField(
        _("name without its kind"), max_length=100, help_text=_("“Bandung” for Kota Bandung.")
    )
    short_name = models.CharField(_("short name"), max_length=100)
    aliases = ArrayField(
        models.CharField(max_length=120), verbose_name=_("other spellings"), default=list, blank=True
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("province"),
        null=True,
        blank=True,
        related_name="children",
    )
    time_zone = models.CharField(_("time zone"), max_length=30, choices=TimeZone)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    succeeded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("succeeded by"),
        null=True,
        blank=True,
        related_name="predecessors",
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="region_code_is_kemendagri",
                condition=Q(code__regex=r"^[0-9]{2}(\.[0-9]{2})?$"),
            ),
            models.CheckConstraint(
                name="region_province_has_no_parent",
                condition=Q(kind=RegionKind.PROVINCE, parent=None)
                | (~Q(kind=RegionKind.PROVINCE) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="region_successor_only_when_closed",
                condition=Q(succeeded_by=None) | Q(closed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="region_not_its_own_successor",
                condition=Q(succeeded_by=None) | ~Q(succeeded_by=F("code")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.name

    @property
    def is_province(self):
        return self.kind == RegionKind.PROVINCE
