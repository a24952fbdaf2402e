"""What is recorded of the programmes that partners offer."""

from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.actions.commitments import check_whole
from partnerships.models import Indicator, Offer, OfferRegion, OfferStatus, Organization, Theme
from partnerships.permissions import Action, check


@dataclass(kw_only=True)
class OfferEntry:
    """What is known of a programme. The number is in the unit of the indicator; without ``regions`` it is for
    the whole country."""

    organization: Organization
    title: str
    theme: Theme
    indicator: Indicator
    number: Decimal
    first_year: int
    last_year: int
    regions: list = field(default_factory=list)
    note: str = ""
    source: str = ""


OWN_FIELDS = [each.name for each in fields(OfferEntry) if each.name != "regions"]


def record(*, entry, by, key=None, demonstration=False):
    """Record a programme. The same ``key`` twice gives the same offer.

    Raises PermissionDenied, and ValidationError with a sentence for what can't be.
    """
    with _decision(by, "offer.record"):
        if key is not None:
            guard.wait_for_the_first(key)
            if already := Offer.objects.filter(entry_key=key, recorded_by=by).first():
                return already
        offer = Offer(entry_key=key, recorded_by=by, demonstration=demonstration)
        _write(offer, entry, by)
        offer.save(force_insert=True)
        _write_regions(offer, entry.regions)
        return offer


def change(*, offer, entry, version, by):
    """Change an offer that nobody else has changed since ``version`` was read; else StaleVersion is raised.
    What papers were proposed of stays: the partner, the theme and the unit."""
    with _decision(by, "offer.change"):
        offer = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
        guard.check_version(offer, version)
        fixed = (offer.organization_id, offer.theme_id, offer.indicator_id)
        said = (entry.organization.pk, entry.theme.pk, entry.indicator.pk)
        if fixed != said and offer.matches.standing().exists():
            raise ValidationError(
                _("Papers were made of this offer, so its partner, theme and unit stay. Record a new one."),
                code="matched",
            )
        _write(offer, entry, by)
        offer.version += 1
        offer.save()
        _write_regions(offer, entry.regions)
        return offer


def settle(*, offer, to, by, version=None, reason=""):
    """Withdraw an offer with a reason, or open it again (an OfferStatus). Pressed twice it is done once."""
    with _decision(by, f"offer.{to}", reason.strip()):
        offer = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
        if offer.status == to:
            return offer
        guard.check_version(offer, version)
        if to == OfferStatus.WITHDRAWN and not reason.strip():
            raise ValidationError(_("Say why the offer no longer stands."), code="reason")
        offer.status = to
        offer.version += 1
        offer.save(update_fields=["status", "version"])
        return offer


@contextmanager
def _decision(by, action, reason=""):
    check(by, Action.RECORD_OFFER)
    with refusals.in_words(_REFUSALS), transaction.atomic(), guard.history(by, action, reason):
        yield


def _write(offer, entry, by):
    if entry.organization.is_unit:
        raise ValidationError(_("An offer comes from a partner, not from the ministry."), code="organization")
    if entry.organization not in Organization.objects.visible_to(by):
        raise ValidationError(_("There is no such organisation that you can see."), code="organization")
    if entry.last_year < entry.first_year:
        raise ValidationError(_("The last year can't lie before the first one."), code="last_year")
    for name in OWN_FIELDS:
        setattr(offer, name, getattr(entry, name))
    offer.everywhere = not entry.regions
    check_whole(entry.number, entry.indicator)


def _write_regions(offer, regions):
    """Make the regions of the offer those that were said; one that stays is not written again."""
    rows = OfferRegion.objects.filter(offer=offer)
    rows.exclude(region__in=regions).delete()
    standing = set(rows.values_list("region", flat=True))
    for region in regions:
        if region.pk not in standing:
            OfferRegion.objects.create(offer=offer, region=region)


_REFUSALS = {
    "offer_number_above_zero": _("Say how many: a number above zero."),
    "offer_years_in_order": _("The last year can't lie before the first one."),
    "partnerships_offer_entry_key": _("Somebody else has sent this form already. Open a new one."),
}
