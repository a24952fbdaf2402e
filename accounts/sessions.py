"""Where somebody is signed in, in words, and ending it."""

import ipaddress
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.utils.translation import gettext

# What a browser calls itself, looked for in this order: each also carries the names of those after it.
_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class SignedIn:
    """One browser in which somebody is signed in."""

    number: int
    device: str
    network: str
    since: object
    is_this_one: bool


def of(request):
    """Where the person is signed in, this browser first, then the newest."""
    rows = UserSession.objects.purge_and_list(request.user)
    if not any(map(_is_of(request), rows)):
        UserSession.objects.create_from_request(request)
        rows = UserSession.objects.filter(user=request.user)
    found = [
        SignedIn(row.pk, _device(row.user_agent), network(row.ip), row.created_at, _is_of(request)(row))
        for row in rows
    ]
    found.sort(key=lambda each: each.since, reverse=True)
    return sorted(found, key=lambda each: not each.is_this_one)


def end(request, number):
    """Sign the person out in one other browser; nothing happens for one that is not theirs."""
    for row in UserSession.objects.filter(user=request.user, pk=number):
        if not _is_of(request)(row):
            row.end()


def end_others(request):
    """Sign the person out everywhere but here, also where no list names it."""
    request.user.end_sessions()
    update_session_auth_hash(request, request.user)
    others = UserSession.objects.filter(user=request.user)
    others.exclude(session_key=request.session.session_key).delete()
    UserSession.objects.create_from_request(request)


def renew(request):
    """Give the session another key; the one of before opens nothing."""
    before = request.session.session_key
    request.session.cycle_key()
    rows = UserSession.objects.filter(user=request.user, session_key=before)
    rows.update(session_key=request.session.session_key)


def network(address):
    """The network of an address: it tells home from office, and names no single device."""
    prefix = 48 if ":" in address else 24
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def _is_of(request):
    return lambda row: row.session_key == request.session.session_key


def _device(user_agent):
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("an unknown device")
