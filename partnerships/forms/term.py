"""The page on which a signed paper is extended, or a term of it ended early."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.forms.decisions import Decision
from partnerships.forms.fields import PartialDateField, SentenceField
from partnerships.models.term import LONGEST_REASON

_REASON_WANTED = _("Say why; it stays in the history of the paper.")


class TermForm(Decision):
    """What changes how long a paper holds, and why."""

    reason = SentenceField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Such as the letter or the minutes in which the parties agreed on it."),
        error_messages={"required": _REASON_WANTED},
    )

    def __init__(self, agreement, *args, **kwargs):
        super().__init__(*args, initial={"version": agreement.version}, prefix=self.prefix, **kwargs)

    def refuse(self, refusal):
        """Put what the action refused at the field it is about."""
        code = getattr(refusal, "code", None)
        self.add_error(code if code in self.fields else None, ValidationError(refusal.messages))


class ExtendForm(TermForm):
    """One more period. ``last`` is the period that it follows, None where no term is recorded."""

    prefix = "extend"
    field_order = ["version", "ends", "ends_open", "starts", "reason"]

    ends = PartialDateField(
        label=_("Extended until"),
        required=False,
        help_text=_("31 Desember 2029, 2029-12-31, Desember 2029 or 2029: as far as it is known."),
    )
    ends_open = forms.BooleanField(label=_("No end agreed"), required=False)
    starts = PartialDateField(label=_("Extended from"), required=False)

    def __init__(self, agreement, *args, last=None, **kwargs):
        super().__init__(agreement, *args, **kwargs)
        if last and last.ends:
            self.fields["starts"].help_text = _("Empty: the day after the last term ends.")
        else:
            self.fields["starts"].help_text = _("Needed, because no source says when the last term ends.")

    def clean(self):
        said = self.cleaned_data
        if said.get("ends") and said.get("ends_open"):
            self.add_error("ends", _("A term with an end has an end agreed: clear one of the two."))
        elif not said.get("ends") and not said.get("ends_open") and "ends" not in self.errors:
            self.add_error("ends", _("Say until when, or that no end was agreed."))
        return said


class EndEarlyForm(TermForm):
    """The day on which the last period ends after all."""

    prefix = "early"
    field_order = ["version", "on", "reason"]

    on = PartialDateField(
        label=_("Last day"),
        whole=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day on which the paper holds."),
        error_messages={"required": _("Give the last day on which the paper holds.")},
    )
