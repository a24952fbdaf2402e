"""For whom the rows of the database are read: a second lock behind ``visible_to``.

The connection tells PostgreSQL who reads (kemnaker_portal.database), and there policies decide by themselves
what that reader's postings open (partnerships, migration 0018). Where nobody is named, there are no rows.
See docs/decisions/0015-row-level-security.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

# Who names nobody reads nothing; who has not signed in reads what is published; the portal itself reads all.
NOBODY, ANONYMOUS, REGISTER = "", "anonymous", "register"

_named: ContextVar[str | None] = ContextVar("reader", default=None)


def current() -> str:
    """Who reads at this moment: NOBODY, ANONYMOUS, REGISTER, or the id of a user."""
    named = _named.get()
    return settings.READER_UNLESS_NAMED if named is None else named


@contextmanager
def reading_as(reader: str) -> Iterator[None]:
    """Within this, rows are read and written for that reader (a value of ``current``)."""
    token = _named.set(reader)
    try:
        yield
    finally:
        _named.reset(token)


@contextmanager
def reading_for(user: Any) -> Iterator[None]:
    """``reading_as`` that user, who may be one that has not signed in."""
    with reading_as(str(user.pk) if user.is_authenticated else ANONYMOUS):
        yield


def from_now_on_for(user: Any) -> None:
    """The rest of a running ``reading_for`` is for that user: who has signed in during a request, which began
    for nobody."""
    _named.set(str(user.pk))


@contextmanager
def whole_register() -> Iterator[None]:
    """``reading_as`` the portal itself, which sees everything: for what is no answer to a reader yet.

    tests/partnerships/test_row_level_security.py lists every place that says so, with its reason.
    """
    with reading_as(REGISTER):
        yield
