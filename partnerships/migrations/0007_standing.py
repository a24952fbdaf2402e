"""The standing of every commitment: its table, what it must be, and the triggers that keep it so."""

# ruff: noqa: S608 - the statements are made of our own names

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# What a standing must be. Correlated, so that of a few commitments only these are read.
PLAIN = """
CREATE VIEW partnerships_plainstanding WITH (security_invoker = true) AS
SELECT
    c.id AS commitment_id, c.agreement_id, a.ref, a.status IN ('proposed', 'drafting') AS in_draft,
    c.position, c.owner_id, party.organization_id AS owing_id,
    coalesce(c.owner_id, party.organization_id) AS desk_id, c.indicator_id, c.target, c.due, c.recurrence,
    c.funding, c.demonstration, c.withdrawn_on,
    c.indicator_id IS NOT NULL AND coalesce(c.target, 0) > 0 AND c.due IS NOT NULL
        AND c.owner_id IS NOT NULL AND c.proof_wanted <> '' AS measurable,
    calendar.awaited, calendar.begun, calendar.next_awaited, calendar.next_due, calendar.owes,
    coalesce(CASE WHEN c.cumulative THEN reported.latest ELSE reported.total END, 0)
        + coalesce(shared.people, 0) AS achieved,
    CASE WHEN c.indicator_id IS NOT NULL AND c.due IS NOT NULL AND c.owner_id IS NOT NULL
        AND c.proof_wanted <> ''
    THEN (coalesce(CASE WHEN c.cumulative THEN reported.latest ELSE reported.total END, 0)
        + coalesce(shared.people, 0)) / nullif(c.target, 0) END AS rate,
    reported.waiting, reported.drafts, reported.first_draft, reported.returned, reported.first_returned,
    sides.units, sides.counterparts
FROM partnerships_commitment c
JOIN partnerships_agreement a ON a.id = c.agreement_id
LEFT JOIN partnerships_party party ON party.id = c.owed_by_id
CROSS JOIN LATERAL (
    SELECT
        (array_agg(r.value ORDER BY r.period_end DESC) FILTER (WHERE r.status = 'verified'))[1] AS latest,
        sum(r.value) FILTER (WHERE r.status = 'verified') AS total,
        (count(*) FILTER (WHERE r.status = 'submitted'))::integer AS waiting,
        (count(*) FILTER (WHERE r.status = 'draft'))::integer AS drafts,
        min(r.period_end) FILTER (WHERE r.status = 'draft') AS first_draft,
        (count(*) FILTER (WHERE r.status = 'returned'))::integer AS returned,
        min(r.period_end) FILTER (WHERE r.status = 'returned') AS first_returned
    FROM partnerships_progressreport r WHERE r.commitment_id = c.id
) AS reported
CROSS JOIN LATERAL (
    SELECT
        coalesce(array_agg(DISTINCT o.id ORDER BY o.id) FILTER (WHERE o.kind = 'unit'), '{}') AS units,
        coalesce(
            array_agg(DISTINCT o.kind ORDER BY o.kind) FILTER (WHERE o.kind <> 'unit'), '{}'
        )::varchar[] AS counterparts
    FROM partnerships_party p JOIN partnerships_organization o ON o.id = p.organization_id
    WHERE p.agreement_id = c.agreement_id
) AS sides
CROSS JOIN LATERAL (
    SELECT sum(s.weight * CASE i.stage
        WHEN 'trained' THEN b.trained_women + b.trained_men
        WHEN 'certified' THEN b.certified_women + b.certified_men
        WHEN 'placed' THEN b.placed_women + b.placed_men
        ELSE 0
    END) AS people
    FROM partnerships_batchshare s
    JOIN partnerships_traineebatch b ON b.id = s.batch_id
    JOIN partnerships_progressreport r ON r.id = b.report_id
    LEFT JOIN partnerships_indicator i ON i.id = c.indicator_id
    WHERE s.commitment_id = c.id AND r.status = 'verified' AND r.commitment_id <> c.id
) AS shared
CROSS JOIN LATERAL (
    SELECT
        array_agg(owed.ends ORDER BY owed.ends) FILTER (WHERE r.id IS NULL) AS awaited,
        array_agg(owed.ends ORDER BY owed.ends) FILTER (WHERE r.status IN ('draft', 'returned')) AS begun,
        min(owed.ends) FILTER (WHERE r.id IS NULL) AS next_awaited,
        min(owed.ends) FILTER (WHERE r.id IS NULL OR r.status IN ('draft', 'returned')) AS next_due,
        count(*) > 0 AS owes
    FROM (
        SELECT p.ends FROM portal_periods(coalesce(c.starts_on, a.signed_latest), c.due, c.recurrence) p
        UNION SELECT d.due_on FROM partnerships_reportingdate d WHERE d.commitment_id = c.id
    ) AS owed
    LEFT JOIN partnerships_progressreport r ON r.commitment_id = c.id AND r.period_end = owed.ends
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
) AS calendar
"""

_COLUMNS = (
    "agreement_id, ref, in_draft, position, owner_id, owing_id, desk_id, indicator_id, target, due,"
    " recurrence, funding, demonstration, withdrawn_on, measurable, awaited, begun, next_awaited, next_due,"
    " owes, achieved, rate, waiting, drafts, first_draft, returned, first_returned, units, counterparts"
)
_SET = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", "))


def _write(which):
    return f"""
    DELETE FROM partnerships_commitmentstanding s
    WHERE {which.format(id="s.commitment_id")}
    AND NOT EXISTS (SELECT 1 FROM partnerships_commitment c WHERE c.id = s.commitment_id);

    INSERT INTO partnerships_commitmentstanding AS s (commitment_id, {_COLUMNS})
    SELECT commitment_id, {_COLUMNS} FROM partnerships_plainstanding p
    WHERE {which.format(id="p.commitment_id")}
    ON CONFLICT (commitment_id) DO UPDATE SET {_SET}
    WHERE ({", ".join(f"s.{name}" for name in _COLUMNS.split(", "))})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COLUMNS.split(", "))});
    """


# The rows are locked first and read in a statement of its own: what another transaction wrote about the
# same commitment is committed by then and seen, so that no older view is written over a newer one.
THESE = f"""
CREATE FUNCTION portal_refresh_these(those bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(cardinality(those), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM 1 FROM partnerships_commitmentstanding s WHERE s.commitment_id = ANY (those)
    ORDER BY s.commitment_id FOR NO KEY UPDATE;
    {_write("{id} = ANY (those)")}
END
$$
"""

SPAN = f"""
CREATE FUNCTION portal_refresh_standings(first_id bigint, last_id bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM partnerships_commitmentstanding s WHERE s.commitment_id BETWEEN first_id AND last_id
    ORDER BY s.commitment_id FOR NO KEY UPDATE;
    {_write("{id} BETWEEN first_id AND last_id")}
END
$$
"""

DIFFERENT = f"""
CREATE FUNCTION portal_standings_that_differ(first_id bigint, last_id bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce(p.commitment_id, s.commitment_id)
    FROM (
        SELECT * FROM partnerships_plainstanding WHERE commitment_id BETWEEN first_id AND last_id
    ) AS p
    FULL JOIN (
        SELECT * FROM partnerships_commitmentstanding WHERE commitment_id BETWEEN first_id AND last_id
    ) AS s ON s.commitment_id = p.commitment_id
    WHERE ({", ".join(f"s.{name}" for name in ["commitment_id", *_COLUMNS.split(", ")])})
        IS DISTINCT FROM ({", ".join(f"p.{name}" for name in ["commitment_id", *_COLUMNS.split(", ")])})
    ORDER BY 1
$$
"""

# The paper is locked too where a commitment comes to it or its own facts change: a commitment that
# another transaction has not committed yet can't be found to be refreshed.
PAPERS = """
CREATE FUNCTION portal_refresh_papers(papers bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(cardinality(papers), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM 1 FROM partnerships_agreement a WHERE a.id = ANY (papers) ORDER BY a.id FOR NO KEY UPDATE;
    PERFORM portal_refresh_these(ARRAY(
        SELECT c.id FROM partnerships_commitment c WHERE c.agreement_id = ANY (papers)
    ));
END
$$
"""

_OF_REPORTS = """
    SELECT s.commitment_id FROM partnerships_traineebatch b
    JOIN partnerships_batchshare s ON s.batch_id = b.id WHERE b.report_id IN ({reports})
"""
_LOCK_PAPERS = """
    PERFORM 1 FROM partnerships_agreement a WHERE a.id IN ({papers}) ORDER BY a.id FOR NO KEY UPDATE;
"""
_LOCK_REPORTS = """
    PERFORM 1 FROM partnerships_progressreport r WHERE r.id IN (
        SELECT b.report_id FROM partnerships_traineebatch b JOIN new_rows n ON n.batch_id = b.id
    ) ORDER BY r.id FOR NO KEY UPDATE;
"""


def _these(ids):
    return f"PERFORM portal_refresh_these(ARRAY({ids}));"


def _papers(ids):
    return f"PERFORM portal_refresh_papers(ARRAY({ids}));"


def _changed(columns, key="id"):
    old = ", ".join(f"o.{name}" for name in columns)
    new = ", ".join(f"n.{name}" for name in columns)
    return f"new_rows n JOIN old_rows o ON o.{key} = n.{key} WHERE ({old}) IS DISTINCT FROM ({new})"


_COMMITMENT = [
    *("agreement_id", "position", "owner_id", "owed_by_id", "indicator_id", "target", "starts_on", "due"),
    *("recurrence", "cumulative", "proof_wanted", "funding", "demonstration", "withdrawn_on"),
]
_REPORT = ["commitment_id", "period_end", "status", "value"]
_BATCH = [
    "report_id",
    *(f"{stage}_{who}" for stage in ("trained", "certified", "placed") for who in ("women", "men")),
]
_PARTY = ["agreement_id", "organization_id"]
_SHARE = ["batch_id", "commitment_id", "weight"]

# (table, event, what is refreshed): on everything that a standing is made of.
KEPT_BY = [
    (
        "commitment",
        "INSERT",
        _LOCK_PAPERS.format(papers="SELECT agreement_id FROM new_rows") + _these("SELECT id FROM new_rows"),
    ),
    (
        "commitment",
        "UPDATE",
        _LOCK_PAPERS.format(papers=f"SELECT n.agreement_id FROM {_changed(['agreement_id', 'owed_by_id'])}")
        + _these(f"SELECT n.id FROM {_changed(_COMMITMENT)}"),
    ),
    ("commitment", "DELETE", _these("SELECT id FROM old_rows")),
    (
        "agreement",
        "UPDATE",
        _papers(f"SELECT n.id FROM {_changed(['status', 'signed_latest', 'ref'])}"),
    ),
    (
        "statuschange",
        "INSERT",
        _papers("SELECT n.agreement_id FROM new_rows n WHERE n.new IN ('ended', 'terminated')"),
    ),
    ("party", "INSERT", _papers("SELECT n.agreement_id FROM new_rows n")),
    (
        "party",
        "UPDATE",
        _papers(
            f"SELECT n.agreement_id FROM {_changed(_PARTY)}"
            f" UNION SELECT o.agreement_id FROM {_changed(_PARTY)}"
        ),
    ),
    ("party", "DELETE", _papers("SELECT o.agreement_id FROM old_rows o")),
    (
        "organization",
        "UPDATE",
        _papers(
            "SELECT DISTINCT p.agreement_id FROM partnerships_party p WHERE p.organization_id IN ("
            f"SELECT n.id FROM {_changed(['kind'])})"
        ),
    ),
    ("reportingdate", "INSERT", _these("SELECT commitment_id FROM new_rows")),
    (
        "reportingdate",
        "UPDATE",
        _these("SELECT commitment_id FROM new_rows UNION SELECT commitment_id FROM old_rows"),
    ),
    ("reportingdate", "DELETE", _these("SELECT commitment_id FROM old_rows")),
    ("progressreport", "INSERT", _these("SELECT commitment_id FROM new_rows")),
    (
        "progressreport",
        "UPDATE",
        _these(
            f"SELECT n.commitment_id FROM {_changed(_REPORT)}"
            f" UNION SELECT o.commitment_id FROM {_changed(_REPORT)} UNION "
            + _OF_REPORTS.format(reports=f"SELECT n.id FROM {_changed(['commitment_id', 'status'])}")
        ),
    ),
    ("progressreport", "DELETE", _these("SELECT commitment_id FROM old_rows")),
    (
        "traineebatch",
        "UPDATE",
        _these(
            "SELECT s.commitment_id FROM partnerships_batchshare s WHERE s.batch_id IN ("
            f"SELECT n.id FROM {_changed(_BATCH)})"
        ),
    ),
    ("batchshare", "INSERT", _LOCK_REPORTS + _these("SELECT commitment_id FROM new_rows")),
    (
        "batchshare",
        "UPDATE",
        _LOCK_REPORTS
        + _these(
            f"SELECT n.commitment_id FROM {_changed(_SHARE)}"
            f" UNION SELECT o.commitment_id FROM {_changed(_SHARE)}"
        ),
    ),
    ("batchshare", "DELETE", _these("SELECT commitment_id FROM old_rows")),
    (
        "indicator",
        "UPDATE",
        _these(
            "SELECT DISTINCT s.commitment_id FROM partnerships_batchshare s"
            " JOIN partnerships_commitment c ON c.id = s.commitment_id"
            f" WHERE c.indicator_id IN (SELECT n.id FROM {_changed(['stage'])})"
        ),
    ),
]
_ROWS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def _kept_by(table, event, body):
    function = f"portal_standing_of_{table}_{event.lower()}"
    return migrations.RunSQL(
        f"""
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {body}
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER standing_{event.lower()} AFTER {event} ON partnerships_{table}
        REFERENCING {_ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION {function}();
        """,
        f"""
        DROP TRIGGER standing_{event.lower()} ON partnerships_{table};
        DROP FUNCTION {function}();
        """,
    )


# What is added to the sums and taken from them: never changed in place, so that no two writers wait.
_KEY = "in_draft, withdrawn_on, next_due, is_returned, waits, owes, measurable"


def _grouped(rows, sign):
    return f"""
        SELECT in_draft, withdrawn_on, next_due, returned > 0 AS is_returned, waiting > 0 AS waits, owes,
            measurable, {sign}count(*) AS number, {sign}sum(waiting) AS waiting,
            {sign}coalesce(sum(least(rate, 1)) FILTER (WHERE measurable), 0) AS rates
        FROM {rows} GROUP BY {_KEY}
    """


def _summed(event):
    rows = {
        "INSERT": _grouped("new_rows", ""),
        "UPDATE": f"{_grouped('new_rows', '')} UNION ALL {_grouped('old_rows', '-')}",
        "DELETE": _grouped("old_rows", "-"),
    }
    return f"""
        INSERT INTO partnerships_standingsum ({_KEY}, number, waiting, rates)
        SELECT {_KEY}, sum(number), sum(waiting), sum(rates) FROM ({rows[event]}) AS changed
        GROUP BY {_KEY} HAVING sum(number) <> 0 OR sum(waiting) <> 0 OR sum(rates) <> 0;
    """


# Puts what was added one by one together; a sum that another transaction is adding to is not touched.
FOLD = f"""
CREATE FUNCTION portal_fold_standing_sums() RETURNS void LANGUAGE sql AS $$
    WITH taken AS (DELETE FROM partnerships_standingsum RETURNING *)
    INSERT INTO partnerships_standingsum ({_KEY}, number, waiting, rates)
    SELECT {_KEY}, sum(number), sum(waiting), sum(rates) FROM taken
    GROUP BY {_KEY} HAVING sum(number) <> 0 OR sum(waiting) <> 0 OR sum(rates) <> 0
$$
"""

SUMS_DIFFER = f"""
CREATE FUNCTION portal_standing_sums_differ() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM (
            {_grouped("partnerships_commitmentstanding", "")}
            UNION ALL
            SELECT {_KEY}, -number, -waiting, -rates FROM partnerships_standingsum
        ) AS both_sides
        GROUP BY {_KEY} HAVING sum(number) <> 0 OR sum(waiting) <> 0 OR sum(rates) <> 0
    )
$$
"""

EXACT = """
ALTER TABLE partnerships_commitmentstanding
ALTER COLUMN achieved TYPE numeric, ALTER COLUMN rate TYPE numeric;
ALTER TABLE partnerships_standingsum ALTER COLUMN rates TYPE numeric
"""
EXISTING = """
SELECT portal_refresh_standings(min(id), max(id)) FROM partnerships_commitment HAVING count(*) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0006_register_changes")]

    operations = [
        migrations.CreateModel(
            name="StandingSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_draft", models.BooleanField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("next_due", models.DateField(null=True)),
                ("is_returned", models.BooleanField()),
                ("waits", models.BooleanField()),
                ("owes", models.BooleanField()),
                ("measurable", models.BooleanField()),
                ("number", models.BigIntegerField()),
                ("waiting", models.BigIntegerField()),
                ("rates", models.DecimalField(decimal_places=6, max_digits=24)),
            ],
            options={
                "verbose_name": "sum of standings",
                "verbose_name_plural": "sums of standings",
            },
        ),
        migrations.CreateModel(
            name="CommitmentStanding",
            fields=[
                (
                    "commitment",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="partnerships.commitment",
                    ),
                ),
                ("ref", models.CharField(max_length=20)),
                ("in_draft", models.BooleanField()),
                ("position", models.PositiveSmallIntegerField()),
                ("target", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("due", models.DateField(null=True)),
                (
                    "recurrence",
                    models.CharField(
                        choices=[
                            ("once", "once"),
                            ("monthly", "monthly"),
                            ("quarterly", "quarterly"),
                            ("half_yearly", "half-yearly"),
                            ("yearly", "yearly"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "funding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("apbn", "State budget (APBN)"),
                            ("apbd", "Regional budget (APBD)"),
                            ("partner", "Partner"),
                            ("phln", "Foreign loan or grant (PHLN)"),
                        ],
                        max_length=12,
                    ),
                ),
                ("demonstration", models.BooleanField()),
                ("withdrawn_on", models.DateField(null=True)),
                ("measurable", models.BooleanField()),
                (
                    "awaited",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), null=True, size=None
                    ),
                ),
                (
                    "begun",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), null=True, size=None
                    ),
                ),
                ("next_awaited", models.DateField(null=True)),
                ("next_due", models.DateField(null=True)),
                ("owes", models.BooleanField()),
                ("achieved", models.DecimalField(decimal_places=4, max_digits=24)),
                ("rate", models.DecimalField(decimal_places=6, max_digits=24, null=True)),
                ("waiting", models.PositiveIntegerField()),
                ("drafts", models.PositiveIntegerField()),
                ("first_draft", models.DateField(null=True)),
                ("returned", models.PositiveIntegerField()),
                ("first_returned", models.DateField(null=True)),
                (
                    "units",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "counterparts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.agreement",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.organization",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.indicator",
                    ),
                ),
                (
                    "owing",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing of a commitment",
                "verbose_name_plural": "standings of commitments",
                "indexes": [
                    models.Index(fields=["next_due", "ref", "position", "commitment"], name="standing_order"),
                    models.Index(fields=["desk", "next_awaited"], name="standing_by_desk"),
                    models.Index(fields=["next_awaited", "commitment"], name="standing_by_day"),
                    models.Index(
                        condition=models.Q(("first_draft__isnull", False)),
                        fields=["first_draft", "commitment"],
                        name="standing_with_draft",
                    ),
                    models.Index(
                        condition=models.Q(("first_returned__isnull", False)),
                        fields=["first_returned", "commitment"],
                        name="standing_with_returned",
                    ),
                    models.Index(fields=["agreement"], name="standing_by_paper"),
                    models.Index(
                        condition=models.Q(("in_draft", True)),
                        fields=["commitment"],
                        name="standing_in_draft",
                    ),
                    models.Index(fields=["owner"], name="standing_by_owner"),
                    models.Index(fields=["owing"], name="standing_by_owing"),
                    models.Index(fields=["indicator"], name="standing_by_indicator"),
                    models.Index(
                        condition=models.Q(("waiting__gt", 0)),
                        fields=["next_due", "ref", "position", "commitment"],
                        name="standing_to_verify",
                    ),
                ],
            },
        ),
        # Exact, as the plain query has them: a rate of one third is not 0.333333.
        migrations.RunSQL(EXACT, migrations.RunSQL.noop),
        migrations.RunSQL(PLAIN, "DROP VIEW partnerships_plainstanding"),
        migrations.RunSQL(THESE, "DROP FUNCTION portal_refresh_these(bigint[])"),
        migrations.RunSQL(SPAN, "DROP FUNCTION portal_refresh_standings(bigint, bigint)"),
        migrations.RunSQL(DIFFERENT, "DROP FUNCTION portal_standings_that_differ(bigint, bigint)"),
        migrations.RunSQL(PAPERS, "DROP FUNCTION portal_refresh_papers(bigint[])"),
        *(_kept_by(*each) for each in KEPT_BY),
        *(_kept_by("commitmentstanding", event, _summed(event)) for event in _ROWS),
        migrations.RunSQL(FOLD, "DROP FUNCTION portal_fold_standing_sums()"),
        migrations.RunSQL(SUMS_DIFFER, "DROP FUNCTION portal_standing_sums_differ()"),
        migrations.RunSQL(EXISTING, migrations.RunSQL.noop),
    ]
