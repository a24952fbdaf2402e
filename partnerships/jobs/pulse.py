"""The sign of life of a job that is being made, and how it is told to stop."""

import logging
import threading

from django.db import InterfaceError, OperationalError, connection

from partnerships.actions import exports

log = logging.getLogger(__name__)

SECONDS_BETWEEN = 1


class Broken(Exception):
    """The file is not wanted any more, or the worker is told to stop."""

    def __init__(self, is_for_a_stop):
        super().__init__("told to stop" if is_for_a_stop else "cancelled")
        self.is_for_a_stop = is_for_a_stop


class Pulse:
    """Says each second that a try is alive and how far it is, from a thread with a connection of its own:
    the rows are read in one long transaction that writes nothing.

    ``progress`` is for whoever writes the file: it takes the number of rows done, and raises Broken when the
    reader has cancelled or the worker is told to stop, JobLost when another worker has the job.
    """

    def __init__(self, job, stop_asked):
        self._job = job
        self._stop_asked = stop_asked
        self._known = {"rows_total": job.rows_total, "narrowed_by": job.narrowed_by, "scope": job.scope}
        self._rows_done = 0
        self._is_cancelled = self._is_lost = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat_until_over, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self.stop()

    def knows(self, rows_total, narrowed_by, scope):
        """What the try found out before its first row."""
        self._known = {"rows_total": rows_total, "narrowed_by": narrowed_by, "scope": scope}

    def progress(self, rows_done):
        # A writer that reads everything first says 0 until the first rows are written.
        self._rows_done = max(self._rows_done, rows_done)
        if self._is_lost:
            raise exports.JobLost(str(self._job.pk))
        if self._is_cancelled or self._stop_asked.is_set():
            raise Broken(is_for_a_stop=not self._is_cancelled)

    def stop(self):
        """The last sign of life, with all that is known; afterwards the row is the caller's alone."""
        if not self._over.is_set():
            self._over.set()
            self._thread.join()

    def _beat_until_over(self):
        try:
            while not self._over.wait(SECONDS_BETWEEN):
                self._beat()
            self._beat()
        finally:
            connection.close()

    def _beat(self):
        try:
            known = {**self._known, "rows_done": min(self._rows_done, self._known["rows_total"])}
            self._is_cancelled = exports.progress(job=self._job, **known)
        except exports.JobLost:
            self._is_lost = True
        except (OperationalError, InterfaceError):
            # The database restarts; the next beat has a new connection.
            log.warning("export %s: no sign of life could be given", self._job.pk)
            connection.close()
