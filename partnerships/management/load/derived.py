"""What triggers would have made row by row, made at once."""

# The region of every party that acts for one (portal_refresh_scope).
_SCOPES = """
INSERT INTO partnerships_agreementscope (agreement_id, region_id)
SELECT DISTINCT p.agreement_id, o.region_id
FROM partnerships_party p
JOIN partnerships_organization o ON o.id = p.organization_id
JOIN partnerships_agreement a ON a.id = p.agreement_id
WHERE a.external_source = %s AND o.region_id IS NOT NULL
ON CONFLICT DO NOTHING
"""
_SEARCH = """
SELECT count(portal_refresh_search(id)) FROM partnerships_agreement WHERE external_source = %s
"""
_SPAN = """
SELECT min(c.id), max(c.id) FROM partnerships_commitment c
JOIN partnerships_agreement a ON a.id = c.agreement_id WHERE a.external_source = %s
"""
# For the processes that keep the register in memory: all of it has changed.
NOTE = "INSERT INTO partnerships_registerchange (agreement_id) VALUES (0) ON CONFLICT DO NOTHING"
_AT_ONCE = 50_000


def make(cursor, source, say):
    """Scopes, searchable texts and standings of every paper of that source."""
    cursor.execute(_SCOPES, [source])
    say("scopes")
    cursor.execute(_SEARCH, [source])
    say("searchable texts")
    cursor.execute(_SPAN, [source])
    first, last = cursor.fetchone()
    if first:
        for begins in range(first, last + 1, _AT_ONCE):
            ends = min(last, begins + _AT_ONCE - 1)
            cursor.execute("SELECT portal_refresh_standings(%s, %s)", [begins, ends])
    say("standings")
    cursor.execute(NOTE)
