import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kemnaker_portal.names import names_are_seen
from kemnaker_portal.replicas import reading
from partnerships.models.access import access_of
from partnerships.models.kinds import (
    CLASS_OF_KIND,
    GOVERNMENT_KINDS,
    OrganizationKind,
    kinds_of_class,
)
from partnerships.roles import ADMIN, ANONYMOUS, Role
from regions.models import Region


class OrganizationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Governments, their offices and the ministry's units are known to everyone signed in; another
        organisation to who may see one of its papers or offers, so that a draft does not betray its
        partner."""
        access = access_of(user)
        if access.has(Role.REGISTRAR, ADMIN):
            return self.all()
        if access.has(ANONYMOUS):
            return self.none()
        # Of each organisation by itself: the partners of all papers would be every party of the country.
        papers = apps.get_model("partnerships", "Agreement").objects.visible_to(user)
        has_a_paper = Exists(papers.filter(parties__organization=OuterRef("pk")))
        offers = apps.get_model("partnerships", "Offer").objects.visible_to(user)
        offers_something = Exists(offers.filter(organization=OuterRef("pk")))
        public = [OrganizationKind.UNIT, OrganizationKind.REGIONAL_OFFICE, *GOVERNMENT_KINDS]
        return self.filter(Q(kind__in=public) | has_a_paper | offers_something)

    def units(self):
        """Kemnaker's own side: the ministry and its units."""
        return self.filter(kind=OrganizationKind.UNIT)

    def partners(self):
        return self.exclude(kind=OrganizationKind.UNIT)

    def of_class(self, *partner_classes):
        return self.filter(kind__in=[k for c in partner_classes for k in kinds_of_class(c)])

    def called(self, name):
        """Organisations of that name, short name or recorded alias, whatever the case."""
        return self.filter(
            Q(name__iexact=name) | Q(short_name__iexact=name) | Q(aliases__name__iexact=name)
        ).distinct()

    def subtree_ids(self, roots):
        """Ids of the given organisations and of everything below them."""
        roots = list(roots)
        if not roots:
            return set()
        with reading().cursor() as cursor:
            cursor.execute(
                """
                WITH RECURSIVE below AS (
                    SELECT id FROM partnerships_organization WHERE id = ANY(%s)
                    UNION
                    SELECT child.id FROM partnerships_organization child
                    JOIN below ON child.parent_id = below.id
                )
                SELECT id FROM below
                """,
                [roots],
            )
            return {row[0] for row in cursor.fetchall()}


@pghistory.track()
class Organization(models.Model):
    """Any party: the ministry's units, ministries, governments, universities, companies, agencies.

    ``region`` is the region it acts for (a government, its offices); ``seat_region`` is only an
    address: a training centre in Makassar does not make its papers Makassar's.
    """

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("code in addresses"), max_length=80, unique=True)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(
        _("kind"), max_length=30, choices=OrganizationKind, default=OrganizationKind.UNKNOWN
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("part of"),
        null=True,
        blank=True,
        related_name="children",
    )
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        verbose_name=_("acts for the region"),
        null=True,
        blank=True,
        related_name="organizations",
    )
    seat_region = models.ForeignKey(
        Region,
        models.PROTECT,
        verbose_name=_("seat"),
        null=True,
        blank=True,
        related_name="seated_organizations",
    )
    collective = models.BooleanField(
        _("stands for several"),
        default=False,
        help_text=_("“75 training providers” in a source that does not name them."),
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organization_government_has_region",
                condition=~Q(kind__in=GOVERNMENT_KINDS) | Q(region__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["region"],
                condition=Q(kind__in=GOVERNMENT_KINDS),
                name="organization_one_government_per_region",
            ),
            models.CheckConstraint(
                name="organization_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("pk")),
            ),
            names_are_seen("organization", "name", "short_name"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refresh_agreements",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("name", "short_name", "region"),
                func="""
                    PERFORM portal_refresh_scope(p.agreement_id), portal_refresh_search(p.agreement_id)
                    FROM partnerships_party p WHERE p.organization_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partnerships:organization-detail", args=[self.slug])

    @property
    def partner_class(self):
        """The class this organisation is counted under; None for the ministry's own units."""
        return CLASS_OF_KIND.get(OrganizationKind(self.kind))

    @property
    def is_unit(self):
        return self.kind == OrganizationKind.UNIT

    @property
    def label(self):
        """The name in the width of a table cell."""
        return self.short_name or self.name


@pghistory.track()
class OrganizationAlias(models.Model):
    """Another name of an organisation, with the days it was in use when these are known."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="aliases"
    )
    name = models.CharField(_("other name"), max_length=200)
    used_from = models.DateField(_("in use from"), null=True, blank=True)
    used_until = models.DateField(_("in use until"), null=True, blank=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="alias_once_per_organization"),
            models.CheckConstraint(
                name="alias_used_in_order",
                condition=Q(used_from=None) | Q(used_until=None) | Q(used_until__gte=F("used_from")),
            ),
            names_are_seen("alias", "name"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="refresh_search",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    PERFORM portal_refresh_search(p.agreement_id) FROM partnerships_party p
                    WHERE p.organization_id IN (OLD.organization_id, NEW.organization_id);
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.name
