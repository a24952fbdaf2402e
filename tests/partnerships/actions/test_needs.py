"""What offices state of their needs, what is recorded of offers, and the paper that is made of both."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from partnerships.actions import agreements, matches, needs, offers
from partnerships.actions.guard import StaleVersion
from partnerships.actions.needs import NeedEntry
from partnerships.actions.offers import OfferEntry
from partnerships.jobs.letters import letter
from partnerships.models import (
    Agreement,
    Indicator,
    Match,
    Need,
    Offer,
    Organization,
    OutboxMessage,
    Theme,
)
from regions.models import Region
from tests.factories import AgreementFactory, NeedFactory, OfferFactory, OrganizationFactory

ASAHAN = "pemerintah-kabupaten-asahan"
NEXT_YEAR = timezone.localdate().year + 1


def need_of(region="12.09", office=ASAHAN, **said):
    said = {"number": Decimal(120), "year": NEXT_YEAR, **said}
    return NeedEntry(
        office=Organization.objects.get(slug=office),
        region=Region.objects.get(pk=region),
        theme=Theme.objects.get(slug="pelatihan-vokasi"),
        indicator=Indicator.objects.get(slug="peserta-dilatih"),
        **said,
    )


def offer_of(organization, *regions, **said):
    said = {"number": Decimal(200), "first_year": NEXT_YEAR, "last_year": NEXT_YEAR + 1, **said}
    return OfferEntry(
        organization=organization,
        title="Program uji",
        theme=Theme.objects.get(slug="pelatihan-vokasi"),
        indicator=Indicator.objects.get(slug="peserta-dilatih"),
        regions=list(Region.objects.filter(code__in=regions)),
        **said,
    )


def test_an_office_states_changes_and_settles_a_need_and_the_history_says_so(officer_asahan):
    key = uuid.uuid4()
    need = needs.state(entry=need_of(), by=officer_asahan, key=key)
    assert needs.state(entry=need_of(), by=officer_asahan, key=key) == need

    needs.change(need=need, entry=need_of(number=Decimal(90)), version=1, by=officer_asahan)
    with pytest.raises(StaleVersion):
        needs.change(need=need, entry=need_of(number=Decimal(80)), version=1, by=officer_asahan)
    needs.settle(need=need, to="withdrawn", by=officer_asahan, version=2, reason="Sudah dari APBD")

    need.refresh_from_db()
    assert (need.number, need.status, need.version) == (90, "withdrawn", 3)
    said = [event.pgh_context["action"] for event in need.events.order_by("pgh_id")]
    assert said == ["need.state", "need.change", "need.withdrawn"]
    assert need.events.latest("pgh_id").pgh_context["reason"] == "Sudah dari APBD"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"number": Decimal("1.5")}, "whole"),
        ({"number": Decimal(0)}, "need_number_above_zero"),
        ({"year": NEXT_YEAR - 2}, "year"),
        ({"office": "biro-kerja-sama"}, "need_office_of_its_region"),
        ({"office": "pemerintah-kabupaten-batang"}, "need_office_of_its_region"),
    ],
)
def test_what_can_not_be_needed_is_refused_in_words(said, code, registrar):
    with pytest.raises(ValidationError) as refusal:
        needs.state(entry=need_of(**said), by=registrar)

    assert refusal.value.code == code
    assert not Need.objects.exists()


def test_the_same_is_not_stated_twice_while_it_is_open(registrar):
    need = needs.state(entry=need_of(), by=registrar)
    with pytest.raises(ValidationError) as refusal:
        needs.state(entry=need_of(), by=registrar)
    assert refusal.value.code == "need_stated_once"

    needs.settle(need=need, to="met", by=registrar)

    assert needs.state(entry=need_of(), by=registrar).pk != need.pk


def test_a_need_is_stated_for_the_own_region_only(
    officer_batang, officer_north_sumatra, leadership, unit_officer
):
    for user in (officer_batang, leadership, unit_officer):
        with pytest.raises(PermissionDenied):
            needs.state(entry=need_of(), by=user)
    province = needs.state(
        entry=need_of(office="pemerintah-provinsi-sumatera-utara"), by=officer_north_sumatra
    )
    with pytest.raises(PermissionDenied):
        needs.settle(need=province, to="met", by=officer_batang)

    assert list(Need.objects.visible_to(officer_north_sumatra)) == [province]
    assert not Need.objects.visible_to(officer_batang).exists()


def test_an_offer_is_for_the_regions_it_names_or_for_the_whole_country(registrar, officer_asahan):
    partner = OrganizationFactory()
    with pytest.raises(PermissionDenied):
        offers.record(entry=offer_of(partner), by=officer_asahan)
    with pytest.raises(ValidationError) as refusal:
        offers.record(entry=offer_of(Organization.objects.get(slug="biro-kerja-sama")), by=registrar)
    assert refusal.value.code == "organization"

    offer = offers.record(entry=offer_of(partner, "12", "33.25"), by=registrar)
    assert (offer.everywhere, set(offer.regions.values_list("code", flat=True))) == (False, {"12", "33.25"})
    offers.change(offer=offer, entry=offer_of(partner), version=1, by=registrar)
    offer.refresh_from_db()
    assert (offer.everywhere, offer.places.count()) == (True, 0)
    offers.settle(offer=offer, to="withdrawn", by=registrar, reason="Programnya berakhir")
    assert not Offer.objects.visible_to(officer_asahan).exists()


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_database_lets_no_offer_be_for_nowhere(everywhere, db):
    with pytest.raises(IntegrityError, match="whole country"), transaction.atomic():
        OfferFactory(everywhere=everywhere, with_regions=["12"] if everywhere else [])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_regional_officer_sees_the_offers_that_could_serve_the_own_region(
    officer_asahan, officer_batang, officer_north_sumatra, leadership, nobody
):
    everywhere = OfferFactory()
    north_sumatra = OfferFactory(everywhere=False, with_regions=["12"])
    medan = OfferFactory(everywhere=False, with_regions=["12.71"])
    withdrawn = OfferFactory(status="withdrawn")

    near = {everywhere, north_sumatra, medan}
    assert set(Offer.objects.visible_to(officer_asahan)) == near
    assert set(Offer.objects.visible_to(officer_north_sumatra)) == near
    assert set(Offer.objects.visible_to(officer_batang)) == {everywhere}
    assert set(Offer.objects.visible_to(leadership)) == near | {withdrawn}
    assert not Offer.objects.visible_to(nobody).exists()
    assert everywhere.organization in Organization.objects.visible_to(officer_batang)
    assert medan.organization not in Organization.objects.visible_to(officer_batang)


def test_a_need_and_an_offer_become_a_proposed_paper_in_one_step(registrar, officer_asahan):
    need = needs.state(entry=need_of(), by=officer_asahan)
    offer = offers.record(entry=offer_of(OrganizationFactory(kind="university"), "12"), by=registrar)

    match = matches.propose(need=need, offer=offer, by=registrar)
    assert matches.propose(need=need, offer=offer, by=registrar) == match

    paper = Agreement.objects.get()
    assert (paper.status, paper.signed, paper.created_by) == ("proposed", None, registrar)
    assert [party.organization for party in paper.parties.all()] == [need.office, offer.organization]
    assert list(paper.themes.all()) == [need.theme]
    promised = paper.commitments.get()
    assert (promised.target, promised.indicator, promised.owner) == (120, need.indicator, need.office)
    assert promised.due == date(need.year, 12, 31)
    assert (promised.owed_by.organization, promised.owed_to.organization) == (
        offer.organization,
        need.office,
    )
    assert (match.agreement, match.commitment, match.number) == (paper, promised, 120)
    mail = letter(OutboxMessage.objects.get(kind="need_taken_up"))
    assert mail.to == [officer_asahan.email]
    assert f"/kebutuhan/{need.pk}/" in mail.body


def test_a_unit_officer_proposes_with_the_own_unit_as_a_party(unit_officer, officer_asahan):
    need, offer = NeedFactory(), OfferFactory()

    match = matches.propose(need=need, offer=offer, by=unit_officer)

    slugs = [party.organization.slug for party in match.agreement.parties.all()]
    assert slugs == ["ditjen-binalavotas", ASAHAN, offer.organization.slug]
    with pytest.raises(PermissionDenied):
        matches.propose(need=need, offer=offer, by=officer_asahan)


def test_what_is_promised_is_not_promised_twice_until_its_paper_is_cancelled(registrar):
    need, other, offer = NeedFactory(number=150), NeedFactory(number=100), OfferFactory(number=200)
    first = matches.propose(need=need, offer=offer, by=registrar)
    second = matches.propose(need=other, offer=offer, by=registrar)
    assert (first.number, second.number) == (150, 50)
    with pytest.raises(ValidationError):
        matches.propose(need=need, offer=OfferFactory(), by=registrar)
    with pytest.raises(ValidationError):
        matches.propose(need=NeedFactory(number=10), offer=offer, by=registrar)

    agreements.move(agreement=first.agreement, to="cancelled", by=registrar, reason="Batal")

    assert Need.objects.with_promised().get(pk=need.pk).promised == 0
    assert matches.propose(need=need, offer=offer, by=registrar).number == 150
    assert Match.objects.count() == 3


def test_nothing_is_proposed_that_a_paper_in_force_covers(registrar):
    need, offer = NeedFactory(), OfferFactory()
    paper = AgreementFactory(with_parties=[ASAHAN, offer.organization.slug], with_themes=["pelatihan-vokasi"])

    with pytest.raises(ValidationError, match=paper.ref):
        matches.propose(need=need, offer=offer, by=registrar)


def test_what_papers_were_made_of_keeps_its_theme_and_place(registrar):
    need = needs.state(entry=need_of(), by=registrar)
    offer = offers.record(entry=offer_of(OrganizationFactory()), by=registrar)
    matches.propose(need=need, offer=offer, by=registrar)

    with pytest.raises(ValidationError) as of_need:
        needs.change(need=need, entry=need_of("12.71", "pemerintah-kota-medan"), version=1, by=registrar)
    with pytest.raises(ValidationError) as of_offer:
        offers.change(offer=offer, entry=offer_of(OrganizationFactory()), version=1, by=registrar)

    assert (of_need.value.code, of_offer.value.code) == ("matched", "matched")
    needs.change(need=need, entry=need_of(number=Decimal(500)), version=1, by=registrar)


@pytest.mark.parametrize("model", [Need, Offer, Match])
def test_nothing_of_it_is_deleted(model, registrar):
    matches.propose(need=NeedFactory(), offer=OfferFactory(), by=registrar)

    refused = pytest.raises(DatabaseError, match="Cannot delete")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert model.objects.count() == 1
