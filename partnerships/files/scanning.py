"""What the virus scanner says of a file that somebody brings."""

import logging

from kemnaker_portal import scanner
from kemnaker_portal.scanner import ScannerAway
from partnerships.files import refusals

# Somebody waits in front of the page; what takes longer is looked at by the worker, and waits till then.
SECONDS_AT_THE_DOOR = 5

log = logging.getLogger(__name__)


def is_found_clean(file, *, may_wait=True):
    """Whether the scanner has looked at a file (open for reading) and found no virus; False when there is no
    scanner, or it does not answer in time.

    Raises FileRefused for a virus; unless the file ``may_wait`` for a later scan, NotNow when a scanner that
    should be there does not answer.
    """
    if not scanner.is_configured():
        return False
    try:
        virus = scanner.virus_in(file, seconds=SECONDS_AT_THE_DOOR)
    except ScannerAway as problem:
        log.warning("the virus scanner did not look at a file that came in: %s", problem)
        if may_wait:
            return False
        raise refusals.cannot_scan() from problem
    if virus:
        log.error("a file that came in was refused: the virus scanner found %s", virus)
        raise refusals.infected(virus)
    return True
