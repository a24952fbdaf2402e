"""Browsers in which somebody signed in before: a signed cookie says whose they are, and opens nothing."""

import secrets

from django.conf import settings
from django.core import signing

COOKIE = "__Host-known" if settings.HTTPS else "known"
_SALT = "accounts.browsers"
_DAYS = 180
# An office shares a computer; who signed in longest ago makes way.
_MOST_PEOPLE = 8


def is_known(request, user_id):
    """The name of this browser among those of that person; empty when they never signed in with it."""
    name, people = _read(request)
    return name if user_id in people else ""


def remember(request, response, user_id):
    """Have the browser say from now on that this person signed in with it."""
    name, people = _read(request)
    people = [user_id, *(each for each in people if each != user_id)][:_MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps([name or secrets.token_hex(8), people], salt=_SALT),
        max_age=_DAYS * 24 * 3600,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _read(request):
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_DAYS * 24 * 3600)
    except signing.BadSignature:
        return "", []
