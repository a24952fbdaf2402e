"""What comes with an uploaded file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.models import Document


class EvidenceForm(forms.Form):
    """A file that shall prove a report. What it is, is found out by looking into it."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )
    # One key for each chosen file: a retry after a lost answer stores it once.
    upload_key = forms.UUIDField(required=False)
    replaces = forms.ModelChoiceField(
        queryset=Document.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("That piece of evidence is not one of this report's.")},
    )

    def __init__(self, report, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = report.documents.standing()
