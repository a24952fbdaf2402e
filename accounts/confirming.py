"""Proving once more who one is, before steps that change who may do what.

A proof holds for a quarter of an hour (ACCOUNT_REAUTHENTICATION_TIMEOUT). A passkey asks for finger, face or
PIN and is proof enough; otherwise the password is asked for and, where there is one, the second factor too.
"""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpResponseRedirect

PASSWORD, CODE, PASSKEY = "reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate:webauthn"


def next_proofs(request):
    """The ids of the proofs of which one is needed next; empty when all that are needed are fresh."""
    fresh = {
        record.get("type", record["method"])
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated") and _is_fresh(record)
    }
    if Authenticator.Type.WEBAUTHN in fresh:
        return set()
    if "password" not in fresh and request.user.has_usable_password():
        return {PASSWORD, PASSKEY}
    if fresh.isdisjoint({Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}) and is_mfa_enabled(
        request.user
    ):
        return {CODE, PASSKEY}
    return set()


def confirmed(view):
    """A step for which one proves first who one is. Raises ReauthenticationRequired until one has."""

    @wraps(view)
    def asking(request, *args, **kwargs):
        if request.user.is_authenticated and next_proofs(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asking


def confirmed_afresh(view):
    """The same for a form whose answers may be kept nowhere, such as a password: it is filled in again."""
    guarded = confirmed(view)

    @wraps(view)
    def asking(request, *args, **kwargs):
        if request.method == "POST" and request.user.is_authenticated and next_proofs(request):
            return HttpResponseRedirect(request.path)
        return guarded(request, *args, **kwargs)

    return asking


def was_here_lately(request):
    """Whether the person signed in or confirmed within the last quarter of an hour."""
    return any(map(_is_fresh, get_authentication_records(request, request.user)))


def _is_fresh(record):
    return time.time() - record["at"] < app_settings.REAUTHENTICATION_TIMEOUT
