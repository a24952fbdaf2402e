"""The library's pages about the protection of one's account, as the portal offers them."""

from functools import wraps

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
