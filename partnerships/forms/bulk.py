"""What is to be done to a selection of papers, and its confirmation."""

import re
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import NoteField
from partnerships.models import BulkVerb, Organization, SigningEvent, Theme

_TARGETS = {
    BulkVerb.ADD_THEME: (_("Theme"), lambda user: Theme.objects.all()),
    BulkVerb.REMOVE_THEME: (_("Theme"), lambda user: Theme.objects.all()),
    BulkVerb.SET_UNIT: (_("Unit"), lambda user: Organization.objects.units().order_by("name")),
    BulkVerb.SET_EVENT: (_("Event"), lambda user: SigningEvent.objects.visible_to(user)),
}
_SEEN = re.compile(r"(KS-\d{4}-\d{4,9}):(\d{1,9})", re.ASCII)


class TargetForm(forms.Form):
    """To what: the theme, the unit or the event; a reminder needs none."""

    use_required_attribute = False

    def __init__(self, verb, *args, user, **kwargs):
        super().__init__(*args, auto_id=f"{verb}-%s", **kwargs)
        if verb in _TARGETS:
            label, rows = _TARGETS[verb]
            self.fields["target"] = forms.ModelChoiceField(
                rows(user),
                label=label,
                to_field_name="slug",
                empty_label=_("Choose"),
                error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of the list.")},
            )

    @property
    def chosen(self):
        return self.cleaned_data.get("target")


class ConfirmForm(forms.Form):
    """The yes to what the page before has said: ``seen`` is each paper with the version it had there."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    reason = NoteField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the history of each paper."),
    )

    @classmethod
    def about(cls, papers):
        return cls(initial={"seen": " ".join(f"{paper.ref}:{paper.version}" for paper in papers)})

    @property
    def versions(self):
        """{reference: version} of what was confirmed."""
        return {ref: int(version) for ref, version in _SEEN.findall(self.cleaned_data["seen"])}
