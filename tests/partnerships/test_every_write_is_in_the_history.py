"""Each table that people's writes can change has a history, which the portal itself can only add to."""

import re

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from partnerships.management.commands import migrate
from partnerships.models import HistoryBlock
from partnerships.models.history_block import SEALED_BESIDE_EVENTS, sealed_tables
from tests.partnerships.models.raw_sql import execute

KEYS = sealed_tables() | {HistoryBlock._meta.db_table: "number"}
# Each tracked table, and the one that its events stand in.
TRACKED = {
    model._meta.db_table: model.pgh_event_model._meta.db_table
    for model in apps.get_models()
    if hasattr(model, "pgh_event_model")
}
# Tables without a history, each with the reason.
WITHOUT = {
    # Computed from other rows, by triggers or by the worker.
    "partnerships_agreementsearch": "follows the paper",
    "partnerships_agreementscope": "follows the parties",
    "partnerships_commitmentstanding": "follows the reports",
    "partnerships_filetext": "read off a file",
    "partnerships_pagetext": "read off a file",
    "partnerships_filecheck": "what a check found",
    "partnerships_referenceserial": "counts the papers of a year",
    # Rows that say themselves who did what and when, and that triggers guard.
    "partnerships_bulkrun": "is a report of what was done",
    "partnerships_exportjob": "is the log of who asked for what",
    "partnerships_match": "ties a need and an offer to their paper, once; these have histories",
    "partnerships_historyblock": "is the chain itself",
    # What the portal owes or remembers; not a record.
    "partnerships_outboxmessage": "a mail and its tries",
    "partnerships_sentreminder": "what was reminded of",
    "partnerships_naskahreading": "a draft of its owner, thrown away; its paper has a history",
    "accounts_errorreport": "an error that was met",
    "django_tasks_database_dbtaskresult": "the worker's queue",
    # Secrets and sessions.
    "django_session": "ends by itself",
    "usersessions_usersession": "ends by itself",
    "account_emailaddress": "not used: the address stands in the account",
    "account_emailconfirmation": "not used",
    # Rights come from postings; nothing of the portal writes to these.
    "auth_group": "not used",
    "auth_permission": "not used",
    "auth_group_permissions": "not used",
    "accounts_user_groups": "not used",
    "accounts_user_user_permissions": "not used",
    "django_admin_log": "not used: the history says it",
    "django_content_type": "Django's own",
    "pghistory_context": "not used: the context stands in the event",
    "pghistory_events": "not a table: a query over all events",
}


def all_tables():
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table for m in models if m._meta.managed and not hasattr(m, "pgh_tracked_model")}


def test_every_table_has_a_history_is_only_added_to_or_says_why_not():
    assert all_tables() - set(TRACKED) - set(SEALED_BESIDE_EVENTS) == set(WITHOUT)


def test_what_is_only_ever_added_is_sealed_but_for_the_chain():
    assert set(SEALED_BESIDE_EVENTS) | {HistoryBlock._meta.db_table} == migrate._ADDED_ONLY


def test_each_tracked_table_writes_one_event_for_each_kind_of_write(db):
    found = execute(
        "SELECT c.relname, t.tgtype::int & 28, p.prosrc FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled = 'O'"
    )
    writing = [
        (table, kind)
        for table, kind, body in found
        if table in TRACKED and re.search(rf'INSERT INTO "?{TRACKED[table]}\b', body)
    ]

    # 4 insert, 8 delete, 16 update.
    assert sorted(writing) == sorted((table, kind) for table in TRACKED for kind in (4, 8, 16))


@pytest.mark.parametrize("table", sorted(KEYS))
def test_the_web_role_can_only_add_to_what_is_sealed(db, table):
    key = KEYS[table]
    for statement in (
        f'UPDATE {table} SET "{key}" = "{key}"',
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table}",
        f"CREATE RULE nothing AS ON INSERT TO {table} DO INSTEAD NOTHING",
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
            execute(statement)
