"""What an office does with the needs of its region: state one, change it, say that it is met, withdraw it."""

from dataclasses import dataclass, fields
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions import guard, refusals
from partnerships.actions.commitments import check_whole
from partnerships.models import Indicator, Need, NeedStatus, Organization, Theme
from partnerships.permissions import Action, check, check_region
from regions.models import Region


@dataclass(kw_only=True)
class NeedEntry:
    """What an office says of a need. The number is in the unit of the indicator."""

    office: Organization
    region: Region
    theme: Theme
    indicator: Indicator
    number: Decimal
    year: int
    note: str = ""


@transaction.atomic
def state(*, entry, by, key=None, demonstration=False):
    """State what a region needs. The same ``key`` twice gives the same need.

    Raises PermissionDenied, and ValidationError with a sentence for what can't be.
    """
    if key is not None:
        guard.wait_for_the_first(key)
        if already := Need.objects.filter(entry_key=key, stated_by=by).first():
            return already
    need = Need(entry_key=key, stated_by=by, demonstration=demonstration)
    _write(need, entry, by)
    if entry.year < timezone.localdate().year:
        raise ValidationError(_("The year is over. State what is needed from now on."), code="year")
    with refusals.in_words(_REFUSALS), guard.history(by, "need.state"):
        need.save(force_insert=True)
    return need


@transaction.atomic
def change(*, need, entry, version, by):
    """Change an open need that nobody else has changed since ``version`` was read; else StaleVersion is
    raised. What papers were proposed for stays: the theme, the unit and the region."""
    need = _held(need, by)
    guard.check_version(need, version)
    if not need.is_open:
        raise ValidationError(_("Only an open need is changed. Open it again first."), code="not_open")
    fixed = (need.theme_id, need.indicator_id, need.region_id)
    if fixed != (entry.theme.pk, entry.indicator.pk, entry.region.pk) and need.matches.standing().exists():
        raise ValidationError(
            _("Papers were made for this need, so its theme, unit and region stay. State a new one."),
            code="matched",
        )
    _write(need, entry, by)
    need.version += 1
    with refusals.in_words(_REFUSALS), guard.history(by, "need.change"):
        need.save()
    return need


@transaction.atomic
def settle(*, need, to, by, version=None, reason=""):
    """Say that a need is met, withdraw it with a reason, or open it again (a NeedStatus). Pressed twice it is
    done once."""
    need = _held(need, by)
    if need.status == to:
        return need
    guard.check_version(need, version)
    if to == NeedStatus.WITHDRAWN and not reason.strip():
        raise ValidationError(_("Say why the need is withdrawn."), code="reason")
    need.status = to
    need.version += 1
    with refusals.in_words(_REFUSALS), guard.history(by, f"need.{to}", reason.strip()):
        need.save(update_fields=["status", "version"])
    return need


def _held(need, by):
    """The need as it stands, locked, of a region for which this writer states needs."""
    need = Need.objects.select_for_update(of=("self",)).select_related("region").get(pk=need.pk)
    check(by, Action.STATE_NEED)
    check_region(by, Action.STATE_NEED, need.region)
    return need


def _write(need, entry, by):
    check(by, Action.STATE_NEED)
    check_region(by, Action.STATE_NEED, entry.region)
    if entry.office.region is None:
        raise ValidationError(_REFUSALS["need_office_of_its_region"], code="need_office_of_its_region")
    check_region(by, Action.STATE_NEED, entry.office.region)
    for field in fields(entry):
        setattr(need, field.name, getattr(entry, field.name))
    check_whole(entry.number, entry.indicator)


_REFUSALS = {
    "need_stated_once": _("This office has stated that already. Change the need that stands."),
    "need_number_above_zero": _("Say how many: a number above zero."),
    "need_office_of_its_region": _("The office must act for the region, or for its province."),
    "partnerships_need_entry_key": _("Somebody else has sent this form already. Open a new one."),
}
