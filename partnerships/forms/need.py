"""The page on which an office states what its region needs, and what becomes of it."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.actions.needs import NeedEntry
from partnerships.columns.measures import Amount
from partnerships.forms.commitment import IndicatorChoice
from partnerships.forms.comparison import where_they_differ
from partnerships.forms.decisions import Decision
from partnerships.forms.fields import AmountField, NoteField
from partnerships.models import Indicator, Need, Organization, Theme, access_of
from partnerships.permissions import Action, regions_within
from regions.models import Region

_LARGEST_VERSION = 2**31 - 1
_YEARS_AHEAD = 6
_FIELD_OF = {
    "whole": "number",
    "need_number_above_zero": "number",
    "need_office_of_its_region": "office",
    "year": "year",
}


def years_to_choose(*standing):
    """This year and the next ones, with those that stand already, as choices."""
    this = timezone.localdate().year
    return [(year, str(year)) for year in sorted({*range(this, this + _YEARS_AHEAD), *standing})]


class NeedForm(forms.Form):
    """How many, of what, on which theme, where and when. A ``need`` that stands is changed."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    region = forms.ModelChoiceField(
        label=_("Region"),
        queryset=Region.objects.none(),
        empty_label=_("choose"),
        error_messages={"required": _("Choose the region that needs it.")},
    )
    office = forms.ModelChoiceField(
        label=_("Stated by the office"),
        queryset=Organization.objects.none(),
        to_field_name="slug",
        empty_label=_("choose"),
        error_messages={"required": _("Choose the office that states it.")},
    )
    theme = forms.ModelChoiceField(
        label=_("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="slug",
        empty_label=_("choose"),
        error_messages={"required": _("Choose the theme.")},
    )
    indicator = IndicatorChoice(
        label=_("What is counted"),
        queryset=Indicator.objects.all(),
        to_field_name="slug",
        empty_label=_("choose"),
        error_messages={"required": _("Choose what is counted.")},
    )
    number = AmountField(
        label=_("How many"),
        error_messages={"required": _("Say how many.")},
        help_text=_("In the unit above."),
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    note = NoteField(
        label=_("Note"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For whom, in which trade, what stands ready."),
    )

    def __init__(self, user, data=None, *, need=None):
        self.need = need
        regions = regions_within(user, Action.STATE_NEED)
        regions = regions.filter(Q(closed_on=None) | Q(pk=need.region_id if need else None))
        offices = _offices_for(regions)
        super().__init__(data, initial=_as_typed(need) if need else _first(user, regions))
        self.fields["region"].queryset = regions.order_by("code")
        self.fields["office"].queryset = offices
        self.fields["year"].choices = years_to_choose(*([need.year] if need else []))
        if need:
            self.fields["version"] = forms.IntegerField(
                label=_("Version"), min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
            )

    def clean(self):
        region, office = self.cleaned_data.get("region"), self.cleaned_data.get("office")
        if region and office and office.region_id not in {region.code, region.parent_id}:
            self.add_error("office", _("The office must act for the region, or for its province."))
        return self.cleaned_data

    def entry(self):
        """What the action asks for."""
        said = self.cleaned_data
        names = ("office", "region", "theme", "indicator", "number", "year", "note")
        return NeedEntry(**{name: said[name] for name in names})

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        self.add_error(_FIELD_OF.get(getattr(refusal, "code", None)), ValidationError(refusal.messages))

    def over(self, user, current):
        """What was typed, now written over the version that stands."""
        data = self.data.copy()
        data["version"] = str(current.version)
        return NeedForm(user, data, need=current)

    def differences(self, current):
        """Field by field, what was typed beside what stands there now."""
        return where_they_differ(_in_words(self.entry()), _in_words(current))


class SettleForm(Decision):
    """That a need is met, or an offer or a need is withdrawn, with a word on it."""

    reason = NoteField(
        label=_("Reason"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to withdraw it; it stays in the history."),
    )

    def __init__(self, row, data=None):
        super().__init__(data, initial={"version": row.version})

    def refuse(self, refusal):
        code = getattr(refusal, "code", None)
        self.add_error("reason" if code == "reason" else None, refusal)


def _offices_for(regions):
    """The governments and offices that act for these regions."""
    still_there = Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())
    return Organization.objects.filter(still_there, region__in=regions.values("code")).order_by(
        "region", "name"
    )


def _first(user, regions):
    """The officer's own office and region, which most needs are stated by and for."""
    first = {"key": uuid.uuid4(), "year": timezone.localdate().year + 1}
    own = next((each.organization for each in access_of(user).postings if each.organization.region_id), None)
    if own and regions.filter(pk=own.region_id).exists():
        first |= {"office": own.slug, "region": own.region_id}
    return first


def _as_typed(need: Need):
    return {
        "key": need.entry_key or uuid.uuid4(),
        "version": need.version,
        "office": need.office.slug,
        "region": need.region_id,
        "theme": need.theme.slug,
        "indicator": need.indicator.slug,
        "number": need.number,
        "year": need.year,
        "note": need.note,
    }


def _in_words(said):
    """Each field of a need as a list of texts."""
    return {
        _("Region"): [str(said.region)],
        _("Stated by the office"): [str(said.office)],
        _("Theme"): [str(said.theme)],
        _("What is counted"): [str(said.indicator)],
        _("How many"): [str(Amount.of(said.number, said.indicator))],
        _("Year"): [str(said.year)],
        _("Note"): [said.note] if said.note else [],
    }
