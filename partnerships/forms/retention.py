"""The page on which papers past their period are held, proposed and approved to be destroyed."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.forms.fields import LineField
from partnerships.models import Agreement

# More papers than one page shows are never proposed in one list.
_MOST_ON_A_LIST = 50


class ProposalForm(forms.Form):
    """Papers that are proposed to be destroyed, and why."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    papers = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": _("Choose at least one paper that is due.")},
    )
    reason = LineField(
        label=_("Basis of the proposal"),
        max_length=300,
        help_text=_("Such as the number of the appraisal; it stands on the certificate."),
        error_messages={"required": _("Say why; it stays in the history.")},
    )

    def __init__(self, due, data=None):
        super().__init__(data)
        free = [each.agreement for each in due if each.can_be_proposed][:_MOST_ON_A_LIST]
        self.fields["papers"].choices = [(paper.pk, paper.ref) for paper in free]


class HoldForm(forms.Form):
    """A paper that is not to be destroyed, and why."""

    use_required_attribute = False
    prefix = "hold"

    ref = LineField(
        label=_("Reference of the paper"),
        max_length=20,
        error_messages={"required": _("Give the reference of the paper, such as KS-2021-0042.")},
    )
    reason = LineField(
        label=_("Why it is held"),
        max_length=300,
        help_text=_("The case, the audit or the investigation, with its number."),
        error_messages={"required": _("Say why; it stays in the history.")},
    )

    def __init__(self, user, data=None):
        super().__init__(data)
        self._papers = Agreement.objects.visible_to(user)

    def clean_ref(self):
        paper = self._papers.filter(ref__iexact=self.cleaned_data["ref"]).first()
        if paper is None:
            raise forms.ValidationError(_("There is no paper of this reference."))
        return paper
