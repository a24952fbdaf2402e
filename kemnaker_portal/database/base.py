"""The connection that tells PostgreSQL, before a statement, for whom rows are read, if that has changed."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from kemnaker_portal import readers

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
        return super().get_new_connection(conn_params)

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
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        # What was told within is taken back with the rest.
        self._told = None

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
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
