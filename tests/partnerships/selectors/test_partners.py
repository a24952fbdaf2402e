"""The partners as one reader knows them."""

from django.http import QueryDict

from partnerships.models import (
    Organization,
)
from partnerships.selectors.partners import OrganizationPage, PartnerList
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    PartyFactory,
    PersonFactory,
)


def test_partners_without_a_paper_are_listed_when_asked_for(registrar, agreement_of_asahan):
    with_paper = PartnerList(registrar, QueryDict()).page.paginator.count
    everyone = PartnerList(registrar, QueryDict("all=1")).page.paginator.count

    assert with_paper == 1
    assert everyone == Organization.objects.partners().count()


def test_a_partner_is_found_by_a_former_name_and_by_its_class(registrar):
    partner = OrganizationFactory(name="PT Sumber Alfaria Trijaya", kind="company")
    partner.aliases.create(name="Alfamart")
    PartyFactory(organization=partner)
    PartyFactory(organization=OrganizationFactory(name="Universitas Contoh", kind="university"))

    def found(query):
        return [row.name for row in PartnerList(registrar, QueryDict(query)).page]

    assert found("q=alfa+sumber") == found("q=alfamart") == ["PT Sumber Alfaria Trijaya"]
    assert found("class=development") == ["PT Sumber Alfaria Trijaya", "Universitas Contoh"]
    assert found("class=ministry") == []
    assert [c.value for c in PartnerList(registrar, QueryDict()).class_choices] == ["development"]


def test_contacts_come_from_papers_that_the_reader_may_see(officer_asahan, registrar):
    partner = OrganizationFactory()
    seen = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    for agreement, name in [(seen, "Narahubung Satu"), (AgreementFactory(), "Narahubung Dua")]:
        PartyFactory(agreement=agreement, organization=partner, contact=PersonFactory(name=name), position=2)

    def contacts(user):
        return {party.contact.name for party in OrganizationPage(partner, user).contacts}

    assert contacts(officer_asahan) == {"Narahubung Satu"}
    assert contacts(registrar) == {"Narahubung Satu", "Narahubung Dua"}
