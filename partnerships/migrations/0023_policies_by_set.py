"""Officers' lists ask once for the papers of their regions (docs/decisions/0015).

Their policies called a function for each row of a paper or a commitment, in which most of the time of an
officer's tasks and home was spent. The papers of a region are few, and one look into an index tells them all.
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
    ]
