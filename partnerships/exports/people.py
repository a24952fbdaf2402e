"""Who is in a paper, as paper prints it."""

from django.utils.translation import gettext

from partnerships.models import Presence


def parties_said(agreement):
    """Each party with those who signed, witnessed or were present for it; at the end those whose
    party no source names."""
    parties = [
        {
            "name": party.organization.name,
            "side": _side(party.organization),
            "number": party.number,
            "people": [],
        }
        for party in agreement.parties.all()
    ]
    row_of = {party.pk: row for party, row in zip(agreement.parties.all(), parties, strict=True)}
    unnamed = {"name": gettext("Party not named"), "side": "", "number": "", "people": []}
    for signatory in agreement.signatories.all():
        row_of.get(signatory.party_id, unnamed)["people"].append(person_said(signatory))
    return [*parties, unnamed] if unnamed["people"] else parties


def _side(organization):
    return organization.partner_class.label if organization.partner_class else gettext("Ministry")


def person_said(signatory):
    """Who stood for a party: name, post, and whatever makes it more or less than a signature."""
    notes = [] if signatory.presence == Presence.SIGNED else [signatory.get_presence_display()]
    if signatory.capacity:
        notes.append(signatory.get_capacity_display())
    if signatory.on_behalf_of:
        notes.append(gettext("for %(whom)s") % {"whom": signatory.on_behalf_of})
    if signatory.letter:
        notes.append(signatory.letter)
    return {
        "name": signatory.person or "",
        "post": signatory.post,
        "note": ", ".join(map(str, notes)),
    }
