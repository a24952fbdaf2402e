"""Lines of the log about signing in: who by number, from which network, with what; no address, no secret."""

import logging

from allauth.account.adapter import get_adapter

from accounts.sessions import network

_log = logging.getLogger(__name__)


def refused(request, why, user_id):
    """A try that opened nothing; ``user_id`` is None for an address without an account."""
    _say(logging.WARNING, request, f"sign-in refused: {why}", user_id)


def signed_in(request, user_id, proofs):
    """A sign-in by these kinds of proof, in their order."""
    _say(logging.INFO, request, f"signed in by {', '.join(proofs)}", user_id)


def signed_out(request, user_id):
    """A sign-out by the person."""
    _say(logging.INFO, request, "signed out", user_id)


def _say(level, request, what, user_id):
    whence = network(get_adapter().get_client_ip(request))
    _log.log(level, "%s: user %s from %s", what, user_id or "unknown", whence, extra={"request": request})
