"""The second lock: PostgreSQL decides by itself which rows a reader has (docs/decisions/0015).

``portal_read_as`` is told who reads, and keeps for the session what that reader's postings open; policies ask
for that. The rules are those of ``visible_to``, written a second time on purpose: a test compares both.
Policies bind who owns nothing; triggers, and the functions that policies ask, work as the owner.
"""

# ruff: noqa: S608 - the statements are made of our own names

from django.db import migrations

_AS_OWNER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
_ASKED = f"LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100 {_AS_OWNER}"

# Asked once for each query, before any row.
_ALL = "(SELECT current_setting('portal.sight', true) = 'all')"
_MINISTRY = "(SELECT current_setting('portal.sight', true) IN ('all', 'ministry'))"
_NAMED = "(SELECT current_setting('portal.sight', true) <> '')"
_READER = "(SELECT current_setting('portal.reader', true))"
_REGIONS = "(SELECT current_setting('portal.regions', true))::text[]"

# Who has signed in and holds no post today sees 'none'; who is named nowhere, nothing at all ('').
READ_AS = f"""
CREATE FUNCTION portal_read_as(who text) RETURNS void LANGUAGE plpgsql {_AS_OWNER} AS $$
DECLARE
    today CONSTANT date := (now() AT TIME ZONE 'Asia/Jakarta')::date;
    sight text := '';
    roles text[];
    units bigint[] := '{{}}';
    regions text[] := '{{}}';
BEGIN
    IF who = 'register' THEN
        sight := 'all';
    ELSIF who = 'anonymous' THEN
        sight := 'public';
    ELSIF who <> '' THEN
        SELECT CASE WHEN u.is_superuser THEN 'all' ELSE 'none' END INTO sight
        FROM accounts_user u WHERE u.id = who::bigint AND u.is_active;
        IF sight IS NULL THEN
            sight := 'public';
        ELSIF sight = 'none' THEN
            roles := ARRAY(
                SELECT p.role FROM partnerships_posting p WHERE p.user_id = who::bigint
                AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on > today)
            );
            sight := CASE
                WHEN 'registrar' = ANY (roles) THEN 'all'
                WHEN roles && ARRAY['unit_officer', 'leadership'] THEN 'ministry'
                WHEN 'regional_officer' = ANY (roles) THEN 'region'
                ELSE 'none'
            END;
        END IF;
        IF sight <> 'all' AND 'unit_officer' = ANY (roles) THEN
            units := ARRAY(
                WITH RECURSIVE below AS (
                    SELECT p.organization_id AS id FROM partnerships_posting p
                    WHERE p.user_id = who::bigint AND p.role = 'unit_officer'
                    AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on > today)
                    UNION
                    SELECT o.id FROM partnerships_organization o JOIN below ON o.parent_id = below.id
                )
                SELECT below.id FROM below
            );
        END IF;
        IF sight <> 'all' AND 'regional_officer' = ANY (roles) THEN
            regions := ARRAY(
                SELECT r.code FROM partnerships_posting p
                JOIN partnerships_organization o ON o.id = p.organization_id
                JOIN regions_region r ON o.region_id IN (r.code, r.parent_id)
                WHERE p.user_id = who::bigint AND p.role = 'regional_officer'
                AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on > today)
            );
        END IF;
    END IF;
    PERFORM set_config('portal.reader', who, false), set_config('portal.sight', sight, false),
        set_config('portal.units', units::text, false), set_config('portal.regions', regions::text, false);
END
$$
"""

# Whether a paper is open to the reader: to the ministry no draft but of the own unit, or begun by the reader
# (its parties are written after it); to a region its own; to everybody what is published.
OF_THE_READER = f"""
CREATE FUNCTION portal_is_open(paper bigint, its_status text, published timestamptz, author bigint)
RETURNS boolean {_ASKED} AS $$
DECLARE
    sight CONSTANT text := current_setting('portal.sight', true);
    is_draft CONSTANT boolean := its_status IN ('proposed', 'drafting');
BEGIN
    IF sight = 'public' THEN
        RETURN published IS NOT NULL AND NOT is_draft;
    END IF;
    IF sight = 'ministry' THEN
        IF NOT is_draft OR author::text = current_setting('portal.reader') THEN
            RETURN true;
        END IF;
        IF EXISTS (
            SELECT FROM partnerships_party p WHERE p.agreement_id = paper
            AND p.organization_id = ANY (current_setting('portal.units')::bigint[])
        ) THEN
            RETURN true;
        END IF;
    ELSIF sight IS DISTINCT FROM 'region' THEN
        RETURN coalesce(sight = 'all', false);
    END IF;
    RETURN its_status <> 'proposed' AND EXISTS (
        SELECT FROM partnerships_agreementscope s WHERE s.agreement_id = paper
        AND s.region_id = ANY (current_setting('portal.regions')::text[])
    );
END
$$
"""

# Each asks for what a row belongs to, up to the paper.
_SEES = {
    # Of a paper as it stands; for a region in one question, because its officers ask it for each row.
    "portal_sees(paper bigint)": """
        CASE WHEN sight = 'region' THEN (
            SELECT a.status <> 'proposed' FROM partnerships_agreementscope s
            JOIN partnerships_agreement a ON a.id = s.agreement_id
            WHERE s.agreement_id = paper AND s.region_id = ANY (current_setting('portal.regions')::text[])
            LIMIT 1
        ) ELSE (
            SELECT portal_is_open(a.id, a.status, a.published_at, a.created_by_id)
            FROM partnerships_agreement a WHERE a.id = paper
        ) END
    """,
    "portal_sees_change(which bigint)": """
        SELECT portal_sees(c.agreement_id) FROM partnerships_statuschange c WHERE c.id = which
    """,
    "portal_sees_commitment(which bigint)": """
        SELECT portal_sees(c.agreement_id) FROM partnerships_commitment c WHERE c.id = which
    """,
    # A draft is of who writes it, and of the side that owes or answers for the commitment, or has its paper.
    "portal_sees_report(of_commitment bigint, its_status text, writer bigint)": """
        SELECT portal_sees(c.agreement_id) AND (
            its_status <> 'draft'
            OR writer::text = current_setting('portal.reader')
            OR EXISTS (
                SELECT FROM partnerships_party p WHERE p.agreement_id = c.agreement_id
                AND p.organization_id = ANY (current_setting('portal.units')::bigint[])
            )
            OR EXISTS (
                SELECT FROM partnerships_organization o
                WHERE (o.id = c.owner_id OR o.id = (
                    SELECT p.organization_id FROM partnerships_party p WHERE p.id = c.owed_by_id
                ))
                AND o.region_id = ANY (current_setting('portal.regions')::text[])
            )
        )
        FROM partnerships_commitment c WHERE c.id = of_commitment
    """,
    "portal_sees_report(which bigint)": """
        SELECT portal_sees_report(r.commitment_id, r.status, r.written_by_id)
        FROM partnerships_progressreport r WHERE r.id = which
    """,
    "portal_sees_document(which bigint)": """
        SELECT portal_sees(d.agreement_id) AND (d.report_id IS NULL OR portal_sees_report(d.report_id))
        FROM partnerships_document d WHERE d.id = which
    """,
    "portal_sees_file(which bigint)": """
        SELECT portal_sees_document(f.document_id) FROM partnerships_storedfile f WHERE f.id = which
    """,
    "portal_sees_need(which bigint)": """
        SELECT n.region_id = ANY (current_setting('portal.regions')::text[])
        FROM partnerships_need n WHERE n.id = which
    """,
    # An open offer for the whole country, or for some region of a province in which the reader has one.
    "portal_sees_offer(which bigint)": """
        SELECT o.status = 'open' AND current_setting('portal.regions') <> '{}' AND (
            o.everywhere OR EXISTS (
                SELECT FROM partnerships_offerregion p
                JOIN regions_region r ON r.code = p.region_id
                JOIN regions_region own ON own.code = ANY (current_setting('portal.regions')::text[])
                WHERE p.offer_id = o.id
                AND coalesce(own.parent_id, own.code) = coalesce(r.parent_id, r.code)
            )
        )
        FROM partnerships_offer o WHERE o.id = which
    """,
    # Once a meeting is frozen, a region sees who acts for it.
    "portal_sees_at_meeting(which bigint, partner bigint)": """
        SELECT m.frozen_at IS NOT NULL AND o.region_id = ANY (current_setting('portal.regions')::text[])
        FROM partnerships_evaluationmeeting m, partnerships_organization o
        WHERE m.id = which AND o.id = partner
    """,
    "portal_sees_meeting(which bigint)": """
        SELECT bool_or(portal_sees_at_meeting(p.meeting_id, p.organization_id))
        FROM partnerships_meetingpartner p WHERE p.meeting_id = which
    """,
    "portal_sees_partner(which bigint)": """
        SELECT portal_sees_at_meeting(p.meeting_id, p.organization_id)
        FROM partnerships_meetingpartner p WHERE p.id = which
    """,
}


def _sees(signature, query):
    # Nothing is known of where there is nothing, and nobody who is not named sees anything.
    return f"""
        CREATE FUNCTION {signature} RETURNS boolean {_ASKED} AS $$
        DECLARE
            sight CONSTANT text := current_setting('portal.sight', true);
        BEGIN
            IF coalesce(sight, '') IN ('', 'none') THEN
                RETURN false;
            END IF;
            RETURN coalesce(sight = 'all' OR ({query}), false);
        END
        $$
    """


# Numbers that count papers which are not the reader's: how much of a need or an offer is left names nobody.
COUNTED = f"""
CREATE FUNCTION portal_is_cancelled(paper bigint) RETURNS boolean LANGUAGE sql STABLE {_AS_OWNER} AS $$
    SELECT status = 'cancelled' FROM partnerships_agreement WHERE id = paper
$$;
CREATE FUNCTION portal_promised_of_need(which bigint) RETURNS numeric LANGUAGE sql STABLE {_AS_OWNER} AS $$
    SELECT coalesce(sum(number), 0) FROM partnerships_match
    WHERE need_id = which AND NOT portal_is_cancelled(agreement_id)
$$;
CREATE FUNCTION portal_promised_of_offer(which bigint) RETURNS numeric LANGUAGE sql STABLE {_AS_OWNER} AS $$
    SELECT coalesce(sum(number), 0) FROM partnerships_match
    WHERE offer_id = which AND NOT portal_is_cancelled(agreement_id)
$$
"""
NOT_COUNTED = """
DROP FUNCTION portal_promised_of_need(bigint);
DROP FUNCTION portal_promised_of_offer(bigint);
DROP FUNCTION portal_is_cancelled(bigint)
"""


# By the index first and then for the reader: behind a policy, no index of words would be asked.
def _saying(name, table, found, words, paper):
    return f"""
        CREATE OR REPLACE FUNCTION {name} RETURNS SETOF bigint LANGUAGE sql STABLE {_AS_OWNER}
        SET enable_seqscan = off
        AS $$ SELECT {found} FROM {table} WHERE {words} AND ({_ALL} OR {paper}) $$
    """


_TEXTS = ("partnerships_agreementsearch", "agreement_id")
_PAGES = "partnerships_pagetext"
_BY_WORDS = "words @@ wanted"
SAYING = (
    _saying("portal_papers_saying(wanted tsquery)", *_TEXTS, _BY_WORDS, "portal_sees(agreement_id)"),
    _saying(
        "portal_papers_containing(part text)",
        *_TEXTS,
        "portal_trigrams(text) @> portal_trigrams(part) AND strpos(text, part) > 0",
        "portal_sees(agreement_id)",
    ),
    _saying("portal_pages_saying(wanted tsquery)", _PAGES, "id", _BY_WORDS, "portal_sees_file(file_id)"),
    _saying("portal_files_saying(wanted tsquery)", _PAGES, "file_id", _BY_WORDS, "portal_sees_file(file_id)"),
)
NOT_SAYING = """
DROP FUNCTION portal_papers_saying(tsquery);
DROP FUNCTION portal_papers_containing(text);
CREATE OR REPLACE FUNCTION portal_pages_saying(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off
AS $$ SELECT id FROM partnerships_pagetext WHERE words @@ wanted $$;
CREATE OR REPLACE FUNCTION portal_files_saying(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off
AS $$ SELECT file_id FROM partnerships_pagetext WHERE words @@ wanted $$
"""

_BY_PAPER = f"{_ALL} OR portal_sees(agreement_id)"
_BY_COMMITMENT = f"{_ALL} OR portal_sees_commitment(commitment_id)"
_BY_REPORT = f"{_ALL} OR portal_sees_report(report_id)"
_BY_FILE = f"{_ALL} OR portal_sees_file(file_id)"
_BY_PARTNER = f"{_MINISTRY} OR portal_sees_partner(partner_id)"

POLICIES = {
    "agreement": f"{_ALL} OR status NOT IN ('proposed', 'drafting') AND {_MINISTRY}"
    " OR portal_is_open(id, status, published_at, created_by_id)",
    **dict.fromkeys(
        (
            *("actionpoint", "addendum", "agreementsearch", "agreementtheme", "clausetext"),
            *("commitment", "dormancydecision", "party", "signatory", "sourcedfact", "stagechange"),
            *("statuschange", "term", "worklocation"),
        ),
        _BY_PAPER,
    ),
    # That a paper is of the own region is no secret, and the quickest way to the region's papers.
    "agreementscope": f"{_ALL} OR region_id = ANY ({_REGIONS}) OR portal_sees(agreement_id)",
    "childdecision": f"{_ALL} OR portal_sees(child_id) OR portal_sees_change(change_id)",
    "commitmentstanding": f"{_ALL} OR NOT in_draft AND {_MINISTRY} OR portal_sees(agreement_id)",
    "document": f"{_ALL} OR portal_sees(agreement_id)"
    " AND (report_id IS NULL OR portal_sees_report(report_id))",
    "storedfile": f"{_ALL} OR portal_sees_document(document_id)",
    **dict.fromkeys(("filetext", "pagetext", "filecheck"), _BY_FILE),
    **dict.fromkeys(("batchshare", "reportingdate", "sentreminder"), _BY_COMMITMENT),
    "progressreport": f"{_ALL} OR portal_sees_report(commitment_id, status, written_by_id)",
    **dict.fromkeys(("confirmationrequest", "reportmove", "traineebatch"), _BY_REPORT),
    "naskahreading": f"{_ALL} OR by_id::text = {_READER}",
    "need": f"{_MINISTRY} OR region_id = ANY ({_REGIONS})",
    "match": f"{_MINISTRY} OR portal_sees_need(need_id)",
    "offer": f"{_MINISTRY} OR portal_sees_offer(id)",
    "offerregion": f"{_MINISTRY} OR portal_sees_offer(offer_id)",
    "evaluationmeeting": f"{_MINISTRY} OR portal_sees_meeting(id)",
    "meetingpartner": f"{_MINISTRY} OR portal_sees_at_meeting(meeting_id, organization_id)",
    **dict.fromkeys(
        (
            *("frozencommitment", "frozenpaper", "frozenpoint", "frozenreport"),
            *("meetingconfirmation", "meetingdecision"),
        ),
        _BY_PARTNER,
    ),
    # Offices and partners are named on every page; which partners a reader knows of is for visible_to.
    "organization": _NAMED,
    # The history of a row is seen by who sees the row.
    "agreementevent": f"{_ALL} OR portal_sees(id)",
    **dict.fromkeys(
        (
            *("actionpointevent", "addendumevent", "agreementthemeevent", "clausetextevent"),
            *("commitmentevent", "partyevent", "signatoryevent", "sourcedfactevent", "termevent"),
            "worklocationevent",
        ),
        _BY_PAPER,
    ),
    "documentevent": f"{_ALL} OR portal_sees(agreement_id)"
    " AND (report_id IS NULL OR portal_sees_report(report_id))",
    **dict.fromkeys(("batchshareevent", "reportingdateevent"), _BY_COMMITMENT),
    "progressreportevent": f"{_ALL} OR portal_sees_report(id)",
    **dict.fromkeys(("confirmationrequestevent", "traineebatchevent"), _BY_REPORT),
    "needevent": f"{_MINISTRY} OR portal_sees_need(id)",
    "offerevent": f"{_MINISTRY} OR portal_sees_offer(id)",
    "offerregionevent": f"{_MINISTRY} OR portal_sees_offer(offer_id)",
    "evaluationmeetingevent": f"{_MINISTRY} OR portal_sees_meeting(id)",
    "meetingpartnerevent": f"{_MINISTRY} OR portal_sees_at_meeting(meeting_id, organization_id)",
    "organizationevent": _NAMED,
}


def _locked():
    for table, condition in POLICIES.items():
        yield f"CREATE POLICY for_the_reader ON partnerships_{table} USING ({condition})"
        yield f"ALTER TABLE partnerships_{table} ENABLE ROW LEVEL SECURITY"


def _unlocked():
    for table in POLICIES:
        yield f"ALTER TABLE partnerships_{table} DISABLE ROW LEVEL SECURITY"
        yield f"DROP POLICY for_the_reader ON partnerships_{table}"


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0017_history_chain"),
        ("accounts", "0003_sign_in"),
        ("regions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(READ_AS, "DROP FUNCTION portal_read_as(text)"),
        migrations.RunSQL(OF_THE_READER, "DROP FUNCTION portal_is_open(bigint, text, timestamptz, bigint)"),
        *(
            migrations.RunSQL(_sees(signature, query), f"DROP FUNCTION {signature}")
            for signature, query in _SEES.items()
        ),
        migrations.RunSQL(";".join(SAYING), NOT_SAYING),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
        migrations.RunSQL(";".join(_locked()), ";".join(_unlocked())),
    ]
