from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions import commitments
from partnerships.actions.commitments import CommitmentEntry
from partnerships.actions.guard import StaleVersion
from partnerships.lifecycle import Status
from partnerships.models import Commitment, Indicator, Organization, ReportingPeriod
from tests.factories import AgreementFactory, CommitmentFactory, MeasurableFactory, ReportFactory

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


def asahan():
    return Organization.objects.get(slug="pemerintah-kabupaten-asahan")


def entry(paper=None, **more):
    owed_by = paper.parties.get(organization=asahan()) if paper else None
    return CommitmentEntry(**{"text": "Melatih 100 peserta", "owed_by": owed_by, "owner": asahan(), **more})


def test_a_logged_commitment_stands_at_the_end_of_the_ledger(officer_asahan, agreement_of_asahan):
    first = commitments.log(
        agreement=agreement_of_asahan, entry=entry(agreement_of_asahan), by=officer_asahan
    )
    second = commitments.log(agreement=agreement_of_asahan, entry=entry(text="Lagi"), by=officer_asahan)

    assert [first.position, second.position] == [1, 2]
    assert first.created_by == officer_asahan
    event = first.events.get()
    assert (event.pgh_context["actor"], event.pgh_context["action"]) == (officer_asahan.pk, "commitment.log")


def test_the_same_form_twice_makes_one_commitment(officer_asahan, agreement_of_asahan):
    key = uuid4()
    first, second = (
        commitments.log(agreement=agreement_of_asahan, entry=entry(), by=officer_asahan, key=key)
        for _sending in range(2)
    )

    assert first == second
    assert Commitment.objects.count() == 1


def test_another_persons_key_is_refused_in_words(officer_asahan, unit_officer, agreement_of_asahan):
    key = uuid4()
    commitments.log(agreement=agreement_of_asahan, entry=entry(), by=officer_asahan, key=key)

    with pytest.raises(ValidationError, match="formulir"):
        commitments.log(agreement=agreement_of_asahan, entry=entry(), by=unit_officer, key=key)


@pytest.mark.parametrize(
    "who", ["registrar", "unit_officer", "officer_asahan", "officer_north_sumatra", "admin"]
)
def test_who_may_log_does(who, request, agreement_of_asahan):
    by = request.getfixturevalue(who)

    assert commitments.log(agreement=agreement_of_asahan, entry=entry(), by=by).pk


@pytest.mark.parametrize("who", ["leadership", "officer_batang", "nobody"])
def test_who_may_not_log_is_refused(who, request, agreement_of_asahan):
    with pytest.raises(PermissionDenied):
        commitments.log(agreement=agreement_of_asahan, entry=entry(), by=request.getfixturevalue(who))

    assert Commitment.objects.count() == 0


def test_an_officer_logs_only_what_the_own_region_owes(officer_asahan, agreement_of_asahan):
    unit = Organization.objects.get(slug="ditjen-binalavotas")

    with pytest.raises(PermissionDenied):
        commitments.log(
            agreement=agreement_of_asahan,
            entry=CommitmentEntry(text="Menyediakan instruktur", owner=unit),
            by=officer_asahan,
        )


def test_a_party_of_another_paper_owes_nothing_here(registrar, agreement_of_asahan, agreement_of_batang):
    stranger = agreement_of_batang.parties.last()

    with pytest.raises(ValidationError):
        commitments.log(
            agreement=agreement_of_asahan, entry=CommitmentEntry(text="A", owed_by=stranger), by=registrar
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " "},
        {"target": Decimal("12.5"), "indicator": "peserta-dilatih"},
        {"target": Decimal(-1)},
        {"starts_on": date(2025, 5, 1), "due": date(2025, 4, 1)},
        {"due": date(2101, 1, 1)},
    ],
    ids=str,
)
def test_what_can_not_be_is_refused_in_words(wrong, registrar, agreement_of_asahan):
    if "indicator" in wrong:
        wrong = {**wrong, "indicator": Indicator.objects.get(slug=wrong["indicator"])}

    with pytest.raises(ValidationError) as refusal:
        commitments.log(agreement=agreement_of_asahan, entry=entry(**wrong), by=registrar)

    assert refusal.value.messages[0].strip()
    assert Commitment.objects.count() == 0


def test_money_and_land_have_decimals(registrar, agreement_of_asahan):
    for slug in ("anggaran", "lahan"):
        indicator = Indicator.objects.get(slug=slug)
        logged = commitments.log(
            agreement=agreement_of_asahan,
            entry=entry(indicator=indicator, target=Decimal("2.5")),
            by=registrar,
        )
        assert logged.target == Decimal("2.5")


def test_a_change_keeps_the_reason_and_raises_the_version(officer_asahan, agreement_of_asahan):
    commitment = commitments.log(agreement=agreement_of_asahan, entry=entry(), by=officer_asahan)

    changed = commitments.change(
        commitment=commitment,
        entry=entry(target=Decimal(80)),
        version=1,
        by=officer_asahan,
        reason="Salah ketik",
    )

    assert (changed.target, changed.version) == (80, 2)
    assert changed.events.latest("pgh_id").pgh_context["reason"] == "Salah ketik"


def test_a_change_on_an_old_version_is_refused_with_what_stands(officer_asahan, agreement_of_asahan):
    commitment = commitments.log(agreement=agreement_of_asahan, entry=entry(), by=officer_asahan)
    commitments.change(commitment=commitment, entry=entry(text="Baru"), version=1, by=officer_asahan)

    with pytest.raises(StaleVersion) as stale:
        commitments.change(commitment=commitment, entry=entry(text="Lama"), version=1, by=officer_asahan)

    assert stale.value.current.text == "Baru"


def test_once_reported_what_is_counted_stays(registrar):
    commitment = MeasurableFactory()
    ReportFactory(commitment=commitment, reach="submitted")
    other = Indicator.objects.get(slug="peserta-magang")
    kept = CommitmentEntry(
        text=commitment.text,
        indicator=other,
        target=commitment.target,
        due=commitment.due,
        owner=commitment.owner,
        proof_wanted=commitment.proof_wanted,
    )

    with pytest.raises(ValidationError):
        commitments.change(commitment=commitment, entry=kept, version=1, by=registrar)


def test_a_withdrawn_commitment_stays_in_the_ledger_with_its_reason(registrar):
    commitment = MeasurableFactory()

    with pytest.raises(ValidationError):
        commitments.withdraw(commitment=commitment, by=registrar, reason="  ")
    commitments.withdraw(commitment=commitment, by=registrar, reason="Diganti", on=date(2025, 6, 1))

    commitment.refresh_from_db()
    assert commitment.withdrawn_on == date(2025, 6, 1)
    assert not Commitment.objects.standing().filter(pk=commitment.pk).exists()
    assert commitment.events.latest("pgh_id").pgh_context["reason"] == "Diganti"


def test_a_report_may_be_asked_for_on_a_day_of_its_own_and_the_same_day_is_one(registrar):
    commitment = MeasurableFactory()
    for _press in range(2):
        commitments.ask_for_report(commitment=commitment, due_on=date(2025, 8, 17), by=registrar)

    ends = ReportingPeriod.objects.filter(commitment=commitment).values_list("ends", flat=True)
    assert list(ends.order_by("ends")) == [date(2025, 8, 17), date(2025, 12, 31)]
    with pytest.raises(ValidationError, match="2025-01-01"):
        commitments.ask_for_report(commitment=commitment, due_on=date(2024, 12, 31), by=registrar)


@pytest.mark.parametrize("status", Status)
def test_commitments_of_a_paper_that_is_over_are_closed_to_officers(status, officer_asahan):
    paper = AgreementFactory(status=status, with_parties=PARTIES)
    over = status in {Status.ENDED, Status.TERMINATED, Status.CANCELLED}

    if over:
        with pytest.raises(PermissionDenied):
            commitments.log(agreement=paper, entry=entry(), by=officer_asahan)
    else:
        assert commitments.log(agreement=paper, entry=entry(), by=officer_asahan).pk


def test_what_nobody_answers_for_yet_is_claimed_by_an_officer_of_the_paper(
    officer_asahan, officer_batang, agreement_of_asahan
):
    unclaimed = CommitmentFactory(agreement=agreement_of_asahan, text="Menyediakan fasilitas")
    with pytest.raises(PermissionDenied):
        commitments.change(commitment=unclaimed, entry=entry(), version=1, by=officer_batang)
    with pytest.raises(PermissionDenied):
        commitments.change(
            commitment=unclaimed, entry=CommitmentEntry(text="Tanpa lembaga"), version=1, by=officer_asahan
        )

    claimed = commitments.change(
        commitment=unclaimed, entry=entry(target=Decimal(2)), version=1, by=officer_asahan
    )

    assert (claimed.owner, claimed.target) == (asahan(), 2)
