"""A paper that renews an older one: registered together with the open commitments that it takes along."""

from uuid import uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.actions import commitments, guard, newcomers, refusals
from partnerships.actions.agreements import REFUSALS
from partnerships.models import Commitment


def register(*, record, by, entry, reason="", carried=()):
    """Enter a paper (see ``newcomers.register``) with copies of the ``carried`` commitments.

    These are open ones of the paper that it renews. Each keeps its text, indicator, target, proof and
    office, and who owes it where that party is in the new paper too; it has no due date until a new one
    is agreed. The same ``entry.key`` twice gives the same paper with the same commitments. Raises
    ValidationError with a sentence for what can't be.
    """
    with (
        refusals.in_words(REFUSALS),
        transaction.atomic(),
        guard.history(by, "agreement.register", reason),
    ):
        _check_carried(record, carried, by)
        agreement = newcomers.register(record=record, by=by, entry=entry, reason=reason)
        party_of = {party.organization_id: party for party in agreement.parties.all()}
        for old in carried:
            commitments.log(
                agreement=agreement,
                entry=_entry_of(old, party_of),
                by=by,
                # The key of the form and the old commitment together: a second sending adds nothing.
                key=uuid5(entry.key, str(old.pk)) if entry.key else None,
                reason=reason,
                demonstration=old.demonstration,
            )
        return agreement


def _check_carried(record, carried, by):
    if not carried:
        return
    old = record.renews
    within = Commitment.objects.visible_to(by).filter(agreement=old).still_open() if old else ()
    known = {commitment.pk for commitment in within}
    if not {commitment.pk for commitment in carried} <= known:
        raise ValidationError(
            _("A commitment that was chosen is not an open one of the paper that this one renews."),
            code="carried",
        )


def _entry_of(old, party_of):
    """The commitment as the new paper says it; a party that is not in the new paper owes nothing there."""

    def same(party):
        return party_of.get(party.organization_id) if party else None

    return commitments.CommitmentEntry(
        text=old.text,
        owed_by=same(old.owed_by),
        owed_to=same(old.owed_to),
        indicator=old.indicator,
        target=old.target,
        recurrence=old.recurrence,
        cumulative=old.cumulative,
        owner=old.owner,
        proof_wanted=old.proof_wanted,
        funding=old.funding,
    )
