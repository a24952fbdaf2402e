"""Every province has a square of its own on the grid of the map."""

from regions.grid import NAMES, PLACES
from regions.models import Region


def test_each_province_stands_on_a_square_of_its_own(db):
    provinces = set(Region.objects.provinces().open().values_list("code", flat=True))

    assert set(PLACES) == provinces
    assert len(set(PLACES.values())) == len(provinces)
    assert set(NAMES) <= provinces


def test_what_is_written_on_a_square_fits_it(db):
    for region in Region.objects.provinces().open():
        assert len(NAMES.get(region.code, region.short_name)) <= 9
