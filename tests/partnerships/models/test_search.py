"""What a search finds: by stem, by beginning, by number, by every name of a partner."""

import pytest

from partnerships.models import Agreement, OrganizationAlias, Party, Person
from regions.models import Region
from tests.factories import (
    AgreementFactory,
    OrganizationFactory,
    PartyFactory,
    PersonFactory,
    SignatoryFactory,
)
from tests.partnerships.models.raw_sql import execute


@pytest.fixture
def agreement(db):
    """A paper with a little of everything that can be searched."""
    agreement = AgreementFactory(
        title="Pelatihan vokasi dan penempatan tenaga kerja",
        place="Ruang Tridharma, Jakarta",
        external_id="R042",
        with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"],
        with_themes=["integrasi-data"],
    )
    partner = OrganizationFactory(name="PT Sumber Alfaria Trijaya", short_name="SAT")
    OrganizationAlias.objects.create(organization=partner, name="Alfamart")
    PartyFactory(agreement=agreement, organization=partner, number="100.3.7.1/12/2025", position=3)
    SignatoryFactory(
        agreement=agreement, person=PersonFactory(name="Benny Dwifa"), post="Kepala Dinas Tenaga Kerja"
    )
    return agreement


@pytest.mark.parametrize(
    "text",
    [
        "pelatihan",
        "melatih",
        "PELATIHAN vokasi",
        "vok",
        "penempatan pelatihan",
        "asahan",
        "Kab. Asahan",
        "Sumber Alf",
        "SAT",
        "alfamart",
        "lfamar",
        "100.3.7.1/12/2025",
        "3.7.1",
        "R042",
        "Benny",
        "kepala dinas",
        "integrasi",
        "tridharma",
        "  asahan  ",
    ],
)
def test_it_is_found_by(agreement, text):
    AgreementFactory(title="Hibah lahan")

    assert list(Agreement.objects.matching(text)) == [agreement]


def test_it_is_found_by_its_reference(agreement):
    assert list(Agreement.objects.matching(agreement.ref)) == [agreement]
    assert list(Agreement.objects.matching(agreement.ref.lower())) == [agreement]


@pytest.mark.parametrize("text", ["batang", "pelatihan batang", "asahn", "%", "_", "' OR 1=1 --"])
def test_it_is_not_found_by(agreement, text):
    assert not Agreement.objects.matching(text).exists()


@pytest.mark.parametrize(
    "text", ["", "!", "&|()", "\\", ":*", "a:*b", "<->", "'", "''", "🙂", "²", "x" * 5000]
)
def test_no_text_breaks_the_search(agreement, text):
    assert set(Agreement.objects.matching(text)) <= {agreement}


def test_a_renamed_person_is_found_by_the_new_name_only(agreement):
    Person.objects.filter(name="Benny Dwifa").update(name="Benni Dwifa")

    assert not Agreement.objects.matching("Benny").exists()
    assert list(Agreement.objects.matching("Benni")) == [agreement]


def test_a_party_added_by_raw_sql_is_found(agreement):
    other = OrganizationFactory(name="Universitas Contoh")
    execute(
        "INSERT INTO partnerships_party (agreement_id, organization_id, position, number, contact_details) "
        "VALUES (%s, %s, 9, '', '')",
        [agreement.pk, other.pk],
    )
    assert list(Agreement.objects.matching("universitas contoh")) == [agreement]

    Party.objects.filter(organization=other).delete()
    assert not Agreement.objects.matching("universitas contoh").exists()


def test_a_paper_is_found_by_another_spelling_of_its_region(db):
    region = Region.objects.get(code="31")
    agreement = AgreementFactory(with_parties=["pemerintah-provinsi-daerah-khusus-ibukota-jakarta"])

    assert "DKI" in " ".join([*region.aliases, region.short_name])
    assert list(Agreement.objects.matching("DKI")) == [agreement]
