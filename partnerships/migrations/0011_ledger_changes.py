"""What was written to the standings of commitments, noted for who keeps them in memory (register.index)."""

from importlib import import_module

from django.db import migrations

# What the standings come to is counted where they are kept in memory; no sums are kept beside them.
_before = import_module("partnerships.migrations.0007_standing")
_SUMS = [
    *(_before._kept_by("commitmentstanding", event, _before._summed(event)) for event in _before._ROWS),
    migrations.RunSQL(_before.FOLD, "DROP FUNCTION portal_fold_standing_sums()"),
    migrations.RunSQL(_before.SUMS_DIFFER, "DROP FUNCTION portal_standing_sums_differ()"),
]
_FILLED_AGAIN = f"""
ALTER TABLE partnerships_standingsum ALTER COLUMN rates TYPE numeric;
INSERT INTO partnerships_standingsum ({_before._KEY}, number, waiting, rates)
{_before._grouped("partnerships_commitmentstanding", "")}
"""

# As the notes of papers (migration 0006): a note stands for a commitment; 0 for all of them.
NOTES = """
CREATE TABLE partnerships_standingchange (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    commitment_id bigint NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (xid, commitment_id)
)
"""

# Of many at once each would be read anew for longer than all of them.
NOTE = """
CREATE FUNCTION portal_note_standings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        INSERT INTO partnerships_standingchange (commitment_id) VALUES (0) ON CONFLICT DO NOTHING;
    ELSIF EXISTS (SELECT 1 FROM changed OFFSET 2000) THEN
        INSERT INTO partnerships_standingchange (commitment_id) VALUES (0) ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO partnerships_standingchange (commitment_id)
        SELECT commitment_id FROM changed ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$
"""

_CHANGED = {
    "INSERT": "REFERENCING NEW TABLE AS changed",
    "UPDATE": "REFERENCING NEW TABLE AS changed",
    "DELETE": "REFERENCING OLD TABLE AS changed",
    # Emptied as a whole, a table calls no other trigger.
    "TRUNCATE": "",
}
_TRIGGERS = [
    f"""
    CREATE TRIGGER noted_{event.lower()} AFTER {event} ON partnerships_commitmentstanding {rows}
    FOR EACH STATEMENT EXECUTE FUNCTION portal_note_standings()
    """
    for event, rows in _CHANGED.items()
]


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0010_notes_of_work")]

    operations = [
        migrations.RunSQL(NOTES, "DROP TABLE partnerships_standingchange"),
        *(migrations.RunSQL(made.reverse_sql, made.sql) for made in reversed(_SUMS)),
        migrations.RunSQL(migrations.RunSQL.noop, _FILLED_AGAIN),
        migrations.DeleteModel("StandingSum"),
        migrations.RunSQL(";".join([NOTE, *_TRIGGERS]), "DROP FUNCTION portal_note_standings() CASCADE"),
    ]
