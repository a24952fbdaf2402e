"""Who seals the history, minute by minute, beside the other work of the background worker."""

import logging
import threading

from django.db import DatabaseError, InterfaceError, connection

from partnerships.actions import sealing

log = logging.getLogger(__name__)

_SECONDS_BETWEEN = 60


class Sealer:
    """Within the block a thread seals what was written, every minute; what it misses the next run seals."""

    def __init__(self):
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._seal_until_over, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()

    def _seal_until_over(self):
        try:
            _seal()
            while not self._over.wait(_SECONDS_BETWEEN):
                _seal()
        finally:
            connection.close()


def _seal():
    try:
        sealing.seal()
    except sealing.HeldUp:
        log.warning("the history was not sealed: a transaction has been open for long")
    except (DatabaseError, InterfaceError):
        # The database restarts, or its tables are being migrated; the next time there is a new connection.
        log.warning("the history could not be sealed; trying again", exc_info=True)
        connection.close()
