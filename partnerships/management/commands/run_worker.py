import logging
import time

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from partnerships.jobs import (
    check_stored_files,
    deliver_messages,
    read_waiting_files,
    remind_of_reports,
)

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Do the background work: mails, reminders, reading and checking files. "
        "Stops on Ctrl-C or SIGTERM, after the task at hand."
    )

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=1, help="Seconds between looks at the queue.")
        parser.add_argument("--once", action="store_true", help="Do what is due now and stop.")

    def handle(self, *args, interval, once, **options):
        worker = Worker(
            queue_names=["*"],
            interval=interval,
            batch=once,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        self._work(worker)

    def _work(self, worker):
        greeted = False
        while worker.running:
            try:
                if not greeted:
                    # A worker that was killed may have left messages without a task.
                    deliver_messages.enqueue()
                    # One that was down in the morning owes the reminders of the day.
                    remind_of_reports.enqueue()
                    # What came while none ran waits to be read, and to be checked.
                    read_waiting_files.enqueue()
                    check_stored_files.enqueue()
                    greeted = True
                worker.run()
                return
            except (OperationalError, InterfaceError):
                # The database restarts under a running portal; the work waits in it.
                log.warning("the database does not answer; trying again")
                time.sleep(5)
