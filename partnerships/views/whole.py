"""Taking everything along: who asks for all of a large list has just signed in, or confirms who they are."""

from allauth.core.exceptions import ReauthenticationRequired

from accounts.confirming import was_here_lately

# A list of so many rows is daily work; all of a larger one is the register itself.
MOST_UNASKED = 1_000


def check_taking(request, extract):
    """Raises ReauthenticationRequired for a file of every row of a large list, from a browser that has been
    open for long."""
    is_whole = not extract.filters and extract.count > MOST_UNASKED
    if is_whole and not was_here_lately(request):
        raise ReauthenticationRequired
