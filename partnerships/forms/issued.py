from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.models import issue_code


class CodeForm(forms.Form):
    """The code that stands on a PDF, typed from paper."""

    kode = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Twelve letters and digits, in capitals or not, with the dashes or without."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_kode(self):
        code = issue_code.read(self.cleaned_data["kode"])
        if not code:
            raise ValidationError(
                _(
                    "This is no code of the portal: a sign is missing, wrong or in another's place. "
                    "There is no 0, 1, I, L or O in a code."
                )
            )
        return code
