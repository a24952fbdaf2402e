"""The connection that tells PostgreSQL, before a statement, for whom rows are read, if that has changed.

A server that is called in vain, because the way to it is slow or gone, is then left alone for a moment: a
thread that waits for it answers nobody, not even who asks whether the portal lives.
"""

import time
from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from kemnaker_portal import readers

_SECONDS_LEFT_ALONE = 2
# A call that is turned down sooner has kept nobody waiting.
_SECONDS_WAITED = 1
# Until when, by the name of the connection.
_left_alone: dict[str, float] = {}
_IS_THERE = "SELECT to_regprocedure('portal_read_as(text)') IS NOT NULL"


class DatabaseWrapper(base.DatabaseWrapper):
    """A session remembers its reader until it is told another; so does this connection."""

    # Whether the tables have been migrated so far that there is somebody to tell.
    _listens = False

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        # None where nobody knows it any more.
        self._told: str | None = readers.NOBODY
        self.execute_wrappers.append(self._telling)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._told = readers.NOBODY
        began = time.monotonic()
        if began < _left_alone.get(self.alias, 0):
            raise psycopg2.OperationalError("the database did not answer a moment ago")
        try:
            return super().get_new_connection(conn_params)
        except psycopg2.OperationalError:
            if (now := time.monotonic()) - began >= _SECONDS_WAITED:
                _left_alone[self.alias] = now + _SECONDS_LEFT_ALONE
            raise

    def create_cursor(self, name: str | None = None) -> Any:
        self._tell()
        return super().create_cursor(name)

    def _telling(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        # A cursor may be older than the reader.
        self._tell()
        return execute(sql, params, many, context)

    def _set_autocommit(self, autocommit: bool) -> None:
        # Told before a transaction begins, it outlives the transaction; and what a transaction says of itself
        # has to be the first that is said in it.
        if not autocommit:
            self._tell()
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs do not know it

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # the stubs do not know it
        # What was told within is taken back with the rest.
        self._told = None

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs do not know it
        self._told = None

    def _tell(self) -> None:
        reader = readers.current()
        if reader == self._told or self.connection is None:
            return
        if self.connection.info.transaction_status == TRANSACTION_STATUS_INERROR:
            # Nothing is read until it is rolled back, and then it is told.
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            if not DatabaseWrapper._listens:
                cursor.execute(_IS_THERE)
                (DatabaseWrapper._listens,) = cursor.fetchone()
            if DatabaseWrapper._listens:
                cursor.execute("SELECT portal_read_as(%s)", [reader])
        self._told = reader
