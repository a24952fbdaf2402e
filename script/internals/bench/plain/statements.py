"""The statements that a page of issue 6 would ask, if nothing but the tables told its figures.

Each statement gives (figure, key, number); ``shown`` says the same of the page.
"""

# ruff: noqa: S608 - the statements are made of our own words

from script.internals.bench.plain import leadership
from script.internals.bench.plain.papers import (
    ALIVE,
    BELOW,
    CLASSES,
    COUNTERPARTS,
    DECISIONS,
    IS_PAPER,
    LIFE,
    LIVES,
    PROVINCE,
    REGIONS,
    SIGNED,
    SLEEP,
    STEPS,
    TERMS,
    TODAY,
    TREND_OF_SLEEP,
    UNDECIDED,
    counts,
    papers,
    papers_today,
    progress,
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
    overdue,
    promises,
    reports,
    shares,
    unverified,
)

_OF_THE_READER = """
    SELECT s.agreement_id FROM partnerships_agreementscope s JOIN regions_region g ON g.code = s.region_id
    JOIN partnerships_agreement n ON n.id = s.agreement_id
    WHERE %(region)s IN (g.code, g.parent_id) AND n.status <> 'proposed'
"""


def _home(is_officer: bool) -> list[str]:
    seen = f" AND a.id IN ({_OF_THE_READER})" if is_officer else ""
    of_these = f"c.agreement_id IN ({_OF_THE_READER})" if is_officer else "true"
    below = [BELOW, progress(of_these), SLEEP]
    return [
        statement(
            [*papers_today(IS_PAPER + seen), *below, DECISIONS, CLASSES],
            said(
                LIVES,
                papers="count(*)",
                represented="sum(p.represents)",
                ending="count(*) FILTER (WHERE p.validity = 'ending')",
                unknown="count(*) FILTER (WHERE p.validity = 'unknown')",
                undecided=f"count(*) FILTER (WHERE p.since IS NOT NULL AND {UNDECIDED})",
                conflict="count(*) FILTER (WHERE p.id IN (SELECT f.agreement_id FROM"
                " partnerships_sourcedfact f WHERE NOT f.in_force))",
            ),
            # No date of a paper is less exact than its year.
            "SELECT 'signed', extract(year FROM p.signed_latest)::text, count(*)::numeric FROM paper p"
            " WHERE p.signed_latest >= make_date(extract(year FROM p.day)::int - 9, 1, 1)"
            " AND p.signed_earliest < make_date(extract(year FROM p.day)::int + 1, 1, 1) GROUP BY 2",
            counts("class", "coalesce(k.class, 'unknown')", f"paper p {COUNTERPARTS}"),
            counts("in force", PROVINCE, f"paper p {REGIONS} WHERE p.validity IN {ALIVE}"),
            "SELECT 'newest', p.ref, 1 FROM paper p ORDER BY p.signed_latest DESC NULLS LAST, p.ref LIMIT 8",
        ),
        statement([OVER], overdue(of_these), unverified(of_these)),
    ]


def _regions(then: bool) -> list[str]:
    by_province = f"""
        SELECT v.name, f.province, v.number::numeric FROM (
            SELECT {PROVINCE} AS province, count(DISTINCT p.id) AS papers,
                count(DISTINCT p.id) FILTER (WHERE p.validity IN {ALIVE}) AS in_force,
                count(DISTINCT g.code) FILTER (WHERE g.parent_id IS NOT NULL) AS reached
            FROM paper p {REGIONS} GROUP BY 1
        ) f, LATERAL (VALUES ('papers', f.papers), ('in force', f.in_force), ('reached', f.reached))
            v (name, number)
    """
    if not then:
        return [statement(papers_today(IS_PAPER), by_province)]
    return [
        statement([TODAY, TERMS, STEPS, papers(IS_PAPER, then=True)], by_province),
        statement(
            [*achieved("%(day)s"), PLACES],
            f"SELECT 'achieved', at.province, avg({RATE}) FROM promise c {PROVINCES}"
            " WHERE c.measurable GROUP BY 2",
        ),
    ]


_TONE = (
    "CASE c.state WHEN 'done' THEN 'good' WHEN 'overdue' THEN 'bad' WHEN 'returned' THEN 'bad'"
    " WHEN 'undated' THEN 'none' ELSE 'accent' END"
)
_MINE = """office AS (
    SELECT o.id FROM partnerships_organization o JOIN regions_region g ON g.code = o.region_id
    WHERE %(region)s IN (g.code, g.parent_id)
), mine AS (
    SELECT c.id FROM partnerships_commitment c WHERE c.owner_id IN (SELECT id FROM office)
    UNION
    SELECT c.id FROM partnerships_commitment c JOIN partnerships_party b ON b.id = c.owed_by_id
    WHERE b.organization_id IN (SELECT id FROM office)
)"""
_IN_THE_REGION = (
    "a.id IN (SELECT s.agreement_id FROM partnerships_agreementscope s JOIN regions_region g"
    " ON g.code = s.region_id WHERE %(region)s IN (g.code, g.parent_id))"
)


def _province() -> list[str]:
    of_the_papers = "c.agreement_id IN (SELECT p.id FROM paper p)"
    by_region = f"""
        SELECT v.name, f.code, v.number::numeric FROM (
            SELECT g.code, count(DISTINCT p.id) AS papers,
                count(DISTINCT p.id) FILTER (WHERE p.since IS NOT NULL) AS asleep,
                count(DISTINCT p.id) FILTER (WHERE p.validity IN {ALIVE}) AS in_force
            FROM life p {REGIONS}
            WHERE g.parent_id = %(region)s AND p.kind <> 'activity' GROUP BY 1
        ) f, LATERAL (VALUES ('papers of', f.papers), ('in force of', f.in_force), ('asleep of', f.asleep))
            v (name, number)
    """
    stood = f"""stood AS (
        SELECT c.*, o.next_due, {STATE.format(day="%(day)s")} AS state
        FROM promise c LEFT JOIN owed o ON o.id = c.id
    )"""
    return [
        statement(
            [*papers_today(_IN_THE_REGION), BELOW, progress(of_the_papers), SLEEP],
            said(
                "paper p",
                papers="count(*) FILTER (WHERE p.kind <> 'activity')",
                represented="sum(p.represents) FILTER (WHERE p.kind <> 'activity')",
                alive=f"count(*) FILTER (WHERE p.kind <> 'activity' AND p.validity IN {ALIVE})",
                unknown="count(*) FILTER (WHERE p.kind <> 'activity' AND p.validity = 'unknown')",
                activities="count(*) FILTER (WHERE p.kind = 'activity')",
            ),
            by_region,
            counts(
                *("organization", "o.id"),
                "paper p JOIN partnerships_party b ON b.agreement_id = p.id JOIN partnerships_organization o"
                " ON o.id = b.organization_id WHERE p.kind <> 'activity' AND o.region_id = %(region)s",
            ),
        ),
        statement(
            [
                *(_MINE, OVER, reports("r.commitment_id IN (SELECT id FROM mine)"), shares()),
                *(promises(STANDS, "JOIN mine m ON m.id = c.id"), OWED, stood),
            ],
            said(
                "stood c",
                commitments="count(*)",
                measurable="count(*) FILTER (WHERE c.measurable)",
                rate=f"avg({RATE}) FILTER (WHERE c.measurable)",
                reports="sum(c.waiting)",
                overdue="count(*) FILTER (WHERE c.next_due < %(day)s)",
            ),
            """
            SELECT v.name, f.indicator, v.number::numeric FROM (
                SELECT c.indicator_id::text AS indicator, count(*) AS number, sum(c.target) AS promised,
                    sum(c.achieved) AS done, sum(c.waiting) AS waiting
                FROM stood c WHERE c.measurable GROUP BY 1
            ) f, LATERAL (VALUES ('number of', f.number), ('promised of', f.promised), ('done of', f.done),
                ('waiting of', f.waiting)) v (name, number)
            """,
            f"SELECT 'quarter', date_trunc('quarter', c.due)::date || ' ' || {_TONE}, count(*)::numeric"
            " FROM stood c WHERE c.due >= %(first)s AND c.due < %(after)s GROUP BY 2",
        ),
    ]


def _coverage() -> list[str]:
    themed = (
        f"{IS_PAPER} AND a.id IN (SELECT t.agreement_id FROM partnerships_agreementtheme t"
        " JOIN partnerships_theme h ON h.id = t.theme_id WHERE h.slug = %(theme)s)"
    )
    rows = f"paper p {REGIONS} WHERE p.validity IN {ALIVE}"
    return [
        statement(
            papers_today(themed),
            f"SELECT 'papers', '', count(*)::numeric FROM paper p WHERE p.validity IN {ALIVE}",
            counts("province", PROVINCE, rows),
            f"SELECT 'covered', g.parent_id, count(DISTINCT g.code)::numeric FROM {rows}"
            " AND g.parent_id IS NOT NULL AND g.closed_on IS NULL GROUP BY 2",
            "SELECT 'needs', '', count(*)::numeric FROM partnerships_need n"
            " JOIN partnerships_theme h ON h.id = n.theme_id"
            " WHERE h.slug = %(theme)s AND n.status = 'open'",
        )
    ]


_STATE_OF_SLEEP = f"CASE WHEN {UNDECIDED} THEN 'undecided' ELSE 'decided' END"


def _asleep() -> list[str]:
    return [
        statement(
            [*papers_today(IS_PAPER), *LIFE, DECISIONS, CLASSES],
            f"SELECT 'signed', '', count(*)::numeric FROM paper p"
            f" WHERE p.status = 'signed' AND p.validity IN {ALIVE}",
            counts("state", _STATE_OF_SLEEP, f"{LIVES} WHERE p.since IS NOT NULL"),
            counts("kind", f"p.kind || ' ' || {_STATE_OF_SLEEP}", f"{LIVES} WHERE p.since IS NOT NULL"),
            counts(
                *("class", f"coalesce(k.class, 'unknown') || ' ' || {_STATE_OF_SLEEP}"),
                f"{LIVES} {COUNTERPARTS} WHERE p.since IS NOT NULL",
            ),
            f"SELECT 'oldest', p.ref, 1 FROM {LIVES} WHERE p.since IS NOT NULL AND {UNDECIDED}"
            " ORDER BY p.since, p.ref LIMIT 10",
            f"""
            SELECT v.name, f.kind || ' ' || f.sign, v.number::numeric FROM (
                SELECT a.kind, s.sign, count(*) FILTER (WHERE s.first <= %(day)s) AS shown,
                    percentile_disc(0.5) WITHIN GROUP (ORDER BY s.first - a.signed_latest)
                        FILTER (WHERE s.first <= %(day)s) AS middle,
                    count(*) FILTER (WHERE s.first <= %(day)s AND s.first <= a.signed_latest + s.within)
                        AS in_time,
                    count(*) FILTER (WHERE s.first <= %(day)s OR a.signed_latest + s.within < %(day)s)
                        AS measured
                FROM partnerships_agreement a JOIN partnerships_dormancylimit l ON l.kind = a.kind
                LEFT JOIN below b ON b.paper = a.id LEFT JOIN progress g ON g.paper = a.id
                CROSS JOIN LATERAL (VALUES ('follow_up', b.follow_up, l.follow_up),
                    ('action_plan', b.action_plan, l.action_plan), ('progress', g.progress, l.progress)
                ) AS s (sign, first, within)
                WHERE a.status IN {SIGNED} AND a.signed_latest <= %(day)s AND s.within IS NOT NULL
                GROUP BY a.kind, s.sign
            ) f, LATERAL (VALUES ('shown', f.shown), ('middle', f.middle), ('in time', f.in_time),
                ('measured', f.measured)) v (name, number) WHERE f.measured > 0
            """,
        ),
        TREND_OF_SLEEP,
    ]


STATEMENTS = {
    "home": _home(is_officer=False),
    "home_officer": _home(is_officer=True),
    "regions": _regions(then=False),
    "regions_then": _regions(then=True),
    "province": _province(),
    "asleep": _asleep(),
    "coverage": _coverage(),
    "brief": leadership.brief(),
    "report": leadership.report(),
    "report_year": leadership.report(),
    "funnel": leadership.funnel(),
    "regions_side": leadership.regions_side(),
}
