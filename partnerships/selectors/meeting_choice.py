"""Partners that may be put on the list of a meeting; a name that stands for several is never proposed."""

from functools import cached_property

from django.db import connection
from django.db.models import Count

from partnerships.lifecycle import ONCE_SIGNED
from partnerships.models import Agreement, AgreementKind, Organization, OrganizationKind, Party
from partnerships.selectors.partners import PartnerList


class PartnerChoice(PartnerList):
    """The partners that the reader knows, with which of them are on the list of a meeting."""

    def __init__(self, meeting, user, params):
        super().__init__(user, params)
        self.meeting = meeting

    @cached_property
    def chosen(self):
        return list(self.meeting.partners.select_related("organization"))

    @cached_property
    def chosen_ids(self):
        return {partner.organization_id for partner in self.chosen}


def with_most_papers(number):
    """The partners with most signed papers, in that order."""
    signed = Agreement.objects.signed().papers().order_by().values("pk")
    partners = Party.objects.filter(agreement__in=signed, organization__collective=False)
    partners = partners.exclude(organization__kind=OrganizationKind.UNIT)
    counted = partners.order_by().values("organization").annotate(n=Count("pk"))
    return _organizations(counted.order_by("-n", "organization")[:number])


def with_most_open(number):
    """The partners in whose signed papers most of what was promised is not known to be achieved."""
    # The commitments of each paper are counted once, and then summed over the papers of a partner.
    question = """
        SELECT p.organization_id, sum(c.n)
        FROM partnerships_party p
        JOIN partnerships_organization o ON o.id = p.organization_id
            AND o.kind <> %s AND NOT o.collective
        JOIN (
            SELECT s.agreement_id, count(*) AS n
            FROM partnerships_commitmentstanding s
            JOIN partnerships_agreement a ON a.id = s.agreement_id
            WHERE s.withdrawn_on IS NULL AND (s.rate IS NULL OR s.rate < 1)
              AND a.status = ANY(%s) AND a.kind <> %s
            GROUP BY s.agreement_id
        ) c ON c.agreement_id = p.agreement_id
        GROUP BY p.organization_id
        ORDER BY sum(c.n) DESC, p.organization_id
        LIMIT %s
    """
    values = [OrganizationKind.UNIT, [*ONCE_SIGNED], AgreementKind.ACTIVITY, number]
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return _organizations([{"organization": pk} for pk, _open in cursor.fetchall()])


def of_the_meeting_before(meeting):
    """The partners of the meeting that this one follows, in its order."""
    if not meeting.previous_id:
        return []
    rows = meeting.previous.partners.values("organization")
    return _organizations(rows.order_by("position"))


def _organizations(rows):
    ids = [row["organization"] for row in rows]
    found = Organization.objects.in_bulk(ids)
    return [found[pk] for pk in ids]
