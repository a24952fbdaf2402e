"""What a writer says of a paper itself; the rows of its parts are in ``lines``."""

import uuid

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import (
    CountField,
    LineField,
    NoteField,
    PartialDateField,
    ReferenceField,
    SentenceField,
)
from partnerships.forms.names import find_regions
from partnerships.lifecycle import ONCE_SIGNED, Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    Certainty,
    InstrumentRule,
    SigningEvent,
    Theme,
)

_MOST_PAPERS = 10_000
_LARGEST_VERSION = 2**31 - 1
# Where a paper may begin in the portal; what is over is moved there, with its reason.
FIRST_STATUSES = (Status.PROPOSED, Status.DRAFTING, Status.SCHEDULED, Status.SIGNED)


class EventChoice(forms.ModelChoiceField):
    def label_from_instance(self, event):
        return f"{event.name} ({event.held})" if event.held else event.name


class PaperForm(forms.Form):
    """The paper's own fields, its themes, where its work happens and the papers it belongs to."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("Kind of paper"), choices=AgreementKind.choices)
    title = LineField(
        label=_("Title"),
        max_length=400,
        required=False,
        help_text=_("As written on the paper. Without one, kind and partners stand in its place."),
    )
    signed = PartialDateField(
        label=_("Date of signing"),
        required=False,
        help_text=_("20 Maret 2025, 2025-03-20, Maret 2025 or 2025: as far as it is known."),
    )
    place = LineField(label=_("Place of signing"), max_length=200, required=False)
    event = EventChoice(
        label=_("Signing event"),
        queryset=SigningEvent.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("no event"),
    )
    represents = CountField(
        label=_("Stands for papers"),
        most=_MOST_PAPERS,
        initial=1,
        help_text=_("More than 1 when a source names a batch without its papers."),
    )
    certainty = forms.ChoiceField(
        label=_("Certainty of the record"), choices=Certainty.choices, initial=Certainty.HIGH
    )
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.all(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    work_regions = NoteField(
        label=_("Regions where the work happens"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as Kab. Asahan; only where no party acts for the region."),
    )
    implements = ReferenceField(
        label=_("Implements"),
        required=False,
        help_text=_("Reference of the paper above this one: an MoU, for a cooperation agreement."),
    )
    renews = ReferenceField(
        label=_("Renews"),
        required=False,
        help_text=_("Reference of the older paper that this one replaces."),
    )
    reason = SentenceField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, user, *args, agreement=None, unread=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.agreement, self.unread = user, agreement, unread
        self.fields["event"].queryset = SigningEvent.objects.visible_to(user)
        papers = Agreement.objects.visible_to(user)
        for name in ("implements", "renews"):
            self.fields[name].papers = papers.exclude(pk=agreement.pk) if agreement else papers
            self.fields[name].widget.attrs |= {"placeholder": "KS-2025-0001", "autocomplete": "off"}

    def full_clean(self):
        if self.unread:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()

    def clean_work_regions(self):
        return find_regions(self.cleaned_data["work_regions"])

    def clean_implements(self):
        return self._kept_when_unseen("implements")

    def clean_renews(self):
        return self._kept_when_unseen("renews")

    def _kept_when_unseen(self, name):
        """A paper that this writer can't see stays tied until another one is named."""
        said = self.cleaned_data[name]
        stands = getattr(self.agreement, name) if self.agreement else None
        if said is None and stands and stands not in self.fields[name].papers:
            return stands
        return said

    def check_signed(self, status):
        """A paper that has been signed was not signed in the future."""
        signed = self.cleaned_data.get("signed")
        if status in ONCE_SIGNED and signed and signed.earliest > timezone.localdate():
            self.add_error("signed", _("A signed paper can't have been signed in the future."))


class NewPaperForm(PaperForm):
    """A paper that enters the register, with the status it enters in."""

    kind = forms.ChoiceField(
        label=_("Kind of paper"),
        choices=[("", _("as proposed for the first partner")), *AgreementKind.choices],
        required=False,
        widget=forms.Select(attrs={"data-kind-of-paper": ""}),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in FIRST_STATUSES],
    )
    effective_on = PartialDateField(
        label=_("Since"),
        whole=True,
        required=False,
        help_text=_("Empty: the date of signing, or today for what is not signed."),
    )
    another = forms.BooleanField(label=_("This is another paper: register it as well"), required=False)
    key = forms.UUIDField(label=_("Form"), widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean(self):
        status = self.cleaned_data.get("status")
        self.check_signed(status)
        since, signed = self.cleaned_data.get("effective_on"), self.cleaned_data.get("signed")
        if not since:
            return self.cleaned_data
        if since > timezone.localdate():
            self.add_error("effective_on", _("A status can't have begun in the future."))
        if status == Status.SIGNED and signed and since < signed.earliest:
            self.add_error("effective_on", _("The paper was not signed yet on that day."))
        return self.cleaned_data

    def take_proposed_kind(self, organization):
        """Without a kind, the paper is of the one that the rules propose to the first partner's class."""
        if self.cleaned_data.get("kind") or "kind" in self.errors:
            return
        proposed = organization and organization.partner_class
        rule = InstrumentRule.objects.filter(partner_class=proposed).first() if proposed else None
        if rule:
            self.cleaned_data["kind"] = rule.proposes
        else:
            self.add_error("kind", _("No rule proposes a kind for this partner. Choose one."))


class PaperChangeForm(PaperForm):
    """A paper that stands already; ``version`` is the one that the writer read."""

    version = forms.IntegerField(
        label=_("Version"), min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
    )
    reason = SentenceField(
        label=_("Reason for the change"),
        max_length=500,
        help_text=_("Stays in the history of the paper, beside your name."),
        error_messages={"required": _("Say in a few words why you change the paper.")},
    )

    def clean(self):
        self.check_signed(self.agreement.status)
        return self.cleaned_data
