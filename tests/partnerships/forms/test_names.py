import pytest
from django.core.exceptions import ValidationError

from partnerships.forms import near_organizations, suggested_organizations
from partnerships.forms.names import NameRefused, find_organization, find_person, find_regions
from partnerships.models import Organization, OrganizationAlias
from tests.factories import OrganizationFactory, PersonFactory, SignatoryFactory


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Pemerintah Kabupaten Asahan", "pemerintah-kabupaten-asahan"),
        ("pemkab asahan", "pemerintah-kabupaten-asahan"),
        ("Kab. Asahan", "pemerintah-kabupaten-asahan"),
        ("Pemda Asahan", "pemerintah-kabupaten-asahan"),
        ("12.09", "pemerintah-kabupaten-asahan"),
        ("Pemprov Jabar", "pemerintah-provinsi-jawa-barat"),
        ("Pemkot Bandung", "pemerintah-kota-bandung"),
        ("Ditjen Binalavotas", "ditjen-binalavotas"),
        ("Ditjen Binalattas", "ditjen-binalavotas"),
        ("itjen", "itjen"),
    ],
)
def test_an_organisation_is_found_by_every_name_it_has(text, slug, db):
    assert find_organization(text, Organization.objects.all()).slug == slug


def test_an_unknown_name_is_answered_with_the_nearest(db):
    with pytest.raises(NameRefused) as refusal:
        find_organization("Pemerintah Kabupaten Asahn", Organization.objects.all())

    assert refusal.value.messages == ["“Pemerintah Kabupaten Asahn” is not in the list of organisations."]
    assert refusal.value.near[0] == "Pemerintah Kabupaten Asahan"
    assert len(refusal.value.near) <= 5


def test_a_name_of_two_regions_is_not_guessed(db):
    with pytest.raises(NameRefused) as refusal:
        find_organization("Bandung", Organization.objects.all())

    assert {"Pemerintah Kota Bandung", "Pemerintah Kabupaten Bandung"} <= set(refusal.value.near)


def test_two_organisations_of_one_name_are_told_apart_by_their_codes(db):
    first, second = OrganizationFactory(name="PT Kembar"), OrganizationFactory(name="PT Kembar")

    with pytest.raises(NameRefused) as refusal:
        find_organization("PT Kembar", Organization.objects.all())
    assert set(refusal.value.near) == {first.slug, second.slug}
    assert find_organization(second.slug, Organization.objects.all()) == second
    assert find_organization("PT Kembar", Organization.objects.all(), standing=second) == second


def test_an_organisation_out_of_sight_is_not_known(unit_officer):
    secret = OrganizationFactory(name="PT Mitra Rahasia")
    among = Organization.objects.visible_to(unit_officer)

    with pytest.raises(NameRefused) as refusal:
        find_organization("PT Mitra Rahasia", among)
    assert "PT Mitra Rahasia" not in refusal.value.near
    assert secret not in near_organizations("PT Mitra Rahasia", among)
    assert suggested_organizations("Rahasia", among) == []


def test_suggestions_have_every_word_and_are_few(db):
    OrganizationAlias.objects.create(
        organization=Organization.objects.get(slug="pemerintah-kabupaten-asahan"), name="Bumi Rambate"
    )
    among = Organization.objects.all()

    assert [each.slug for each in suggested_organizations("kab asahan", among)] == [
        "pemerintah-kabupaten-asahan"
    ]
    assert [each.slug for each in suggested_organizations("rambate", among)] == [
        "pemerintah-kabupaten-asahan"
    ]
    assert len(suggested_organizations("pemerintah", among)) == 20


def test_regions_are_read_line_by_line_and_doubts_are_named(db):
    assert [region.code for region in find_regions("Kab. Asahan\n\n33.25\nKabupaten Batang")] == [
        "12.09",
        "33.25",
    ]

    with pytest.raises(ValidationError) as refusal:
        find_regions("Kab. Asahan\nBandung\nAtlantis")
    assert len(refusal.value.messages) == 2


@pytest.mark.parametrize(
    ("text", "before", "name", "after"),
    [
        ("Rianto", "", "Rianto", ""),
        ("Dr. H. Rianto, S.H., M.Si.", "Dr. H.", "Rianto", "S.H., M.Si."),
        ("Prof Rianto, MBA", "Prof", "Rianto", "MBA"),
        ("M. Rianto", "", "M. Rianto", ""),
        ("Rianto, Wakil Bupati", "", "Rianto, Wakil Bupati", ""),
        (", S.H.", "", ", S.H.", ""),
    ],
)
def test_titles_are_kept_apart_from_a_new_name(text, before, name, after, db):
    person = find_person(text, None)

    assert (person.pk, person.title_before, person.name, person.title_after) == (None, before, name, after)


def test_a_known_name_is_the_same_person_only_at_the_same_organisation(agreement_of_asahan):
    party = agreement_of_asahan.parties.last()
    known, namesake = PersonFactory(name="Nama Orang"), PersonFactory(name="Nama Orang")
    SignatoryFactory(agreement=agreement_of_asahan, party=party, person=known)
    elsewhere = Organization.objects.get(slug="pemerintah-kabupaten-batang")

    assert find_person("nama orang", party.organization) == known
    assert find_person("Nama Orang", elsewhere).pk is None

    SignatoryFactory(agreement=agreement_of_asahan, party=party, person=namesake)
    assert find_person("Nama Orang", party.organization).pk is None
    assert find_person("Nama Orang", party.organization, standing=known) == known
