"""Steps of migrations that lock nothing (atomic = False), which may be ended half-way and begun once more."""

from django.contrib.postgres import operations


class AddIndexConcurrently(operations.AddIndexConcurrently):
    """Makes an index while people write, anew when an earlier run left it behind.

    Whoever waited for it may be gone while PostgreSQL goes on; or it was ended, and the index is of no use.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class AddConstraintNotValid(operations.AddConstraintNotValid):
    """Demands something of new rows only, also when an earlier run demanded it already."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        table = schema_editor.quote_name(to_state.apps.get_model(app_label, self.model_name)._meta.db_table)
        name = schema_editor.quote_name(self.constraint.name)
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)
