"""What changes how much waits for somebody, noted for the processes that keep it (selectors.badge)."""

from django.db import migrations

# Each with what is written to it; an account is written to at every sign-in.
_WORK = {
    "partnerships_commitmentstanding": "INSERT OR UPDATE OR DELETE",
    "partnerships_progressreport": "INSERT OR UPDATE OR DELETE",
    "partnerships_actionpoint": "INSERT OR UPDATE OR DELETE",
    "partnerships_posting": "INSERT OR UPDATE OR DELETE",
    "accounts_user": "UPDATE OF is_active, is_superuser",
}
_NOTED = [
    f"""
    CREATE TRIGGER work_changed AFTER {written} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_note('-2')
    """
    for table, written in _WORK.items()
]


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0009_saved_views"), ("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ";".join(_NOTED), ";".join(f"DROP TRIGGER work_changed ON {table}" for table in _WORK)
        ),
    ]
