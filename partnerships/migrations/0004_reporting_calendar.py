"""The reporting calendar as a view, who may not verify, and the stages of indicators that are there."""

from django.db import migrations

# The periods between two days, cut along the calendar; the last one ends on the due date.
PERIODS = """
CREATE FUNCTION portal_periods(first date, due date, recurrence text)
RETURNS TABLE (begins date, ends date) LANGUAGE sql IMMUTABLE ROWS 12 AS $$
    SELECT first, due WHERE due IS NOT NULL AND (recurrence = 'once' OR first IS NULL)
    UNION ALL
    SELECT greatest(cut::date, first), least((cut + step - interval '1 day')::date, due)
    FROM (
        SELECT CASE recurrence
            WHEN 'monthly' THEN interval '1 month'
            WHEN 'quarterly' THEN interval '3 months'
            WHEN 'half_yearly' THEN interval '6 months'
            WHEN 'yearly' THEN interval '1 year'
        END AS step,
        CASE recurrence
            WHEN 'monthly' THEN date_trunc('month', first::timestamp)
            WHEN 'quarterly' THEN date_trunc('quarter', first::timestamp)
            WHEN 'half_yearly' THEN make_timestamp(
                extract(year FROM first)::int, CASE WHEN extract(month FROM first) > 6 THEN 7 ELSE 1 END,
                1, 0, 0, 0)
            WHEN 'yearly' THEN date_trunc('year', first::timestamp)
        END AS origin
    ) AS calendar, generate_series(origin, due::timestamp, step) AS cut
    WHERE recurrence <> 'once' AND first IS NOT NULL AND due IS NOT NULL
$$
"""

# With the rights of who asks, so that the rules on the rows of the tables hold here too.
VIEW = """
CREATE VIEW partnerships_reportingperiod WITH (security_invoker = true) AS
SELECT owed.commitment_id || '@' || owed.ends AS id, owed.commitment_id, owed.begins, owed.ends
FROM (
    SELECT c.id AS commitment_id, p.begins, p.ends
    FROM partnerships_commitment c
    JOIN partnerships_agreement a ON a.id = c.agreement_id
    CROSS JOIN LATERAL portal_periods(coalesce(c.starts_on, a.signed_latest), c.due, c.recurrence) p
    UNION ALL
    SELECT d.commitment_id, coalesce(c.starts_on, a.signed_latest), d.due_on
    FROM partnerships_reportingdate d
    JOIN partnerships_commitment c ON c.id = d.commitment_id
    JOIN partnerships_agreement a ON a.id = c.agreement_id
    WHERE NOT EXISTS (
        SELECT 1 FROM portal_periods(coalesce(c.starts_on, a.signed_latest), c.due, c.recurrence) p
        WHERE p.ends = d.due_on
    )
) AS owed
JOIN partnerships_commitment c ON c.id = owed.commitment_id
JOIN partnerships_agreement a ON a.id = c.agreement_id
WHERE (c.withdrawn_on IS NULL OR owed.ends < c.withdrawn_on)
AND (
    a.status = 'signed'
    OR a.status IN ('ended', 'terminated') AND owed.ends <= (
        SELECT coalesce(s.effective_on, s.recorded_at::date)
        FROM partnerships_statuschange s
        WHERE s.agreement_id = a.id AND s.new = a.status
        ORDER BY s.recorded_at DESC, s.id DESC LIMIT 1
    )
)
"""

VERIFIED_BY_ANOTHER = """
ALTER TABLE partnerships_progressreport ADD CONSTRAINT report_not_verified_by_a_writer
CHECK (status <> 'verified' OR decided_by_id <> ALL (writers))
"""

STAGES = """
UPDATE partnerships_indicator SET stage = CASE slug
    WHEN 'peserta-dilatih' THEN 'trained'
    WHEN 'peserta-bersertifikat' THEN 'certified'
    WHEN 'peserta-ditempatkan' THEN 'placed'
END
WHERE stage = '' AND slug IN ('peserta-dilatih', 'peserta-bersertifikat', 'peserta-ditempatkan')
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0003_progress_and_evidence")]

    operations = [
        migrations.RunSQL(PERIODS, "DROP FUNCTION portal_periods(date, date, text)"),
        migrations.RunSQL(VIEW, "DROP VIEW partnerships_reportingperiod"),
        migrations.RunSQL(
            VERIFIED_BY_ANOTHER,
            "ALTER TABLE partnerships_progressreport DROP CONSTRAINT report_not_verified_by_a_writer",
        ),
        migrations.RunSQL(STAGES, migrations.RunSQL.noop),
    ]
