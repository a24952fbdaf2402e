"""A paper as it stands, read back into what a writer says."""

from kemnaker_portal.readers import whole_register
from partnerships.actions.record import AgreementRecord, PartyLine, SignatoryLine, TermLine
from partnerships.models import Agreement


def record_of(agreement: Agreement) -> AgreementRecord:
    """What the paper says now. Commitments and facts are not written on its page and stay out."""
    return record_with(
        agreement,
        parties=agreement.parties.select_related("organization", "contact"),
        signatories=agreement.signatories.select_related("person", "party__organization"),
    )


@whole_register()
def record_with(agreement: Agreement, *, parties, signatories) -> AgreementRecord:
    """The same of the rows of its parties and signatories, where those of many papers were read at once."""
    return AgreementRecord(
        kind=agreement.kind,
        title=agreement.title,
        signed=agreement.signed,
        place=agreement.place,
        event=agreement.event,
        represents=agreement.represents,
        implements=agreement.implements,
        renews=agreement.renews,
        certainty=agreement.certainty,
        themes=list(agreement.themes.all()),
        work_regions=list(agreement.work_regions.all()),
        parties=[
            PartyLine(
                organization=row.organization,
                number=row.number,
                contact=row.contact,
                contact_details=row.contact_details,
                pk=row.pk,
            )
            for row in parties
        ],
        signatories=[
            SignatoryLine(
                person=row.person,
                post=row.post,
                organization=row.party.organization if row.party else None,
                capacity=row.capacity,
                on_behalf_of=row.on_behalf_of,
                letter=row.letter,
                presence=row.presence,
                pk=row.pk,
            )
            for row in signatories
        ],
        terms=[
            TermLine(
                starts=row.starts,
                ends=row.ends,
                ends_open=row.ends_open,
                duration_months=row.duration_months,
                reason=row.reason,
                closed_because=row.closed_because,
                pk=row.pk,
            )
            for row in agreement.terms.all()
        ],
    )
