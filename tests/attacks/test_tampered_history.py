"""Somebody who owns the database changes history behind the portal's back: the chain tells of each try."""

import os
import random

import pytest
from django.db import IntegrityError, connection, transaction

from partnerships.actions import sealing, subjects
from partnerships.models import HistoryBlock
from partnerships.models.history_block import columns_of, sealed_tables
from partnerships.selectors.chain import Fault, check_chain
from partnerships.selectors.subjects import find
from tests.databases import at_work_in, copy_of_the_test_database, owner_settings
from tests.factories import AgreementFactory, PersonFactory, SignatoryFactory, TermFactory

BLOCKS = HistoryBlock._meta.db_table
# More than one block of the larger tables.
_ROWS_IN_A_BLOCK = 40


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    name = f"test_tampered_{os.getpid()}"
    with (
        django_db_blocker.unblock(),
        copy_of_the_test_database(name),
        at_work_in(name),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sealing, "MOST_ROWS", _ROWS_IN_A_BLOCK)
        for _each in range(30):
            paper = AgreementFactory(with_parties=["ditjen-binalavotas"])
            TermFactory(agreement=paper)
            type(paper).objects.filter(pk=paper.pk).update(title="Baru")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            AgreementFactory(with_parties=["ditjen-binalavotas"])
            raise ZeroDivisionError
        AgreementFactory(with_parties=["ditjen-binalavotas"])
        erased = PersonFactory(name="Kenari Wulandari")
        SignatoryFactory(agreement=paper, person=erased)
        sealing.seal()
        connection.close()
        web = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
        connection.settings_dict |= {name: owner_settings().get(name, "") for name in web}
        try:
            # The chain goes on through an erasure, and tells of a tampering with what that left all the same.
            subjects.erase(subject=find(f"person:{erased.pk}"), reason="ND-7/2026")
            sealing.seal()
            yield name
        finally:
            connection.close()
            connection.settings_dict |= web


class Tampering:
    """One try, drawn by lot; ``expected`` says what has to be found first: (table, key or None, faults)."""

    def __init__(self, lot, cursor):
        self.lot, self.cursor = lot, cursor
        self.sealed = {(block.table, key): block for block in HistoryBlock.objects.all() for key in block.ids}
        self.noted = None

    def some_row(self):
        table, key = self.lot.choice(sorted(self.sealed))
        return table, key, sealed_tables()[table]

    def change(self):
        """Another value in some column of a row."""
        table, key, name = self.some_row()
        columns = [each for each in columns_of(table) if each != name]
        while True:
            column = self.lot.choice(columns)
            self.cursor.execute(
                "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
                [table, column],
            )
            other = _OTHER.get(self.cursor.fetchone()[0])
            if other and self._is_changed(table, f"{name} = {key}", column, other.format(column=column)):
                return table, key, {Fault.CHANGED}

    def _is_changed(self, table, row, column, value):
        try:
            with transaction.atomic():
                self.cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = {value} WHERE {row} AND "{column}" IS NOT NULL'
                )
        except IntegrityError:
            return False  # not even the owner can, as long as the table has its checks
        return self.cursor.rowcount == 1

    def delete(self):
        table, key, name = self.some_row()
        self.cursor.execute(f'DELETE FROM "{table}" WHERE {name} = %s', [key])
        return table, key, {Fault.MISSING}

    def swap(self):
        """Two rows take each other's key."""
        while True:
            table, key, name = self.some_row()
            others = [each for of, each in self.sealed if of == table and each != key]
            if others:
                break
        other = self.lot.choice(others)
        for old, new in ((key, -1), (other, key), (-1, other)):
            self.cursor.execute(f'UPDATE "{table}" SET {name} = {new} WHERE {name} = {old}')
        return table, min(key, other), {Fault.CHANGED}

    def insert(self):
        """A copy of a row, before all others or where a key was never used."""
        table, key, name = self.some_row()
        keys = sorted(each for of, each in self.sealed if of == table)
        new = self.lot.choice([-key, *(set(range(1, keys[-1])) - set(keys))])
        columns = ", ".join(f'"{each}"' for each in columns_of(table) if each != name)
        self.cursor.execute(
            f'INSERT INTO "{table}" ({name}, {columns}) SELECT {new}, {columns} FROM "{table}"'
            f" WHERE {name} = {key}"
        )
        return table, new, {Fault.INSERTED}

    def cut(self):
        """The last blocks go, and what they sealed: only a head kept outside tells."""
        head = HistoryBlock.objects.head()
        self.noted = head.number, head.hex
        keep = head.number - self.lot.randint(1, min(5, head.number - 1))
        for block in HistoryBlock.objects.filter(number__gt=keep):
            key = sealed_tables()[block.table]
            self.cursor.execute(f'DELETE FROM "{block.table}" WHERE {key} = ANY(%s)', [block.ids])
        self.cursor.execute(f"DELETE FROM {BLOCKS} WHERE number > %s", [keep])
        return "", None, {Fault.CUT}

    def change_a_block(self):
        """A row and what was sealed of it, but not what follows from that."""
        table, key, _name = self.some_row()
        number = self.sealed[table, key].number
        self.cursor.execute(
            f"UPDATE {BLOCKS} SET digests = sha256('x') || substr(digests, 33) WHERE number = {number}"
        )
        return table, None, {Fault.BLOCK_CHANGED}

    def rewrite_a_block(self):
        """A block that is right in itself, in place of the one that the next was made from."""
        head = HistoryBlock.objects.head()
        number = self.lot.randint(1, head.number - 1)
        block, following = (
            HistoryBlock.objects.get(number=number),
            HistoryBlock.objects.get(number=number + 1),
        )
        block.digests = bytes(reversed(bytes(block.digests)))
        self.cursor.execute(
            f"UPDATE {BLOCKS} SET digests = %s, hash = %s WHERE number = %s",
            [block.digests, block.computed_hash(), number],
        )
        return following.table, None, {Fault.BLOCK_STRANGE}

    def delete_a_block(self):
        head = HistoryBlock.objects.head()
        number = self.lot.randint(1, head.number - 1)
        following = HistoryBlock.objects.get(number=number + 1)
        self.cursor.execute(f"DELETE FROM {BLOCKS} WHERE number = {number}")
        return following.table, None, {Fault.BLOCK_MISSING}


# Another value of a type.
_OTHER = {
    "integer": '"{column}" + 1',
    "bigint": '"{column}" + 1',
    "smallint": '"{column}" + 1',
    "boolean": 'NOT "{column}"',
    "text": "\"{column}\" || ' '",
    "character varying": "overlay(\"{column}\" placing '~' from 1)",
    "timestamp with time zone": "\"{column}\" + interval '1 microsecond'",
    "date": '"{column}" + 1',
    "jsonb": "'{{\"actor\": 0}}'::jsonb",
}
KINDS = ["change", "delete", "swap", "insert", "cut", "change_a_block", "rewrite_a_block", "delete_a_block"]


def test_every_tampering_is_found_and_the_first_link_named(database, rounds):
    tries, missed, misnamed = rounds(60, 1000), [], []
    assert check_chain().broken == []
    for number in range(tries):
        lot, kind = random.Random(number), KINDS[number % len(KINDS)]  # noqa: S311
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table in [*sealed_tables(), BLOCKS]:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            tampering = Tampering(lot, cursor)
            table, key, faults = getattr(tampering, kind)()
            broken = check_chain(tampering.noted).broken
            transaction.set_rollback(True)
        if not broken:
            missed.append((number, kind, table, key))
        elif not any((each.table, each.key) == (table, key) and each.fault in faults for each in broken):
            misnamed.append((number, kind, table, key, broken[:3]))
    assert check_chain().broken == []
    print(f"{tries - len(missed)} of {tries} tamperings found, {len(misnamed)} misnamed")
    assert (missed, misnamed) == ([], [])
