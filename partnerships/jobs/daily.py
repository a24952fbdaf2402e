"""What is done once a day."""

import datetime
import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext
from django_tasks import task

from partnerships import files
from partnerships.actions import exports, naskah_readings
from partnerships.actions.readings import check_files
from partnerships.actions.reminders import remind
from partnerships.jobs.scanning import scan_waiting_files
from partnerships.jobs.schedule import see_to_the_next_run
from partnerships.models import ExportJob, FileCheck, NaskahReading, StoredFile
from partnerships.register import notes
from partnerships.selectors.chain import check_chain

log = logging.getLogger(__name__)

# Reminders go out from six in the morning on, Jakarta time.
FIRST_HOUR = 6
# Files are checked at night, when few people wait for the disk.
NIGHT_HOUR = 2
_SPARED = datetime.timedelta(hours=1)
_A_DAY = datetime.timedelta(hours=20)


@task()
def remind_of_reports():
    """Give the reminders of the day, if it has begun; returns how many mails were written.

    Each run sees to it that there is a next one. The worker runs it when it starts as well: what was
    given is known from the rows, so that nothing is given twice and a missed morning is made good.
    """
    now = timezone.localtime()
    see_to_the_next_run(remind_of_reports, hour=FIRST_HOUR, now=now)
    exports.expire(now=now)
    sweep_files()
    naskah_readings.forget_old(now)
    notes.forget_old()
    return remind(on=now.date()) if now.hour >= FIRST_HOUR else 0


@task()
def check_stored_files():
    """Compare the stored files with their SHA-256 and the history with its chain, once a night; returns how
    many files are not whole.

    The worker runs it when it starts as well: a night on which nothing ran is made good.
    """
    now = timezone.localtime()
    see_to_the_next_run(check_stored_files, hour=NIGHT_HOUR, now=now)
    if FileCheck.objects.filter(checked_at__gt=now - _A_DAY).exists():
        return 0
    scan_waiting_files.enqueue()
    damaged = sum(1 for _damaged in check_files())
    check_history()
    return damaged


def check_history():
    """Compare the history with its chain, and say the head of the day where logs are kept, and by mail to
    whoever keeps it outside."""
    found = check_chain()
    for broken in found.broken:
        where = broken.number, broken.table, broken.key
        log.error("history is broken at block %s, %s %s: %s", *where, broken.fault.value)
    log.info("head of the history: %s", found.head or "nothing is sealed yet")
    if found.head and settings.HISTORY_HEAD_TO:
        _mail_head(found)


def _mail_head(found):
    with translation.override(settings.LANGUAGE_CODE):
        said = {"head": found.head, "broken": len(found.broken), "portal": settings.PORTAL_URL}
        subject = gettext("Head of the history: block %(number)d") % {"number": found.head.number}
        body = gettext("%(portal)s\n\n%(head)s\n\nLinks that are broken: %(broken)d") % said
        try:
            EmailMessage(subject, f"{body}\n", to=[settings.HISTORY_HEAD_TO]).send()
        except (OSError, smtplib.SMTPException) as problem:
            # The next night mails a head that stands for this one too.
            log.error("the head of the history could not be mailed: %s", type(problem).__name__)


def sweep_files():
    """Delete files that no row names: what a process left that was killed in the middle of an upload or of
    making a file, and pictures of pages of what is gone.

    Younger ones are spared, because a file is in its place before its row is committed. Returns how
    many went.
    """
    keys = [rows.objects.values_list("key", flat=True).order_by() for rows in (StoredFile, NaskahReading)]
    known = keys[0].union(keys[1]).iterator()
    left = files.orphans(known, older_than=_SPARED)
    made = ExportJob.objects.exclude(file_key="").values_list("file_key", flat=True).order_by()
    left += files.made_orphans(made.iterator(), older_than=_SPARED)
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
