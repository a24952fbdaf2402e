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
        record = Newcomers(by, reason).entered_with(record)
        return agreements.register(record=record, by=by, entry=entry, reason=reason)


def revise(*, agreement, record, version, by, reason=""):
    """Change a paper, with whom it names for the first time (see ``agreements.revise``)."""
    check(by, Action.CHANGE_AGREEMENT, agreement)
    with _together(by, "agreement.revise", reason):
        record = Newcomers(by, reason).entered_with(record)
        return agreements.revise(agreement=agreement, record=record, version=version, by=by, reason=reason)


@contextmanager
def _together(by, action, reason):
    with refusals.in_words(agreements.REFUSALS), transaction.atomic(), guard.history(by, action, reason):
        yield


class Newcomers:
    """Who is named for the first time in one step. Of whoever several papers name, one row is made."""

    def __init__(self, by, reason=""):
        self._by, self._reason = by, reason
        self._organization_of, self._person_of = {}, {}

    def entered_with(self, record):
        """The record with saved rows only."""
        return replace(
            record,
            parties=[
                replace(
                    line,
                    organization=self._organization(line.organization),
                    contact=self._person(line.contact),
                )
                for line in record.parties
            ],
            signatories=[
                replace(
                    line, organization=self._organization(line.organization), person=self._person(line.person)
                )
                for line in record.signatories
            ],
        )

    def _organization(self, said):
        if said is None or said.pk:
            return said
        if id(said) not in self._organization_of:
            self._organization_of[id(said)] = organizations.enter(
                record=organizations.OrganizationRecord(name=said.name, kind=said.kind, region=said.region),
                by=self._by,
                reason=self._reason,
            )
        return self._organization_of[id(said)]

    def _person(self, said):
        if said is None or said.pk:
            return said
        if id(said) not in self._person_of:
            self._person_of[id(said)] = Person.objects.create(
                name=said.name, title_before=said.title_before, title_after=said.title_after
            )
        return self._person_of[id(said)]
