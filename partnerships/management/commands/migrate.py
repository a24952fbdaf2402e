from django.apps import apps
from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

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
    "partnerships_erasure",
}


class Command(Migrate):
    """Migrate as the owner, then give the web role what it needs and no more.

    The web role owns nothing: it reads and writes rows, adds to the history, and can neither change
    nor empty that, nor alter a table or a trigger.
    """

    def handle(self, *args, **options):
        super().handle(*args, **options)
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

    @staticmethod
    def _added_only(table):
        return table in _ADDED_ONLY or table in {
            model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")
        }
