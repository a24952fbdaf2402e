"""The chain that seals the history: each block holds the SHA-256 of some rows and of the block before."""

import datetime
import hashlib
import json
import struct

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Rows of no event table that are only ever added, and say what was decided or read, and when.
SEALED_BESIDE_EVENTS = (
    "partnerships_statuschange",
    "partnerships_reportmove",
    "partnerships_stagechange",
    "partnerships_childdecision",
    "partnerships_storedfile",
    "partnerships_filescan",
    "partnerships_dormancydecision",
    "partnerships_fileread",
    "partnerships_issuedfile",
    "partnerships_meetingdecision",
    "partnerships_meetingconfirmation",
    "partnerships_frozenpaper",
    "partnerships_frozencommitment",
    "partnerships_frozenreport",
    "partnerships_frozenpoint",
    "partnerships_erasure",
)
DIGEST_BYTES = 32
# What stands where the digest of a row would, when the row was taken out and that was put down.
GONE = bytes(DIGEST_BYTES)
BEFORE_ALL = -(2**63)
# How PostgreSQL writes a row as text must not depend on who asks.
_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}


def sealed_tables():
    """The tables that the chain covers, and the key of each: {table: column}."""
    models_ = apps.get_models()
    events = [model for model in models_ if hasattr(model, "pgh_tracked_model")]
    others = [model for model in models_ if model._meta.db_table in SEALED_BESIDE_EVENTS]
    return {model._meta.db_table: model._meta.pk.column for model in [*events, *others]}


def columns_of(table):
    """The columns of a table as they are now, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped ORDER BY attnum",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def write_rows_alike(cursor):
    """For the rest of the transaction, let PostgreSQL write values as it did when they were sealed."""
    for name, value in _SETTINGS.items():
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def digest_of_a_row(columns):
    """SQL for the SHA-256 of a row: of these columns, as PostgreSQL writes a row of them."""
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    return f"sha256(convert_to(ROW({quoted})::text, 'UTF8'))"


class HistoryBlockQuerySet(models.QuerySet):
    def head(self):
        """The last block of the chain, None where nothing is sealed yet."""
        return self.order_by("-number").defer("ids", "digests").first()

    def sealed_up_to(self, table):
        """The key up to which everything in a table is sealed."""
        last = self.filter(table=table, note="").aggregate(last=models.Max("upto"))["last"]
        return BEFORE_ALL if last is None else last


class HistoryBlock(models.Model):
    """A link of the chain. It seals the rows of one table with keys above ``after``, up to ``upto``.

    ``ids`` are their keys, ``digests`` the SHA-256 of each, one after the other, over the columns in
    ``columns``. Between two sealed keys no further row can come. A block with a ``note`` seals no new rows:
    it says that rows sealed before were changed, or taken out (``GONE``), and why that was right.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    table = models.CharField(_("table"), max_length=63)
    after = models.BigIntegerField(_("after the key"))
    upto = models.BigIntegerField(_("up to the key"))
    columns = ArrayField(models.CharField(max_length=63), verbose_name=_("columns"))
    ids = ArrayField(models.BigIntegerField(), verbose_name=_("keys"))
    digests = models.BinaryField()
    note = models.TextField(_("reason"), blank=True)
    sealed_at = models.DateTimeField(_("sealed"))
    previous = models.BinaryField(max_length=DIGEST_BYTES)
    hash = models.BinaryField(max_length=DIGEST_BYTES)

    objects = HistoryBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block of the history's chain")
        verbose_name_plural = _("chain of the history")
        ordering = ["-number"]
        constraints = [
            # The chain does not fork: each block has one behind it.
            models.UniqueConstraint(name="history_block_follows_one", fields=["previous"]),
            models.CheckConstraint(
                name="history_block_numbered_from_one",
                condition=Q(number__gte=1, upto__gte=models.F("after")),
            ),
        ]
        indexes = [
            models.Index(name="history_block_of_a_table", fields=["table", "upto"], condition=Q(note="")),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.number}:{self.hex}"

    @property
    def hex(self):
        return bytes(self.hash).hex()

    def digest_at(self, place):
        return bytes(self.digests[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES])

    def computed_hash(self):
        """What ``hash`` has to be: the SHA-256 of all that the block says, and of the block before."""
        said = [self.number, self.table, self.after, self.upto, self.columns, self.note]
        said.append(self.sealed_at.astimezone(datetime.UTC).isoformat())
        made = hashlib.sha256(bytes(self.previous))
        made.update(json.dumps(said).encode())
        made.update(struct.pack(f">{len(self.ids)}q", *self.ids))
        made.update(bytes(self.digests))
        return made.digest()
