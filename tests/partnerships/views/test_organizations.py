"""The partners and the page of one organisation."""

import datetime

import pytest
from django.urls import reverse

from partnerships.lifecycle import Status
from partnerships.models import Organization
from tests.factories import AgreementFactory, OrganizationFactory, PartyFactory, PersonFactory

LIST = reverse("partnerships:organization-list")


@pytest.fixture
def page(client, registrar):
    client.force_login(registrar)
    return lambda path: client.get(path).content.decode()


def test_the_list_names_partners_and_leaves_the_ministry_out(page):
    AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    html = page(LIST)

    assert "Pemerintah Kabupaten Asahan" in html
    assert "Pembinaan Pelatihan Vokasi" not in html
    assert '<a href="/kemitraan/?partner=pemerintah-kabupaten-asahan">1</a>' in html


@pytest.mark.parametrize(
    "query",
    ["class=zzz", "sort=x", "page=-5", "all=2", "foo=bar", "q=" + "%27" * 150, "q=%25%25", "class[]=1"],
)
def test_a_wrong_parameter_never_breaks_the_list(page, query):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])

    assert "result-count" in page(f"{LIST}?{query}")


def test_nothing_found_is_said(page):
    assert 'class="empty"' in page(LIST)
    assert 'class="empty"' in page(f"{LIST}?q=zzzzz")


def test_a_partner_of_a_draft_is_not_found_by_who_may_not_know_it(client, officer_asahan, registrar):
    partner = OrganizationFactory()
    PartyFactory(agreement=AgreementFactory(status=Status.PROPOSED), organization=partner)

    for user, status in [(officer_asahan, 404), (registrar, 200)]:
        client.force_login(user)
        assert client.get(partner.get_absolute_url()).status_code == status


def test_the_page_tells_names_with_their_days_parts_and_papers(page):
    partner = OrganizationFactory(
        name="Universitas Contoh",
        short_name="UC",
        kind="university",
        parent=Organization.objects.get(slug="pemerintah-kabupaten-asahan"),
    )
    partner.aliases.create(name="Institut Contoh", used_until=datetime.date(2020, 9, 23))
    faculty = OrganizationFactory(name="Fakultas Contoh", parent=partner)
    agreement = AgreementFactory(title="Penelitian bersama")
    PartyFactory(
        agreement=agreement,
        organization=partner,
        contact=PersonFactory(name="Narahubung Uji"),
        contact_details="narahubung@example.test",
    )
    html = page(partner.get_absolute_url())

    for text in [
        "Universitas Contoh",
        "UC",
        "Institut Contoh",
        "23 September 2020",
        faculty.get_absolute_url(),
        "Penelitian bersama",
        "Narahubung Uji",
        "narahubung@example.test",
        "Pemkab Asahan",
        "/kemitraan/?partner=" + partner.slug,
    ]:
        assert text in html, text


def test_a_unit_has_a_page_with_the_papers_of_what_is_below_it(page):
    AgreementFactory(title="Pelatihan di Makassar", with_parties=["bbpvp-makassar"])
    html = page("/mitra/ditjen-binalavotas/")

    assert "Pelatihan di Makassar" in html
    assert 'href="/kemitraan/?unit=ditjen-binalavotas"' in html
    assert 'href="/kemitraan/?unit=bbpvp-makassar">1</a>' in html


def test_the_list_and_the_page_ask_as_often_for_thirty_as_for_one(
    client, registrar, django_assert_max_num_queries
):
    client.force_login(registrar)

    def cost(path):
        client.get(path)
        # Within the transaction of a test each request reads the papers for itself (register.index).
        with django_assert_max_num_queries(80) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def partner_with(papers):
        partner = OrganizationFactory()
        for _ in range(papers):
            agreement = AgreementFactory(with_parties=["ditjen-binalavotas"])
            PartyFactory(agreement=agreement, organization=partner, position=2, contact=PersonFactory())
            OrganizationFactory(parent=partner)
        return partner

    one = partner_with(1)
    costs = [cost(LIST), cost(one.get_absolute_url())]
    for _ in range(29):
        partner_with(1)
    many = partner_with(30)

    assert [cost(LIST), cost(many.get_absolute_url())] == costs
