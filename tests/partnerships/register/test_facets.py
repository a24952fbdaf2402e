"""The region facet: every province at once, and its kabupaten and kota when they are wanted."""

import pytest
from django.http import QueryDict

from partnerships.register import agreements_for, facets
from tests.factories import AgreementFactory

ASAHAN, MEDAN, BATANG = "pemerintah-kabupaten-asahan", "pemerintah-kota-medan", "pemerintah-kabupaten-batang"


@pytest.fixture
def papers(registrar):
    for slug in (ASAHAN, MEDAN, BATANG):
        AgreementFactory(with_parties=[slug])


def provinces(user, query=""):
    register = agreements_for(user, QueryDict(query))
    facet = next(facet for facet in register.facets if facet.name == "region")
    return {each.option.value: each for each in facets.provinces_of(register, facet)}


def codes(province):
    return [option.value for option in province.below]


def test_few_regions_stand_there_at_once(registrar, papers):
    found = provinces(registrar)

    assert {code: codes(province) for code, province in found.items()} == {
        "12": ["12.09", "12.71"],
        "33": ["33.25"],
    }
    assert not any(province.url for province in found.values())


def test_of_many_a_province_says_how_many_it_has_and_where_they_are_offered(registrar, papers, monkeypatch):
    monkeypatch.setattr(facets, "_MOST_REGIONS", 1)
    closed = provinces(registrar, "kind=mou")["12"]

    assert (closed.below, closed.number, closed.option.count) == ([], 2, 2)
    assert codes(provinces(registrar, closed.url.removeprefix("?"))["12"]) == ["12.09", "12.71"]
    assert codes(provinces(registrar, "opened=semua")["33"]) == ["33.25"]


def test_a_region_that_is_chosen_is_there_with_its_neighbours(registrar, papers, monkeypatch):
    monkeypatch.setattr(facets, "_MOST_REGIONS", 1)
    found = provinces(registrar, "region=12.71")

    assert codes(found["12"]) == ["12.09", "12.71"]
    assert codes(found["33"]) == []


def test_what_was_opened_is_no_filter_and_stays_out_of_the_address(registrar, papers):
    register = agreements_for(registrar, QueryDict("opened=12&kind=mou"))

    assert register.problems == []
    assert register.query.urlencode() == "kind=mou"


def test_a_panel_that_is_brought_in_leaves_the_address_of_the_page(client, registrar, papers):
    client.force_login(registrar)
    headers = {"HX-Request": "true"}

    assert "HX-Push-Url" in client.get("/kemitraan/?kind=mou", headers=headers)
    assert "HX-Push-Url" not in client.get("/kemitraan/?kind=mou&opened=12", headers=headers)
