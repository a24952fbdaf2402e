"""Every figure is the number of rows that its address shows."""

import pytest
from django.http import QueryDict

from partnerships.models import (
    Agreement,
    Organization,
    Party,
    SigningEvent,
    Validity,
)
from partnerships.register import agreements_for
from partnerships.selectors import tally
from partnerships.selectors.ceremonies import EventList, EventPage
from partnerships.selectors.front import FrontPage
from partnerships.selectors.partners import OrganizationPage, PartnerList
from partnerships.selectors.places import RegionList, RegionPage
from regions.models import Region
from tests.partnerships.varied_papers import varied_papers

READERS = ["registrar", "unit_officer", "officer_asahan", "officer_north_sumatra", "leadership", "nobody"]


@pytest.fixture(params=READERS)
def reader(request, db):
    return request.getfixturevalue(request.param)


def rows_behind(user, url):
    """How many rows the register shows at the address of a figure."""
    return agreements_for(user, QueryDict(url.partition("?")[2])).count


def test_the_figures_of_the_front_page(reader):
    varied_papers()
    front = FrontPage(reader)

    for each in front.per_class:
        assert rows_behind(reader, each.figure.url) == each.figure.count


def test_the_figures_of_the_partners(reader):
    varied_papers()

    for partner in PartnerList(reader, QueryDict("sort=-papers")).page:
        of_it = {"partner": partner.slug}
        assert rows_behind(reader, tally.address(tally.asking(**of_it))) == partner.papers > 0
        assert rows_behind(reader, tally.address(tally.in_force(**of_it))) == partner.in_force


@pytest.mark.parametrize("role", ["registrar", "officer_north_sumatra"])
def test_the_figures_of_the_provinces(role, request, db):
    reader = request.getfixturevalue(role)
    varied_papers()

    for line in RegionList(reader, QueryDict()).lines[:6]:
        assert rows_behind(reader, f"?region={line.code}") == line.papers
        assert rows_behind(reader, tally.address(tally.in_force(region=line.code))) == line.in_force
        page = RegionPage(Region.objects.get(code=line.code), reader, QueryDict())
        assert page.papers.count == line.papers
        assert page.reached == line.reached
        assert len(page.lines) == line.below


def test_the_figures_of_the_events(reader):
    varied_papers()

    for event in EventList(reader, QueryDict()).page:
        assert rows_behind(reader, f"?event={event.slug}") == event.papers
        assert EventPage(event, reader).papers.count == event.papers


def test_the_figures_of_an_organisation_and_its_parts(registrar):
    varied_papers()
    ministry = Organization.objects.get(slug="kementerian-ketenagakerjaan")
    page = OrganizationPage(ministry, registrar)

    for figure in (page.papers, page.in_force, page.unknown_end, page.activities):
        assert rows_behind(registrar, figure.url) == figure.count
    assert any(part.papers for part in page.children)
    for part in page.children:
        assert rows_behind(registrar, f"?unit={part.slug}") == part.papers
        assert rows_behind(registrar, tally.address(tally.in_force(unit=part.slug))) == part.in_force


def test_the_sample_has_papers_of_every_validity(registrar, time_machine):
    time_machine.move_to("2026-10-15")
    varied_papers(120)

    assert set(Agreement.objects.with_validity().values_list("validity", flat=True)) == set(Validity)
    assert Party.objects.count() > SigningEvent.objects.count()


def test_not_over_is_what_the_models_call_in_force(registrar):
    varied_papers()

    assert tally.figure(registrar, tally.in_force()).count == Agreement.objects.in_force().papers().count()
