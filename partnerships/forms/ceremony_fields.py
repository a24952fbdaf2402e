"""The fields of the page on which the papers of a ceremony are entered: what they share, and a row each."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import LineField, NoteField, PartialDateField, SentenceField
from partnerships.forms.lines import OFFERS_ORGANIZATIONS, Lines, OrganizationLine, SignatoryLineForm, rows_of
from partnerships.forms.names import NameRefused
from partnerships.forms.pasted import MOST_SIGNS
from partnerships.lifecycle import Status
from partnerships.models import AgreementKind, Theme

_NO_KIND = _("“%(value)s” is not a kind of organisation. Choose one.")
_NO_CAPACITY = _("“%(value)s” is not a capacity. Choose one.")


class SharedForm(forms.Form):
    """What the papers of the morning have in common."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label=_("Kind of paper"),
        choices=[("", _("as proposed for each partner")), *AgreementKind.choices],
        required=False,
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(each.value, each.label) for each in (Status.SIGNED, Status.SCHEDULED)],
    )
    signed = PartialDateField(
        label=_("Date of signing"),
        required=False,
        help_text=_("20 Maret 2025, 2025-03-20, Maret 2025 or 2025: as far as it is known."),
    )
    place = LineField(label=_("Place of signing"), max_length=200, required=False)
    unit = LineField(
        label=_("Ministry's unit"),
        max_length=200,
        widget=forms.TextInput(attrs=OFFERS_ORGANIZATIONS),
        error_messages={"required": _("Name the unit that is the ministry's side.")},
    )
    person = LineField(label=_("Who signs for the ministry"), max_length=150, required=False)
    post = LineField(label=_("Post"), max_length=200, required=False)
    capacity = SignatoryLineForm.base_fields["capacity"]
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = SentenceField(label=_("Where the records come from"), max_length=500, required=False)
    pasted = NoteField(
        label=_("Rows from a spreadsheet"),
        required=False,
        max_length=MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_(
            "Columns in this order: partner, title, partner's number, Kemnaker's number, signatory, post, "
            "capacity, and for a partner that is not in the portal yet its kind (perusahaan, universitas "
            "...). A first row of column names may put them in another order."
        ),
    )
    key = forms.UUIDField(label=_("Form"), widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, organizations=None, unread=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.organizations, self.unread = organizations, unread

    def full_clean(self):
        if self.unread:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()

    def clean_unit(self):
        try:
            unit = self.organizations.find(self.cleaned_data["unit"])
        except NameRefused as refusal:
            near = ", ".join(refusal.near)
            raise ValidationError(
                [*refusal.messages, *([_("Did you mean: %(names)s?") % {"names": near}] if near else [])]
            ) from refusal
        if not unit.is_unit:
            raise ValidationError(_("“%(name)s” is not a unit of the ministry."), params={"name": unit})
        return unit

    def clean(self):
        signed = self.cleaned_data.get("signed")
        if (
            self.cleaned_data.get("status") == Status.SIGNED
            and signed
            and signed.earliest > timezone.localdate()
        ):
            self.add_error("signed", _("A signed paper can't have been signed in the future."))
        return self.cleaned_data


class RowForm(OrganizationLine):
    """One paper: its partner, named as on the page of a single paper, and what is its own."""

    counts = ("organization", "title", "number", "ministry_number", "person", "post", "new")

    title = LineField(label=_("Title"), max_length=400, required=False)
    number = LineField(label=_("Partner's number"), max_length=120, required=False)
    ministry_number = LineField(label=_("Kemnaker's number"), max_length=120, required=False)
    person = LineField(label=_("Signatory"), max_length=150, required=False)
    post = LineField(label=_("Post"), max_length=200, required=False)
    capacity = SignatoryLineForm.base_fields["capacity"]
    another = forms.BooleanField(label=_("This is another paper: register it as well"), required=False)
    remove = forms.BooleanField(label=_("Leave this row out"), required=False)

    organization = LineField(
        label=_("Partner"), max_length=200, error_messages={"required": _("Name the partner of this paper.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["capacity"].error_messages["invalid_choice"] = _NO_CAPACITY
        if "new_kind" in self.fields:
            self.fields["new_kind"].error_messages["invalid_choice"] = _NO_KIND
        self.kind = ""
        self.duplicates = []

    def clean_organization(self):
        organization = super().clean_organization()
        if organization.is_unit:
            raise ValidationError(_("That is the ministry's own unit. Name the partner here."), code="unit")
        return organization

    @property
    def asks_about_duplicates(self):
        """Whether this paper may be in the register, or in another row, already and nobody has said no."""
        return "another" in self.errors

    @property
    def state(self):
        """good, bad, or out; empty for a blank row or one that was not judged."""
        if self.is_removed:
            return "out"
        if not self.is_bound or self.unread or self.is_blank:
            return ""
        return "bad" if self.errors else "good"


class Rows(Lines):
    """The rows of a ceremony, as many as are entered at once."""

    default_error_messages = {
        **Lines.default_error_messages,
        "too_many_forms": _("At most %(num)d papers are entered at once."),
    }


CeremonyRows = rows_of(RowForm, Rows)
