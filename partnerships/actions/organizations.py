"""What is known of a party: the ministry's units, governments, partners."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.actions.addresses import free_slug
from partnerships.models import Organization, OrganizationKind, Posting
from partnerships.models.kinds import GOVERNMENT_KINDS
from partnerships.permissions import Action, check
from partnerships.roles import Role
from regions.models import Region

_SENTENCES = {
    "organization_government_has_region": _("A government acts for a region: name it."),
    "organization_one_government_per_region": _("This region has its government already."),
    "partnerships_organization_slug": _(
        "Somebody has just entered an organisation of this name. Look for it first."
    ),
    "organization_not_its_own_parent": _("An organisation can't be part of itself."),
}


@dataclass
class OrganizationRecord:
    """``region`` is the region it acts for; ``seat_region`` is only an address."""

    name: str
    kind: str = OrganizationKind.UNKNOWN
    short_name: str = ""
    parent: Organization | None = None
    region: Region | None = None
    seat_region: Region | None = None
    collective: bool = False
    closed_on: date | None = None


def enter(*, record, by, reason=""):
    """Enter an organisation; its address in the portal comes from its name and never changes."""
    with _decision(by, "organization.enter", reason):
        organization = Organization(slug=free_slug(Organization, record.name))
        _write(organization, record)
        organization.save(force_insert=True)
        return organization


def change(*, organization, record, version, by, reason=""):
    """Change an organisation that nobody else has changed since ``version`` was read."""
    with _decision(by, "organization.change", reason):
        organization = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
        guard.check_version(organization, version)
        _write(organization, record)
        _check_not_below_itself(organization)
        _check_postings_still_fit(organization)
        organization.version += 1
        organization.save()
        return organization


@contextmanager
def _decision(by, action, reason):
    check(by, Action.CHANGE_ORGANIZATION)
    with refusals.in_words(_SENTENCES), transaction.atomic(), guard.history(by, action, reason):
        yield


def _write(organization, record):
    organization.name = " ".join(record.name.split())
    if not organization.name:
        raise ValidationError(_("An organisation needs a name."))
    if record.kind in GOVERNMENT_KINDS and not record.region:
        raise ValidationError(_SENTENCES["organization_government_has_region"])
    organization.kind = record.kind
    organization.short_name = record.short_name.strip()
    organization.parent = record.parent
    organization.region = record.region
    organization.seat_region = record.seat_region
    organization.collective = record.collective
    organization.closed_on = record.closed_on


def _check_not_below_itself(organization):
    below = Organization.objects.subtree_ids([organization.pk])
    if organization.parent_id in below:
        raise ValidationError(
            _("%(parent)s is part of this organisation; it can't be above it as well."),
            params={"parent": organization.parent},
        )


def _check_postings_still_fit(organization):
    """Whoever is posted here keeps a role that the office can have."""
    not_over = Q(ends_on=None) | Q(ends_on__gt=timezone.localdate())
    postings = Posting.objects.filter(not_over, organization=organization)
    roles = set(postings.values_list("role", flat=True))
    lost = set()
    if organization.kind != OrganizationKind.UNIT:
        lost |= roles & {Role.REGISTRAR, Role.UNIT_OFFICER}
    if not organization.region_id:
        lost |= roles & {Role.REGIONAL_OFFICER}
    if lost:
        raise ValidationError(
            _("Somebody is posted here as “%(role)s”; end or hand over the posting first."),
            params={"role": Role(min(lost)).label},
        )
