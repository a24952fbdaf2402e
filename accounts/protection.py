"""The library's pages about signing in and the protection of one's account, as the portal offers them."""

from functools import wraps

from allauth.account.authentication import get_authentication_records

from accounts import sessions, telling
from accounts.confirming import confirmed


def changes_factors(view):
    """A page that adds, removes or renews a second factor: one proves first who one is; once it is done,
    the other sessions end and the owner is told."""

    @confirmed
    @wraps(view)
    def changing(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        # The library leads on once it has done what was asked; a form that it refuses is shown again.
        if request.method == "POST" and response.status_code == 302:
            sessions.end_others(request)
            telling.owe(request.user, telling.Change.SECOND_FACTOR)
        return response

    return changing


def renews_session(view):
    """A page that proves once more who one is: what proved it before opens nothing any more."""

    @wraps(view)
    def proving(request, *args, **kwargs):
        before = len(get_authentication_records(request, request.user))
        response = view(request, *args, **kwargs)
        if len(get_authentication_records(request, request.user)) > before:
            sessions.renew(request)
        return response

    return proving


def leaves_nothing(view):
    """The page that signs out: the browser forgets the pages it kept, and what was typed and not sent."""

    @wraps(view)
    def leaving(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return leaving
