"""The pages on which an evaluation meeting is arranged and its minutes are written."""

import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import LineField, PartialDateField, SentenceField
from partnerships.models import Agreement, EvaluationMeeting, Organization, OrganizationKind, Party

_LARGEST_VERSION = 2**31 - 1
# A partner of a thousand papers is spoken about by those signed last; the others through their own pages.
_MOST_PAPERS = 200


class MeetingForm(forms.Form):
    """When, where and after which meeting; ``meeting`` is the one that stands already."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(
        min_value=0, max_value=_LARGEST_VERSION, widget=forms.HiddenInput, required=False
    )
    title = LineField(
        label=_("Title"), max_length=200, error_messages={"required": _("A meeting needs a title.")}
    )
    held_on = PartialDateField(
        label=_("Date"),
        whole=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Say when the meeting is.")},
    )
    place = LineField(label=_("Place"), max_length=200, required=False)
    previous = forms.ModelChoiceField(
        label=_("Follows the meeting"),
        queryset=EvaluationMeeting.objects.none(),
        required=False,
        empty_label=_("none: the first one"),
        help_text=_("The new meeting opens with what was promised there."),
    )

    def __init__(self, user, data=None, *, meeting=None):
        self.meeting = meeting
        earlier = EvaluationMeeting.objects.visible_to(user)
        if meeting:
            earlier = earlier.exclude(pk=meeting.pk)
        super().__init__(data, initial=_as_it_is(meeting) if meeting else _new(earlier))
        self.fields["previous"].queryset = earlier
        if meeting and meeting.is_frozen:
            del self.fields["previous"]

    def said(self):
        """What the actions ask for."""
        names = ("title", "held_on", "place", "previous")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def refuse(self, refusal):
        code = getattr(refusal, "code", None)
        self.add_error(code if code in self.fields else None, refusal)


def _new(earlier):
    return {"key": uuid.uuid4(), "previous": earlier.frozen().first()}


def _as_it_is(meeting):
    return {
        "version": meeting.version,
        "title": meeting.title,
        "held_on": meeting.held_on,
        "place": meeting.place,
        "previous": meeting.previous_id,
    }


class MinutesForm(forms.Form):
    """What was decided with a partner about a paper, and if somebody is to do it, who and until when."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = SentenceField(
        label=_("What was decided"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "data-minutes": True}),
        help_text=_("Begin with the verb: “Send the list of participants”."),
        error_messages={"required": _("Say what was decided.")},
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible office"),
        queryset=Organization.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("nobody: only written down"),
    )
    due = PartialDateField(
        label=_("Until"),
        whole=True,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    agreement = forms.ModelChoiceField(
        label=_("About the paper"),
        queryset=Agreement.objects.none(),
        to_field_name="ref",
        empty_label=None,
        error_messages={"required": _("Choose the paper that it is about.")},
    )

    def __init__(self, partner, papers, data=None):
        """``papers`` are those about which the writer may write (Agreements)."""
        papers = papers.newest_first()
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.fields["agreement"].queryset = papers
        # As it was called in the snapshot, and without a query for each title that no source gives.
        titles = dict(partner.papers.order_by("-signed_on").values_list("ref", "title")[:_MOST_PAPERS])
        refs = [ref for ref in papers.values_list("ref", flat=True)[:_MOST_PAPERS] if ref in titles]
        self.fields["agreement"].choices = [(ref, f"{ref} {titles[ref]}"[:120]) for ref in refs]
        units = Party.objects.filter(agreement__in=papers, organization__kind=OrganizationKind.UNIT)
        near = Organization.objects.subtree_ids(
            [partner.organization_id, *units.values_list("organization", flat=True).distinct()]
        )
        open_offices = Q(closed_on=None) | Q(closed_on__gt=timezone.localdate())
        self.fields["owner"].queryset = Organization.objects.filter(open_offices, pk__in=near).order_by(
            "name"
        )

    def refuse(self, refusal):
        code = getattr(refusal, "code", None)
        self.add_error(code if code in self.fields else None, refusal)
