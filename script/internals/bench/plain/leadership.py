"""The statements of what leadership reads: brief, reports, funnel, regions side by side."""

# ruff: noqa: S608 - the statements are made of our own words

from script.internals.bench.plain.papers import (
    ALIVE,
    CLASSES,
    COUNTERPARTS,
    DECISIONS,
    IS_PAPER,
    LIFE,
    LIVES,
    PROVINCE,
    REGIONS,
    STEPS,
    TERMS,
    TREND,
    UNDECIDED,
    counts,
    papers,
    papers_today,
    said,
    statement,
)
from script.internals.bench.plain.promises import (
    OVER,
    OWED,
    PLACES,
    PROVINCES,
    RATE,
    STANDS,
    STATE,
    achieved,
    known_by,
    overdue,
    promises,
    reports,
    shares,
    unverified,
)


def brief() -> list[str]:
    in_force = f"paper p {REGIONS} WHERE p.validity IN {ALIVE}"
    not_renewed = """p.validity = 'ending' AND NOT EXISTS (
        SELECT FROM partnerships_agreement n WHERE n.renews_id = p.id AND n.status <> 'cancelled')"""
    return [
        statement(
            [*papers_today(IS_PAPER), *LIFE, DECISIONS, *achieved()],
            said(
                LIVES,
                alive=f"count(*) FILTER (WHERE p.validity IN {ALIVE})",
                asleep="count(p.since)",
                undecided=f"count(p.since) FILTER (WHERE {UNDECIDED})",
                ending="count(*) FILTER (WHERE p.validity = 'ending')",
                to_renew=f"count(*) FILTER (WHERE {not_renewed})",
            ),
            counts("in force", PROVINCE, in_force),
            f"SELECT 'covered', '', count(DISTINCT g.code)::numeric FROM {in_force}"
            " AND g.parent_id IS NOT NULL AND g.closed_on IS NULL",
            f"SELECT 'provinces', '', count(DISTINCT {PROVINCE})::numeric FROM {in_force}",
            "SELECT 'dead', p.ref, 1 FROM life p WHERE p.since IS NOT NULL ORDER BY p.since, p.ref LIMIT 5",
            said(
                "promise c",
                commitments="count(*)",
                measurable="count(*) FILTER (WHERE c.measurable)",
                rate=f"avg({RATE}) FILTER (WHERE c.measurable)",
            ),
            f"""
            SELECT 'best', p.ref || ' ' || count(*), avg({RATE}) FROM promise c
            JOIN paper p ON p.id = c.agreement_id AND p.validity IN {ALIVE}
            WHERE c.measurable GROUP BY p.id, p.ref HAVING sum({RATE}) > 0
            ORDER BY 3 DESC, count(*) DESC, p.id LIMIT 5
            """,
        ),
        TREND,
        statement(
            [OVER],
            *(overdue(), unverified()),
            "SELECT 'to verify', w.commitment_id || ' ' || w.period_end, 1"
            " FROM (SELECT r.commitment_id, r.period_end FROM partnerships_progressreport r"
            " JOIN partnerships_commitment c ON c.id = r.commitment_id AND c.withdrawn_on IS NULL"
            " WHERE r.status = 'submitted' ORDER BY r.submitted_at, r.id LIMIT 3) w",
        ),
    ]


# Of each paper the values by which a report divides, each once.
_BELONGS = f"""above AS (
    SELECT o.id AS office, o.id, o.parent_id, o.kind FROM partnerships_organization o
    UNION SELECT a.office, o.id, o.parent_id, o.kind FROM above a
    JOIN partnerships_organization o ON o.id = a.parent_id
), belongs (agreement_id, dimension, key) AS (
    SELECT p.id, 'class', coalesce(k.class, 'unknown') FROM partnerships_agreement p {COUNTERPARTS}
    UNION SELECT t.agreement_id, 'theme', t.theme_id::text FROM partnerships_agreementtheme t
    UNION SELECT b.agreement_id, 'unit', u.id::text FROM partnerships_party b
        JOIN above u ON u.office = b.organization_id AND u.kind = 'unit'
    UNION SELECT s.agreement_id, 'region', {PROVINCE} FROM partnerships_agreementscope s
        JOIN regions_region g ON g.code = s.region_id
)"""
_PERIODS = """period (name, first, last, day) AS (VALUES
    ('now', %(first)s::date, %(last)s::date, %(day)s::date),
    ('before', %(first_before)s::date, %(last_before)s::date, %(day_before)s::date)
), day AS (SELECT day FROM period)"""
_PAPERS = {
    name: f"count(*) FILTER (WHERE m.{name})" for name in ("signed", "in_force", "ended", "renewed", "asleep")
}


def report() -> list[str]:
    measured = f"""measured AS (
        SELECT e.name, p.id, e.is_signed AS signed, p.validity IN {ALIVE} AS in_force,
            p.validity = 'ended' AND p.ends BETWEEN e.first AND e.last AS ended,
            e.is_signed AND n.id IS NOT NULL AS renewed, p.since IS NOT NULL AS asleep
        FROM life p
        JOIN LATERAL (SELECT e.*, p.signed_latest >= e.first AND p.signed_earliest <= e.last AS is_signed
            FROM period e WHERE e.day = p.day) e ON true
        LEFT JOIN partnerships_agreement n ON n.id = p.renews_id AND n.status <> 'cancelled'
    )"""
    # Each commitment is due in one of the periods; how far it came is told as of that one's day.
    in_period = "JOIN period e ON c.due BETWEEN e.first AND e.last"
    of_reports = f"JOIN partnerships_commitment c ON c.id = r.commitment_id {in_period}"
    stood = f"""stood AS (
        SELECT e.name, c.*, {STATE.format(day="e.day")} AS state
        FROM promise c {in_period} AND coalesce(c.withdrawn_on > e.day, true)
        LEFT JOIN owed o ON o.id = c.id
    )"""
    known = known_by("e.day")
    return [
        statement(
            [_PERIODS, TERMS, STEPS, papers(IS_PAPER, then=True), *LIFE, measured, CLASSES, _BELONGS],
            *(
                _divided(f"measured m {joined}", "m.name", key, _PAPERS)
                for joined, key in (
                    ("JOIN belongs b ON b.agreement_id = m.id", "b.dimension || ' ' || b.key"),
                    ("", "'all'"),
                )
            ),
        ),
        statement(
            [
                *(_PERIODS, OVER, reports("true", known, of_reports), shares(known, in_period)),
                *(promises("true", in_period), OWED, stood, CLASSES, _BELONGS, PLACES),
            ],
            *(
                _divided(f"stood c {joined}", "c.name", key, _PROMISES)
                for joined, key in (
                    (
                        "JOIN belongs b ON b.agreement_id = c.agreement_id AND b.dimension <> 'region'",
                        "b.dimension || ' ' || b.key",
                    ),
                    (PROVINCES, "'region ' || at.province"),
                    ("", "'all'"),
                )
            ),
        ),
        TREND,
    ]


_PROMISES = {
    "due": "count(*)",
    "reported": "count(*) FILTER (WHERE c.state IN ('waiting', 'done'))",
    "verified": "count(*) FILTER (WHERE c.state = 'done')",
    "overdue": "count(*) FILTER (WHERE c.state = 'overdue')",
    "achieved": f"avg({RATE}) FILTER (WHERE c.measurable)",
}


def _divided(rows: str, part: str, key: str, figures: dict[str, str]) -> str:
    """The figures of each key in each part: of a period, or of a step of the funnel."""
    named = ", ".join(f"('{name}', f.{name}::numeric)" for name in figures)
    asked = ", ".join(f"{expression} AS {name}" for name, expression in figures.items())
    return f"""
        SELECT v.name || ' ' || f.part, f.key, v.number FROM (
            SELECT {part} AS part, {key} AS key, {asked} FROM {rows} GROUP BY 1, 2
        ) f, LATERAL (VALUES {named}) v (name, number)
    """


def funnel() -> list[str]:
    figures = {
        "commitments": "count(*)",
        "measurable": "count(*) FILTER (WHERE c.measurable)",
        "waiting": "count(*) FILTER (WHERE c.waiting > 0)",
        "promised": "sum(c.target) FILTER (WHERE c.measurable)",
        "done": "sum(c.achieved) FILTER (WHERE c.measurable)",
    }
    staged = "promise c JOIN partnerships_indicator i ON i.id = c.indicator_id AND i.stage <> ''"
    people = "h.weight * (b.{0}_women + b.{0}_men)"
    return [
        statement(
            [reports(), shares(), promises(), PLACES],
            _divided(staged, "i.stage", "'all'", figures),
            _divided(f"{staged} {PROVINCES}", "i.stage", "at.province", figures),
            said("promise c", all="count(*)", unmeasurable="count(*) FILTER (WHERE NOT c.measurable)"),
        ),
        f"""
        SELECT v.name, '', v.number FROM (
            SELECT sum({people.format("trained")}) AS trained, sum({people.format("certified")}) AS certified,
                sum({people.format("placed")}) AS placed
            FROM partnerships_batchshare h JOIN partnerships_traineebatch b ON b.id = h.batch_id
            JOIN partnerships_progressreport r ON r.id = b.report_id AND r.status = 'verified'
            JOIN partnerships_commitment c ON c.id = h.commitment_id WHERE {STANDS}
        ) f, LATERAL (VALUES ('trained', f.trained), ('certified', f.certified), ('placed', f.placed))
            v (name, number)
        """,
    ]


def regions_side() -> list[str]:
    themed = (
        f"{STANDS} AND c.agreement_id IN (SELECT t.agreement_id FROM partnerships_agreementtheme t"
        " JOIN partnerships_theme h ON h.id = t.theme_id WHERE h.slug = %(theme)s)"
    )
    return [
        statement(
            [OVER, reports(), shares(), promises(themed), OWED, PLACES],
            "SELECT 'commitments', '', count(*)::numeric FROM promise c",
            f"""
            SELECT v.name, f.cell, v.number::numeric FROM (
                SELECT at.province || ' ' || coalesce(c.indicator_id, 0) AS cell, count(*) AS number,
                    max(CASE WHEN c.verified >= 2 AND coalesce(o.next_due >= %(day)s, true) THEN 2
                        WHEN c.verified > 0 THEN 1 ELSE 0 END) AS step,
                    max(c.last) - date '2000-01-01' AS last,
                    count(DISTINCT coalesce(c.owner_id, c.owing_id)) AS offices
                FROM promise c LEFT JOIN owed o ON o.id = c.id {PROVINCES} GROUP BY 1
            ) f, LATERAL (VALUES ('number', f.number), ('step', f.step), ('last', f.last),
                ('offices', f.offices)) v (name, number)
            """,
        )
    ]
