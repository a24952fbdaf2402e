"""Reads that may be answered by a copy of the database, and how nobody misses there what they just wrote.

With DATABASE_REPLICA_URL the portal knows a second connection, to a PostgreSQL that follows the first one by
streaming. Nothing goes there by itself: ``from_replica`` marks a stretch of work that only reads, and grants
the copy only if it has come as far as that work must see. Everything else, and every write, is the primary's.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

REPLICA = "replica"
# A copy that is further behind is not read: a page may be some seconds old, not minutes.
_SECONDS_BEHIND = 10
# One that can't be reached is left alone for so long, so that not every page waits for it.
_SECONDS_LEFT_ALONE = 5
_PATIENCE = 0.05  # seconds between two looks at a copy that is waited for

# A copy that has lost its connection to the primary looks as if it had nothing left to replay.
_STATE = """
    SELECT CASE
        WHEN NOT pg_is_in_recovery() THEN 'no replica'
        WHEN NOT EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 'does not follow'
        WHEN coalesce(pg_last_wal_replay_lsn() < pg_last_wal_receive_lsn(), false)
            AND clock_timestamp() - pg_last_xact_replay_timestamp() > make_interval(secs => %(behind)s::float)
            THEN 'is behind'
        WHEN pg_last_wal_replay_lsn() < %(position)s::pg_lsn THEN 'has not come so far'
        ELSE 'ok'
    END
"""
_BEGINNING = "0/0"

_is_granted: ContextVar[bool] = ContextVar("read-from-the-replica", default=False)
_has_written: ContextVar[bool] = ContextVar("written-to-the-primary", default=False)
_left_alone_until = 0.0


def is_configured() -> bool:
    return REPLICA in connections.settings


def alias() -> str:
    """The name of the connection that is read from now."""
    return REPLICA if _is_granted.get() else DEFAULT_DB_ALIAS


def reading() -> BaseDatabaseWrapper:
    """The connection that is read from now, for questions that are not asked through a model."""
    return connections[alias()]


class Router:
    """Tells Django which connection the rows of a model are read from and written to.

    Who somebody is, and what a request has written itself, is always the primary's to say.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        is_copied = model._meta.app_label in settings.READ_FROM_REPLICA
        return alias() if is_copied else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        _has_written.set(True)
        _is_granted.set(False)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, database: str, app_label: str, **hints: Any) -> bool:
        return database == DEFAULT_DB_ALIAS


@contextmanager
def from_replica(*positions: str, wait: float = 0.0) -> Iterator[bool]:
    """Within this, models and ``reading`` ask the copy, if it has come to each of the positions (of the
    primary's log, such as ``position`` tells) within ``wait`` seconds; whether it does."""
    is_granted = is_configured() and not _is_granted.get() and _comes_to(positions, wait)
    token = _is_granted.set(is_granted)
    try:
        yield is_granted
    finally:
        _is_granted.reset(token)


@contextmanager
def from_primary() -> Iterator[None]:
    """Within this everything is asked of the primary: what must be true now, such as rights."""
    token = _is_granted.set(False)
    try:
        yield
    finally:
        _is_granted.reset(token)


def position() -> str:
    """How far the primary's log has come: whatever was committed until now lies before it."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return str(cursor.fetchone()[0])


def has_failed() -> bool:
    """Whether a question to the copy failed since its connection was last looked after."""
    return is_configured() and connections[REPLICA].errors_occurred


def state(*positions: str) -> str:
    """``ok``, or why the copy is not read just now. Raises django.db.Error when it does not answer."""
    with connections[REPLICA].cursor() as cursor:
        furthest = max(positions, key=_number, default=_BEGINNING)
        cursor.execute(_STATE, {"behind": str(_SECONDS_BEHIND), "position": furthest})
        return str(cursor.fetchone()[0])


def _number(written: str) -> int:
    """A position of the log, written as PostgreSQL does ("16/B374D848"), as a number."""
    high, low = written.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def _comes_to(positions: tuple[str, ...], wait: float) -> bool:
    global _left_alone_until
    began = time.monotonic()
    if began < _left_alone_until:
        return False
    try:
        while state(*positions) != "ok":
            if time.monotonic() - began >= wait:
                return False
            time.sleep(_PATIENCE)
    except Error:
        _left_alone_until = time.monotonic() + _SECONDS_LEFT_ALONE
        connections[REPLICA].close()
        return False
    return True


@contextmanager
def writing_noticed() -> Iterator[ContextVar[bool]]:
    """Within this, the variable says whether a model was written."""
    token = _has_written.set(False)
    try:
        yield _has_written
    finally:
        _has_written.reset(token)
