"""The one confirmation by which the scheduled papers of a ceremony become signed."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import PartialDateField, SentenceField
from partnerships.lifecycle import Status
from partnerships.models import Precision

_READ = re.compile(r"(\d{1,18}):(\d{1,9})", re.ASCII)


class PapersRead(forms.MultipleChoiceField):
    """Papers with the version that was read. One that has changed since is not refused here: the action
    leaves it as it is and says so, while the others go on."""

    known: dict = {}

    def valid_value(self, value):
        read = _READ.fullmatch(value)
        return bool(read) and int(read[1]) in self.known


class SigningForm(forms.Form):
    """Which papers were signed, each as it was read, and on which day.

    ``papers`` are all those of the event that the reader may see; the scheduled ones are offered.
    """

    use_required_attribute = False

    papers = PapersRead(
        label=_("Papers that were signed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one paper."),
            "invalid_choice": _("One of these papers is not of this event. Open the page again."),
        },
    )
    effective_on = PartialDateField(
        label=_("Signed on"),
        whole=True,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The day of the event; change it when these papers were signed on another day."),
    )
    reason = SentenceField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, event, papers, data=None):
        held = event.held
        self._paper_of = {paper.pk: paper for paper in papers}
        offered = [paper for paper in papers if paper.status == Status.SCHEDULED]
        read = [f"{paper.pk}:{paper.version}" for paper in offered]
        day = held.earliest if held and held.precision == Precision.DAY else None
        super().__init__(data, initial={"papers": read, "effective_on": day})
        self.fields["papers"].known = self._paper_of
        self.fields["papers"].choices = [
            (value, f"{paper.ref} {paper.display_title}") for value, paper in zip(read, offered, strict=True)
        ]

    def clean_effective_on(self):
        day = self.cleaned_data["effective_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Nothing was signed yet on a day that lies ahead."))
        return day

    def said(self):
        """What the action asks for: each paper with the version that was read."""
        read = [value.split(":") for value in self.cleaned_data["papers"]]
        return {
            "papers": [(self._paper_of[int(pk)], int(version)) for pk, version in read],
            "effective_on": self.cleaned_data["effective_on"],
            "reason": self.cleaned_data["reason"],
        }
