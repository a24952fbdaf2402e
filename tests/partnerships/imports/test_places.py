import pytest

from partnerships.imports.cells import NotUnderstood
from partnerships.imports.places import Regions

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Kabupaten Asahan", "12.09"),
        ("Kab. Asahan", "12.09"),
        ("kab.asahan", "12.09"),
        ("KABUPATEN  ASAHAN", "12.09"),
        ("Asahan", "12.09"),
        ("12.09", "12.09"),
        ("Kota Bandung", "32.73"),
        ("Kabupaten Bandung", "32.04"),
        ("Kotamadya Bandung", "32.73"),
        ("Kota Pare-Pare", "73.72"),
        ("Kab. Kep. Seribu", "31.01"),
        ("Kota Jakarta Selatan", "31.74"),
        ("DKI Jakarta", "31"),
        ("D.I. Yogyakarta", "34"),
        ("DIY", "34"),
        ("NTT", "53"),
        ("Prov. Kepri", "21"),
        ("Provinsi Jawa Tengah", "33"),
    ],
)
def test_a_region_is_found_by_the_ways_people_write_it(written, code):
    assert Regions().find(written).code == code


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("Bandung", ["32.04", "32.73"]),
        ("Bekasi", ["32.16", "32.75"]),
        ("Yogyakarta", ["34", "34.71"]),
        ("Gorontalo", ["75", "75.01", "75.71"]),
    ],
)
def test_a_name_that_regions_share_is_refused_with_all_of_them(written, codes):
    with pytest.raises(NotUnderstood) as refusal:
        Regions().find(written)

    assert all(f"({code})" in str(refusal.value) for code in codes)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Kabupaten Asahn", "Kabupaten Asahan (12.09)"),
        ("Kota Binjay", "Kota Binjai (12.75)"),
        ("Jawa Tngah", "Provinsi Jawa Tengah (33)"),
        ("Kota Asahan", "Kabupaten Asahan (12.09)"),
    ],
)
def test_a_misspelt_region_is_refused_with_the_one_that_was_meant(written, meant):
    with pytest.raises(NotUnderstood) as refusal:
        Regions().find(written)

    assert f"Did you mean {meant}?" in str(refusal.value)


@pytest.mark.parametrize("written", ["Tokyo", "11.1", "3273", "Kabupaten"])
def test_what_is_no_region_is_refused(written):
    with pytest.raises(NotUnderstood, match="Kemendagri"):
        Regions().find(written)
