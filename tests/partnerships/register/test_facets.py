"""What a panel offers at once, and what when it is wanted: kabupaten and kota of a province, offices."""

import pytest
from django.http import QueryDict

from partnerships.models import Organization
from partnerships.register import agreements_for, commitments_for, facets
from tests.factories import AgreementFactory, MeasurableFactory, SigningEventFactory

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


# --- a facet of many options ----------------------------------------------------------------------


SLUGS = [ASAHAN, MEDAN, BATANG, "pemerintah-provinsi-sumatera-utara"]


@pytest.fixture
def offices(registrar, monkeypatch):
    """Four offices, of which the first answers for most; of more than two, two are offered at once."""
    monkeypatch.setattr(facets, "_MOST_OPTIONS", 2)
    for index, slug in enumerate(SLUGS):
        owner = Organization.objects.get(slug=slug)
        MeasurableFactory.create_batch(len(SLUGS) - index, owner=owner)


def office_facet(user, query=""):
    ledger = commitments_for(user, QueryDict(query))
    assert ledger.problems == []
    return next(facet for facet in ledger.facets if facet.name == "owner")


def offered(user, query=""):
    return [option.value for option in office_facet(user, query).options]


def test_of_many_options_those_with_most_rows_are_offered_and_said_how_many_there_are(registrar, offices):
    facet = office_facet(registrar)

    assert [(option.value, option.count) for option in facet.options] == [(ASAHAN, 4), (MEDAN, 3)]
    assert (facet.number, facet.hidden) == (4, 2)


def test_all_of_many_options_are_at_an_address_of_their_own(registrar, offices):
    facet = office_facet(registrar, office_facet(registrar, "state=overdue").url.removeprefix("?"))

    assert {option.value for option in facet.options} == set(SLUGS)
    assert facet.hidden == 0


def test_an_option_is_found_by_a_part_of_its_name_whatever_the_case(registrar, offices):
    assert offered(registrar, "find-owner=PEMPROV") == [SLUGS[3]]
    assert offered(registrar, "opened=owner&find-owner=batang") == [BATANG]
    assert offered(registrar, "find-owner=nowhere") == []
    assert offered(registrar, "opened=owner&find-owner=") == offered(registrar)


def test_a_chosen_option_is_offered_whatever_is_looked_for(registrar, offices):
    assert offered(registrar, f"owner={BATANG}") == [ASAHAN, MEDAN, BATANG]
    assert offered(registrar, f"owner={BATANG}&find-owner=asahan") == [ASAHAN, BATANG]


def test_what_is_looked_for_in_a_facet_is_no_filter_and_stays_out_of_the_address(registrar, offices):
    ledger = commitments_for(registrar, QueryDict("find-owner=asahan&state=overdue"))

    assert ledger.query.urlencode() == "state=overdue"
    assert ledger.chips[0].url == "?"


def test_the_panel_says_how_many_offices_there_are_and_where(client, registrar, offices):
    client.force_login(registrar)
    html = client.get("/komitmen/").content.decode()

    assert 'href="?opened=owner#facet-owner"' in html
    assert 'id="find-owner"' in html
    assert html.count('name="owner"') == 2
    assert client.get("/komitmen/?opened=owner").content.decode().count('name="owner"') == 4


# --- the register -----------------------------------------------------------------------------------

ADDRESS = "/kemitraan/"


@pytest.fixture
def events():
    """Seventy events with a paper each, and a second one at the last."""
    made = [SigningEventFactory(name=f"Penandatanganan ke-{number:02}") for number in range(70)]
    for event in [*made, made[-1]]:
        AgreementFactory(event=event)
    return made


def test_the_register_offers_of_many_events_those_with_most_papers(registrar, events):
    register = agreements_for(registrar, QueryDict(f"event={events[3].slug}"))
    facet = next(facet for facet in register.facets if facet.name == "event")

    assert (facet.options[0].value, facet.options[0].count) == (events[-1].slug, 2)
    assert [option.value for option in facet.chosen] == [events[3].slug]
    assert facet.number == 70
    assert facet.hidden >= 39


def test_a_page_of_the_register_grows_by_no_more_than_the_events_offered(client, registrar, events):
    client.force_login(registrar)

    assert client.get(ADDRESS).content.count(b'name="event"') == 30
    assert client.get(f"{ADDRESS}?opened=event").content.count(b'name="event"') == 70
