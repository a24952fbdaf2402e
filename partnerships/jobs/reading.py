"""Reading what stands in the files that people bring."""

import logging

from django_tasks import task

from partnerships.actions.readings import read, waiting_files

log = logging.getLogger(__name__)


@task()
def read_waiting_files():
    """Read the file that has waited longest; returns its id, None when none waits.

    It works from the rows, not from what it was called with, so that a killed worker loses nothing. A scan
    takes minutes: after each file mails have their turn before the next.
    """
    file = waiting_files().first()
    if file is None:
        return None
    read(file=file)
    if waiting_files().exists():
        read_waiting_files.enqueue()
    return file.pk
