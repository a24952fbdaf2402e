"""The second process of the background worker, which makes files, and who looks after it."""

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from partnerships.actions import exports

log = logging.getLogger(__name__)

_MANAGE = Path(settings.BASE_DIR, "manage.py")
_SECONDS_BETWEEN_LOOKS = 0.5
# How often jobs are looked for whose worker is silent.
_SECONDS_BETWEEN_REAPS = 5
# A process that dies at once would be started hundreds of times.
_PAUSE_AFTER_A_DEATH = 2
_SECONDS_TO_STOP = 12


class FilesWorker:
    """Within the block a process makes files; one that dies is replaced, and what it was making put back.

    It ends with this process, also when this one is killed: its standard input closes.
    """

    def __init__(self, interval):
        self._command = [
            *(sys.executable, str(_MANAGE), "run_worker"),
            *("--files-only", "--while-fed", "--interval", str(interval)),
        ]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_after, daemon=True)
        self._process = None

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()
        if self._process:
            _end(self._process)

    def _look_after(self):
        try:
            self._process = self._start()
            reaped_at = 0
            while not self._over.wait(_SECONDS_BETWEEN_LOOKS):
                if self._process.poll() is not None:
                    log.warning("the worker for files ended (%s); another begins", self._process.returncode)
                    self._over.wait(_PAUSE_AFTER_A_DEATH)
                    self._process = self._start()
                if time.monotonic() - reaped_at > _SECONDS_BETWEEN_REAPS:
                    _reap()
                    reaped_at = time.monotonic()
        finally:
            connection.close()

    def _start(self):
        return subprocess.Popen(self._command, stdin=subprocess.PIPE)  # noqa: S603 - our own command


def _reap():
    try:
        if silent := exports.reap():
            log.warning("%s files were in the making by a worker that died", silent)
    except (OperationalError, InterfaceError):
        # The database restarts; the next time there is a new connection.
        connection.close()


def _end(process):
    process.terminate()
    try:
        process.wait(_SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
