"""Words on pages are looked for by their index, whatever the planner makes of long texts, and what changes
the answer of a search is noted for the processes that keep it (register.index)."""

from django.db import migrations

# The planner takes reading every text to cost what reading every row does. But the words of a page lie
# beside its row: reading them all took a hundred times what asking the index takes.
SAYING = """
CREATE FUNCTION portal_pages_saying(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off
AS $$ SELECT id FROM partnerships_pagetext WHERE words @@ wanted $$;
CREATE FUNCTION portal_files_saying(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off
AS $$ SELECT file_id FROM partnerships_pagetext WHERE words @@ wanted $$
"""

NOTING = """
CREATE FUNCTION portal_note_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO partnerships_registerchange (agreement_id)
    SELECT d.agreement_id FROM partnerships_document d
    WHERE d.id IN (OLD.document_id, NEW.document_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE FUNCTION portal_note_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO partnerships_registerchange (agreement_id)
    SELECT d.agreement_id FROM partnerships_storedfile f JOIN partnerships_document d ON d.id = f.document_id
    WHERE f.id IN (OLD.file_id, NEW.file_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
"""

_NOTED = {
    "partnerships_agreementsearch": "portal_note_paper",
    "partnerships_storedfile": "portal_note_file",
    "partnerships_pagetext": "portal_note_page",
}


def _triggers():
    for table, function in _NOTED.items():
        yield f"""
            CREATE TRIGGER register_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}()
        """
        # Emptied as a whole, a table calls no trigger for its rows.
        yield f"""
            CREATE TRIGGER register_emptied AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION portal_note('0')
        """


_NOT_NOTED = [
    f"DROP TRIGGER register_changed ON {table}; DROP TRIGGER register_emptied ON {table}" for table in _NOTED
]


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0011_ledger_changes")]

    operations = [
        migrations.RunSQL(
            SAYING, "DROP FUNCTION portal_files_saying(tsquery); DROP FUNCTION portal_pages_saying(tsquery)"
        ),
        migrations.RunSQL(
            f"{NOTING};{';'.join(_triggers())}",
            f"{';'.join(_NOT_NOTED)}; DROP FUNCTION portal_note_page(); DROP FUNCTION portal_note_file()",
        ),
    ]
