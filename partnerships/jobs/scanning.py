"""Having the virus scanner look at what waits for it."""

import datetime
import logging

from django.utils import timezone
from django_tasks import task

from kemnaker_portal import scanner
from kemnaker_portal.places import PlaceAway
from partnerships import files
from partnerships.actions.scanning import scan, unscanned_files
from partnerships.jobs.schedule import see_to_a_run

_PAUSE = datetime.timedelta(minutes=1)

log = logging.getLogger(__name__)


@task()
def scan_waiting_files(after=0):
    """Have the oldest waiting file with an id above ``after`` scanned; returns its id, None when none waits.

    It works from the rows, so that a killed worker loses nothing; after each file mails have their turn.
    While the scanner does not answer, one run a minute asks again. A file that can't be scanned (damaged, or
    larger than the scanner takes) waits on without holding up the next; the run of the night tries it again.
    """
    if not scanner.is_configured():
        return None
    file = unscanned_files().filter(pk__gt=after).first()
    if file is None:
        return None
    try:
        # A scanner that hangs is not waited for: mails have the same worker.
        scanner.check()
        scan(file=file)
    except (scanner.NoVerdict, files.FileDamaged) as problem:
        log.error("file %s (key %s) can't be scanned for viruses: %s", file.pk, file.key, problem)
    except (scanner.ScannerAway, PlaceAway) as problem:
        log.warning("file %s waits to be scanned for viruses: %s", file.pk, problem)
        now = timezone.now()
        see_to_a_run(scan_waiting_files, at=now + _PAUSE, now=now)
        return None
    if unscanned_files().filter(pk__gt=file.pk).exists():
        scan_waiting_files.enqueue(after=file.pk)
    return file.pk
