"""What somebody decides about a report: it is right, it has to be changed, it was wrongly verified."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.decisions import Decision
from partnerships.forms.fields import NoteField

APPROVE, RETURN = "approve", "return"


class VerificationForm(Decision):
    """Approved, or returned with the reason why it can't be."""

    decision = forms.ChoiceField(
        choices=[(APPROVE, _("Approve")), (RETURN, _("Return"))],
        widget=forms.HiddenInput,
        label=_("Decision"),
        error_messages={"required": _("Approve the report or return it.")},
    )
    reason = NoteField(
        label=_("What has to be changed"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to return it; who wrote the report reads it."),
    )

    def __init__(self, report, *args, **kwargs):
        super().__init__(*args, initial={"version": report.version}, **kwargs)

    def clean(self):
        said = self.cleaned_data
        if said.get("decision") == RETURN and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say what has to be changed."))
        return said

    @property
    def approves(self):
        return self.cleaned_data["decision"] == APPROVE


class ReopenForm(Decision):
    """A verified report that turned out to be wrong goes back to who wrote it."""

    reason = NoteField(
        label=_("What is wrong"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what has to be changed.")},
    )

    def __init__(self, report, *args, **kwargs):
        super().__init__(*args, initial={"version": report.version}, **kwargs)
