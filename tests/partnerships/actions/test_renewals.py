"""A paper that renews an older one takes along the commitments that were chosen."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.actions import renewals
from partnerships.actions.record import AgreementRecord, Entry, PartyLine
from partnerships.lifecycle import Status
from partnerships.models import Agreement, Commitment, Organization
from tests.factories import AgreementFactory, CommitmentFactory, MeasurableFactory, ReportFactory

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture
def old(db):
    return AgreementFactory(status=Status.ENDED, with_parties=PARTIES)


def renew(old, by, carried=(), key=None, parties=PARTIES):
    record = AgreementRecord(
        kind=old.kind,
        renews=old,
        parties=[PartyLine(Organization.objects.get(slug=slug)) for slug in parties],
    )
    return renewals.register(record=record, by=by, entry=Entry(key=key or uuid4()), carried=carried)


def refused(call):
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        call()
    return refusal.value.code


def test_a_chosen_commitment_is_copied_without_a_due_date(old, registrar):
    unit, government = old.parties.all()
    promise = MeasurableFactory(
        agreement=old,
        owed_by=government,
        owed_to=unit,
        recurrence="yearly",
        cumulative=False,
        source="https://a.test",
    )
    CommitmentFactory(agreement=old)

    paper = renew(old, registrar, [promise])

    copy = paper.commitments.get()
    assert paper.renews == old
    for name in ("text", "indicator", "target", "recurrence", "cumulative", "owner", "proof_wanted"):
        assert getattr(copy, name) == getattr(promise, name), name
    assert copy.owed_by == paper.parties.get(organization=government.organization)
    assert copy.owed_to == paper.parties.get(organization=unit.organization)
    assert (copy.due, copy.starts_on, copy.is_measurable, copy.source) == (None, None, False, "")
    promise.refresh_from_db()
    assert (promise.agreement, promise.due) == (old, datetime.date(2025, 12, 31))


def test_a_party_that_left_owes_nothing_in_the_new_paper(old, registrar):
    promise = MeasurableFactory(agreement=old, owed_by=old.parties.last())

    paper = renew(old, registrar, [promise], parties=PARTIES[:1])

    assert paper.commitments.get().owed_by is None


def test_the_same_form_twice_is_one_paper_with_one_commitment(old, registrar):
    promise, key = MeasurableFactory(agreement=old), uuid4()

    assert renew(old, registrar, [promise], key) == renew(old, registrar, [promise], key)

    assert Agreement.objects.get(renews=old).commitments.count() == 1


def test_what_is_not_open_or_not_of_the_older_paper_is_not_carried(old, registrar):
    achieved = MeasurableFactory(agreement=old, target=40)
    ReportFactory(commitment=achieved, value=40, reach="verified")
    withdrawn = MeasurableFactory(agreement=old, withdrawn_on=datetime.date(2025, 1, 1))
    elsewhere = MeasurableFactory()

    for commitment in (achieved, withdrawn, elsewhere):
        assert refused(lambda chosen=commitment: renew(old, registrar, [chosen])) == "carried"
    assert not Agreement.objects.filter(renews=old).exists()
    assert set(Commitment.objects.filter(agreement=old).still_open()) == set()


def test_a_paper_that_is_refused_carries_nothing(old, registrar):
    promise = MeasurableFactory(agreement=old)

    refused(lambda: renew(old, registrar, [promise], parties=[PARTIES[0], PARTIES[0]]))

    assert list(Commitment.objects.all()) == [promise]
