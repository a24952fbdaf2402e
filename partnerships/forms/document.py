"""The pages on which a document of a paper is filed, corrected and withdrawn."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.actions.documents import DocumentFacts
from partnerships.forms.fields import LineField, PartialDateField, SentenceField
from partnerships.models import (
    OF_THE_PAPER,
    Addendum,
    DocumentLanguage,
    DocumentPurpose,
    Signatory,
)

# What a browser offers to choose; what the file is, is found out by looking into it.
_ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
_LARGEST_VERSION = 2**63 - 1


def _file_field():
    return forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        help_text=_("PDF, JPG or PNG, at most 50 MB."),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )


class SignatoryChoice(forms.ModelChoiceField):
    def label_from_instance(self, signatory):
        return ", ".join(filter(None, [str(signatory), signatory.post]))


class _Facts(forms.Form):
    """What is said of a document of a paper."""

    use_required_attribute = False

    purpose = forms.ChoiceField(
        label=_("What it is"),
        choices=[(purpose.value, purpose.label) for purpose in OF_THE_PAPER],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what the document is.")},
    )
    addendum = forms.ModelChoiceField(
        label=_("Which addendum"), queryset=Addendum.objects.none(), required=False, empty_label=_("choose")
    )
    signatory = SignatoryChoice(
        label=_("For which signatory"),
        queryset=Signatory.objects.none(),
        required=False,
        empty_label=_("choose"),
    )
    title = LineField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("Left empty, it is called as its file is."),
    )
    dated = PartialDateField(
        label=_("Date on the document"),
        required=False,
        help_text=_("As far as it is known: 20 Maret 2025, Maret 2025 or 2025."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("choose")), *DocumentLanguage.choices], required=False
    )
    original_place = LineField(
        label=_("Where the paper original is kept"),
        max_length=200,
        required=False,
        help_text=_("Such as Arsip Biro Kerja Sama, lemari 3, map 12."),
    )

    def __init__(self, agreement, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["addendum"].queryset = agreement.addenda.all()
        self.fields["signatory"].queryset = agreement.signatories.select_related("person")

    def clean(self):
        said = self.cleaned_data
        for purpose, name, sentence in (
            (DocumentPurpose.ADDENDUM, "addendum", _("Say which addendum it is.")),
            (DocumentPurpose.AUTHORITY, "signatory", _("Say for which signatory it is.")),
        ):
            left_out = said.get("purpose") == purpose and not said.get(name) and name not in self.errors
            if left_out and self.fields[name].queryset.exists():
                self.add_error(name, sentence)
        return said

    def facts(self):
        names = ("purpose", "title", "dated", "language", "original_place", "addendum", "signatory")
        return DocumentFacts(**{name: self.cleaned_data[name] for name in names})

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        code = getattr(refusal, "code", None)
        self.add_error(code if code in self.fields else None, refusal)


class NewDocumentForm(_Facts):
    """A file for a paper, and what is said of it. ``asked`` are the words of the address that led here:
    the id of the addendum or of the signatory that it is for."""

    file = _file_field()
    # One key for each page: a retry after a lost answer stores it once.
    key = forms.UUIDField(widget=forms.HiddenInput)

    field_order = ("file", "purpose")

    def __init__(self, agreement, *args, asked=None, **kwargs):
        purpose = DocumentPurpose.OTHER if agreement.is_draft else DocumentPurpose.PAPER
        first = {"key": uuid.uuid4(), "purpose": purpose}
        super().__init__(agreement, *args, initial=first, **kwargs)
        for name, proves in (
            ("addendum", DocumentPurpose.ADDENDUM),
            ("signatory", DocumentPurpose.AUTHORITY),
        ):
            said = (asked or {}).get(name, "")
            if any(str(row.pk) == said for row in self.fields[name].queryset):
                self.initial |= {"purpose": proves, name: said}


class DocumentChangeForm(_Facts):
    """Other words on a document that is on file."""

    version = forms.IntegerField(min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput)
    reason = SentenceField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It stays in the history."),
        error_messages={"required": _("Say why; it stays in the history.")},
    )

    def __init__(self, document, data=None):
        names = ("purpose", "addendum", "signatory", "title", "dated", "language", "original_place")
        first = {name: getattr(document, name) for name in names} | {"version": document.version}
        super().__init__(document.agreement, data, initial=first)


class NewVersionForm(forms.Form):
    """A newer file of the same document."""

    use_required_attribute = False

    file = _file_field()
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args):
        super().__init__(*args, initial={"key": uuid.uuid4()}, auto_id="id_version_%s")

    def refuse(self, refusal):
        self.add_error("file" if getattr(refusal, "code", None) == "file" else None, refusal)


class WithdrawDocumentForm(forms.Form):
    """A document that no longer counts."""

    use_required_attribute = False

    reason = SentenceField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It stays in the history."),
        error_messages={"required": _("Say why; it stays in the history.")},
    )

    def refuse(self, refusal):
        self.add_error("reason", refusal)
