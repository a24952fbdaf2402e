"""All that the database holds about somebody: every table is walked, so that none can be forgotten."""

import json
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, models

from accounts.models import User
from partnerships.models import Person

# Secrets, and what only a program reads: they are counted and never shown.
SECRET = {
    "accounts_user": {"password", "session_seed"},
    "mfa_authenticator": {"data"},
    "partnerships_calendarfeed": {"token_hash"},
    "usersessions_usersession": {"session_key"},
    Session._meta.db_table: {"session_data"},
}
_TEXTS = ("text", "character varying", "character", "json", "jsonb", "text[]", "character varying[]")
_APART = "E'\\x1f'"


@dataclass(frozen=True)
class Table:
    """A table: its key, its columns that hold text (with their types and the most signs that fit), and
    those that point to a person and to an account."""

    name: str
    key: str
    texts: dict
    lengths: dict
    to_people: tuple
    to_users: tuple

    @property
    def has_actor(self):
        """Whether its rows say in a context who did it."""
        return "pgh_context" in self.texts


@dataclass(frozen=True)
class Held:
    """A row about somebody: where, its values without secrets, and why it is here.

    ``points`` are columns that hold a key of theirs, ``named`` those in which a name or an address of theirs
    stands; ``did`` says that they only did it.
    """

    table: str
    key: str
    row: dict
    points: tuple
    named: tuple
    did: bool


@cache
def tables():
    """Every table of the portal that has rows of its own."""
    to_people, to_users = _columns_to(Person), _columns_to(User)
    return [
        Table(name, key, texts, lengths, to_people.get(name, ()), to_users.get(name, ()))
        for name, key, texts, lengths in _in_the_catalogue()
    ]


def rows_about(subject):
    """Each row that is held about a Subject, as Held, table by table."""
    for table in tables():
        yield from _rows_of(table, subject)


def named_in(table, pattern, columns=None):
    """SQL that says whether a pattern fits some text of a row, and its value."""
    quoted = [_as_text(column) for column in (columns or table.texts)]
    return f"concat_ws({_APART}, {', '.join(quoted)}) ~* %s", [pattern]


def _rows_of(table, subject):
    pattern = f"{subject.pattern_of_names()}|{subject.pattern_of_ways}"
    points = [(column, list(subject.people)) for column in table.to_people]
    points += [(column, list(subject.users)) for column in table.to_users]
    conditions, values = [], []
    for column, keys in points:
        conditions.append(f"{_quoted(column)} = ANY(%s)")
        values.append(keys)
    did = "false"
    if table.has_actor:
        did = "coalesce(pgh_context->>'actor' = ANY(%s), false)"
        conditions.append(did)
        values.append(list(map(str, subject.users)))
    if table.texts:
        named, with_pattern = named_in(table, pattern)
        conditions.append(named)
        values += with_pattern
    if not conditions:
        return
    shown, shown_values = _which(points, table.texts, pattern)
    sql = (
        f"SELECT {_quoted(table.key)}::text, to_jsonb(t), {shown}, {did}"  # noqa: S608 - names of the catalogue
        f" FROM {_quoted(table.name)} t WHERE {' OR '.join(conditions)} ORDER BY {_quoted(table.key)}"
    )
    acting = [list(map(str, subject.users))] if table.has_actor else []
    with connection.cursor() as cursor:
        cursor.execute(sql, [*shown_values, *acting, *values])
        while rows := cursor.fetchmany(500):
            for key, row, pointing, naming, acted in rows:
                secret = SECRET.get(table.name, set())
                said = {name: value for name, value in json.loads(row).items() if name not in secret}
                yield Held(table.name, key, said, tuple(pointing), tuple(naming), acted)


def _which(points, texts, pattern):
    """SQL for the columns that point, and for those that name; and its values."""
    values = []
    pointing = []
    for column, keys in points:
        pointing.append(f"CASE WHEN {_quoted(column)} = ANY(%s) THEN '{column}' END")
        values.append(keys)
    naming = [f"CASE WHEN {_as_text(column)} ~* %s THEN '{column}' END" for column in texts]
    values += [pattern] * len(naming)
    listed = [f"array_remove(ARRAY[{', '.join(each)}]::text[], NULL)" for each in (pointing, naming)]
    return ", ".join(listed), values


def _columns_to(model):
    """Which columns of which tables hold keys of a model; the table itself by its own key."""
    found = {model._meta.db_table: [model._meta.pk.column]}
    for each in apps.get_models(include_auto_created=True):
        for key in each._meta.local_fields:
            if isinstance(key, models.ForeignKey) and key.related_model is model:
                found.setdefault(each._meta.db_table, []).append(key.column)
    return {name: tuple(dict.fromkeys(columns)) for name, columns in found.items()}


def _in_the_catalogue():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, k.attname, a.attname, format_type(a.atttypid, NULL),"
            " CASE WHEN a.atttypmod > 4 AND a.atttypid = 'varchar'::regtype THEN a.atttypmod - 4 END"
            " FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
            " JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]"
            " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            "  AND format_type(a.atttypid, NULL) = ANY(%s)"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum",
            [list(_TEXTS)],
        )
        found = {}
        for name, key, column, kind, length in cursor.fetchall():
            texts, lengths = found.setdefault((name, key), ({}, {}))
            if column:
                texts[column] = kind
            if length:
                lengths[column] = length
    return [(name, key, texts, lengths) for (name, key), (texts, lengths) in found.items()]


def _as_text(column):
    return f"{_quoted(column)}::text"


def _quoted(name):
    return connection.ops.quote_name(name)
