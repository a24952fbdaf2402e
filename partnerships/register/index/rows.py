"""Whole numbers out of the database by the million: COPY in its binary form, as NumPy reads it."""

import numpy as np

from kemnaker_portal.replicas import reading

# The mark of the form, its flags and its extension; then rows; then two bytes.
_HEAD, _TAIL = 19, 2
_AT_ONCE = 2_000_000


def read(query, columns):
    """{name: array} of a query without parameters that gives no NULL; ``columns`` has of each name the type
    as which the database gives it (``i8``, ``i4``, ``i2``) and the one in which it is kept."""
    taking = _Taking(columns)
    connection = reading()
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", taking)
    return taking.columns()


class _Taking:
    """What COPY writes to: rows become numbers some megabytes at a time."""

    def __init__(self, columns):
        self._kept = {name: kept for name, (_given, kept) in columns.items()}
        # Each row says how many values it has, and each value how many bytes.
        layout = [("", ">i2")]
        for name, (given, _kept) in columns.items():
            layout += [(f"bytes of {name}", ">i4"), (name, f">{given}")]
        self._layout = np.dtype([(name or "values", form) for name, form in layout])
        self._bytes = bytearray()
        self._skipped = 0
        self._parts = {name: [] for name in columns}

    def write(self, data):
        self._bytes += data
        if len(self._bytes) > _AT_ONCE:
            self._take()

    def _take(self):
        start = 0 if self._skipped else _HEAD
        self._skipped = _HEAD
        number = (len(self._bytes) - start) // self._layout.itemsize
        end = start + number * self._layout.itemsize
        rows = np.frombuffer(bytes(self._bytes[start:end]), self._layout)
        for name, kept in self._kept.items():
            self._parts[name].append(rows[name].astype(kept))
        self._bytes = self._bytes[end:]

    def columns(self):
        self._take()
        if len(self._bytes) != _TAIL:
            raise ValueError("a row is not as long as the others")
        return {name: np.concatenate(parts) for name, parts in self._parts.items()}
