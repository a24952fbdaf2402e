"""Where an erasure writes: every table in which somebody is named, and what becomes of each.

See docs/decisions/0018-erasing-a-person.md.
"""

from collections import defaultdict

from django.db import connection
from django.utils import timezone

from partnerships.actions import sealing
from partnerships.models.history_block import sealed_tables
from partnerships.models.privacy import ERASED, ERASED_ADDRESS, ERASED_IN_TEXT, NOWHERE
from partnerships.selectors.personal_data import named_in, tables

# What stays as it is although somebody may be named in it, and why; an erasure reports each such row.
KEPT = {
    "partnerships_pagetext": "is read off a document of the paper, which is an archive",
    "partnerships_agreementsearch": "follows the records by itself",
    "partnerships_organization": "is the name of an organisation",
    "partnerships_organizationalias": "is the name of an organisation",
    "partnerships_organizationevent": "is the name of an organisation",
    "partnerships_organizationaliasevent": "is the name of an organisation",
}
# Columns of other tables of which the same is true.
KEPT_COLUMNS = {
    "partnerships_agreement": {"title"},
    "partnerships_agreementevent": {"title"},
    "partnerships_frozenpaper": {"title"},
    "partnerships_historyblock": {"note"},
}
# Rows that belong to an account alone, and go with its data.
_OF_THE_ACCOUNT = (
    "mfa_authenticator",
    "usersessions_usersession",
    "account_emailaddress",
    "partnerships_mailpreference",
    "partnerships_calendarfeed",
    "partnerships_savedview",
)
# The worker's queue and counts of tries: a row that names somebody goes whole.
_OF_THE_MACHINE = ("django_tasks_database_dbtaskresult", "portal_cache")


def replace(subject, names):
    """Erase a Subject within the caller's transaction; ``names`` are those that are replaced in texts.

    Returns the keys of the rows that were changed, by table.
    """
    changed = defaultdict(set)
    with connection.cursor() as cursor:
        by_name = {table.name: table for table in tables()}
        for name in _OF_THE_ACCOUNT:
            _delete_of_the_account(cursor, by_name[name], subject, changed)
        for name in _OF_THE_MACHINE:
            _delete_named(cursor, by_name[name], subject, changed)
        # The records before their history: what is done to them leaves events too.
        for is_history in (False, True):
            _replace_what_they_are_called(cursor, by_name, subject, is_history, changed)
            for table in by_name.values():
                if table.has_actor is is_history and table.name not in KEPT:
                    _replace_in_texts(cursor, table, subject, names, changed)
    return {table: keys for table, keys in changed.items() if keys}


def restate(changed, reason):
    """Let the chain of the history say what its changed rows are from now on."""
    for table in sorted(set(changed) & set(sealed_tables())):
        sealing.restate(table=table, ids=map(int, changed[table]), reason=f"person.erase: {reason}")


def _replace_what_they_are_called(cursor, by_name, subject, is_history, changed):
    """In the columns that are made for it, whatever stands there."""
    suffix, key = ("event", "pgh_obj_id") if is_history else ("", "id")
    people, users = list(subject.people), list(subject.users)
    for table, values, condition, wanted in (
        (
            "partnerships_person",
            {"name": ERASED, "title_before": "", "title_after": ""},
            f"{key} = ANY(%s)",
            people,
        ),
        ("accounts_user", {"name": ERASED}, f"{key} = ANY(%s)", users),
        ("partnerships_party", {"contact_details": ""}, "contact_id = ANY(%s)", people),
        (
            "partnerships_confirmationrequest",
            {"name": ERASED, "email": ERASED_ADDRESS},
            "lower(email) = ANY(%s)",
            list(subject.addresses),
        ),
    ):
        sets = ", ".join(f"{column} = %s" for column in values)
        _note(cursor, by_name[table + suffix], f"SET {sets}", condition, [*values.values(), wanted], changed)
    address = f"SET email = 'user-' || {key} || '@{NOWHERE}'"
    _note(cursor, by_name["accounts_user" + suffix], address, f"{key} = ANY(%s)", [users], changed)
    if not is_history:
        withheld = "person_id = ANY(%s) OR user_id = ANY(%s)"
        table = by_name["partnerships_restriction"]
        _note(cursor, table, None, withheld, [people, users], changed)
        ended = "SET ends_on = greatest(starts_on, %s)"
        still = "user_id = ANY(%s) AND (ends_on IS NULL OR ends_on > greatest(starts_on, %s))"
        today = timezone.localdate()
        _note(cursor, by_name["partnerships_posting"], ended, still, [today, users, today], changed)


def _replace_in_texts(cursor, table, subject, names, changed):
    kept = KEPT_COLUMNS.get(table.name, set())
    columns = [column for column in table.texts if column not in kept]
    if not columns:
        return
    by_name, by_way = subject.pattern_of_names(names), subject.pattern_of_ways
    sets, values = [], []
    for column in columns:
        new = f"regexp_replace(regexp_replace(\"{column}\"::text, %s, %s, 'gi'), %s, %s, 'gi')"
        values += [by_way, ERASED_ADDRESS, by_name, ERASED_IN_TEXT]
        if table.lengths.get(column):
            new = f"left({new}, {table.lengths[column]})"
        sets.append(f'"{column}" = {new}::{table.texts[column]}')
    condition, pattern = named_in(table, f"{by_name}|{by_way}", columns)
    _note(cursor, table, f"SET {', '.join(sets)}", condition, [*values, *pattern], changed)


def _delete_of_the_account(cursor, table, subject, changed):
    for column in table.to_users:
        _note(cursor, table, None, f'"{column}" = ANY(%s)', [list(subject.users)], changed)


def _delete_named(cursor, table, subject, changed):
    condition, pattern = named_in(table, f"{subject.pattern_of_names()}|{subject.pattern_of_ways}")
    _note(cursor, table, None, condition, pattern, changed)


def _note(cursor, table, sets, condition, values, changed):
    """Change rows, or delete them without ``sets``, and note their keys."""
    begin = f'UPDATE "{table.name}" {sets}' if sets else f'DELETE FROM "{table.name}"'  # noqa: S608
    cursor.execute(f'{begin} WHERE {condition} RETURNING "{table.key}"::text', values)
    changed[table.name].update(key for (key,) in cursor.fetchall())
