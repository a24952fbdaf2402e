import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions import agreements, newcomers
from partnerships.actions.guard import StaleVersion
from partnerships.actions.record import AgreementRecord, Entry, PartyLine, SignatoryLine, TermLine
from partnerships.lifecycle import DRAFTS, Status
from partnerships.models import (
    Agreement,
    Organization,
    OrganizationKind,
    PartialDate,
    Party,
    Person,
    SigningEvent,
    StatusChange,
    Theme,
)
from partnerships.roles import Role
from regions.models import Region
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PersonFactory,
    SignatoryFactory,
    SigningEventFactory,
    TermFactory,
)
from tests.partnerships.sheets import everything_stored

PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
SIGNED = PartialDate.of(2025, 3, 20)


@pytest.fixture
def unit(db):
    return Organization.objects.get(slug="ditjen-binalavotas")


@pytest.fixture
def asahan(db):
    return Organization.objects.get(slug="pemerintah-kabupaten-asahan")


@pytest.fixture
def batang(db):
    return Organization.objects.get(slug="pemerintah-kabupaten-batang")


@pytest.fixture
def everybody(registrar, unit_officer, officer_asahan, officer_batang, leadership, admin, nobody):
    return [
        registrar,
        unit_officer,
        person(Role.UNIT_OFFICER, "itjen"),
        officer_asahan,
        officer_batang,
        leadership,
        admin,
        nobody,
    ]


def record(*organizations, **fields):
    parties = [PartyLine(organization=organization) for organization in organizations]
    return AgreementRecord(**{"kind": "mou", "signed": SIGNED, "parties": parties, **fields})


def standing(agreement, **fields):
    """What the paper says now, with something said otherwise."""
    lines = [PartyLine(organization=row.organization, pk=row.pk) for row in agreement.parties.all()]
    return AgreementRecord(
        **{
            "kind": agreement.kind,
            "title": agreement.title,
            "signed": agreement.signed,
            "parties": lines,
            **fields,
        }
    )


# --- moving along the life of a paper ---------------------------------------------------------


def test_a_move_leaves_who_why_and_since_when(registrar, agreement_of_asahan):
    agreements.move(
        agreement=agreement_of_asahan,
        to=Status.TERMINATED,
        by=registrar,
        effective_on=datetime.date(2025, 1, 31),
        reason="Dicabut para pihak",
    )

    change = agreement_of_asahan.status_changes.first()
    assert (change.old, change.new, change.by) == (Status.SIGNED, Status.TERMINATED, registrar)
    assert (change.effective_on, change.reason) == (datetime.date(2025, 1, 31), "Dicabut para pihak")
    context = agreement_of_asahan.events.latest("pgh_id").pgh_context
    assert context["actor"] == registrar.pk
    assert (context["action"], context["reason"]) == ("agreement.move", "Dicabut para pihak")


def test_a_paper_is_not_over_before_it_was_signed(registrar, agreement_of_asahan):
    with pytest.raises(ValidationError) as refusal:
        agreements.move(
            agreement=agreement_of_asahan,
            to=Status.ENDED,
            by=registrar,
            effective_on=datetime.date(2024, 5, 6),
        )

    assert refusal.value.code == "over_before_signing"


def test_a_move_of_a_paper_that_was_changed_meanwhile_is_not_taken(registrar, agreement_of_asahan):
    Agreement.objects.filter(pk=agreement_of_asahan.pk).update(version=2)

    with pytest.raises(StaleVersion) as stale:
        agreements.move(agreement=agreement_of_asahan, to=Status.ENDED, by=registrar, version=1)

    assert stale.value.current.version == 2


# --- publishing -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_only_registrar_and_admin_publish_and_never_a_draft(status, everybody, registrar, admin):
    for user in everybody:
        paper = AgreementFactory(status=status, with_parties=PARTIES)
        if user not in (registrar, admin):
            with pytest.raises(PermissionDenied):
                agreements.publish(agreement=paper, by=user)
        elif status in DRAFTS:
            with pytest.raises(ValidationError):
                agreements.publish(agreement=paper, by=user)
        else:
            agreements.publish(agreement=paper, by=user)
        paper.refresh_from_db()
        assert bool(paper.published_at) == (user in (registrar, admin) and status not in DRAFTS)


def test_publishing_twice_keeps_the_first_day_and_taking_back_hides_again(registrar, agreement_of_asahan):
    first = agreements.publish(agreement=agreement_of_asahan, by=registrar).published_at

    again = agreements.publish(agreement=agreement_of_asahan, by=registrar)
    assert (again.published_at, again.version) == (first, 2)

    back = agreements.publish(agreement=agreement_of_asahan, by=registrar, public=False, reason="Keliru")
    assert (back.published_at, back.version) == (None, 3)
    assert back.events.latest("pgh_id").pgh_context["action"] == "agreement.unpublish"


# --- registering ------------------------------------------------------------------------------


def test_a_registered_paper_has_everything_that_was_said(registrar, unit, asahan):
    someone = PersonFactory()
    said = record(
        unit,
        asahan,
        title="Pelatihan kerja",
        place="Jakarta",
        event=SigningEvent.objects.get(slug="penandatanganan-29-naskah-2025"),
        themes=list(Theme.objects.filter(slug__in=["integrasi-data", "k3"])),
        work_regions=[Region.objects.get(code="12.09")],
        signatories=[SignatoryLine(person=someone, post="Bupati", organization=asahan)],
        terms=[TermLine(starts=SIGNED, ends=PartialDate.of(2028, 3, 19))],
    )

    paper = agreements.register(
        record=said, by=registrar, entry=Entry(status=Status.SIGNED), reason="Siaran pers"
    )

    paper = Agreement.objects.get(pk=paper.pk)
    assert paper.ref == "KS-2025-0001"
    assert (paper.status, paper.created_by, paper.version) == (Status.SIGNED, registrar, 1)
    assert [party.organization for party in paper.parties.all()] == [unit, asahan]
    assert paper.signatories.get().party.organization == asahan
    assert {theme.slug for theme in paper.themes.all()} == {"integrasi-data", "k3"}
    assert [region.code for region in paper.work_regions.all()] == ["12.09"]
    assert str(paper.terms.get().ends) == "19 Maret 2028"
    change = paper.status_changes.get()
    assert (change.new, change.effective_on, change.reason) == (Status.SIGNED, SIGNED.latest, "Siaran pers")
    assert paper.events.get(pgh_label="insert").pgh_context["reason"] == "Siaran pers"


def test_references_are_given_by_year_without_gaps(registrar, unit, asahan):
    def register(year):
        said = record(unit, asahan, signed=PartialDate.of(year))
        return agreements.register(record=said, by=registrar).ref

    refs = [register(year) for year in (2024, 2025, 2024)]
    with pytest.raises(ValidationError):
        agreements.register(record=record(unit, unit, signed=PartialDate.of(2024)), by=registrar)

    assert [*refs, register(2024)] == ["KS-2024-0001", "KS-2025-0001", "KS-2024-0002", "KS-2024-0003"]


def test_the_same_form_sent_again_is_the_same_paper_but_not_for_somebody_else(registrar, admin, unit, asahan):
    key = "5f9e5c0e-5a52-4a3c-9a51-9f5b2a3c7d10"

    first = agreements.register(record=record(unit, asahan), by=registrar, entry=Entry(key=key))
    again = agreements.register(record=record(unit), by=registrar, entry=Entry(key=key))

    assert again == first
    with pytest.raises(ValidationError):
        agreements.register(record=record(unit, asahan), by=admin, entry=Entry(key=key))
    assert Agreement.objects.count() == 1


def test_who_may_register(everybody, registrar, unit_officer, admin, unit, asahan):
    for user in everybody:
        if user in (registrar, unit_officer, admin):
            agreements.register(record=record(unit, asahan), by=user)
        else:
            with pytest.raises(PermissionDenied):
                agreements.register(record=record(unit, asahan), by=user)


def test_a_unit_officer_needs_the_own_unit_among_the_parties(unit_officer, asahan, agreement_of_asahan):
    before = everything_stored()

    with pytest.raises(PermissionDenied):
        agreements.register(record=record(asahan), by=unit_officer)
    with pytest.raises(PermissionDenied):
        agreements.revise(
            agreement=agreement_of_asahan, record=record(asahan), version=1, by=unit_officer, reason="Uji"
        )

    assert everything_stored() == before


def test_newcomers_are_entered_with_their_paper_or_not_at_all(registrar, unit):
    partner = Organization(name="PT Pendatang Baru", kind=OrganizationKind.COMPANY)
    someone = Person(name="Nama Baru")
    said = record(
        unit,
        partner,
        signatories=[SignatoryLine(person=someone, organization=partner)],
        terms=[TermLine(starts=SIGNED, ends=PartialDate.of(2020))],
    )
    before = everything_stored()

    with pytest.raises(ValidationError):
        newcomers.register(record=said, by=registrar, entry=Entry())
    assert everything_stored() == before

    said.terms = []
    paper = newcomers.register(record=said, by=registrar, entry=Entry(), reason="Mitra baru")
    signatory = paper.signatories.get()
    assert signatory.party.organization == Organization.objects.get(name="PT Pendatang Baru")
    assert signatory.person.events.get().pgh_context["reason"] == "Mitra baru"


def test_a_unit_officer_may_name_new_people_but_no_new_organisations(unit_officer, unit, asahan):
    said = record(
        unit, asahan, signatories=[SignatoryLine(person=Person(name="Nama Baru"), organization=asahan)]
    )

    assert newcomers.register(record=said, by=unit_officer, entry=Entry()).signatories.count() == 1
    with pytest.raises(PermissionDenied):
        newcomers.register(
            record=record(unit, Organization(name="PT Pendatang Baru", kind="company")),
            by=unit_officer,
            entry=Entry(),
        )
    assert not Organization.objects.filter(name="PT Pendatang Baru").exists()


# --- revising ---------------------------------------------------------------------------------


def test_a_change_leaves_who_and_why_and_touches_only_what_changed(registrar, agreement_of_asahan):
    said = standing(agreement_of_asahan, title="Judul yang benar")

    agreements.revise(
        agreement=agreement_of_asahan, record=said, version=1, by=registrar, reason="Sesuai halaman judul"
    )

    agreement_of_asahan.refresh_from_db()
    assert (agreement_of_asahan.title, agreement_of_asahan.version) == ("Judul yang benar", 2)
    event = agreement_of_asahan.events.latest("pgh_id")
    assert (event.pgh_context["actor"], event.pgh_context["action"]) == (registrar.pk, "agreement.revise")
    assert event.pgh_context["reason"] == "Sesuai halaman judul"
    assert not Party.pgh_event_model.objects.filter(pgh_label="update").exists()


def test_the_second_of_two_writers_is_told(registrar, admin, agreement_of_asahan):
    agreements.revise(
        agreement=agreement_of_asahan,
        record=standing(agreement_of_asahan, title="Yang pertama"),
        version=1,
        by=registrar,
    )

    with pytest.raises(StaleVersion) as stale:
        agreements.revise(
            agreement=agreement_of_asahan,
            record=standing(agreement_of_asahan, title="Yang kedua"),
            version=1,
            by=admin,
        )

    assert stale.value.current.title == "Yang pertama"


def test_a_party_with_a_commitment_stays(registrar, unit, agreement_of_asahan):
    owing = agreement_of_asahan.parties.get(organization__slug="pemerintah-kabupaten-asahan")
    for side in ("owed_by", "owed_to"):
        commitment = CommitmentFactory(agreement=agreement_of_asahan, **{side: owing})

        with pytest.raises(ValidationError) as refusal:
            agreements.revise(
                agreement=agreement_of_asahan, record=record(unit), version=1, by=registrar, reason="Uji"
            )

        assert refusal.value.code == "party_has_commitment"
        assert "Pemerintah Kabupaten Asahan" in refusal.value.messages[0]
        commitment.delete()


def test_terms_that_overlap_are_refused_in_words(registrar, agreement_of_asahan):
    overlapping = [
        TermLine(starts=PartialDate.of(2024, 5, 7), ends=PartialDate.of(2026, 5, 6)),
        TermLine(starts=PartialDate.of(2025, 1, 1), ends_open=True),
    ]

    with pytest.raises(ValidationError) as refusal:
        agreements.revise(
            agreement=agreement_of_asahan,
            record=standing(agreement_of_asahan, terms=overlapping),
            version=1,
            by=registrar,
        )

    assert refusal.value.code == "term_periods_do_not_overlap"


def test_the_border_between_two_terms_can_move(registrar, agreement_of_asahan):
    first = TermFactory(agreement=agreement_of_asahan, ends=PartialDate.of(2025, 12, 31), position=1)
    second = TermFactory(
        agreement=agreement_of_asahan,
        starts=PartialDate.of(2026, 1, 1),
        ends=PartialDate.of(2027, 12, 31),
        position=2,
    )
    terms = [
        TermLine(starts=first.starts, ends=PartialDate.of(2026, 6, 30), pk=first.pk),
        TermLine(starts=PartialDate.of(2026, 7, 1), ends=second.ends, pk=second.pk),
    ]

    agreements.revise(
        agreement=agreement_of_asahan,
        record=standing(agreement_of_asahan, terms=terms),
        version=1,
        by=registrar,
    )

    first.refresh_from_db()
    assert str(first.ends) == "30 Juni 2026"


def test_a_paper_can_not_stand_above_and_below_another(registrar, agreement_of_asahan):
    below = AgreementFactory(implements=agreement_of_asahan, with_parties=PARTIES)

    with pytest.raises(ValidationError):
        agreements.revise(
            agreement=agreement_of_asahan,
            record=standing(agreement_of_asahan, implements=below),
            version=1,
            by=registrar,
        )


# --- ids of others ----------------------------------------------------------------------------


def rows_of_another(agreement):
    """Records that name a row of another paper, by kind."""
    other = AgreementFactory(with_parties=PARTIES)
    party = other.parties.first()
    signatory = SignatoryFactory(agreement=other)
    term = TermFactory(agreement=other)
    return [
        standing(agreement, parties=[PartyLine(organization=party.organization, pk=party.pk)]),
        standing(agreement, signatories=[SignatoryLine(post="Bupati", pk=signatory.pk)]),
        standing(agreement, terms=[TermLine(ends_open=True, pk=term.pk)]),
    ]


def test_a_row_of_another_paper_is_not_taken_over(registrar, agreement_of_asahan):
    records = rows_of_another(agreement_of_asahan)
    before = everything_stored()

    for said in records:
        with pytest.raises(ValidationError):
            agreements.revise(agreement=agreement_of_asahan, record=said, version=1, by=registrar)

    assert everything_stored() == before


def test_nobody_ties_a_paper_to_what_they_can_not_see(unit_officer, unit, asahan, agreement_of_asahan):
    hidden = AgreementFactory(status=Status.PROPOSED, with_parties=["itjen"])
    secret = OrganizationFactory()
    records = [
        record(unit, asahan, implements=hidden),
        record(unit, asahan, renews=hidden),
        record(unit, secret),
    ]
    before = everything_stored()

    for said in records:
        with pytest.raises(ValidationError):
            agreements.register(record=said, by=unit_officer)
        with pytest.raises(ValidationError):
            agreements.revise(agreement=agreement_of_asahan, record=said, version=1, by=unit_officer)

    assert everything_stored() == before


def test_an_event_out_of_sight_is_refused_and_a_standing_tie_is_kept(unit_officer, unit, asahan, monkeypatch):
    hidden = AgreementFactory(status=Status.PROPOSED, with_parties=["itjen"])
    tied = AgreementFactory(implements=hidden, with_parties=PARTIES)

    agreements.revise(agreement=tied, record=standing(tied, implements=hidden), version=1, by=unit_officer)
    tied.refresh_from_db()
    assert tied.implements == hidden

    event = SigningEventFactory()
    monkeypatch.setattr(
        type(SigningEvent.objects), "visible_to", lambda rows, user: rows.none(), raising=False
    )
    with pytest.raises(ValidationError):
        agreements.register(record=record(unit, asahan, event=event), by=unit_officer)


def test_status_changes_are_never_rewritten(registrar, agreement_of_asahan):
    agreements.move(agreement=agreement_of_asahan, to=Status.ENDED, by=registrar, reason="Selesai")

    assert list(StatusChange.objects.filter(agreement=agreement_of_asahan).values_list("new", flat=True)) == [
        Status.ENDED,
        Status.SIGNED,
    ]
