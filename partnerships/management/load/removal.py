"""Takes out what the load brought in, and what has come to belong to it since."""

from django.apps import apps
from django.core.management.base import CommandError
from django.db import IntegrityError, models

from accounts.models import User
from partnerships.actions import sealing
from partnerships.management.load import DOMAIN, PERSON, SLUG, SOURCE, derived, triggers
from partnerships.models import (
    Agreement,
    EventExpectation,
    Organization,
    Person,
    SigningEvent,
)
from partnerships.models.history_block import sealed_tables

# Their own triggers note that they went.
_KEPT_BY_TRIGGER = "partnerships_commitmentstanding"


def remove(cursor, say):
    """Delete every row of the load; rows deleted, by table.

    Raises CommandError when something real refers to a made-up record.
    """
    doomed = _papers_and_what_is_theirs(cursor)
    _mark(cursor, doomed, EventExpectation, f"event_id IN ({_by('slug', SigningEvent)})", f"{SLUG}%")
    for model, column, pattern in (
        (SigningEvent, "slug", f"{SLUG}%"),
        (Person, "name", f"{PERSON}%"),
        (Organization, "slug", f"{SLUG}%"),
        (User, "email", f"%@{DOMAIN}"),
    ):
        _mark(cursor, doomed, model, f"{column} LIKE %s", pattern)
    say("found")
    histories = [model.pgh_event_model for model in doomed if hasattr(model, "pgh_event_model")]
    tables = [model._meta.db_table for model in [*doomed, *histories]]
    rows = {}
    with triggers.off(cursor, [table for table in tables if table != _KEPT_BY_TRIGGER]):
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in doomed:
            if history := getattr(model, "pgh_event_model", None):
                _delete(cursor, rows, history, "pgh_obj_id", model)
            _delete(cursor, rows, model, model._meta.pk.column, model)
        cursor.execute(derived.NOTE)
        say("deleted")
        try:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except IntegrityError as error:
            raise CommandError(f"Something real refers to a made-up record: {error}") from error
        say("keys checked")
    return rows


def _papers_and_what_is_theirs(cursor):
    """The papers and, from one table to the next, every row that belongs to a row found before."""
    doomed = {}
    _mark(cursor, doomed, Agreement, "external_source = %s", SOURCE)
    waiting = [Agreement]
    while waiting:
        above = waiting.pop(0)
        for model, column in _belonging_to(above):
            is_new = model not in doomed
            theirs = f"{column} IN (SELECT id FROM {_list(above)})"  # noqa: S608
            if _mark(cursor, doomed, model, theirs) or is_new:
                waiting.append(model)
    return doomed


def _belonging_to(above):
    """Tables whose rows can't be without a row of this one, and the column that says of which."""
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_tracked_model") or not model._meta.managed or model is above:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is above and not field.null:
                yield model, field.column


def _mark(cursor, doomed, model, condition, *values):
    """Add the rows of a table to its list; how many were new."""
    key = model._meta.pk.column
    cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {_list(model)} (id bigint PRIMARY KEY) ON COMMIT DROP")
    cursor.execute(
        f"INSERT INTO {_list(model)} SELECT {key} FROM {model._meta.db_table} WHERE {condition}"  # noqa: S608
        " ON CONFLICT DO NOTHING",
        values,
    )
    doomed.setdefault(model)
    return cursor.rowcount


def _delete(cursor, rows, model, column, marked):
    table = model._meta.db_table
    sealed = sealed_tables().get(table)
    cursor.execute(
        f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM {_list(marked)})"  # noqa: S608
        + (f" RETURNING {sealed}" if sealed else "")
    )
    rows[table] = cursor.rowcount
    if sealed and rows[table]:
        gone = [key for (key,) in cursor.fetchall()]
        sealing.restate(table=table, ids=gone, reason="generate_load --remove")


def _list(model):
    return f"doomed_{model._meta.db_table}"


def _by(column, model):
    return f"SELECT id FROM {model._meta.db_table} WHERE {column} LIKE %s"  # noqa: S608
