import logging
import time
import traceback

import pghistory
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, DataError, transaction
from django.http import Http404
from psycopg2.errors import LockNotAvailable

from accounts.models import ErrorReport
from kemnaker_portal import errors
from kemnaker_portal.logs import without_keys

_READS = {"GET", "HEAD", "OPTIONS"}
_ANSWERS = (
    Http404,
    PermissionDenied,
    BadRequest,
    SuspiciousOperation,
    ReauthenticationRequired,
    ImmediateHttpResponse,
)
_REFUSED = 400
_log = logging.getLogger(__name__)


def history_context(get_response):
    """Write into every history row of a request who asked, through which door, under which number.

    A write that was refused leaves no row; the log has a line of it.
    """

    def middleware(request):
        if request.method in _READS:
            return get_response(request)
        door = "admin" if request.path.startswith("/admin/") else "page"
        with pghistory.context(
            actor=request.user.pk, door=door, request=request.number, path=without_keys(request.path)[:300]
        ):
            response = get_response(request)
        if response.status_code >= _REFUSED:
            said = request.method, request.path, request.user.pk, response.status_code
            _log.warning("write refused: %s %s by user %s: %s", *said, extra={"request": request})
        return response

    return middleware


class ErrorsMet:
    """Turn an error into a page with a number, and keep a report of it for the admins.

    Where a row was waited for in vain, whoever sends the same within ``PATIENCE`` seconds is answered at
    once: a hundred that wait one by one for a row that nobody gives back would stop every other page.
    """

    PATIENCE = 3

    def __init__(self, get_response):
        self.get_response = get_response
        self._held = {}

    def __call__(self, request):
        if request.method not in _READS and time.monotonic() < self._held.get(request.path, 0):
            return errors.unavailable(request)
        return self.get_response(request)

    def process_exception(self, request, exception):
        if errors.is_away(exception):
            if isinstance(exception.__cause__, LockNotAvailable):
                self._note_held(request.path)
            return errors.unavailable(request)
        if isinstance(exception, DataError):
            return errors.bad_request(request)
        if _is_an_answer(exception):
            return None
        _report(request, exception)
        return None

    def _note_held(self, path):
        now = time.monotonic()
        still = {each: until for each, until in self._held.items() if until > now}
        self._held = {**still, path: now + self.PATIENCE}


def _is_an_answer(exception):
    """404, 403, 400 and the question who one is are raised to be answered, not errors."""
    return isinstance(exception, _ANSWERS)


def _report(request, exception):
    frame = traceback.extract_tb(exception.__traceback__)[-1]
    user = getattr(request, "user", None)
    try:
        with transaction.atomic():
            ErrorReport.objects.create(
                request_id=request.number,
                method=request.method[:8],
                path=without_keys(request.path)[:300],
                kind=type(exception).__name__[:200],
                place=f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"[:300],
                user=user if user and user.is_authenticated else None,
            )
    except DatabaseError:
        # The log has the error itself; a report that can't be written must not hide it.
        return
