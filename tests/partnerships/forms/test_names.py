import pytest
from django.core.exceptions import ValidationError

from partnerships.forms.names import KnownOrganizations, NameRefused, find_person, find_regions
from partnerships.models import Organization, OrganizationAlias
from tests.factories import OrganizationFactory, PersonFactory, SignatoryFactory


@pytest.fixture
def everybody(db):
    return KnownOrganizations(Organization.objects.all())


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
def test_an_organisation_is_found_by_every_name_it_has(text, slug, everybody):
    assert everybody.find(text).slug == slug


def test_an_unknown_name_is_answered_with_the_nearest(everybody):
    with pytest.raises(NameRefused) as refusal:
        everybody.find("Pemerintah Kabupaten Asahn")

    assert refusal.value.messages == ["“Pemerintah Kabupaten Asahn” is not in the list of organisations."]
    assert refusal.value.near[0] == "Pemerintah Kabupaten Asahan"
    assert len(refusal.value.near) <= 5


def test_a_name_of_two_regions_is_not_guessed(everybody):
    with pytest.raises(NameRefused) as refusal:
        everybody.find("Bandung")

    assert {"Pemerintah Kota Bandung", "Pemerintah Kabupaten Bandung"} <= set(refusal.value.near)


def test_two_organisations_of_one_name_are_told_apart_by_their_codes(everybody):
    first, second = OrganizationFactory(name="PT Kembar"), OrganizationFactory(name="PT Kembar")

    with pytest.raises(NameRefused) as refusal:
        everybody.find("PT Kembar")
    assert set(refusal.value.near) == {first.slug, second.slug}
    assert everybody.find(second.slug) == second
    assert everybody.find("PT Kembar", standing=second) == second


def test_an_organisation_out_of_sight_is_not_known(unit_officer):
    secret = OrganizationFactory(name="PT Mitra Rahasia")
    known = KnownOrganizations(Organization.objects.visible_to(unit_officer))

    with pytest.raises(NameRefused) as refusal:
        known.find("PT Mitra Rahasia")
    assert "PT Mitra Rahasia" not in refusal.value.near
    assert secret not in known.near("PT Mitra Rahasia")
    assert known.with_words("Rahasia") == []


def test_suggestions_have_every_word_and_are_few(everybody):
    OrganizationAlias.objects.create(
        organization=Organization.objects.get(slug="pemerintah-kabupaten-asahan"), name="Bumi Rambate"
    )
    for asked in ("pemkab asahan", "rambate"):
        assert [each.slug for each in everybody.with_words(asked)] == ["pemerintah-kabupaten-asahan"]
    assert len(everybody.with_words("pemerintah")) == 20


def test_regions_are_read_line_by_line_and_doubts_are_named(db):
    assert [region.code for region in find_regions("Kab. Asahan\n\n33.25\nKabupaten Batang")] == [
        "12.09",
        "33.25",
    ]

    with pytest.raises(ValidationError) as refusal:
        find_regions("Kab. Asahan\nBandung\nAtlantis")
    assert len(refusal.value.messages) == 2


def test_a_page_of_nothing_but_unknown_names_is_answered_in_short(everybody):
    near = []
    for number in range(15):
        with pytest.raises(NameRefused) as refusal:
            everybody.find(f"Pemkab Asahn {number}")
        near.append(bool(refusal.value.near))

    assert near == [True] * 10 + [False] * 5
    with pytest.raises(ValidationError, match="at most 60 regions"):
        find_regions("x\n" * 61)


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
