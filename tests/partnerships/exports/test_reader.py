import pytest
from django.utils import translation

from partnerships.exports.reader import name_and_office, scope_in_words
from partnerships.models import Organization
from partnerships.roles import Role
from tests.factories import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_the_whole_register_needs_no_words(registrar, admin):
    assert scope_in_words(registrar) == ""
    assert scope_in_words(admin) == ""


def test_a_part_of_the_register_is_named(
    officer_asahan, officer_north_sumatra, leadership, unit_officer, nobody
):
    unit = unit_officer.postings.get().organization.name
    assert scope_in_words(officer_asahan) == "Papers with a party of Kabupaten Asahan"
    assert scope_in_words(officer_north_sumatra) == (
        "Papers with a party of Provinsi Sumatera Utara and its kabupaten and kota"
    )
    assert scope_in_words(leadership) == "Papers that are no longer drafts"
    assert scope_in_words(unit_officer) == f"Papers that are no longer drafts; drafts of {unit}"
    assert scope_in_words(nobody) == "No papers: you hold no posting"


def test_several_postings_are_named_together(officer_asahan):
    batang = Organization.objects.get(slug="pemerintah-kabupaten-batang")
    PostingFactory(user=officer_asahan, organization=batang, role=Role.REGIONAL_OFFICER)

    assert scope_in_words(officer_asahan) == ("Papers with a party of Kabupaten Asahan; Kabupaten Batang")
    name, *offices = name_and_office(officer_asahan).split(", ")
    assert name == officer_asahan.name
    assert sorted(offices) == ["Pemerintah Kabupaten Asahan", "Pemerintah Kabupaten Batang"]


def test_an_operator_without_a_posting_asks_for_the_portal(admin, nobody):
    assert name_and_office(admin) == f"{admin.name}, Portal administration"
    assert name_and_office(nobody) == nobody.name
