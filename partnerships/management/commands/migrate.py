import time
from functools import cache

from django.apps import apps
from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connection, transaction
from django.db.migrations.operations.base import Operation

# Rows that are only ever added: history, and what was decided when.
_ADDED_ONLY = {
    "partnerships_statuschange",
    "partnerships_reportmove",
    "partnerships_stagechange",
    "partnerships_childdecision",
    "partnerships_storedfile",
    "partnerships_filescan",
    "partnerships_dormancydecision",
    "partnerships_issuedfile",
    "partnerships_fileread",
    "partnerships_historyblock",
    "partnerships_meetingdecision",
    "partnerships_meetingconfirmation",
    "partnerships_frozenpaper",
    "partnerships_frozencommitment",
    "partnerships_frozenreport",
    "partnerships_frozenpoint",
    "partnerships_erasure",
}

_LOCK_NOT_AVAILABLE = "55P03"
# Seconds before each further try; after the last one somebody has to see who holds the table.
_PAUSES = (1, 2, 4, 8, 15, 30, None)


# What triggers see and write is not bound by who set them off. A function that a migration has replaced has
# lost this.
_TRIGGER_FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
    AND proowner = current_user::regrole AND NOT prosecdef
"""
_AS_OWNER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"


# What a role may do with a table, a view, a sequence; nothing else.
_READ, _READ_AND_WRITTEN = {"SELECT"}, {"SELECT", "INSERT", "UPDATE", "DELETE"}
_RIGHTS_OF = {"r": _READ_AND_WRITTEN, "p": _READ_AND_WRITTEN, "v": _READ, "m": _READ, "S": {"USAGE"}}
_RIGHTS = """
    SELECT relname, relkind::text, rolname,
        ARRAY(SELECT privilege_type FROM aclexplode(relacl) WHERE grantee = pg_roles.oid)
    FROM pg_class CROSS JOIN pg_roles
    WHERE relnamespace = 'public'::regnamespace AND relkind = ANY (%s)
    AND rolname = ANY (%s) AND rolname <> current_user
"""
# A number that only this command takes (pg_advisory_lock).
_ONE_AT_A_TIME = 4_710_223


class Command(Migrate):
    """Migrate as the owner, let triggers work as the owner, and give the other roles what they need and no
    more.

    A migration that waits for a table makes everybody wait behind it. So none waits longer than a second: it
    is taken back whole, and tried again. One that locks nothing (atomic = False) waits as long as it needs.

    The web role, and that of commands and background work, own nothing: they read and write rows, add to the
    history, and can neither change nor empty that, nor alter a table, a trigger or a policy. They have their
    rights to what a migration makes from the moment at which it is there: people work meanwhile, and one that
    is ended half-way leaves nothing half done.
    """

    def handle(self, *args, **options):
        with connection.cursor() as cursor:
            # Of two at once, the second finds nothing left to do. One that fails ends, and so does its lock.
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
            self._migrate(*args, **options)
            _give_rights()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])

    def _migrate(self, *args, **options):
        for pause in _PAUSES:
            try:
                return super().handle(*args, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", "") != _LOCK_NOT_AVAILABLE or pause is None:
                    raise
            self.stdout.write(f"A table is in use: tried again in {pause} s.")
            time.sleep(pause)
        return None

    def migration_progress_callback(self, action, migration=None, fake=False):
        if action == "apply_start":
            patience = "1s" if migration.atomic else "0"
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [patience])
            migration.operations.append(_Completion())
        super().migration_progress_callback(action, migration, fake)


class _Completion(Operation):
    """The last step of each migration: what Django puts off, and the rights to what was made.

    Django carries out what it puts off (foreign keys) when nothing can be taken back any more, and notes only
    afterwards, in a transaction of its own, that there was such a migration.
    """

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        while schema_editor.deferred_sql:
            schema_editor.execute(schema_editor.deferred_sql.pop(0), None)
        _give_rights()


def _give_rights():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TRIGGER_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"ALTER FUNCTION {function} {_AS_OWNER}")
        roles = [settings.WEB_DATABASE_ROLE, settings.JOBS_DATABASE_ROLE]
        cursor.execute(_RIGHTS, [list(_RIGHTS_OF), roles])
        for name, kind, role, had in cursor.fetchall():
            if {*had} == (rights := _rights_to(name, kind)):
                continue
            what = f"{'SEQUENCE ' if kind == 'S' else ''}{connection.ops.quote_name(name)}"
            role = connection.ops.quote_name(role)
            cursor.execute(f"REVOKE ALL ON {what} FROM {role}")
            cursor.execute(f"GRANT {', '.join(sorted(rights))} ON {what} TO {role}")


def _rights_to(name, kind):
    if name == "django_migrations":
        return _READ
    if name in _ADDED_ONLY or name in _tables_of_history():
        return {"SELECT", "INSERT"}
    return _RIGHTS_OF[kind]


@cache
def _tables_of_history():
    return {model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}
