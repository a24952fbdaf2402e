"""What is done once a day."""

import datetime

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from partnerships import files
from partnerships.actions import naskah_readings
from partnerships.actions.reminders import remind
from partnerships.models import StoredFile

# Reminders go out from six in the morning on, Jakarta time.
FIRST_HOUR = 6
_SPARED = datetime.timedelta(hours=1)
_ONE_AT_A_TIME = 0x52454D494E44


@task()
def remind_of_reports():
    """Give the reminders of the day, if it has begun; returns how many mails were written.

    Each run sees to it that there is a next one. The worker runs it when it starts as well: what was
    given is known from the rows, so that nothing is given twice and a missed morning is made good.
    """
    now = timezone.localtime()
    _see_to_the_next_run(now)
    sweep_files()
    naskah_readings.forget_old(now)
    return remind(on=now.date()) if now.hour >= FIRST_HOUR else 0


def sweep_files():
    """Delete files that no row names: what a process left that was killed in the middle of an upload.

    Younger ones are spared, because a file is in its place before its row is committed. Returns how
    many went.
    """
    known = StoredFile.objects.values_list("key", flat=True).iterator()
    left = files.orphans(known, older_than=_SPARED)
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


@transaction.atomic
def _see_to_the_next_run(now):
    with connection.cursor() as cursor:
        # Two workers that start at once must not begin two rows of runs.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    waiting = DBTaskResult.objects.filter(
        task_path=remind_of_reports.module_path, status=TaskResultStatus.READY, run_after__gt=now
    )
    # A task without a time to wait for has the last day of the calendar there.
    if waiting.filter(run_after__lt=now + datetime.timedelta(days=2)).exists():
        return
    first = now.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    following = first if now < first else first + datetime.timedelta(days=1)
    remind_of_reports.using(run_after=following).enqueue()
