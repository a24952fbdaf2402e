"""The order of protocol in which the papers of a ceremony are called, listed and handed out."""

from django.db.models import Exists, OuterRef

from partnerships.lifecycle import Status
from partnerships.models import Agreement, Document, OrganizationKind, PartnerClass

_ORDER = (
    PartnerClass.MINISTRY,
    PartnerClass.REGIONAL,
    PartnerClass.DEVELOPMENT,
    PartnerClass.INTERNATIONAL,
    PartnerClass.UNKNOWN,
)


def papers_in_protocol_order(event, user):
    """The papers of an event that the reader may see, without those that were cancelled.

    The rule: ministries and agencies first; then provinces, then kabupaten and kota, each by their
    official code, an office after its government; then development partners, then international ones,
    and last whose partner is not known. Within a class by the name of the organisation, then by
    reference. The leading counterpart decides. Each paper has ``lead_class`` and ``has_scan``.
    """
    scan = Document.objects.scans().filter(agreement=OuterRef("pk"))
    papers = Agreement.objects.visible_to(user).papers().filter(event=event)
    papers = papers.exclude(status=Status.CANCELLED).with_lead().annotate(has_scan=Exists(scan))
    papers = papers.with_parties().prefetch_related("signatories__person", "signatories__party__organization")
    return sorted(papers, key=_place)


def _place(paper):
    leading = next((party.organization for party in paper.counterparts), None)
    region = leading.region if leading and paper.lead_class == PartnerClass.REGIONAL else None
    by_code = (
        (not region.is_province, region.code, leading.kind == OrganizationKind.REGIONAL_OFFICE)
        if region
        else (True, "", False)
    )
    name = leading.name.casefold() if leading else ""
    return (_ORDER.index(PartnerClass(paper.lead_class)), by_code, name, paper.ref)
