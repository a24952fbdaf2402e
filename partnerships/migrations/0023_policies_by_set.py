"""Officers' lists and searches ask once for the papers of their regions (docs/decisions/0015).

Their policies called a function for each row of a paper or a commitment, in which most of the time of an
officer's tasks and home was spent. The papers of a region are few, and one look into an index tells them all.
A word that most papers have was worse: the function was called for each of them, a minute long.
"""

# ruff: noqa: S608 - the statements are made of our own names

from django.db import migrations

# As in 0018: asked once for each query, before any row.
_ALL = "(SELECT current_setting('portal.sight', true) = 'all')"
_MINISTRY = "(SELECT current_setting('portal.sight', true) IN ('all', 'ministry'))"
# Nothing, or an empty text, where nobody has been named yet.
_TOLD = "nullif(current_setting('portal.regions', true), '')::text[]"
# The text is read as an array within the question: outside of it, that would be done for each row.
_REGIONS = f"((SELECT {_TOLD})::text[])"
_PAPERS = "((SELECT portal_papers_of_regions())::bigint[])"

_PAPERS_OF_REGIONS = f"""
CREATE FUNCTION portal_papers_of_regions() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(s.agreement_id), '{{}}') FROM partnerships_agreementscope s
    WHERE s.region_id = ANY ({_TOLD})
$$
"""

# As portal_sees has it, without a call for each paper that a search found: for a region its own, and of the
# others only drafts to the ministry, and what is published to everybody, are asked one by one.
_OPEN = f"""
    CASE
        WHEN (SELECT current_setting('portal.sight', true) = 'region')
        THEN a.status <> 'proposed' AND a.id IN (SELECT unnest(portal_papers_of_regions()))
        WHEN a.status NOT IN ('proposed', 'drafting') AND {_MINISTRY} THEN true
        ELSE portal_is_open(a.id, a.status, a.published_at, a.created_by_id)
    END
"""
_OF_A_TEXT = f"EXISTS (SELECT FROM partnerships_agreement a WHERE a.id = found.agreement_id AND {_OPEN})"
_OF_A_PAGE = f"""
    EXISTS (
        SELECT FROM partnerships_storedfile f
        JOIN partnerships_document d ON d.id = f.document_id
        JOIN partnerships_agreement a ON a.id = d.agreement_id
        WHERE f.id = found.file_id AND {_OPEN} AND (d.report_id IS NULL OR portal_sees_report(d.report_id))
    )
"""


def _saying(name, table, key, words, is_open):
    # By the index of words first and then for the reader, as in 0018.
    return f"""
        CREATE OR REPLACE FUNCTION {name} RETURNS SETOF bigint LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
        AS $$ SELECT {key} FROM {table} found WHERE {words} AND ({_ALL} OR {is_open}) $$
    """


_TEXTS, _PAGES = "partnerships_agreementsearch", "partnerships_pagetext"
_BY_WORDS = "words @@ wanted"
_BY_PART = "portal_trigrams(text) @> portal_trigrams(part) AND strpos(text, part) > 0"


def _saying_all(of_a_text, of_a_page):
    return (
        _saying("portal_papers_saying(wanted tsquery)", _TEXTS, "agreement_id", _BY_WORDS, of_a_text),
        _saying("portal_papers_containing(part text)", _TEXTS, "agreement_id", _BY_PART, of_a_text),
        _saying("portal_pages_saying(wanted tsquery)", _PAGES, "id", _BY_WORDS, of_a_page),
        _saying("portal_files_saying(wanted tsquery)", _PAGES, "file_id", _BY_WORDS, of_a_page),
    )


_BEFORE = {
    "agreement": f"{_ALL} OR status NOT IN ('proposed', 'drafting') AND {_MINISTRY}"
    " OR portal_is_open(id, status, published_at, created_by_id)",
    "agreementscope": f"{_ALL} OR region_id = ANY ((SELECT current_setting('portal.regions', true))::text[])"
    " OR portal_sees(agreement_id)",
    "commitmentstanding": f"{_ALL} OR NOT in_draft AND {_MINISTRY} OR portal_sees(agreement_id)",
}
# What is left for the functions: drafts, and what is published.
_AFTER = {
    "agreement": f"{_ALL} OR status NOT IN ('proposed', 'drafting') AND ({_MINISTRY} OR id = ANY {_PAPERS})"
    " OR portal_is_open(id, status, published_at, created_by_id)",
    "agreementscope": f"{_ALL} OR region_id = ANY {_REGIONS} OR portal_sees(agreement_id)",
    "commitmentstanding": f"{_ALL} OR NOT in_draft AND ({_MINISTRY} OR agreement_id = ANY {_PAPERS})"
    " OR portal_sees(agreement_id)",
}


def _altered(policies):
    return ";".join(
        f"ALTER POLICY for_the_reader ON partnerships_{table} USING ({condition})"
        for table, condition in policies.items()
    )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0022_files_of_meetings")]

    operations = [
        migrations.RunSQL(_PAPERS_OF_REGIONS, "DROP FUNCTION portal_papers_of_regions()"),
        migrations.RunSQL(_altered(_AFTER), _altered(_BEFORE)),
        *(
            migrations.RunSQL(*both)
            for both in zip(
                _saying_all(_OF_A_TEXT, _OF_A_PAGE),
                _saying_all("portal_sees(agreement_id)", "portal_sees_file(file_id)"),
                strict=True,
            )
        ),
    ]
