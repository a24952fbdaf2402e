"""The register by province, kabupaten and kota."""

from django.http import QueryDict

from partnerships.selectors.places import RegionList


def test_regions_are_ranked_by_their_papers_and_found_by_name_or_code(registrar, agreement_of_asahan):
    lines = RegionList(registrar, QueryDict()).lines
    assert len(lines) == 38
    assert (lines[0].code, lines[0].papers, lines[0].reached, lines[0].below) == ("12", 1, 1, 33)

    def found(query):
        return [line.name for line in RegionList(registrar, QueryDict(query)).lines]

    assert found("q=asahan") == ["Kabupaten Asahan"]
    assert found("q=kota+bandung") == ["Kota Bandung"]
    assert found("q=33.25") == ["Kabupaten Batang"]
    assert found("sort=code")[0] == "Provinsi Aceh"
