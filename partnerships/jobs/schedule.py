"""When what is done once a day, or could not be done just now, is done next."""

import datetime
import zlib

from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult


def see_to_the_next_run(task, *, hour, now):
    """Queue the task for the next time that hour strikes, unless it is queued already."""
    first = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    see_to_a_run(task, at=first if now < first else first + datetime.timedelta(days=1), now=now)


@transaction.atomic
def see_to_a_run(task, *, at, now):
    """Queue the task for then, unless it is queued for a later time than ``now`` already."""
    with connection.cursor() as cursor:
        # Two workers that start at once must not begin two rows of runs.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(task.module_path.encode())])
    waiting = DBTaskResult.objects.filter(
        task_path=task.module_path, status=TaskResultStatus.READY, run_after__gt=now
    )
    # A task without a time to wait for has the last day of the calendar there.
    if waiting.filter(run_after__lt=now + datetime.timedelta(days=2)).exists():
        return
    task.using(run_after=at).enqueue()
