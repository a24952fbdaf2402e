"""Whether the history is still what was sealed: every block of the chain, and every row that it holds."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

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

_ROWS_AT_ONCE = 5_000
_BLOCKS_AT_ONCE = 20


class Fault(models.TextChoices):
    """What can be wrong with a link of the chain."""

    CHANGED = "changed", _("its content was changed")
    MISSING = "missing", _("it was taken out")
    INSERTED = "inserted", _("it was put in afterwards")
    BLOCK_CHANGED = "block_changed", _("the block itself was changed")
    BLOCK_MISSING = "block_missing", _("the block was taken out")
    BLOCK_STRANGE = "block_strange", _("the block does not follow the one before it")
    UNREADABLE = "unreadable", _("the table lacks columns that were sealed")
    NOT_THE_HEAD = "not_the_head", _("it is not the block that was noted outside")
    CUT = "cut", _("the chain ends before the block that was noted outside")


@dataclass(frozen=True, order=True)
class Broken:
    """A link that does not hold: the number of its block, the table, the key of the row (None: the block)."""

    number: int
    table: str
    key: int | None
    fault: Fault


@dataclass
class Verdict:
    """What a check of the whole chain found; ``broken`` in the order of the chain."""

    head: HistoryBlock | None
    blocks: int = 0
    rows: int = 0
    not_sealed: int = 0
    restated: list = field(default_factory=list)
    broken: list = field(default_factory=list)


def check_chain(noted=None):
    """Compare the chain with itself, with the rows it sealed, and with a head ``noted`` outside, a pair of
    the number and the hash (hex) of a block."""
    with _one_moment() as cursor:
        return _Check(cursor, noted).verdict()


@contextmanager
def _one_moment():
    """One state of the database, in which rows are written as they were when they were sealed."""
    is_within = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not is_within:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        write_rows_alike(cursor)
        yield cursor


class _Check:
    def __init__(self, cursor, noted):
        self._cursor = cursor
        self._noted = noted
        self._tables = sealed_tables()
        self._found = Verdict(HistoryBlock.objects.head())
        self._sealed = dict.fromkeys(self._tables, BEFORE_ALL)
        # What was put down later of single rows: {table: {key: (number of the block, columns, digest)}}.
        self._restated = defaultdict(dict)

    def verdict(self):
        self._check_links()
        self._check_noted_head()
        self._check_rows()
        self._check_restated_rows()
        self._count_what_is_not_sealed()
        self._found.broken.sort(key=lambda each: (each.number, each.table, each.key or 0))
        return self._found

    def _says(self, number, table, key, fault):
        self._found.broken.append(Broken(number, table, key, fault))

    def _check_links(self):
        number, hash_before = 0, bytes(DIGEST_BYTES)
        for block in HistoryBlock.objects.order_by("number").iterator(chunk_size=_BLOCKS_AT_ONCE):
            if block.number != number + 1:
                self._says(number + 1, block.table, None, Fault.BLOCK_MISSING)
            elif bytes(block.previous) != hash_before:
                self._says(block.number, block.table, None, Fault.BLOCK_STRANGE)
            if block.computed_hash() != bytes(block.hash) or not _is_whole(block):
                self._says(block.number, block.table, None, Fault.BLOCK_CHANGED)
            elif block.note:
                self._remember(block)
            elif block.after != self._sealed.get(block.table, block.after):
                self._says(block.number, block.table, None, Fault.BLOCK_STRANGE)
            if not block.note:
                self._sealed[block.table] = block.upto
            number, hash_before = block.number, bytes(block.hash)
            self._found.blocks += 1

    def _remember(self, block):
        self._found.restated.append((block.number, block.table, len(block.ids), block.note))
        for place, key in enumerate(block.ids):
            self._restated[block.table][key] = block.number, block.columns, block.digest_at(place)

    def _check_noted_head(self):
        if self._noted is None:
            return
        number, hexed = self._noted
        block = HistoryBlock.objects.filter(number=number).defer("ids", "digests").first()
        if block is None:
            self._says(number, "", None, Fault.CUT)
        elif block.hex != hexed:
            self._says(number, block.table, None, Fault.NOT_THE_HEAD)

    def _check_rows(self):
        blocks = HistoryBlock.objects.filter(note="").order_by("table", "number")
        some = []
        for block in blocks.iterator(chunk_size=_BLOCKS_AT_ONCE):
            if some and not _belongs(block, some):
                self._compare(some)
                some = []
            some.append(block)
        if some:
            self._compare(some)

    def _compare(self, blocks):
        """Compare the rows that some blocks, one behind the other, sealed of a table."""
        table, columns = blocks[0].table, blocks[0].columns
        self._found.rows += sum(len(block.ids) for block in blocks)
        if table not in self._tables or not set(columns) <= set(columns_of(table)):
            self._says(blocks[0].number, table, None, Fault.UNREADABLE)
            return
        key = self._tables[table]
        self._cursor.execute(
            f"SELECT array_agg({key} ORDER BY {key}),"  # noqa: S608
            f" string_agg({digest_of_a_row(columns)}, ''::bytea ORDER BY {key})"
            f' FROM "{table}" WHERE {key} > %s AND {key} <= %s',
            [blocks[0].after, blocks[-1].upto],
        )
        ids, digests = self._cursor.fetchone()
        ids, digests = ids or [], bytes(digests or b"")
        sealed = [each for block in blocks for each in block.ids]
        if ids == sealed and digests == b"".join(bytes(block.digests) for block in blocks):
            return
        now = {each: digests[at * DIGEST_BYTES : (at + 1) * DIGEST_BYTES] for at, each in enumerate(ids)}
        for block in blocks:
            self._compare_block(block, now)

    def _compare_block(self, block, now):
        sealed = {key: block.digest_at(place) for place, key in enumerate(block.ids)}
        for key in now:
            if block.after < key <= block.upto and key not in sealed:
                self._says(block.number, block.table, key, Fault.INSERTED)
        for key, digest in sealed.items():
            if key in self._restated[block.table]:
                continue
            if key not in now:
                self._says(block.number, block.table, key, Fault.MISSING)
            elif now[key] != digest:
                self._says(block.number, block.table, key, Fault.CHANGED)

    def _check_restated_rows(self):
        for table, rows in self._restated.items():
            alike = defaultdict(list)
            for key, (_number, columns, _digest) in rows.items():
                alike[tuple(columns)].append(key)
            for columns, keys in alike.items():
                self._compare_restated(table, columns, keys)

    def _compare_restated(self, table, columns, keys):
        rows = self._restated[table]
        if table not in self._tables or not set(columns) <= set(columns_of(table)):
            self._says(rows[keys[0]][0], table, None, Fault.UNREADABLE)
            return
        self._cursor.execute(
            f"SELECT {self._tables[table]}, {digest_of_a_row(columns)}"  # noqa: S608
            f' FROM "{table}" WHERE {self._tables[table]} = ANY(%s)',
            [keys],
        )
        now = {key: bytes(digest) for key, digest in self._cursor.fetchall()}
        for key in keys:
            number, _columns, digest = rows[key]
            if now.get(key, GONE) != digest:
                self._says(number, table, key, Fault.CHANGED if key in now else Fault.MISSING)

    def _count_what_is_not_sealed(self):
        for table, key in self._tables.items():
            self._cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE {key} > %s',  # noqa: S608
                [self._sealed[table]],
            )
            self._found.not_sealed += self._cursor.fetchone()[0]


def _is_whole(block):
    """Whether its keys ascend within its span, each with its digest."""
    ids = block.ids
    ascend = all(one < other for one, other in pairwise(ids))
    inside = block.note or (ids and block.after < ids[0] and ids[-1] <= block.upto)
    return ascend and bool(inside) and len(block.digests) == len(ids) * DIGEST_BYTES


def _belongs(block, some):
    return (
        block.table == some[0].table
        and block.columns == some[0].columns
        and block.after == some[-1].upto
        and sum(len(each.ids) for each in some) < _ROWS_AT_ONCE
    )
