"""The page on which a partner's programme is recorded."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.actions.offers import OWN_FIELDS, OfferEntry
from partnerships.columns.measures import Amount
from partnerships.forms.commitment import IndicatorChoice
from partnerships.forms.comparison import where_they_differ
from partnerships.forms.fields import AmountField, LineField, NoteField
from partnerships.forms.lines import OFFERS_ORGANIZATIONS
from partnerships.forms.names import KnownOrganizations, NameRefused, find_regions
from partnerships.forms.need import years_to_choose
from partnerships.models import Indicator, Organization, Theme

_LARGEST_VERSION = 2**31 - 1
_FIELD_OF = {
    "whole": "number",
    "offer_number_above_zero": "number",
    "offer_years_in_order": "last_year",
    "last_year": "last_year",
    "organization": "organization",
}


class OfferForm(forms.Form):
    """What a partner offers. An ``offer`` that stands is changed; ``near_names`` are organisations that the
    typed partner may mean."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    organization = LineField(
        label=_("Offered by"),
        max_length=200,
        help_text=_("A partner of the portal, by its name or short name, such as JICA."),
        widget=forms.TextInput(attrs=OFFERS_ORGANIZATIONS),
        error_messages={"required": _("Say who offers it.")},
    )
    title = LineField(
        label=_("Programme"),
        max_length=200,
        error_messages={"required": _("Give the programme a name.")},
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
    first_year = forms.TypedChoiceField(label=_("From the year"), coerce=int)
    last_year = forms.TypedChoiceField(label=_("Until the year"), coerce=int)
    regions = NoteField(
        label=_("For the regions"),
        max_length=6_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, such as Maluku Utara or Kab. Asahan. Empty: for the whole country."),
    )
    note = NoteField(
        label=_("Note"), max_length=1_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    source = LineField(
        label=_("Source"),
        max_length=300,
        required=False,
        help_text=_("Where it was read or heard of: a letter, a meeting, a web address."),
    )

    def __init__(self, user, data=None, *, offer=None):
        self.user, self.offer, self.near_names = user, offer, []
        if data is not None and data.get("pick"):
            data = data.copy()
            data["organization"] = data["pick"]
        super().__init__(data, initial=_as_typed(offer) if offer else {"key": uuid.uuid4()})
        years = years_to_choose(*([offer.first_year, offer.last_year] if offer else []))
        self.fields["first_year"].choices = self.fields["last_year"].choices = years
        if offer:
            self.fields["version"] = forms.IntegerField(
                label=_("Version"), min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
            )

    @property
    def only_looks(self):
        """Whether the page was sent to be shown again, with a name that was picked."""
        return bool(self.data.get("pick"))

    def clean_organization(self):
        known = KnownOrganizations(Organization.objects.visible_to(self.user).partners())
        try:
            return known.find(self.cleaned_data["organization"], self.offer and self.offer.organization)
        except NameRefused as refusal:
            self.near_names = refusal.near
            raise

    def clean_regions(self):
        return find_regions(self.cleaned_data["regions"])

    def entry(self):
        """What the action asks for."""
        return OfferEntry(**{name: self.cleaned_data[name] for name in (*OWN_FIELDS, "regions")})

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        self.add_error(_FIELD_OF.get(getattr(refusal, "code", None)), ValidationError(refusal.messages))

    def over(self, user, current):
        """What was typed, now written over the version that stands."""
        data = self.data.copy()
        data["version"] = str(current.version)
        return OfferForm(user, data, offer=current)

    def differences(self, current):
        """Field by field, what was typed beside what stands there now."""
        return where_they_differ(_in_words(self.entry()), _in_words(_entry_of(current)))


def _entry_of(offer):
    own = {name: getattr(offer, name) for name in OWN_FIELDS}
    return OfferEntry(**own, regions=[place.region for place in offer.places.select_related("region")])


def _as_typed(offer):
    entry = _entry_of(offer)
    return {
        **{name: getattr(entry, name) for name in OWN_FIELDS},
        "key": offer.entry_key or uuid.uuid4(),
        "version": offer.version,
        "organization": offer.organization.name,
        "theme": offer.theme.slug,
        "indicator": offer.indicator.slug,
        "regions": "\n".join(str(region) for region in entry.regions),
    }


def _in_words(said):
    """Each field of an offer as a list of texts."""
    return {
        _("Offered by"): [str(said.organization)],
        _("Programme"): [said.title],
        _("Theme"): [str(said.theme)],
        _("What is counted"): [str(said.indicator)],
        _("How many"): [str(Amount.of(said.number, said.indicator))],
        _("Years"): [f"{said.first_year}–{said.last_year}"],
        _("For the regions"): sorted(str(region) for region in said.regions) or [str(_("the whole country"))],
        _("Note"): [said.note] if said.note else [],
        _("Source"): [said.source] if said.source else [],
    }
