"""Sealing history: what was written is put into the chain of blocks, and can't be changed unnoticed after."""

import time

from django.db import connection, transaction
from django.utils import timezone

from partnerships.models import HistoryBlock
from partnerships.models.history_block import (
    BEFORE_ALL,
    DIGEST_BYTES,
    GONE,
    columns_of,
    digest_of_a_row,
    sealed_tables,
    write_rows_alike,
)

MOST_ROWS = 5_000
# How long a run waits for transactions that were open when it began, and how often it looks.
PATIENCE = 20
_SECONDS_BETWEEN_LOOKS = 0.05
_LOCK = 7_361_001


class HeldUp(Exception):
    """A transaction that began before the run is still open; what it writes is to be sealed with the rest."""


def seal(*, patience=PATIENCE):
    """Seal every row that was committed when the run began; returns how many rows that were.

    A row may become visible after one with a higher key, so nothing is sealed before every transaction is
    over that was open when the highest keys were read: below these no row can come any more. Raises HeldUp
    when one stays open for longer than ``patience`` (seconds); then nothing is sealed, and nothing is lost.
    Not to be called within a transaction that has written: it would wait for itself.
    """
    news = _news()
    if not news:
        return 0
    _wait_until_all_are_over(patience)
    return sum(_seal_table(table, upto) for table, upto in sorted(news.items()))


@transaction.atomic
def restate(*, table, ids, reason):
    """Within the transaction that changed sealed rows, or took them out, put down what they are now and why.

    For what the law or the operators ask for: erasing a person, the end of a retention period. The block says
    it for good, and ``check_integrity`` prints it. Keys that are not sealed yet need no word.
    """
    if not reason:
        raise ValueError("a sealed row does not change without a reason")
    key, columns = sealed_tables()[table], columns_of(table)
    with connection.cursor() as cursor:
        _one_at_a_time(cursor)
        sealed = HistoryBlock.objects.sealed_up_to(table)
        wanted = sorted(each for each in ids if each <= sealed)
        for begin in range(0, len(wanted), MOST_ROWS):
            some = wanted[begin : begin + MOST_ROWS]
            cursor.execute(
                f'SELECT {key}, {digest_of_a_row(columns)} FROM "{table}" WHERE {key} = ANY(%s)',  # noqa: S608
                [some],
            )
            now = dict(cursor.fetchall())
            digests = b"".join(bytes(now.get(each, GONE)) for each in some)
            _append(table, (0, 0), columns, some, digests, note=reason)


def _news():
    """The highest committed key of each table that has rows above the sealed ones."""
    each = [
        f"SELECT '{table}', (SELECT max({key}) FROM \"{table}\"),"  # noqa: S608
        f" (SELECT max(upto) FROM {HistoryBlock._meta.db_table} WHERE \"table\" = '{table}' AND note = '')"
        for table, key in sealed_tables().items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        found = cursor.fetchall()
    return {
        table: last for table, last, sealed in found if last is not None and last > (sealed or BEFORE_ALL)
    }


def _wait_until_all_are_over(patience):
    # A writer has its key a moment before its transaction has a number to wait for.
    time.sleep(_SECONDS_BETWEEN_LOOKS)
    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        (following,) = cursor.fetchone()
        while True:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8", [following])
            if cursor.fetchone()[0]:
                return
            if time.monotonic() >= until:
                raise HeldUp
            time.sleep(_SECONDS_BETWEEN_LOOKS)


def _seal_table(table, upto):
    rows = 0
    while some := _seal_some(table, upto):
        rows += some
    return rows


@transaction.atomic
def _seal_some(table, upto):
    key, columns = sealed_tables()[table], columns_of(table)
    with connection.cursor() as cursor:
        _one_at_a_time(cursor)
        after = HistoryBlock.objects.sealed_up_to(table)
        cursor.execute(
            "SELECT array_agg(key ORDER BY key), string_agg(digest, ''::bytea ORDER BY key) FROM ("  # noqa: S608
            f' SELECT {key} AS key, {digest_of_a_row(columns)} AS digest FROM "{table}"'
            f" WHERE {key} > %s AND {key} <= %s ORDER BY {key} LIMIT {MOST_ROWS}) AS taken",
            [after, upto],
        )
        ids, digests = cursor.fetchone()
    if not ids:
        return 0
    last = ids[-1] if len(ids) == MOST_ROWS else upto
    _append(table, (after, last), columns, ids, bytes(digests))
    return len(ids)


def _one_at_a_time(cursor):
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    write_rows_alike(cursor)


def _append(table, between, columns, ids, digests, note=""):
    head = HistoryBlock.objects.head()
    after, upto = between
    block = HistoryBlock(
        number=head.number + 1 if head else 1,
        table=table,
        after=after,
        upto=upto,
        columns=columns,
        ids=ids,
        digests=digests,
        note=note,
        sealed_at=timezone.now(),
        previous=bytes(head.hash) if head else bytes(DIGEST_BYTES),
    )
    block.hash = block.computed_hash()
    block.save(force_insert=True)
