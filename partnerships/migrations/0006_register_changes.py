"""What was written to the register, noted for the processes that keep it in memory (register.index)."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations

from partnerships.models.agreement_parts import Trigrams

# A note stands for a paper that a transaction touched; 0 for all of them, -1 for what things are called.
# A transaction notes a paper once. No other transaction ever writes the same key, so that none waits.
NOTES = """
CREATE TABLE partnerships_registerchange (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    agreement_id bigint NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (xid, agreement_id)
)
"""

FUNCTIONS = """
CREATE FUNCTION portal_note_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO partnerships_registerchange (agreement_id)
    SELECT DISTINCT paper FROM unnest(ARRAY[OLD.agreement_id, NEW.agreement_id]) paper
    WHERE paper IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE FUNCTION portal_note_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO partnerships_registerchange (agreement_id) VALUES (COALESCE(NEW.id, OLD.id))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE FUNCTION portal_note_organization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
        INSERT INTO partnerships_registerchange (agreement_id) VALUES (0) ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO partnerships_registerchange (agreement_id)
        SELECT -1 UNION SELECT p.agreement_id FROM partnerships_party p WHERE p.organization_id = NEW.id
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION portal_note_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO partnerships_registerchange (agreement_id)
    SELECT c.agreement_id FROM partnerships_commitment c
    WHERE c.id IN (OLD.commitment_id, NEW.commitment_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE FUNCTION portal_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO partnerships_registerchange (agreement_id) VALUES (TG_ARGV[0]::bigint)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$
"""

TRIGRAMS = """
CREATE FUNCTION portal_trigrams(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT signs), '{}') FROM (
        SELECT sign || lead(sign) OVER side_by_side || lead(sign, 2) OVER side_by_side AS signs
        FROM string_to_table(said, NULL) WITH ORDINALITY AS apart (sign, place)
        WINDOW side_by_side AS (ORDER BY place)
    ) AS found WHERE signs IS NOT NULL
$$
"""

# A text that is made anew and is the same leaves its row, and with it the indexes, as they are.
THE_SAME = """
CREATE TRIGGER the_same BEFORE UPDATE ON partnerships_agreementsearch
FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
"""

_OF_A_PAPER = (
    "party",
    "agreementscope",
    "agreementtheme",
    "term",
    "statuschange",
    "document",
    "signatory",
    "commitment",
    "sourcedfact",
)
# What the facets call things; of a region also which one it belongs to.
_NAMED = {
    "partnerships_theme": -1,
    "partnerships_signingevent": -1,
    "regions_region": 0,
}


def _triggers():
    yield """
        CREATE TRIGGER register_changed AFTER INSERT OR UPDATE OR DELETE ON partnerships_agreement
        FOR EACH ROW EXECUTE FUNCTION portal_note_agreement()
    """
    for name in _OF_A_PAPER:
        yield f"""
            CREATE TRIGGER register_changed AFTER INSERT OR UPDATE OR DELETE ON partnerships_{name}
            FOR EACH ROW EXECUTE FUNCTION portal_note_paper()
        """
    yield """
        CREATE TRIGGER register_changed AFTER INSERT OR UPDATE OF status OR DELETE
        ON partnerships_progressreport FOR EACH ROW EXECUTE FUNCTION portal_note_report()
    """
    yield """
        CREATE TRIGGER register_changed AFTER UPDATE ON partnerships_organization
        FOR EACH ROW EXECUTE FUNCTION portal_note_organization()
    """
    yield """
        CREATE TRIGGER register_changed_at_large AFTER INSERT OR DELETE ON partnerships_organization
        FOR EACH STATEMENT EXECUTE FUNCTION portal_note('-1')
    """
    for table, note in _NAMED.items():
        yield f"""
            CREATE TRIGGER register_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION portal_note('{note}')
        """
    # Emptied as a whole, a table calls no trigger for its rows.
    for table in [
        "partnerships_agreement",
        "partnerships_progressreport",
        *(f"partnerships_{name}" for name in _OF_A_PAPER),
    ]:
        yield f"""
            CREATE TRIGGER register_emptied AFTER TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION portal_note('0')
        """


_DROPPED = """
DROP FUNCTION portal_note() CASCADE;
DROP FUNCTION portal_note_report() CASCADE;
DROP FUNCTION portal_note_organization() CASCADE;
DROP FUNCTION portal_note_agreement() CASCADE;
DROP FUNCTION portal_note_paper() CASCADE;
DROP TABLE partnerships_registerchange
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_life_of_a_paper")]

    operations = [
        migrations.RunSQL(f"{NOTES};{FUNCTIONS};{';'.join(_triggers())}", _DROPPED),
        migrations.RunSQL(TRIGRAMS, "DROP FUNCTION portal_trigrams(text)"),
        migrations.RunSQL(THE_SAME, "DROP TRIGGER the_same ON partnerships_agreementsearch"),
        migrations.AddIndex(
            model_name="agreementsearch",
            index=GinIndex(Trigrams("text"), name="agreement_search_parts"),
        ),
    ]
