import pytest

from partnerships.imports.cells import NotUnderstood
from partnerships.imports.partners import Partners
from partnerships.imports.places import Regions
from partnerships.models import OrganizationKind
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners(db):
    return Partners(Regions())


@pytest.mark.parametrize(
    "written",
    [
        "Pemerintah Kabupaten Asahan",
        "Pemerintah Kab. Asahan",
        "Pemkab Asahan",
        "Pemda Kabupaten Asahan",
        "Kabupaten Asahan",
    ],
)
def test_the_government_of_a_region_is_found_by_the_ways_people_write_it(partners, written):
    found = partners.find(written, (OrganizationKind.KABUPATEN_GOVERNMENT,))

    assert found.organization.slug == "pemerintah-kabupaten-asahan"
    assert found.warning == ""


def test_a_foreign_government_is_not_looked_for_among_the_regions(partners):
    found = partners.find("Pemerintah Jepang", (OrganizationKind.FOREIGN_GOVERNMENT,))

    assert found.organization.slug == "pemerintah-jepang"


def test_a_full_name_with_its_acronym_is_the_known_partner(partners):
    found = partners.find("Badan Amil Zakat Nasional (Baznas)", (OrganizationKind.STATE_BODY,))

    assert found.organization.slug == "baznas"
    assert found.warning == ""


def test_a_recorded_alias_links_and_says_so(partners):
    found = partners.find("JICA", (OrganizationKind.INTERNATIONAL_AGENCY,))

    assert found.organization.slug == "jica"
    assert "“JICA” is linked to Japan International Cooperation Agency" in found.warning


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("PT Bank Rakyat Indonesa (Persero)", "PT Bank Rakyat Indonesia (Persero)"),
        ("Pusat Informasi Industri (PII)", "Persatuan Insinyur Indonesia"),
        ("Universitas Muhamadiyah Surakarta", "Universitas Muhammadiyah Surakarta"),
    ],
)
def test_a_name_that_only_looks_like_a_partner_never_merges(partners, written, known):
    found = partners.find(written, (OrganizationKind.COMPANY,))

    assert found.organization.pk is None
    assert found.organization.name == written
    assert f"looks like {known}" in found.warning


def test_a_new_partner_is_one_for_all_rows_that_name_it(partners):
    first = partners.find("PT Prasetia Dwidharma", (OrganizationKind.COMPANY,))
    again = partners.find("PT. Prasetia  Dwidharma", (OrganizationKind.COMPANY,))

    assert again.organization is first.organization


@pytest.mark.parametrize(
    ("written", "papers"),
    [
        ("75 lembaga penerima BLK Komunitas (agregat)", 75),
        ("500 lembaga/pesantren penerima BLK Komunitas tahap I (agregat)", 500),
        ("120 BLK Komunitas tahap IV dari 500 (agregat)", 120),
        ("18 pengusaha/pelaku usaha (agregat)", 18),
        ("1.250 pesantren", 1250),
        ("sejumlah perusahaan Kawasan Industri Banten", 1),
    ],
)
def test_a_batch_that_a_source_does_not_name_is_one_collective(partners, written, papers):
    found = partners.find(written, (OrganizationKind.COMPANY,))

    assert found.organization.collective
    assert "agregat" not in found.organization.name
    assert found.papers == papers


@pytest.mark.parametrize("written", ["(mitra tidak dirinci)", "mitra tidak disebut", "Tidak diketahui"])
def test_a_partner_that_the_source_does_not_name_is_none(partners, written):
    assert partners.find(written, ()) is None


def test_an_office_of_a_region_acts_for_that_region(partners):
    office = partners.find("Dinas Tenaga Kerja Kabupaten Asahan", ()).organization

    assert office.kind == OrganizationKind.REGIONAL_OFFICE
    assert office.region.code == "12.09"
    assert office.parent.slug == "pemerintah-kabupaten-asahan"


@pytest.mark.parametrize(
    ("written", "kinds", "reason"),
    [
        ("Pemda Bekasi", (), "(32.16) or Kota Bekasi (32.75)"),
        ("Pemerintah Kabupaten Sijunjng", (OrganizationKind.KABUPATEN_GOVERNMENT,), "(13.03)"),
        ("Pemerintah Kabupaten Batang", (OrganizationKind.KOTA_GOVERNMENT,), "partner_type does not say"),
        ("PT Contoh", (OrganizationKind.KABUPATEN_GOVERNMENT,), "not a province, kabupaten or kota"),
        ("Dinas Tenaga Kerja", (), "of which province, kabupaten or kota"),
        ("BBPVP Bandung", (), "kemnaker_unit"),
        ("0 lembaga (agregat)", (), "1 to 100000 papers"),
    ],
)
def test_a_partner_that_can_not_be_told_is_refused(partners, written, kinds, reason):
    with pytest.raises(NotUnderstood) as refusal:
        partners.find(written, kinds)

    assert reason in str(refusal.value)


def test_an_alias_that_two_partners_share_is_refused_with_both(db):
    OrganizationFactory(name="Himpunan Kota Impian", short_name="HKI")

    with pytest.raises(NotUnderstood, match=r"Himpunan Kota Impian.*Write the full name"):
        Partners(Regions()).find("HKI", ())
