import pytest

from partnerships.imports.cells import NotUnderstood
from partnerships.imports.units import Units

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("Menteri", "kementerian-ketenagakerjaan"),
        ("Menteri (Kemenakertrans)", "kementerian-ketenagakerjaan"),
        ("Ditjen Binalavotas", "ditjen-binalavotas"),
        ("Direktorat Jenderal Binalavotas", "ditjen-binalavotas"),
        ("Ditjen Binalattas (kini Binalavotas)", "ditjen-binalavotas"),
        ("Ditjen Binalattas (kini Ditjen Binalavotas)", "ditjen-binalavotas"),
        ("BBPVP Makassar (Ditjen Binalavotas)", "bbpvp-makassar"),
        ("Sekretariat Jenderal (Biro Kerja Sama)", "biro-kerja-sama"),
        ("BBPLK Bandung (kini BBPVP Bandung)", "bbpvp-bandung"),
        ("Ditjen PHI & Jamsos", "ditjen-phi-jamsos"),
    ],
)
def test_a_unit_is_found_by_the_names_it_has(written, slug):
    unit, warning = Units().find(written)

    assert unit.slug == slug
    assert warning == ""


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("Ditjen Binalattas", "ditjen-binalavotas"),
        ("BBPLK Semarang", "bbpvp-semarang"),
        ("BLKI Ternate", "bpvp-ternate"),
        ("Kemenakertrans", "kementerian-ketenagakerjaan"),
    ],
)
def test_a_unit_written_with_an_old_name_is_linked_and_says_so(written, slug):
    unit, warning = Units().find(written)

    assert unit.slug == slug
    assert f"“{written}” is read as {unit.label}" in warning


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("Ditjen Binalavots", "Did you mean Ditjen Binalavotas?"),
        ("Direktorat Antariksa", "Add it in the administration"),
        ("Sekretariat Jenderal (BBPVP Bandung)", "not part of each other"),
    ],
)
def test_a_unit_that_is_not_there_is_refused(written, reason):
    with pytest.raises(NotUnderstood) as refusal:
        Units().find(written)

    assert reason in str(refusal.value)
