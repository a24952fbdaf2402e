"""What was promised and what came of it, as parts of a statement over the tables, without any kept sum."""

# ruff: noqa: S608 - the statements are made of our own words

_ZONE = "Asia/Jakarta"
# Until when reports are owed of papers ``a`` that are over.
OVER = """over AS (
    SELECT DISTINCT ON (s.agreement_id) s.agreement_id, coalesce(s.effective_on, s.recorded_at::date) AS day
    FROM partnerships_statuschange s
    JOIN partnerships_agreement a ON a.id = s.agreement_id AND a.status = s.new
    WHERE a.status IN ('ended', 'terminated') ORDER BY s.agreement_id, s.recorded_at DESC, s.id DESC
)"""


def reports(where: str = "true", known: str = "true", joined: str = "") -> str:
    """What the reports of each commitment come to; of what is achieved, as far as it was ``known``."""
    verified = f"r.status = 'verified' AND {known}"
    return f"""report AS (
        SELECT r.commitment_id, sum(r.value) FILTER (WHERE {verified}) AS total,
            (array_agg(r.value ORDER BY r.period_end DESC) FILTER (WHERE {verified}))[1] AS latest,
            count(*) FILTER (WHERE r.status = 'submitted') AS waiting,
            count(*) FILTER (WHERE r.status = 'returned') AS returned,
            count(*) FILTER (WHERE r.status = 'verified') AS verified,
            max(r.period_end) FILTER (WHERE r.status = 'verified') AS last
        FROM partnerships_progressreport r {joined} WHERE {where} GROUP BY r.commitment_id
    )"""


def known_by(day: str) -> str:
    """Whether a report was known by a day."""
    return f"least(r.period_end, (r.submitted_at AT TIME ZONE '{_ZONE}')::date) <= {day}"


def shares(known: str = "true", joined: str = "") -> str:
    """What batches of trainees that others report bring to a commitment."""
    return f"""shared AS (
        SELECT h.commitment_id, sum(h.weight * CASE i.stage
            WHEN 'trained' THEN b.trained_women + b.trained_men
            WHEN 'certified' THEN b.certified_women + b.certified_men
            WHEN 'placed' THEN b.placed_women + b.placed_men ELSE 0 END) AS people
        FROM partnerships_batchshare h
        JOIN partnerships_traineebatch b ON b.id = h.batch_id
        JOIN partnerships_progressreport r ON r.id = b.report_id
        JOIN partnerships_commitment c ON c.id = h.commitment_id
        JOIN partnerships_indicator i ON i.id = c.indicator_id {joined}
        WHERE r.status = 'verified' AND r.commitment_id <> h.commitment_id AND {known}
        GROUP BY h.commitment_id
    )"""


MEASURABLE = (
    "c.indicator_id IS NOT NULL AND c.target > 0 AND c.due IS NOT NULL AND c.owner_id IS NOT NULL"
    " AND c.proof_wanted <> ''"
)
STANDS = "coalesce(c.withdrawn_on > %(day)s, true)"


def promises(where: str = STANDS, joined: str = "") -> str:
    """The commitments with what they come to."""
    return f"""promise AS (
        SELECT c.id, c.agreement_id, c.indicator_id, c.target, c.due, c.recurrence, c.withdrawn_on,
            c.owner_id, b.organization_id AS owing_id, a.status,
            coalesce(c.starts_on, a.signed_latest) AS first,
            coalesce({MEASURABLE}, false) AS measurable, r.verified, r.last,
            coalesce(r.waiting, 0) AS waiting, coalesce(r.returned, 0) AS returned,
            coalesce(CASE WHEN c.cumulative THEN r.latest ELSE r.total END, 0) + coalesce(h.people, 0)
                AS achieved
        FROM partnerships_commitment c
        JOIN partnerships_agreement a ON a.id = c.agreement_id {joined}
        LEFT JOIN partnerships_party b ON b.id = c.owed_by_id
        LEFT JOIN report r ON r.commitment_id = c.id
        LEFT JOIN shared h ON h.commitment_id = c.id
        WHERE {where}
    )"""


def achieved(day: str = "") -> list[str]:
    """All commitments with what they come to, or came to as was known by a day."""
    known = known_by(day) if day else "true"
    return [reports(known=known), shares(known), promises()]


RATE = "least(c.achieved / c.target, 1)"
# The next day on which a report is due, of each commitment of ``promise`` that owes any at all.
OWED = """owed AS (
    SELECT o.id, min(o.ends) FILTER (WHERE r.id IS NULL) AS next_due
    FROM (
        SELECT c.id, c.agreement_id, c.status, c.withdrawn_on, p.ends
        FROM promise c CROSS JOIN LATERAL portal_periods(c.first, c.due, c.recurrence) p
        UNION ALL
        SELECT c.id, c.agreement_id, c.status, c.withdrawn_on, d.due_on
        FROM partnerships_reportingdate d JOIN promise c ON c.id = d.commitment_id
    ) AS o
    LEFT JOIN over e ON e.agreement_id = o.agreement_id
    LEFT JOIN partnerships_progressreport r ON r.commitment_id = o.id AND r.period_end = o.ends
        AND r.status IN ('submitted', 'verified')
    WHERE (o.status = 'signed' OR o.status IN ('ended', 'terminated') AND o.ends <= e.day)
        AND coalesce(o.ends < o.withdrawn_on, true)
    GROUP BY o.id
)"""
# Where the commitments ``c`` of ``promise`` stand on a day, with what is owed (``o``).
STATE = """CASE WHEN o.next_due < {day} THEN 'overdue' WHEN c.returned > 0 THEN 'returned'
    WHEN o.next_due <= {day} + 14 THEN 'due' WHEN c.waiting > 0 THEN 'waiting'
    WHEN o.next_due IS NOT NULL THEN 'not_yet_due' WHEN o.id IS NOT NULL THEN 'done' ELSE 'undated' END"""

# Commitments with a report that is overdue; the periods after the day need not be made up for that.
_LATE_PERIODS = """
    SELECT c.id, c.agreement_id, a.status, c.withdrawn_on, p.ends
    FROM partnerships_commitment c JOIN partnerships_agreement a ON a.id = c.agreement_id
    CROSS JOIN LATERAL
        portal_periods(coalesce(c.starts_on, a.signed_latest), least(c.due, %(day)s), c.recurrence) p
    WHERE a.status IN ('signed', 'ended', 'terminated') AND c.due IS NOT NULL AND p.ends < %(day)s AND {where}
    UNION ALL
    SELECT c.id, c.agreement_id, a.status, c.withdrawn_on, d.due_on
    FROM partnerships_reportingdate d JOIN partnerships_commitment c ON c.id = d.commitment_id
    JOIN partnerships_agreement a ON a.id = c.agreement_id
    WHERE d.due_on < %(day)s AND {where}
"""


def overdue(where: str = "true") -> str:
    """How many commitments ``c`` have a report overdue."""
    periods = _LATE_PERIODS.format(where=f"{STANDS} AND {where}")
    return f"""
        SELECT 'overdue', '', count(DISTINCT o.id)::numeric FROM ({periods}) AS o
        LEFT JOIN over e ON e.agreement_id = o.agreement_id
        LEFT JOIN partnerships_progressreport r ON r.commitment_id = o.id AND r.period_end = o.ends
            AND r.status IN ('submitted', 'verified')
        WHERE r.id IS NULL AND (o.status = 'signed' OR o.ends <= e.day)
            AND coalesce(o.ends < o.withdrawn_on, true)
    """


def unverified(where: str = "true") -> str:
    """How many commitments ``c`` have a report that waits for its verification."""
    return f"""
        SELECT 'unverified', '', count(DISTINCT c.id)::numeric
        FROM partnerships_progressreport r JOIN partnerships_commitment c ON c.id = r.commitment_id
        WHERE r.status = 'submitted' AND {STANDS} AND {where}
    """


# To be joined to commitments ``c`` of ``promise``: the provinces ``at.province`` of their offices, each once.
PLACES = """place AS (
    SELECT o.id AS office, g.code, coalesce(g.parent_id, g.code) AS province
    FROM partnerships_organization o JOIN regions_region g ON g.code = o.region_id
)"""
PROVINCES = """
    LEFT JOIN place x ON x.office = c.owner_id LEFT JOIN place y ON y.office = c.owing_id
    JOIN LATERAL (VALUES (x.province), (CASE WHEN y.province IS DISTINCT FROM x.province THEN y.province END))
        AS at (province) ON at.province IS NOT NULL
"""
