"""The pages on which an action point is opened and taken along."""

import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.decisions import Decision
from partnerships.forms.fields import NoteField, PartialDateField, SentenceField
from partnerships.models import Organization, Party

_FIELD_OF = {"text": "text", "note": "note", "reason": "note"}


class ActionPointForm(forms.Form):
    """What is to be done for a paper, by whom, until when, checked by whom."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = SentenceField(
        label=_("What is to be done"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Begin with the verb: “Send the list of participants”."),
        error_messages={"required": _("Say what is to be done.")},
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible office"),
        queryset=Organization.objects.none(),
        to_field_name="slug",
        empty_label=_("choose"),
        error_messages={"required": _("Choose who is to do it.")},
    )
    due = PartialDateField(
        label=_("Until"),
        whole=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Say until when.")},
    )
    verifier = forms.ModelChoiceField(
        label=_("Checked by"),
        queryset=Organization.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("Cooperation Bureau or unit of the paper"),
    )

    def __init__(self, agreement, data=None, *, report=None):
        office = report.commitment.office if report else None
        first = {"key": uuid.uuid4(), "owner": office.slug if office else None}
        if report and report.next_step:
            first["text"] = report.next_step[:500]
        super().__init__(data, initial=first)
        parties = Party.objects.filter(agreement=agreement).values_list("organization", flat=True)
        near = Organization.objects.subtree_ids(parties) | ({office.pk} if office else set())
        open_offices = Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())
        offices = Organization.objects.filter(open_offices, pk__in=near).order_by("name")
        self.fields["owner"].queryset = offices
        self.fields["verifier"].queryset = offices.units()

    def refuse(self, refusal):
        """Put what the action refused at its field."""
        self.add_error(_FIELD_OF.get(getattr(refusal, "code", None)), refusal)


class StepForm(Decision):
    """A step of an action point with a word on it."""

    note = NoteField(
        label=_("What was done"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A word or a file is needed."),
    )

    def __init__(self, point, data=None):
        super().__init__(data, initial={"version": point.version})

    def refuse(self, refusal):
        self.add_error(_FIELD_OF.get(getattr(refusal, "code", None)), refusal)


class CheckForm(StepForm):
    """The look of somebody else: closed, or given back with what is missing."""

    note = NoteField(
        label=_("Remark"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to give it back; it stays in the history."),
    )
