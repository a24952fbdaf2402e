import logging
import os
import signal
import sys
import threading
import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from kemnaker_portal.health import WORKER
from kemnaker_portal.urgency import give_way
from partnerships import jobs
from partnerships.jobs import (
    check_stored_files,
    deliver_messages,
    read_waiting_files,
    remind_of_reports,
    scan_waiting_files,
)
from partnerships.management.files_worker import FilesWorker
from partnerships.management.sealer import Sealer

log = logging.getLogger(__name__)

# Of 19, among all sessions of the machine.
LESS_URGENT = 10


class Command(BaseCommand):
    help = (
        "Do the background work: mails, reminders, sealing the history, scanning, reading and checking files,"
        " and in a second process the files that people asked for. Stops on Ctrl-C or SIGTERM, after the task"
        " at hand."
    )

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=1, help="Seconds between looks at the queue.")
        parser.add_argument("--once", action="store_true", help="Do what is due now and stop.")
        parser.add_argument(
            "--files-only", action="store_true", help="Make the files that people asked for, nothing else."
        )
        parser.add_argument(
            "--while-fed", action="store_true", help="End with the process that feeds the standard input."
        )

    def handle(self, *args, interval, once, files_only, while_fed, **options):
        os.environ["PGAPPNAME"] = WORKER
        if while_fed:
            threading.Thread(target=_end_with_input, daemon=True).start()
        if files_only:
            # Pages and mails come before files, also on the processor.
            give_way(LESS_URGENT)
        all_in_one = once or files_only
        worker = Worker(
            queue_names=[settings.EXPORT_QUEUE] if files_only else ["*"],
            interval=interval,
            batch=once,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            # Mails do not wait for a long file.
            excluded_queue_names=[] if all_in_one else [settings.EXPORT_QUEUE],
        )
        worker.configure_signals()
        _leave_the_file_in_the_making(asked_once=while_fed)
        greet = _greet_for_files if files_only else _greet
        if all_in_one:
            _work(worker, greet)
            return
        with Sealer(), FilesWorker(interval):
            _work(worker, greet)


def _work(worker, greet):
    greeted = False
    while worker.running:
        try:
            if not greeted:
                greet()
                greeted = True
            worker.run()
            return
        except (OperationalError, InterfaceError):
            # The database restarts under a running portal; the work waits in it.
            log.warning("the database does not answer; trying again")
            time.sleep(5)


def _greet():
    # A worker that was killed may have left messages without a task.
    deliver_messages.enqueue()
    # One that was down in the morning owes the reminders of the day.
    remind_of_reports.enqueue()
    # What came while none ran waits to be scanned, to be read, and to be checked.
    scan_waiting_files.enqueue()
    read_waiting_files.enqueue()
    check_stored_files.enqueue()
    _greet_for_files()


def _greet_for_files():
    jobs.see_to_waiting_files()


def _leave_the_file_in_the_making(asked_once):
    """On a signal to stop, also leave the file that is being made: the next worker makes it.

    ``asked_once`` is for a process that gets each signal twice: from outside, and from who started it.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        stop = signal.getsignal(number)

        def leave(signum, frame, stop=stop):
            is_repeated = jobs.stop_asked.is_set()
            jobs.stop_asked.set()
            if callable(stop) and not (is_repeated and asked_once):
                stop(signum, frame)

        signal.signal(number, leave)


def _end_with_input():
    """End this process at once when the one that started it is gone, however it went."""
    sys.stdin.buffer.read()
    os._exit(1)
