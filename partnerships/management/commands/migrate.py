import time

from django.apps import apps
from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connection

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


class Command(Migrate):
    """Migrate as the owner, let triggers work as the owner, then give the other roles what they need and no
    more.

    A migration that waits for a table makes everybody wait behind it. So none waits longer than a second: it
    is taken back whole, and tried again. One that locks nothing (atomic = False) waits as long as it needs.

    The web role, and that of commands and background work, own nothing: they read and write rows, add to the
    history, and can neither change nor empty that, nor alter a table, a trigger or a policy.
    """

    def handle(self, *args, **options):
        self._migrate(*args, **options)
        with connection.cursor() as cursor:
            cursor.execute(_TRIGGER_FUNCTIONS)
            for (function,) in cursor.fetchall():
                cursor.execute(f"ALTER FUNCTION {function} {_AS_OWNER}")
            roles = [settings.WEB_DATABASE_ROLE, settings.JOBS_DATABASE_ROLE]
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND rolname <> current_user", [roles]
            )
            if not (found := [name for (name,) in cursor.fetchall()]):
                return
            quoted = ", ".join(map(connection.ops.quote_name, found))
            views = set(connection.introspection.table_names(cursor, include_views=True))
            tables = set(connection.introspection.table_names(cursor))
            for view in views - tables:
                name = connection.ops.quote_name(view)
                cursor.execute(f"REVOKE ALL ON {name} FROM {quoted}")
                cursor.execute(f"GRANT SELECT ON {name} TO {quoted}")
            for table in tables:
                rights = "SELECT, INSERT" if self._added_only(table) else "SELECT, INSERT, UPDATE, DELETE"
                if table == "django_migrations":
                    rights = "SELECT"
                name = connection.ops.quote_name(table)
                cursor.execute(f"REVOKE ALL ON {name} FROM {quoted}")
                cursor.execute(f"GRANT {rights} ON {name} TO {quoted}")
            cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}")

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
        super().migration_progress_callback(action, migration, fake)

    @staticmethod
    def _added_only(table):
        return table in _ADDED_ONLY or table in {
            model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
        }
