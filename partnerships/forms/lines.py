"""The rows of a paper's page: parties, signatories, terms. A blank row is no row; a row marked for
removal is not read; what was typed in any other is kept and answered."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.utils import ErrorDict
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import CountField, LineField, PartialDateField, SentenceField
from partnerships.forms.names import NameRefused, find_regions
from partnerships.models import Capacity, Organization, OrganizationKind, Presence, TermReason
from partnerships.models.kinds import GOVERNMENT_KINDS

MOST_ROWS = 60
_LARGEST_ID = 2**63 - 1

# Governments and the ministry's units are known already; what is missing is something else.
NEW_KINDS = [
    ("", _("Choose the kind")),
    *(
        (kind.value, kind.label)
        for kind in OrganizationKind
        if kind not in (*GOVERNMENT_KINDS, OrganizationKind.UNIT)
    ),
]

# A field that offers the organisations known by what is being typed (static/js/edit.js).
OFFERS_ORGANIZATIONS = {
    "list": "organization-names",
    "autocomplete": "off",
    "data-organization": "",
    "hx-get": reverse_lazy("partnerships:organization-choices"),
    "hx-trigger": "input changed delay:200ms",
    "hx-target": "#organization-names",
}

_CAPACITIES = sorted(Capacity.choices, key=lambda choice: choice[0] != Capacity.UNKNOWN)


class Line(forms.Form):
    """One row. ``counts`` are the fields that make it more than blank.

    ``standing`` holds the rows that the paper has already, by id.
    """

    use_required_attribute = False
    counts: tuple = ()

    id = forms.IntegerField(
        required=False, min_value=1, max_value=_LARGEST_ID, widget=forms.HiddenInput, label=_("Row")
    )
    remove = forms.BooleanField(required=False, label=_("Remove"))

    def __init__(self, *args, standing=None, unread=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.standing = standing or {}
        self.unread = unread

    def typed(self, name):
        """The text as it was sent, or as the page first shows it."""
        if self.is_bound:
            return (self.data.get(self.add_prefix(name)) or "").strip()
        return self.get_initial_for_field(self.fields[name], name) or ""

    @property
    def is_removed(self):
        return bool(self.is_bound and self.data.get(self.add_prefix("remove")))

    @property
    def is_blank(self):
        return not any(self.typed(name) for name in (*self.counts, "id"))

    @property
    def is_said(self):
        """Whether this row says something about the paper."""
        return not self.is_removed and not self.is_blank

    def full_clean(self):
        if self.is_bound and (self.unread or not self.is_said):
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()

    def clean_id(self):
        pk = self.cleaned_data["id"]
        if pk and pk not in self.standing:
            raise ValidationError(_("This row is not one of this paper's. Open the page again."), code="row")
        return pk

    @property
    def is_detailed(self):
        """Whether the folded part of the row holds something to see."""
        return any(self.typed(name) or self.errors.get(name) for name in self.folded)

    folded: tuple = ()


class OrganizationLine(Line):
    """A row that names an organisation as people type it, known or to be registered as new."""

    organization = LineField(
        label=_("Organisation"),
        max_length=200,
        error_messages={"required": _("Name the organisation, or mark the row for removal.")},
    )
    new = forms.BooleanField(label=_("Not in the list: register it as new"), required=False)
    new_kind = forms.ChoiceField(label=_("Kind of the new organisation"), choices=NEW_KINDS, required=False)
    new_region = LineField(
        label=_("Region it acts for"),
        max_length=120,
        required=False,
        help_text=_("Only for an office of a regional government."),
    )

    def __init__(self, *args, organizations=None, may_add=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.organizations = organizations
        self.near_names = None
        if not may_add:
            for name in ("new", "new_kind", "new_region"):
                del self.fields[name]
        self.fields["organization"].widget.attrs |= OFFERS_ORGANIZATIONS

    @property
    def is_new(self):
        """Whether the writer means to register an organisation, or may have to."""
        return self.near_names is not None or bool("new" in self.fields and self.typed("new"))

    @property
    def standing_party(self):
        return self.standing.get(self.cleaned_data.get("id"))

    def clean_organization(self):
        typed = self.cleaned_data["organization"]
        standing = self.standing_party
        try:
            return self.organizations.find(typed, standing and standing.organization)
        except NameRefused as refusal:
            if "new" in self.fields and self.data.get(self.add_prefix("new")):
                return Organization(name=typed)
            self.near_names = refusal.near
            raise

    def clean(self):
        organization = self.cleaned_data.get("organization")
        if organization is not None and organization.pk is None:
            self._clean_new(organization)
        return self.cleaned_data

    def _clean_new(self, organization):
        """A new organisation needs its kind, and an office the region it acts for."""
        organization.kind = self.cleaned_data.get("new_kind") or ""
        if not organization.kind:
            self.add_error("new_kind", _("Choose what kind of organisation it is."))
        if organization.kind != OrganizationKind.REGIONAL_OFFICE:
            return
        try:
            organization.region = next(iter(find_regions(self.cleaned_data.get("new_region") or "")))
        except StopIteration:
            self.add_error("new_region", _("Name the region that this office acts for."))
        except ValidationError as refusal:
            self.add_error("new_region", refusal)

    @property
    def kind_in_words(self):
        """The kind of the organisation that the typed name means, once it is known."""
        if self.is_bound:
            organization = getattr(self, "cleaned_data", {}).get("organization")
        else:
            organization = self.initial.get("resolved")
        return organization.get_kind_display() if organization else ""


class PartyLineForm(OrganizationLine):
    """A party, by its typed name, with its own number of the paper and whom to ask there."""

    counts = ("organization", "number", "contact", "contact_details", "new")
    folded = ("contact", "contact_details")

    number = LineField(label=_("Its number of the paper"), max_length=120, required=False)
    contact = LineField(label=_("Contact person"), max_length=150, required=False)
    contact_details = LineField(label=_("How to reach the contact"), max_length=200, required=False)
    position = CountField(label=_("Order"), most=MOST_ROWS, required=False)


class SignatoryLineForm(Line):
    """Who signed, witnessed or was there. ``party`` is the number of a row of the parties."""

    counts = ("person", "post", "on_behalf_of", "letter")
    folded = ("on_behalf_of", "letter")

    person = LineField(label=_("Name"), max_length=150, required=False)
    post = LineField(label=_("Post"), max_length=200, required=False)
    party = forms.ChoiceField(
        label=_("For the party"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the parties above.")},
    )
    presence = forms.ChoiceField(
        label=_("What the person did"), choices=Presence.choices, initial=Presence.SIGNED
    )
    capacity = forms.ChoiceField(label=_("Capacity"), choices=_CAPACITIES, required=False)
    on_behalf_of = LineField(label=_("On behalf of"), max_length=200, required=False)
    letter = LineField(label=_("Letter of authority"), max_length=200, required=False)

    def __init__(self, *args, parties=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [("", _("not said")), *parties]
        self.fields["party"].widget.attrs["data-party-choice"] = ""

    def clean(self):
        said = self.cleaned_data
        if not said.get("person") and not said.get("post") and not self.errors:
            self.add_error("person", _("A signatory needs a name or a post."))
        return said


class TermLineForm(Line):
    """A period of validity. Without an end, and not open, its end is unknown."""

    counts = ("starts", "ends", "ends_open", "duration_months", "closed_because")

    starts = PartialDateField(label=_("From"), required=False)
    ends = PartialDateField(label=_("To"), required=False)
    ends_open = forms.BooleanField(label=_("No end agreed"), required=False)
    duration_months = CountField(
        label=_("Duration as said, in months"),
        most=1200,
        required=False,
        help_text=_("Kept as said; no end is computed from it."),
    )
    reason = forms.ChoiceField(
        label=_("Kind of term"), choices=TermReason.choices, initial=TermReason.ORIGINAL
    )
    closed_because = SentenceField(label=_("Why it was closed"), max_length=300, required=False)

    @property
    def ended_early(self):
        """The term of this row, if it was ended early; else None."""
        typed = str(self.typed("id"))
        return next((row for pk, row in self.standing.items() if str(pk) == typed and row.ended_early), None)

    def clean(self):
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if ends and self.cleaned_data.get("ends_open"):
            self.add_error("ends", _("A term with an end has an end agreed: clear one of the two."))
        if starts and ends and ends.latest < starts.earliest:
            self.add_error("ends", _("A term can't end before it begins."))
        return self.cleaned_data


class Lines(BaseFormSet):
    """The rows of one kind; ``said`` are those that say something, in their order."""

    default_error_messages = {
        "missing_management_form": _("The rows of this page did not arrive whole. Open the page again."),
        "too_many_forms": _("A paper holds at most %(num)d rows of one kind here."),
    }

    @cached_property
    def said(self):
        rows = [form for form in self.forms if form.is_said]
        return sorted(rows, key=self._place)

    @staticmethod
    def _place(form):
        """Where the row stands: its number if one was typed, before the row that had it."""
        index = int(form.prefix.rpartition("-")[2]) + 1
        position = form.cleaned_data.get("position") or index
        return (position, position == index, index)

    def clean(self):
        ids = [form.cleaned_data.get("id") for form in self.said if form.is_valid()]
        ids = [pk for pk in ids if pk]
        if len(set(ids)) < len(ids):
            raise ValidationError(_("A row was sent twice. Open the page again."), code="row")


def rows_of(form, formset=Lines):
    return formset_factory(
        form, formset=formset, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
    )


PartyLines = rows_of(PartyLineForm)
SignatoryLines = rows_of(SignatoryLineForm)
TermLines = rows_of(TermLineForm)
