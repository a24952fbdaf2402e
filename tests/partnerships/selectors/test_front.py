"""What the front page counts, and that each number leads to as many rows."""

from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from partnerships.models import DormancyLimit
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors.front import FrontPage
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.varied_papers import varied_papers


def rows_behind(user, url):
    parts = urlsplit(url)
    ask = commitments_for if parts.path == "/komitmen/" else agreements_for
    return ask(user, QueryDict(parts.query)).rows().count()


@pytest.fixture
def papers(db):
    DormancyLimit.objects.update_or_create(kind="pks", defaults={"progress": 30})
    papers = varied_papers(50)
    for paper in papers[:9]:
        MeasurableFactory(agreement=paper)
    ReportFactory(commitment=MeasurableFactory(agreement=papers[9]), reach="submitted")
    return papers


@pytest.mark.parametrize("who", ["registrar", "unit_officer", "officer_north_sumatra", "leadership"])
def test_each_number_leads_to_as_many_rows(papers, request, who):
    user = request.getfixturevalue(who)
    page = FrontPage(user)

    figures = [each.figure for each in [*page.attention, *page.per_class]]
    assert sum(figure.count > 0 for figure in figures) > 5
    for figure in figures:
        assert figure.count == rows_behind(user, figure.url), figure.url
    for _year, count, _words, url in page.years:
        assert count == rows_behind(user, url), url


def test_the_map_of_the_country_has_the_papers_in_force_of_each_province(papers, registrar):
    country = FrontPage(registrar).map
    assert len(country.tiles) == 38
    for tile in country.tiles:
        assert int(tile.number) == rows_behind(registrar, tile.url), tile.words


def test_the_map_of_an_office_is_of_the_only_province_that_it_knows(officer_north_sumatra):
    for kabupaten in ("pemerintah-kabupaten-asahan", "pemerintah-kota-medan"):
        AgreementFactory(with_parties=[kabupaten])

    tiles = FrontPage(officer_north_sumatra).map.tiles
    assert len(tiles) == 33
    assert sorted(tile.name for tile in tiles if tile.number == "1") == ["Asahan", "Kota Medan"]


def test_an_office_that_knows_of_one_kabupaten_has_no_map(officer_asahan, agreement_of_asahan):
    assert FrontPage(officer_asahan).map is None


def test_who_knows_of_no_paper_has_no_map(officer_batang):
    assert FrontPage(officer_batang).map is None
