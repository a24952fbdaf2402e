"""What waits, and what went wrong: the figures an operator watches."""

import datetime

from django.db import connection
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts.models import ErrorReport
from kemnaker_portal import scanner
from kemnaker_portal.health import seconds_since_worker
from partnerships.models import (
    ExportJob,
    FileCheck,
    FileScan,
    FileState,
    OutboxMessage,
    StoredFile,
    Verdict,
)

_A_DAY = datetime.timedelta(days=1)


def operating_figures():
    """(name, what it says, number) of each figure, for a monitor that draws and compares them."""
    now = timezone.now()
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after__lte=now)
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gt=now - _A_DAY)
    errors = ErrorReport.objects.filter(happened_at__gt=now - _A_DAY)
    silent = seconds_since_worker()
    return [
        ("portal_tasks_waiting", "Tasks whose time has come and that no worker has begun.", ready.count()),
        ("portal_tasks_failed", "Tasks that failed within a day.", failed.count()),
        (
            "portal_mails_waiting",
            "Messages that are written and not sent.",
            OutboxMessage.objects.filter(sent_at=None).count(),
        ),
        (
            "portal_files_waiting",
            "Files that somebody asked for and that are not made.",
            ExportJob.objects.filter(finished_at=None).count(),
        ),
        ("portal_errors_met", "Errors that people met within a day.", errors.count()),
        (
            "portal_files_damaged",
            "Uploaded files that were missing or altered at their last check.",
            FileCheck.objects.exclude(state=FileState.WHOLE).count(),
        ),
        (
            "portal_files_waiting_for_scan",
            "Uploaded files that the virus scanner, where there is one, has not looked at.",
            StoredFile.objects.unscanned().count() if scanner.is_configured() else 0,
        ),
        (
            "portal_files_quarantined",
            "Uploaded files in which the virus scanner found something.",
            FileScan.objects.filter(verdict=Verdict.INFECTED).count(),
        ),
        ("portal_database_bytes", "Size of the database.", _database_bytes()),
        (
            "portal_worker_silent_seconds",
            "Seconds since a background worker last gave a sign of life; -1 if there is none.",
            -1 if silent is None else max(silent, 0),
        ),
    ]


def _database_bytes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]
