"""Secrets of second factors as they stand in the database: sealed, with a key that no backup holds."""

import base64
import hashlib
import os

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_SEALED = "sealed:"


def seal(secret):
    """A secret as it is kept."""
    return _SEALED + _box().encrypt(secret.encode()).decode()


def opened(kept):
    """The secret again; what was kept before secrets were sealed is as it is.

    One that was sealed with another key, as in a portal that was restored without it, becomes a secret that
    nobody knows: it opens nothing, and an administrator takes the factor away.
    """
    if not kept.startswith(_SEALED):
        return kept
    try:
        return _box().decrypt(kept.removeprefix(_SEALED).encode()).decode()
    except InvalidToken:
        return base64.b32encode(os.urandom(20)).decode()


def sealed_again(kept):
    """The same, sealed with the key of today; what no key opens stays as it is."""
    if not kept.startswith(_SEALED):
        return seal(kept)
    try:
        return _SEALED + _box().rotate(kept.removeprefix(_SEALED)).decode()
    except InvalidToken:
        return kept


def _box():
    # The first key seals, each of them opens.
    return MultiFernet(map(_of_key, [settings.SECOND_FACTOR_KEY, *settings.SECOND_FACTOR_KEYS_BEFORE]))


def _of_key(key):
    key = hashlib.sha256(f"second factors:{key}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
