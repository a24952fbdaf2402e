"""What the page of one paper is told."""

import datetime

import pytest
from django.http import QueryDict

from partnerships.lifecycle import Status
from partnerships.models import (
    AgreementKind,
    Indicator,
    Organization,
    PartialDate,
)
from partnerships.register import agreements_for
from partnerships.selectors.dossier import dossier_of
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    SignatoryFactory,
    SigningEventFactory,
)


def test_what_must_follow_by_the_rule(admin, time_machine):
    time_machine.move_to("2025-06-01")
    agreement = AgreementFactory(
        kind=AgreementKind.NOTA_KESEPAKATAN,
        signed=PartialDate.of(2025, 3, 20),
        with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"],
    )
    follow_up = dossier_of(agreement, admin).follow_up
    assert (follow_up.within_days, follow_up.due) == (90, datetime.date(2025, 6, 18))
    assert (follow_up.found, follow_up.overdue) == ([], False)

    time_machine.move_to("2025-06-19")
    assert dossier_of(agreement, admin).follow_up.overdue

    plan = AgreementFactory(kind=AgreementKind.RENCANA_AKSI, implements=agreement)
    follow_up = dossier_of(agreement, admin).follow_up
    assert (follow_up.found, follow_up.overdue) == ([plan], False)
    assert dossier_of(plan, admin).follow_up is None


@pytest.mark.parametrize("status", [Status.ENDED, Status.TERMINATED, Status.CANCELLED])
def test_nothing_must_follow_a_paper_that_is_over(status, registrar):
    agreement = AgreementFactory(
        kind=AgreementKind.NOTA_KESEPAKATAN, status=status, with_parties=["pemerintah-kabupaten-asahan"]
    )

    assert dossier_of(agreement, registrar).follow_up is None


def test_a_cancelled_paper_is_not_what_must_follow(registrar):
    agreement = AgreementFactory(
        kind=AgreementKind.NOTA_KESEPAKATAN, with_parties=["pemerintah-kabupaten-asahan"]
    )
    plan = {"kind": AgreementKind.RENCANA_AKSI, "implements": agreement}
    AgreementFactory(status=Status.CANCELLED, **plan)

    assert dossier_of(agreement, registrar).follow_up.found == []
    for lack in ("rencana_aksi", "follow_up"):
        assert agreement in agreements_for(registrar, QueryDict(f"lacks={lack}")).rows()

    draft = AgreementFactory(status=Status.DRAFTING, **plan)
    assert dossier_of(agreement, registrar).follow_up.found == [draft]
    assert agreement not in agreements_for(registrar, QueryDict("lacks=follow_up")).rows()


def test_no_day_is_computed_from_a_date_that_is_not_whole(registrar):
    agreement = AgreementFactory(
        kind=AgreementKind.MOU, signed=PartialDate.of(2022), with_parties=["pemerintah-kabupaten-asahan"]
    )
    follow_up = dossier_of(agreement, registrar).follow_up

    assert (follow_up.due, follow_up.overdue) == (None, False)


@pytest.mark.parametrize("kind", [AgreementKind.PKS, AgreementKind.NDA, AgreementKind.ACTIVITY])
def test_what_is_no_umbrella_asks_for_nothing(registrar, kind):
    agreement = AgreementFactory(kind=kind, with_parties=["pemerintah-kabupaten-asahan"])

    assert dossier_of(agreement, registrar).follow_up is None


def test_an_event_that_the_reader_may_not_know_is_not_named(officer_asahan, registrar):
    agreement = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], event=SigningEventFactory())
    assert dossier_of(agreement, officer_asahan).event == agreement.event

    elsewhere = AgreementFactory(event=SigningEventFactory())
    assert dossier_of(elsewhere, registrar).event == elsewhere.event
    assert dossier_of(elsewhere, officer_asahan).event is None


def test_signatories_stand_with_their_party(registrar):
    agreement = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    ministry, regency = agreement.parties.all()
    for party in (ministry, regency, None):
        SignatoryFactory(agreement=agreement, party=party)
    dossier = dossier_of(agreement, registrar)

    assert [len(party.signatories.all()) for party in dossier.parties] == [1, 1]
    assert len(dossier.people_of_no_party) == 1
    assert sum(len(p.signatories.all()) for p in dossier.parties) + len(dossier.people_of_no_party) == 3


def test_only_a_commitment_with_everything_can_be_measured(registrar):
    whole = {
        "indicator": Indicator.objects.first(),
        "target": 100,
        "due": datetime.date(2026, 12, 31),
        "owner": Organization.objects.get(slug="ditjen-binalavotas"),
        "proof_wanted": "Sertifikat",
    }
    agreement = CommitmentFactory(**whole).agreement
    for missing in whole:
        nothing = "" if missing == "proof_wanted" else None
        CommitmentFactory(agreement=agreement, **{**whole, missing: nothing})
    dossier = dossier_of(agreement, registrar)

    assert dossier.measurable_count == 1
    assert [len(each.missing_for_measure) for each in dossier.commitments] == [0, 1, 1, 1, 1, 1]


def test_rights_are_those_of_the_reader(registrar, leadership, officer_asahan, agreement_of_asahan):
    assert all(dossier_of(agreement_of_asahan, registrar).rights.values())
    assert not any(dossier_of(agreement_of_asahan, leadership).rights.values())
    # An officer of the region logs what its offices owe and what is to be done, and changes nothing else.
    rights = dossier_of(agreement_of_asahan, officer_asahan).rights
    assert [name for name, held in rights.items() if held] == ["log", "raise"]
