"""Who may know of which rows. Every reading page starts at ``visible_to``."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from partnerships.lifecycle import Status
from partnerships.models import (
    Agreement,
    AgreementKind,
    Commitment,
    CommitmentStanding,
    Document,
    EvaluationMeeting,
    Organization,
    OrganizationKind,
    Party,
    Posting,
    SigningEvent,
)
from partnerships.roles import Role
from regions.models import Region
from tests.conftest import person
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    EvaluationMeetingFactory,
    MeasurableFactory,
    OrganizationFactory,
    PartyFactory,
    PostingFactory,
    ReportFactory,
    SigningEventFactory,
)

OWN_UNIT = "ditjen-binalavotas"


def seen(user):
    return set(Agreement.objects.visible_to(user))


def test_a_registrar_and_an_admin_see_drafts_too(registrar, admin):
    draft = AgreementFactory(status=Status.PROPOSED)

    assert seen(registrar) == seen(admin) == {draft}


def test_leadership_sees_everything_but_drafts(leadership):
    drafts = {AgreementFactory(status=status) for status in (Status.PROPOSED, Status.DRAFTING)}
    others = {AgreementFactory(status=status) for status in set(Status) - {d.status for d in drafts}}

    assert seen(leadership) == others


def test_a_unit_officer_sees_the_drafts_of_the_own_unit_and_of_what_is_below_it(unit_officer):
    own = AgreementFactory(status=Status.PROPOSED, with_parties=[OWN_UNIT])
    below = AgreementFactory(status=Status.DRAFTING, with_parties=["bbpvp-makassar"])
    AgreementFactory(status=Status.DRAFTING, with_parties=["barenbang"])
    signed = AgreementFactory(with_parties=["barenbang"])

    assert seen(unit_officer) == {own, below, signed}


def test_an_officer_of_a_kabupaten_sees_its_papers_only(
    officer_asahan, agreement_of_asahan, agreement_of_batang
):
    assert seen(officer_asahan) == {agreement_of_asahan}


def test_an_officer_of_a_province_sees_its_kabupaten_and_kota(
    officer_north_sumatra, agreement_of_asahan, agreement_of_batang
):
    of_the_province = AgreementFactory(with_parties=["pemerintah-provinsi-sumatera-utara"])

    assert seen(officer_north_sumatra) == {agreement_of_asahan, of_the_province}


def test_an_officer_of_a_kabupaten_does_not_see_the_papers_of_its_province(officer_asahan):
    AgreementFactory(with_parties=["pemerintah-provinsi-sumatera-utara"])

    assert seen(officer_asahan) == set()


def test_a_region_sees_a_paper_from_drafting_on(officer_asahan):
    parties = [OWN_UNIT, "pemerintah-kabupaten-asahan"]
    AgreementFactory(status=Status.PROPOSED, with_parties=parties)
    drafting = AgreementFactory(status=Status.DRAFTING, with_parties=parties)

    assert seen(officer_asahan) == {drafting}


def test_the_seat_of_an_organisation_gives_its_region_no_sight_of_its_papers(db):
    officer = person(Role.REGIONAL_OFFICER, "pemerintah-kota-makassar")
    AgreementFactory(with_parties=["bbpvp-makassar"])

    assert Organization.objects.get(slug="bbpvp-makassar").seat_region_id == "73.71"
    assert seen(officer) == set()


def test_the_papers_of_a_region_are_those_that_act_for_it_or_for_what_is_in_it(
    agreement_of_asahan, agreement_of_batang
):
    province = AgreementFactory(with_parties=["pemerintah-provinsi-sumatera-utara"])

    assert set(Agreement.objects.in_regions(["12.09"])) == {agreement_of_asahan}
    assert set(Agreement.objects.in_regions(["12"])) == {agreement_of_asahan, province}


def test_several_postings_open_what_any_of_them_opens(officer_asahan, agreement_of_asahan):
    PostingFactory(
        user=officer_asahan,
        organization=Organization.objects.get(slug=OWN_UNIT),
        role=Role.UNIT_OFFICER,
    )
    draft = AgreementFactory(status=Status.PROPOSED, with_parties=[OWN_UNIT])

    assert seen(officer_asahan) == {agreement_of_asahan, draft}


def test_a_posting_that_ended_opens_nothing(officer_asahan, agreement_of_asahan):
    today = timezone.localdate()
    Posting.objects.filter(user=officer_asahan).update(starts_on=today.replace(year=2020), ends_on=today)

    assert seen(User.objects.get(pk=officer_asahan.pk)) == set()


def test_nobody_sees_nothing(nobody, agreement_of_asahan):
    assert seen(nobody) == set()


def test_the_public_sees_what_is_published(agreement_of_asahan, agreement_of_batang):
    Agreement.objects.filter(pk=agreement_of_batang.pk).update(published_at=timezone.now())

    assert seen(AnonymousUser()) == {agreement_of_batang}


def test_a_deactivated_account_sees_what_the_public_sees(registrar, agreement_of_asahan):
    registrar.is_active = False

    assert seen(registrar) == set()


def test_every_pair_of_regions_is_kept_apart_but_a_province_and_its_own(db):
    """An officer of R asks for the papers of S, for all 552 × 551 ordered pairs of regions."""
    governments = dict(
        Organization.objects.filter(
            kind__in=[k for k in OrganizationKind if k.endswith("_government") and k != "foreign_government"]
        ).values_list("region", "pk")
    )
    papers = Agreement.objects.bulk_create(
        Agreement(ref=f"KS-2024-{number:05}", kind=AgreementKind.MOU, status=Status.SIGNED)
        for number, _code in enumerate(governments, start=10_000)
    )
    region_of = {paper.pk: code for paper, code in zip(papers, governments, strict=True)}
    Party.objects.bulk_create(
        Party(agreement=paper, organization_id=organization)
        for paper, organization in zip(papers, governments.values(), strict=True)
    )
    parent_of = dict(Region.objects.values_list("code", "parent"))
    officers = User.objects.bulk_create(
        User(email=f"{code}@example.test", name=f"Petugas {code}") for code in governments
    )
    Posting.objects.bulk_create(
        Posting(user=officer, organization_id=pk, role=Role.REGIONAL_OFFICER)
        for officer, pk in zip(officers, governments.values(), strict=True)
    )

    wrong = []
    for own, officer in zip(governments, officers, strict=True):
        found = {region_of[pk] for pk in Agreement.objects.visible_to(officer).values_list("pk", flat=True)}
        wanted = {code for code in region_of.values() if own in (code, parent_of[code])}
        if found != wanted:
            wrong.append((own, found ^ wanted))

    assert len(officers) * (len(officers) - 1) == 304_152
    assert wrong == []


def test_a_commitment_is_seen_by_who_sees_its_paper(
    officer_asahan, officer_batang, registrar, agreement_of_asahan
):
    commitment = CommitmentFactory(agreement=agreement_of_asahan)

    assert list(Commitment.objects.visible_to(officer_asahan)) == [commitment]
    assert list(Commitment.objects.visible_to(registrar)) == [commitment]
    assert list(Commitment.objects.visible_to(officer_batang)) == []


@pytest.mark.parametrize("table", [Commitment, CommitmentStanding])
def test_the_commitments_of_a_region_are_those_its_offices_owe_or_answer_for(table, db):
    paper = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan", "pemerintah-kabupaten-batang"])
    asahan, batang = paper.parties.order_by("organization__name")
    CommitmentFactory(agreement=paper, owed_by=batang)
    CommitmentFactory(agreement=paper, text="Tanpa penanggung jawab")
    owed = CommitmentFactory(agreement=paper, owed_by=asahan)
    answered_for = CommitmentFactory(agreement=paper, owner=asahan.organization, owed_by=batang)

    for region in ("12.09", "12"):
        found = table.objects.in_regions([region])
        assert {row.pk for row in found} == {owed.pk, answered_for.pk}


def test_a_document_is_seen_by_who_sees_its_paper_and_evidence_with_its_report(
    officer_asahan, officer_batang, leadership, agreement_of_asahan, agreement_of_batang
):
    report = ReportFactory(commitment=MeasurableFactory(agreement=agreement_of_asahan))
    paper = Document.objects.create(agreement=agreement_of_asahan, purpose="paper", title="Naskah")
    evidence = Document.objects.create(
        agreement=agreement_of_asahan, purpose="report", title="Bukti", report=report
    )

    assert set(Document.objects.visible_to(officer_asahan)) == {paper, evidence}
    assert set(Document.objects.visible_to(leadership)) == {paper}
    assert set(Document.objects.visible_to(officer_batang)) == set()


@pytest.mark.parametrize("who", ["registrar", "unit_officer", "leadership", "admin"])
def test_the_ministry_knows_events_without_papers_and_meetings_without_partners(who, request, officer_asahan):
    event, meeting = SigningEventFactory(), EvaluationMeetingFactory()
    reader = request.getfixturevalue(who)

    assert event in SigningEvent.objects.visible_to(reader)
    assert list(EvaluationMeeting.objects.visible_to(reader)) == [meeting]
    assert event not in SigningEvent.objects.visible_to(officer_asahan)
    assert list(EvaluationMeeting.objects.visible_to(officer_asahan)) == []


def test_the_public_knows_no_event_of_a_paper_that_is_published(agreement_of_asahan):
    Agreement.objects.filter(pk=agreement_of_asahan.pk).update(
        event=SigningEventFactory(), published_at=timezone.now()
    )

    assert seen(AnonymousUser()) == {agreement_of_asahan}
    assert list(SigningEvent.objects.visible_to(AnonymousUser())) == []


def test_an_event_is_known_in_a_region_that_has_a_paper_of_it(
    officer_asahan, officer_batang, leadership, unit_officer, nobody, agreement_of_asahan
):
    SigningEvent.objects.all().delete()
    event = SigningEventFactory()
    Agreement.objects.filter(pk=agreement_of_asahan.pk).update(event=event)

    for user, events in [
        (officer_asahan, [event]),
        (officer_batang, []),
        (leadership, [event]),
        (unit_officer, [event]),
        (nobody, []),
        (AnonymousUser(), []),
    ]:
        assert list(SigningEvent.objects.visible_to(user)) == events


def test_a_draft_does_not_betray_its_partner(officer_asahan, leadership, registrar):
    partner = OrganizationFactory()
    PartyFactory(agreement=AgreementFactory(status=Status.PROPOSED), organization=partner)

    for user, known in [(officer_asahan, False), (leadership, False), (registrar, True)]:
        assert Organization.objects.visible_to(user).filter(pk=partner.pk).exists() is known


def test_governments_and_units_are_known_to_everyone_signed_in(nobody):
    office = OrganizationFactory(kind=OrganizationKind.REGIONAL_OFFICE)
    known = Organization.objects.visible_to(nobody)

    assert known.filter(pk=office.pk).exists()
    assert known.filter(slug="pemerintah-kabupaten-batang").exists()
    assert known.filter(slug=OWN_UNIT).exists()
    assert not Organization.objects.visible_to(AnonymousUser()).exists()


def test_a_partner_is_known_to_who_sees_one_of_its_papers(
    officer_asahan, officer_batang, agreement_of_batang
):
    partner = OrganizationFactory()
    paper = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    PartyFactory(agreement=paper, organization=partner)

    assert Organization.objects.visible_to(officer_asahan).filter(pk=partner.pk).exists()
    assert not Organization.objects.visible_to(officer_batang).filter(pk=partner.pk).exists()


@pytest.mark.parametrize("role", ["registrar", "leadership"])
def test_a_posting_is_its_own_user_s(role, request, officer_asahan, admin):
    user = request.getfixturevalue(role)

    assert [posting.user for posting in Posting.objects.visible_to(user)] == [user]
    assert {posting.user for posting in Posting.objects.visible_to(admin)} == {user, officer_asahan}
