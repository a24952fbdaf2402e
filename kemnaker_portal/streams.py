"""Answers whose bytes are made while they are sent."""

import logging
import socket
from pathlib import Path

from django.utils import translation

from kemnaker_portal import readers

_INTERNET = (socket.AF_INET, socket.AF_INET6)
_log = logging.getLogger(__name__)


class SentAsMade:
    """The parts of an answer in the language of the request and for its reader, which ends before they are
    made.

    What makes them is closed when the answer is, also when the reader hangs up. An error breaks the
    connection: the web server would end the answer properly, and its beginning would pass for all of it.
    """

    def __init__(self, request, parts):
        self._request, self._parts = request, parts
        self._language = translation.get_language()
        self._reader = readers.current()

    def __iter__(self):
        return self

    def __next__(self):
        try:
            with translation.override(self._language), readers.reading_as(self._reader):
                return next(self._parts)
        except StopIteration:
            raise
        except BaseException:
            _log.exception("answer %s broken off in the middle", self._request.number)
            _hang_up_on(self._request.META["REMOTE_ADDR"])
            raise

    def close(self):
        with translation.override(self._language), readers.reading_as(self._reader):
            self._parts.close()


def _hang_up_on(address):
    """End this process's connections with that address.

    WSGI hands out neither the socket nor its port. A worker serves one request at a time; what else is
    open to the same address waits for its next request, and a browser then opens another.
    """
    for entry in Path("/proc/self/fd").iterdir():
        try:
            with socket.socket(fileno=socket.dup(int(entry.name))) as line:
                if line.family in _INTERNET and line.getpeername()[0] == address:
                    line.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue  # no socket, or one that nobody is at the other end of
