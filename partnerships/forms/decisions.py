"""What somebody decides about a paper: its next status, and whether the public may read it."""

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.forms.below import AsksAboutBelow
from partnerships.forms.fields import NoteField, PartialDateField, SentenceField
from partnerships.lifecycle import MOVES, OVER, Status
from partnerships.selectors.endings import papers_below

_LARGEST_VERSION = 2**31 - 1
_NO_WAY_BACK = _("Say why: this step can't be taken back.")
# What ends a paper, or a plan, wants to be understood years later.
NEEDS_A_REASON = (Status.CANCELLED, Status.ENDED, Status.TERMINATED)

_MEANING = {
    Status.PROPOSED: _("somebody has asked for it"),
    Status.DRAFTING: _("the parties are writing it"),
    Status.SCHEDULED: _("the day of signing is fixed"),
    Status.SIGNED: _("the parties have signed it"),
    Status.ENDED: _("its time is over or its work is done"),
    Status.TERMINATED: _("the parties, or one of them, ended it early"),
    Status.CANCELLED: _("it will not be signed"),
}


class Decision(forms.Form):
    """Decided about the version that was read."""

    use_required_attribute = False

    version = forms.IntegerField(
        label=_("Version"), min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput
    )


class MoveForm(AsksAboutBelow, Decision):
    """The next step in the life of a paper: only those that its status allows, and when it may be over
    what becomes of each paper below."""

    to = forms.ChoiceField(
        label=_("New status"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the new status."),
            "invalid_choice": _("The paper can't take that step from its status now."),
        },
    )
    effective_on = PartialDateField(
        label=_("Since"),
        whole=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day from which it is so, not the day of this entry."),
        initial=timezone.localdate,
    )
    reason = NoteField(
        label=_("Reason"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when a paper is cancelled, ends or is terminated; it stays in the history."),
        error_messages={"required": _NO_WAY_BACK},
    )

    def __init__(self, agreement, *args, user, **kwargs):
        super().__init__(*args, initial={"version": agreement.version}, **kwargs)
        allowed = MOVES[Status(agreement.status)]
        self.ask_about(papers_below(agreement, user) if allowed & set(OVER) else [], user)
        self.fields["reason"].required = bool(allowed) and allowed <= set(NEEDS_A_REASON)
        self.fields["to"].choices = [
            (status.value, format_lazy("{}: {}", status.label, _MEANING[status]))
            for status in Status
            if status in allowed
        ]

    def clean(self):
        said = self.cleaned_data
        if said.get("to") in NEEDS_A_REASON and not said.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _NO_WAY_BACK)
        self.gather_answers()
        return self.cleaned_data

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        self.add_error(self.field_of_refusal(refusal), refusal)


class PublishForm(Decision):
    """Whether everybody may read the public fields of a paper."""

    public = forms.TypedChoiceField(
        label=_("Publication"),
        choices=[("yes", _("public")), ("no", _("internal"))],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
        error_messages={"required": _("Say whether the paper becomes public or internal.")},
    )
    reason = SentenceField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, agreement, *args, **kwargs):
        super().__init__(*args, initial={"version": agreement.version}, **kwargs)

    def refuse(self, refusal):
        self.add_error(None, refusal)
