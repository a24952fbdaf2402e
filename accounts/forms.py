from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class PasskeyForm(AddWebAuthnForm):
    """A passkey to add; every one of them can open the account by itself."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        required=False,
        help_text=_("To tell your passkeys apart: the device, or where you keep the key."),
    )
    passwordless = forms.BooleanField(initial=True, widget=forms.HiddenInput)
