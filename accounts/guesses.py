"""How often a password may be guessed.

Each account has a purse for strangers and one for each browser in which its owner signed in before: five
guesses at once, and one more every twelve minutes. In any hour that is at most ten for everybody who doesn't
have such a browser, wherever they come from; nobody waits longer than twelve minutes once the guessing ends,
and who sits at their own browser is not kept out by it at all. An address without an account has a
purse like any other, so that nothing shows which there are.
"""

import hashlib
import time
from contextlib import contextmanager

from django.core.cache import cache
from django.db import connection, transaction

AT_ONCE = 5
SECONDS_FOR_ONE = 12 * 60


def take(purse):
    """Take one guess out of a purse; False when it is empty. Parallel guesses wait for each other."""
    with _held(purse) as key:
        now = time.time()
        full_again = max(cache.get(key, 0), now) + SECONDS_FOR_ONE
        if full_again > now + AT_ONCE * SECONDS_FOR_ONE:
            return False
        cache.set(key, full_again, AT_ONCE * SECONDS_FOR_ONE)
        return True


def give_back(purse):
    """Put a guess back that was right."""
    with _held(purse) as key:
        full_again = cache.get(key, 0) - SECONDS_FOR_ONE
        cache.set(key, full_again, AT_ONCE * SECONDS_FOR_ONE)


def refill(purse):
    """Forget what was guessed, as when the password is a new one."""
    cache.delete(_key(purse))


@contextmanager
def _held(purse):
    """The key of a purse, from which nobody else takes meanwhile."""
    key = _key(purse)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        yield key


def _key(purse):
    return f"guesses:{hashlib.sha256(purse.encode()).hexdigest()}"
