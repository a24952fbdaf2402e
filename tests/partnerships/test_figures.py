"""Every figure on the pages of the country leads to exactly its rows, and from there to what proves them."""

import datetime
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse
from lxml import html

from partnerships.models import DormancyLimit, PartialDate
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors.coverage import Coverage
from partnerships.selectors.needs import NeedList
from partnerships.selectors.places import RegionList, RegionPage
from regions.models import Region
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    MeasurableFactory,
    ReportFactory,
    SourcedFactFactory,
    TermFactory,
)

PAGES = {
    "home": "/",
    "regions": "/wilayah/",
    "regions by what is overdue": "/wilayah/?measure=overdue",
    "regions by what sleeps": "/wilayah/?measure=asleep",
    "a province": "/wilayah/12/",
    "coverage": "/wilayah/cakupan/",
    "coverage of a theme": "/wilayah/cakupan/?theme=k3",
    "asleep": "/kemitraan/tidur/",
}
# Where a figure may stand, and what in it is the number.
FIGURES = " | ".join(
    (
        "//*[contains(@class, 'stat__value')]//a",
        "//p[contains(@class, 'page-head__lead')]//a",
        "//td[contains(@class, 'cell--number')]//a",
        "//td//a[contains(@href, 'rows=')]",
    )
)
# What is said in words or as a part of something; the rows behind it are counted by the number beside it.
_NUMBER = re.compile(r"^([\d.]+)( dari [\d.]+)?$")
PROOF = re.compile(r"^/(kemitraan/KS-|komitmen/\d|wilayah/\d)")


@pytest.fixture
def country(db, registrar):
    """Papers and commitments of every kind that these pages count."""
    for kind in ("mou", "pks"):
        DormancyLimit.objects.update_or_create(kind=kind, defaults={"follow_up": 30, "progress": 60})
    today = datetime.date.today()
    old, parties = PartialDate.of(2024, 5, 7), ["ditjen-binalavotas"]
    for slug in ("pemerintah-kabupaten-asahan", "pemerintah-kota-medan", "pemerintah-kabupaten-batang"):
        above = AgreementFactory(with_parties=[*parties, slug], signed=old, with_themes=["k3"])
        AgreementFactory(
            with_parties=[*parties, slug],
            implements=above,
            kind="pks",
            signed=PartialDate.of(2024, 5, 20),
        )
        commitment = MeasurableFactory(agreement=above)
        ReportFactory(commitment=commitment, period_end=datetime.date(2025, 6, 30), reach="verified")
        ReportFactory(commitment=MeasurableFactory(agreement=above), reach="submitted")
        CommitmentFactory(agreement=above, owner=commitment.owner)
        SourcedFactFactory(agreement=above)
    ending = AgreementFactory(with_parties=[*parties, "pemerintah-kabupaten-asahan"], signed=old)
    soon = today + datetime.timedelta(days=40)
    TermFactory(agreement=ending, ends=PartialDate.of(soon.year, soon.month, soon.day))
    return registrar


def rows_behind(user, address):
    """How many rows the page of an address shows."""
    parts = urlsplit(address)
    query = QueryDict(parts.query)
    if parts.path == reverse("partnerships:coverage"):
        return len(Coverage(user, query).listed)
    if parts.path.startswith("/wilayah/") and parts.fragment == "below":
        code = parts.path.split("/")[2]
        return RegionPage(Region.objects.get(code=code), user, query).reached
    if parts.path == reverse("partnerships:region-list"):
        return len(RegionList(user, query).lines)
    if parts.path == reverse("partnerships:need-list"):
        return NeedList(user, query).page.paginator.count
    ask = {"/kemitraan/": agreements_for, "/komitmen/": commitments_for}[parts.path]
    listing = ask(user, query)
    assert listing.problems == []
    return listing.rows().count()


@pytest.mark.parametrize("name", PAGES)
def test_a_figure_leads_to_its_rows_and_these_to_their_proof(client, country, name):
    client.force_login(country)
    page = html.fromstring(client.get(PAGES[name]).content)
    numbers = {}
    for link in page.xpath(FIGURES):
        found = _NUMBER.match(" ".join(link.text_content().split()))
        if found:
            numbers[urljoin(PAGES[name], link.get("href"))] = int(found[1].replace(".", ""))
    for link in page.xpath("//*[contains(@class, 'chart--tiles')]//a"):
        said = re.search(r": ([\d.]+) (naskah|komitmen)", link.get("aria-label"))
        if said and int(said[1].replace(".", "")):
            numbers[urljoin(PAGES[name], link.get("href"))] = int(said[1].replace(".", ""))

    assert len(numbers) > 3
    assert {address: rows_behind(country, address) for address in numbers} == numbers
    for address, number in numbers.items():
        opened = html.fromstring(client.get(address).content)
        on_it = [link.get("href") for link in opened.xpath("//main//a[@href]")]
        assert number == 0 or any(PROOF.match(each) for each in on_it), address


@pytest.mark.parametrize("name", ["home", "coverage", "asleep"])
def test_no_figure_stands_without_a_link(client, country, name):
    client.force_login(country)
    page = html.fromstring(client.get(PAGES[name]).content)
    values = page.xpath("//*[contains(@class, 'stat__value')]")

    assert values
    assert [each.text_content() for each in values if not each.xpath(".//a")] == []


def test_the_share_in_time_leads_to_the_papers_in_time(client, country):
    client.force_login(country)
    page = html.fromstring(client.get("/kemitraan/tidur/").content)
    parts = {}
    for row in page.xpath("//section//table/tbody/tr[count(td) > 2]"):
        *_rest, share, measured = row.xpath("td")
        if share.xpath(".//a"):
            said = int(measured.text_content().strip())
            assert rows_behind(country, measured.xpath(".//a")[0].get("href")) == said
            in_time = rows_behind(country, share.xpath(".//a")[0].get("href"))
            parts[share.text_content().strip()] = f"{100 * in_time / said:g}%".replace(".", ",")
    assert parts
    assert set(parts) == set(parts.values())


def test_a_list_of_the_coverage_names_the_newest_paper_of_each_region(registrar):
    old = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], signed=PartialDate.of(2023, 1, 1))
    new = AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], signed=PartialDate.of(2024, 1, 1))
    shown = Coverage(registrar, QueryDict("rows=covered"))
    gaps = Coverage(registrar, QueryDict("rows=gaps&region=12"))

    assert [(each.region.code, each.papers, each.newest) for each in shown.listed] == [("12.09", 2, new)]
    assert old.ref not in [each.newest.ref for each in shown.listed]
    assert len(gaps.listed) == Region.objects.filter(parent="12").open().count() - 1
    assert {each.newest for each in gaps.listed} == {None}
