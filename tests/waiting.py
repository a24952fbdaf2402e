"""Waiting for what another process does."""

import time

PATIENCE = 90  # seconds


def wait_for(condition, seconds=PATIENCE):
    """What the condition gives as soon as it gives something."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
    return found
