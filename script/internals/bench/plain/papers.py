"""What papers are on a day, and which of them sleep, as parts of a statement (``WITH name AS (...)``).

Each part reads the tables, and the parts named before it. ``day`` has the days that are asked about.
"""

# ruff: noqa: S608 - the statements are made of our own words

_ZONE = "Asia/Jakarta"
IS_PAPER = "a.kind <> 'activity'"
ALIVE = "('in_force', 'ending', 'unknown')"
SIGNED = "('signed', 'ended', 'terminated')"

TODAY = "day AS (SELECT %(day)s::date AS day)"

# Of each paper the last term that had begun, as it stood that day; else whether there is any.
TERMS = """term AS (
    SELECT DISTINCT ON (d.day, t.agreement_id) d.day, t.agreement_id,
        coalesce(t.starts_earliest <= d.day, true) AS begun,
        CASE WHEN t.ended_early AND t.ends_latest > d.day THEN t.agreed_latest ELSE t.ends_latest END AS ends,
        CASE WHEN t.ended_early AND t.ends_latest > d.day THEN t.agreed_latest IS NULL
            ELSE t.ends_open END AS is_open
    FROM partnerships_term t CROSS JOIN day d
    ORDER BY d.day, t.agreement_id, begun DESC, t.position DESC, t.id DESC
)"""
# The status of each paper on a day: its last step that counts from then or before.
STEPS = """step AS (
    SELECT DISTINCT ON (d.day, s.agreement_id) d.day, s.agreement_id, s.new AS status
    FROM partnerships_statuschange s JOIN day d ON s.effective_on IS NULL OR s.effective_on <= d.day
    ORDER BY d.day, s.agreement_id, s.id DESC
)"""


def papers(where: str = "true", then: bool = False) -> str:
    """The papers that there are on each day (``then``: an earlier one), with status and validity."""
    status = "s.status" if then else "a.status"
    steps = "JOIN step s ON s.agreement_id = a.id AND s.day = d.day" if then else ""
    return f"""paper AS (
        SELECT d.day, a.id, a.ref, a.kind, {status} AS status, a.represents, a.signed_earliest,
            a.signed_latest, a.renews_id, CASE WHEN t.begun THEN t.ends END AS ends,
            CASE WHEN {status} NOT IN {SIGNED} THEN 'not_begun'
                WHEN {status} <> 'signed' THEN 'ended'
                WHEN a.signed_earliest > d.day THEN 'not_begun'
                WHEN t.agreement_id IS NULL THEN 'unknown'
                WHEN NOT t.begun THEN 'not_begun'
                WHEN t.is_open THEN 'in_force'
                WHEN t.ends IS NULL THEN 'unknown'
                WHEN t.ends < d.day THEN 'ended'
                WHEN t.ends <= d.day + 90 THEN 'ending'
                ELSE 'in_force' END AS validity
        FROM partnerships_agreement a CROSS JOIN day d {steps}
        LEFT JOIN term t ON t.agreement_id = a.id AND t.day = d.day
        WHERE {where}
    )"""


def papers_today(where: str = "true") -> list[str]:
    return [TODAY, TERMS, papers(where)]


# The first sign of life of each kind, whenever it came.
BELOW = f"""below AS (
    SELECT b.implements_id AS paper, min(b.signed_latest) AS follow_up,
        min(b.signed_latest) FILTER (WHERE b.kind = 'rencana_aksi') AS action_plan
    FROM partnerships_agreement b WHERE b.implements_id IS NOT NULL AND b.status IN {SIGNED}
    GROUP BY b.implements_id
)"""


def progress(where: str = "true") -> str:
    return f"""progress AS (
        SELECT c.agreement_id AS paper, min((r.decided_at AT TIME ZONE '{_ZONE}')::date) AS progress
        FROM partnerships_progressreport r JOIN partnerships_commitment c ON c.id = r.commitment_id
        WHERE r.status = 'verified' AND {where} GROUP BY c.agreement_id
    )"""


# The papers of ``paper``, each with the day since which it sleeps, if it does. A later sign stands for an
# earlier one.
SLEEP = f"""life AS (
    SELECT p.*, CASE WHEN p.status = 'signed' AND p.validity IN {ALIVE} AND missed.since <= p.day
        THEN missed.since END AS since
    FROM paper p
    LEFT JOIN partnerships_dormancylimit l ON l.kind = p.kind
    LEFT JOIN below b ON b.paper = p.id
    LEFT JOIN progress g ON g.paper = p.id
    CROSS JOIN LATERAL (SELECT
        coalesce(least(b.follow_up, b.action_plan, g.progress) <= p.day, false) AS follow_up,
        coalesce(least(b.action_plan, g.progress) <= p.day, false) AS action_plan,
        coalesce(g.progress <= p.day, false) AS progress
    ) AS shown
    CROSS JOIN LATERAL (SELECT least(
        CASE WHEN NOT shown.follow_up THEN p.signed_latest + l.follow_up + 1 END,
        CASE WHEN NOT shown.action_plan THEN p.signed_latest + l.action_plan + 1 END,
        CASE WHEN NOT shown.progress THEN p.signed_latest + l.progress + 1 END
    ) AS since) AS missed
)"""
DECISIONS = f"""decision AS (
    SELECT DISTINCT ON (d.agreement_id) d.agreement_id,
        least(k.due, (k.checked_at AT TIME ZONE '{_ZONE}')::date - 1) AS until
    FROM partnerships_dormancydecision d JOIN partnerships_actionpoint k ON k.id = d.action_point_id
    WHERE d.decided_on <= %(day)s ORDER BY d.agreement_id, d.id DESC
)"""
UNDECIDED = "coalesce(d.until < %(day)s, true)"

LIFE = [BELOW, progress(), SLEEP]
# The same with the decision ``d`` on it.
LIVES = "life p LEFT JOIN decision d ON d.agreement_id = p.id"

CLASSES = """class (kind, class) AS (VALUES
    ('ministry', 'ministry'), ('state_body', 'ministry'), ('province_government', 'regional'),
    ('kabupaten_government', 'regional'), ('kota_government', 'regional'), ('regional_office', 'regional'),
    ('university', 'development'), ('company', 'development'), ('state_company', 'development'),
    ('association', 'development'), ('ngo', 'development'), ('international_agency', 'international'),
    ('foreign_government', 'international'), ('unknown', 'unknown')
)"""
# To be joined to papers ``p``: their counterparts ``o`` with the class ``k``, nothing where there is none.
COUNTERPARTS = """
    LEFT JOIN (partnerships_party b JOIN partnerships_organization o
        ON o.id = b.organization_id AND o.kind <> 'unit') ON b.agreement_id = p.id
    LEFT JOIN class k ON k.kind = o.kind
"""
# To be joined to papers ``p``: the regions ``g`` for which their parties act.
REGIONS = """
    JOIN partnerships_agreementscope s ON s.agreement_id = p.id JOIN regions_region g ON g.code = s.region_id
"""
PROVINCE = "coalesce(g.parent_id, g.code)"

# How many papers were in force, and how many slept, at the ends of quarters (``ends``).
_HOW_LONG = """signed AS (
    SELECT s.agreement_id,
        min(coalesce(s.effective_on, '-infinity')) FILTER (WHERE s.new = 'signed') AS first,
        min(coalesce(s.effective_on, '-infinity')) FILTER (WHERE s.new IN ('ended', 'terminated')) AS over
    FROM partnerships_statuschange s GROUP BY s.agreement_id
)"""
_WENT_ON = """paper AS (
    SELECT d.day, a.id, a.ref, a.kind, 'signed' AS status, a.signed_latest, 'in_force' AS validity
    FROM signed s JOIN day d ON s.first <= d.day AND coalesce(s.over > d.day, true)
    JOIN partnerships_agreement a ON a.id = s.agreement_id
    LEFT JOIN term t ON t.agreement_id = a.id AND t.day = d.day
    WHERE a.kind <> 'activity' AND coalesce(a.signed_earliest <= d.day, true)
        AND (t.agreement_id IS NULL OR t.begun AND (t.is_open OR coalesce(t.ends >= d.day, true)))
)"""


def statement(parts: list[str], *questions: str) -> str:
    """Parts and questions of them as one statement; each question gives (figure, key, number)."""
    asked = " UNION ALL ".join(f"({question})" for question in questions)
    return f"WITH RECURSIVE {', '.join(parts)} {asked}"


def said(rows: str, **figures: str) -> str:
    """A question for several figures of the same rows: names with their expressions."""
    named = ", ".join(f"('{name}', f.{name}::numeric)" for name in figures)
    asked = ", ".join(f"{expression} AS {name}" for name, expression in figures.items())
    return f"""
        SELECT v.name, '', v.number
        FROM (SELECT {asked} FROM {rows}) f, LATERAL (VALUES {named}) v (name, number)
    """


def counts(figure: str, key: str, rows: str) -> str:
    """How many papers ``p`` each key has; a paper that has a key several times counts once."""
    return f"SELECT '{figure}', {key}::text, count(DISTINCT p.id)::numeric FROM {rows} GROUP BY 2"


def _trend(*questions: str) -> str:
    days = "day AS (SELECT unnest(%(ends)s::date[]) AS day)"
    return statement([days, TERMS, _HOW_LONG, _WENT_ON, *LIFE], *questions)


_ASLEEP_ON = "SELECT 'asleep on', p.day::text, count(p.since)::numeric FROM life p GROUP BY 2"
TREND_OF_SLEEP = _trend(_ASLEEP_ON)
TREND = _trend(_ASLEEP_ON, "SELECT 'in force on', p.day::text, count(*)::numeric FROM life p GROUP BY 2")
