import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.names import names_are_seen
from partnerships.models.access import access_of
from partnerships.models.kinds import PartnerClass
from partnerships.models.organization import Organization
from partnerships.models.partial_date import (
    PartialDateValue,
    Precision,
    partial_date_is_whole,
)
from partnerships.roles import ADMIN, ANONYMOUS, Role


class SigningEventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Ceremonies are known within the ministry; a region knows those at which it has a paper."""
        access = access_of(user)
        if access.has(Role.REGISTRAR, Role.UNIT_OFFICER, Role.LEADERSHIP, ADMIN):
            return self.all()
        if access.has(ANONYMOUS):
            return self.none()
        papers = apps.get_model("partnerships", "Agreement").objects.visible_to(user)
        return self.filter(pk__in=papers.order_by().values("event"))


@pghistory.track()
class SigningEvent(models.Model):
    """A ceremony at which papers are signed, often many in one morning."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("code in addresses"), max_length=80, unique=True)
    held_earliest = models.DateField(null=True, blank=True, editable=False)
    held_latest = models.DateField(null=True, blank=True, editable=False)
    held_precision = models.CharField(
        max_length=5, choices=Precision, blank=True, default=Precision.UNKNOWN, editable=False
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    host = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name=_("host"),
        null=True,
        blank=True,
        related_name="hosted_events",
    )
    source = models.TextField(_("source of the expected numbers"), blank=True)
    agenda = models.TextField(
        _("agenda"), blank=True, help_text=_("One item a line, such as 09.00 Pembukaan.")
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = SigningEventQuerySet.as_manager()
    held = PartialDateValue("held")

    class Meta:
        verbose_name = _("signing event")
        verbose_name_plural = _("signing events")
        ordering = [models.F("held_latest").desc(nulls_last=True), "name"]
        constraints = [
            partial_date_is_whole("held", "signing_event"),
            names_are_seen("signing_event", "name"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refresh_search",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("name"),
                func="""
                    PERFORM portal_refresh_search(a.id) FROM partnerships_agreement a
                    WHERE a.event_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:event-detail", args=[self.slug])


@pghistory.track()
class EventExpectation(models.Model):
    """How many papers of one class of partner a ceremony was announced with."""

    event = models.ForeignKey(
        SigningEvent, models.CASCADE, verbose_name=_("event"), related_name="expectations"
    )
    partner_class = models.CharField(_("partner class"), max_length=20, choices=PartnerClass)
    papers = models.PositiveSmallIntegerField(_("expected papers"))

    class Meta:
        verbose_name = _("expected papers")
        verbose_name_plural = _("expected papers")
        ordering = ["event", "partner_class"]
        constraints = [
            models.UniqueConstraint(fields=["event", "partner_class"], name="expectation_once_per_class"),
        ]

    def __str__(self):
        return f"{self.get_partner_class_display()}: {self.papers}"
