"""The page on which it is decided what becomes of a paper that sleeps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.action_point import ActionPointForm
from partnerships.forms.fields import NoteField
from partnerships.models import DormancyOutcome


class DormancyForm(ActionPointForm):
    """The decision, why, and what is to be done about it, by whom and until when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("What becomes of the paper"),
        choices=DormancyOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of the paper.")},
    )
    reason = NoteField(
        label=_("Why"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What keeps the paper asleep, and why this helps. It stays with the paper."),
        error_messages={"required": _("Say why; it stays with the paper.")},
    )
    field_order = ["outcome", "reason", "text", "owner", "due", "verifier"]

    def __init__(self, agreement, data=None):
        super().__init__(agreement, data)
        self.initial["version"] = agreement.version

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        field = refusal.code if getattr(refusal, "code", None) in self.fields else None
        self.add_error(field, refusal)
