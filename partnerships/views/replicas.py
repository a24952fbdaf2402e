"""Pages that a copy of the database may answer."""

from functools import wraps

from django.db import InterfaceError, OperationalError

from kemnaker_portal import replicas
from kemnaker_portal.middleware import last_write_of
from partnerships.register.index.watch import last_note_written_by

_READS = {"GET", "HEAD"}


def may_ask_a_replica(view):
    """Mark a page that only reads, and that nobody opens to see what they have just done.

    The copy answers it only once it has what this browser last wrote, and what the figures in memory were
    counted from, so that a figure and its rows are of one state. If it fails half-way, the primary answers.
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in _READS or not replicas.is_configured():
            return view(request, *args, **kwargs)
        needed = *last_write_of(request), last_note_written_by()
        with replicas.from_replica(*needed) as is_granted:
            try:
                return view(request, *args, **kwargs)
            except (OperationalError, InterfaceError):
                if not (is_granted and replicas.has_failed()):
                    raise
        return view(request, *args, **kwargs)

    answer.may_ask_a_replica = True
    return answer
