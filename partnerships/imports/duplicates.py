"""Two numbers that may stand for one paper: a warning, because only people can tell."""

from django.utils.translation import gettext as _

from partnerships.imports.vocabulary import name_key
from partnerships.models import OrganizationKind, Party


def warn_of_likely_duplicates(drafts, source):
    """Warn of each new row that shares partner, kind and day with another paper, unless the titles
    tell them apart."""
    known = _papers_in_portal({slug for draft in drafts for slug in _partners(draft.record)})
    for draft in drafts:
        record = draft.record
        groups = [known.setdefault((slug, record.kind), []) for slug in _partners(record)]
        alike = next((paper for papers in groups for paper in papers if _alike(record, paper)), None)
        if alike:
            draft.said.warn(
                "partner_name",
                _("%(paper)s has the same partner, kind and day: perhaps the same paper.")
                % {"paper": alike[0]},
            )
        days = (record.signed.earliest, record.signed.latest) if record.signed else None
        for papers in groups:
            papers.append((f"{source} {draft.said.external_id}", days, record.title))


def _alike(record, paper):
    _label, days, title = paper
    return _overlap(record.signed, days) and _same_title(record.title, title)


def _partners(record):
    return [line.organization.slug for line in record.parties if not line.organization.is_unit]


def _papers_in_portal(slugs):
    found = {}
    parties = Party.objects.filter(organization__slug__in=slugs).exclude(
        organization__kind=OrganizationKind.UNIT
    )
    for slug, kind, ref, earliest, latest, title in parties.values_list(
        "organization__slug",
        "agreement__kind",
        "agreement__ref",
        "agreement__signed_earliest",
        "agreement__signed_latest",
        "agreement__title",
    ):
        days = (earliest, latest) if earliest else None
        found.setdefault((slug, kind), []).append((ref, days, title))
    return found


def _overlap(signed, days):
    return bool(signed and days) and signed.earliest <= days[1] and days[0] <= signed.latest


def _same_title(one, other):
    return not one or not other or name_key(one) == name_key(other)
