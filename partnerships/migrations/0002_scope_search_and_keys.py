"""What the models can't say: the functions the triggers call, and the keys over two columns."""

from django.db import migrations

SCOPE = """
CREATE FUNCTION portal_refresh_scope(paper bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM partnerships_agreementscope s
    WHERE s.agreement_id = paper AND NOT EXISTS (
        SELECT 1 FROM partnerships_party p
        JOIN partnerships_organization o ON o.id = p.organization_id
        WHERE p.agreement_id = paper AND o.region_id = s.region_id
    );
    INSERT INTO partnerships_agreementscope (agreement_id, region_id)
    SELECT DISTINCT paper, o.region_id
    FROM partnerships_party p
    JOIN partnerships_organization o ON o.id = p.organization_id
    WHERE p.agreement_id = paper AND o.region_id IS NOT NULL
    ON CONFLICT DO NOTHING;
END
$$
"""

# A number such as "KS-2025-0001" or "3/NK/2025" is read as its parts, or 2025 would be "-2025".
WORDS = """
CREATE FUNCTION portal_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('simple', apart) || to_tsvector('indonesian', apart)
    FROM (SELECT translate(coalesce(said, ''), '-/._', '    ') AS apart) AS said_apart
$$
"""

# Each word is kept twice: as written, for names and prefixes, and by its Indonesian stem.
SEARCH = """
CREATE FUNCTION portal_refresh_search(paper bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    heading text;
    names text;
    rest text;
BEGIN
    SELECT concat_ws(' ', a.title, a.ref, a.external_id),
           concat_ws(' ', a.place, e.name)
    INTO heading, rest
    FROM partnerships_agreement a
    LEFT JOIN partnerships_signingevent e ON e.id = a.event_id
    WHERE a.id = paper;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    SELECT string_agg(concat_ws(' ', o.name, o.short_name, p.number, (
        SELECT string_agg(al.name, ' ') FROM partnerships_organizationalias al
        WHERE al.organization_id = o.id
    )), ' ' ORDER BY p.position, p.id)
    INTO names
    FROM partnerships_party p
    JOIN partnerships_organization o ON o.id = p.organization_id
    WHERE p.agreement_id = paper;

    rest := concat_ws(' ', rest, (
        SELECT string_agg(concat_ws(' ', pe.name, s.post), ' ')
        FROM partnerships_signatory s
        LEFT JOIN partnerships_person pe ON pe.id = s.person_id
        WHERE s.agreement_id = paper
    ), (
        SELECT string_agg(concat_ws(' ', t.name, t.name_en), ' ')
        FROM partnerships_agreementtheme at
        JOIN partnerships_theme t ON t.id = at.theme_id
        WHERE at.agreement_id = paper
    ), (
        SELECT string_agg(concat_ws(' ', r.name, r.short_name, array_to_string(r.aliases, ' ')), ' ')
        FROM regions_region r
        WHERE r.code IN (
            SELECT region_id FROM partnerships_agreementscope WHERE agreement_id = paper
            UNION SELECT region_id FROM partnerships_worklocation WHERE agreement_id = paper
        )
    ));

    INSERT INTO partnerships_agreementsearch (agreement_id, words, text)
    SELECT
        paper,
        setweight(portal_words(heading), 'A')
        || setweight(portal_words(names), 'B')
        || setweight(portal_words(rest), 'C'),
        lower(concat_ws(' ', heading, names, rest))
    ON CONFLICT (agreement_id) DO UPDATE SET words = EXCLUDED.words, text = EXCLUDED.text;
END
$$
"""

# Without btree_gist: the paper becomes a range of one number, which core GiST can compare.
# A period of unknown start or end is NULL and never conflicts.
NO_OVERLAP = """
ALTER TABLE partnerships_term ADD CONSTRAINT term_periods_do_not_overlap EXCLUDE USING gist (
    int8range(agreement_id, agreement_id, '[]') WITH &&,
    (CASE
        WHEN starts_latest IS NULL THEN NULL
        WHEN ends_open THEN daterange(starts_latest, NULL)
        WHEN ends_earliest >= starts_latest THEN daterange(starts_latest, ends_earliest, '[]')
    END) WITH &&
) DEFERRABLE INITIALLY IMMEDIATE
"""


def _within_its_paper(table, column, name):
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ADD CONSTRAINT {name}
        FOREIGN KEY ({column}, agreement_id) REFERENCES partnerships_party (id, agreement_id)
        DEFERRABLE INITIALLY DEFERRED
        """,
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_initial")]

    operations = [
        migrations.RunSQL(SCOPE, "DROP FUNCTION portal_refresh_scope(bigint)"),
        migrations.RunSQL(WORDS, "DROP FUNCTION portal_words(text)"),
        migrations.RunSQL(SEARCH, "DROP FUNCTION portal_refresh_search(bigint)"),
        migrations.RunSQL(
            NO_OVERLAP, "ALTER TABLE partnerships_term DROP CONSTRAINT term_periods_do_not_overlap"
        ),
        _within_its_paper("partnerships_signatory", "party_id", "signatory_party_of_its_paper"),
        _within_its_paper("partnerships_commitment", "owed_by_id", "commitment_owed_by_its_paper"),
        _within_its_paper("partnerships_commitment", "owed_to_id", "commitment_owed_to_its_paper"),
    ]
