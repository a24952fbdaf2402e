"""Papers that name organisations or people for the first time: these are entered with the paper, or
not at all. A row of the record that is not saved yet is new."""

from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction

from partnerships.actions import agreements, guard, organizations, refusals
from partnerships.models import Person
from partnerships.permissions import Action, check


def register(*, record, by, entry, reason=""):
    """Enter a paper with whom it names for the first time (see ``agreements.register``)."""
    check(by, Action.ADD_AGREEMENT)
    with _together(by, "agreement.register", reason):
        if already := agreements.already_registered(entry.key, by):
            return already
        record = _with_newcomers(record, by, reason)
        return agreements.register(record=record, by=by, entry=entry, reason=reason)


def revise(*, agreement, record, version, by, reason=""):
    """Change a paper, with whom it names for the first time (see ``agreements.revise``)."""
    check(by, Action.CHANGE_AGREEMENT, agreement)
    with _together(by, "agreement.revise", reason):
        record = _with_newcomers(record, by, reason)
        return agreements.revise(agreement=agreement, record=record, version=version, by=by, reason=reason)


@contextmanager
def _together(by, action, reason):
    with refusals.in_words(agreements.REFUSALS), transaction.atomic(), guard.history(by, action, reason):
        yield


def _with_newcomers(record, by, reason):
    """The record with saved rows only."""
    organization_of, person_of = {}, {}

    def organization(said):
        if said is None or said.pk:
            return said
        if id(said) not in organization_of:
            organization_of[id(said)] = organizations.enter(
                record=organizations.OrganizationRecord(name=said.name, kind=said.kind, region=said.region),
                by=by,
                reason=reason,
            )
        return organization_of[id(said)]

    def person(said):
        if said is None or said.pk:
            return said
        if id(said) not in person_of:
            person_of[id(said)] = Person.objects.create(
                name=said.name, title_before=said.title_before, title_after=said.title_after
            )
        return person_of[id(said)]

    return replace(
        record,
        parties=[
            replace(line, organization=organization(line.organization), contact=person(line.contact))
            for line in record.parties
        ],
        signatories=[
            replace(line, organization=organization(line.organization), person=person(line.person))
            for line in record.signatories
        ],
    )
