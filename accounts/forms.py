from allauth.account.forms import ResetPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts import door_log
from kemnaker_portal.typed import LineField


class PasskeyForm(AddWebAuthnForm):
    """A passkey to add; every one of them can open the account by itself."""

    name = LineField(
        label=_("Name"),
        max_length=60,
        required=False,
        help_text=_("To tell your passkeys apart: the device, or where you keep the key."),
    )
    passwordless = forms.BooleanField(initial=True, widget=forms.HiddenInput)


class AddressForm(forms.Form):
    """The e-mail address with which one wants to sign in."""

    address = forms.EmailField(label=_("New e-mail address"), max_length=254)


class PasswordLinkForm(ResetPasswordForm):
    """Asking for a link to choose a new password. The request looks for no account and sends no mail, so
    that it takes the same time whether there is one; the worker does."""

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def save(self, request, **how):
        # Jobs stand above this package; a task is known by its path, as in the queue itself.
        import_string("partnerships.jobs.send_password_link").enqueue(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class _NotedCode:
    """A code of an app or of the list; a wrong one leaves a line in the log."""

    def clean_code(self):
        try:
            return super().clean_code()
        except forms.ValidationError:
            door_log.refused(context.request, "wrong code", self.user.pk)
            raise


class CodeForm(_NotedCode, AuthenticateForm):
    """The second factor when signing in."""


class CodeAgainForm(_NotedCode, ReauthenticateForm):
    """The second factor before a step that asks for it once more."""
