"""Reads an Indonesian naskah of cooperation: from the text of its pages to a proposed record.

Pure Python over texts: no file is opened, nothing is asked of the database, nothing is saved. Each value
comes with the sentence and page it was read from and how sure it is; a person decides. See docs/reading.md.
"""

from partnerships.imports.naskah.anatomy import anatomy_of
from partnerships.imports.naskah.contacts import read_contacts
from partnerships.imports.naskah.heads import read_head
from partnerships.imports.naskah.numbers import put_right
from partnerships.imports.naskah.parties import read_parties
from partnerships.imports.naskah.proposals import (
    LIKELY,
    SURE,
    PartyProposal,
    Problem,
    Proposal,
    Proposals,
    proposals_from,
)
from partnerships.imports.naskah.scope import read_scope
from partnerships.imports.naskah.signing import read_signing
from partnerships.imports.naskah.term import SIGNING, read_term
from partnerships.imports.naskah.tokens import running_text

__all__ = [
    "LIKELY",
    "SIGNING",
    "SURE",
    "PartyProposal",
    "Problem",
    "Proposal",
    "Proposals",
    "proposals_from",
    "read",
]


def read(pages):
    """The Proposals that pages, given as (number from 1, text), make; empty ones for what is no naskah."""
    anatomy = anatomy_of(running_text(pages))
    head = read_head(anatomy)
    parties = read_parties(anatomy, head)
    read_contacts(anatomy, parties)
    signed, place = read_signing(anatomy)
    for party in parties:
        party.number = put_right(party.number, signed)
    duration, starts, ends, derived_end, renewal = read_term(anatomy, signed)
    return Proposals(
        kind=head.kind,
        title=head.title,
        signed=signed,
        place=place,
        duration_months=duration,
        starts=starts,
        ends=ends,
        derived_end=derived_end,
        renewal=renewal,
        parties=parties,
        scope=read_scope(anatomy),
    )
