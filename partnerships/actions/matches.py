"""A need and an offer become a proposed paper, in one step."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships import notifications
from partnerships.actions import agreements, commitments, guard
from partnerships.actions.commitments import CommitmentEntry
from partnerships.actions.record import AgreementRecord, PartyLine
from partnerships.columns.measures import Amount
from partnerships.models import (
    AgreementKind,
    InstrumentRule,
    Match,
    Need,
    Offer,
    access_of,
)
from partnerships.permissions import Action, check
from partnerships.roles import Role
from partnerships.selectors.matches import OF_A_NEED, proposal_of


@transaction.atomic
def propose(*, need, offer, by):
    """Enter a paper in its first stage between who needs and who offers, with the commitment to meet as much
    of the need as the offer has left, and tell who stated the need. Gives the Match.

    A unit officer's own unit is a party too. A second press finds the paper of the first. Raises
    PermissionDenied, and ValidationError with a sentence for what can't be.
    """
    check(by, Action.ADD_AGREEMENT)
    # Both are held, so that two who propose at once do not promise the same places twice.
    need = Need.objects.select_for_update(of=("self",)).select_related(*OF_A_NEED).get(pk=need.pk)
    offers = Offer.objects.select_for_update(of=("self",)).select_related("organization")
    offer = offers.get(pk=offer.pk)
    if already := Match.objects.standing().filter(need=need, offer=offer).first():
        return already
    number = _number(need, offer, by)
    agreement = agreements.register(record=_record(need, offer, by), by=by)
    commitment = commitments.log(
        agreement=agreement, entry=_commitment(agreement, need, offer, number), by=by
    )
    with guard.history(by, "need.match"):
        match = Match.objects.create(
            need=need, offer=offer, agreement=agreement, commitment=commitment, number=number, by=by
        )
    notifications.need_taken_up(match)
    return match


def _number(need, offer, by):
    """How much of the need the offer can meet. Raises ValidationError when they don't fit together."""
    proposal = proposal_of(by, need, offer)
    if proposal is None:
        raise ValidationError(
            _("The need and the offer no longer fit together. Look at the proposals again."), code="no_match"
        )
    if proposal.paper:
        raise ValidationError(
            _("%(ref)s covers this already: log a commitment there."),
            code="covered",
            params={"ref": proposal.paper},
        )
    return proposal.number


def _record(need, offer, by):
    units = [each.organization for each in access_of(by).postings if each.role == Role.UNIT_OFFICER][:1]
    organizations = list(dict.fromkeys([*units, need.office, offer.organization]))
    partner_class = offer.organization.partner_class
    rule = InstrumentRule.objects.filter(partner_class=partner_class).first()
    return AgreementRecord(
        kind=rule.proposes if rule else AgreementKind.UNKNOWN,
        title=f"{offer.title}, {need.region}",
        themes=[need.theme],
        work_regions=[need.region] if need.office.region_id != need.region_id else [],
        parties=[PartyLine(organization) for organization in organizations],
    )


def _commitment(agreement, need, offer, number):
    party_of = {party.organization_id: party for party in agreement.parties.all()}
    amount = Amount.of(number, need.indicator)
    return CommitmentEntry(
        text=f"{need.indicator.name}: {amount}, {need.region}, {need.year} ({offer.title})",
        owed_by=party_of[offer.organization_id],
        owed_to=party_of[need.office_id],
        indicator=need.indicator,
        target=number,
        due=date(need.year, 12, 31),
        owner=need.office,
        source=offer.source,
    )
