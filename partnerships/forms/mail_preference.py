"""Which mails a person wants."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MailForm(forms.Form):
    reminders = forms.BooleanField(
        label=_("Reminders of reports that are due: at most one mail a day"), required=False
    )
    decisions = forms.BooleanField(
        label=_("A mail when a report of mine is verified or returned"), required=False
    )
