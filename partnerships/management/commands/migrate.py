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
}

_LOCK_NOT_AVAILABLE = "55P03"
# Seconds before each further try; after the last one somebody has to see who holds the table.
_PAUSES = (1, 2, 4, 8, 15, 30, None)


class Command(Migrate):
    """Migrate as the owner, then give the web role what it needs and no more.

    A migration that waits for a table makes everybody wait behind it. So none waits longer than a second: it
    is taken back whole, and tried again. One that locks nothing (atomic = False) waits as long as it needs.

    The web role owns nothing: it reads and writes rows, adds to the history, and can neither change
    nor empty that, nor alter a table or a trigger.
    """

    def handle(self, *args, **options):
        self._migrate(*args, **options)
        role = settings.WEB_DATABASE_ROLE
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [role])
            if not cursor.fetchone():
                return
            quoted = connection.ops.quote_name(role)
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
