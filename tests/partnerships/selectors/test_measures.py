"""By what regions are measured: the numbers of plain SQL, and the rows behind each."""

import datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.utils import timezone

from partnerships.models import Agreement, CommitmentStanding, DormancyLimit, Organization
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors import achievement
from partnerships.selectors.measures import MEASURES
from regions.models import Region
from tests.factories import MeasurableFactory, ReportFactory
from tests.partnerships.varied_papers import varied_papers

ON = datetime.date(2026, 3, 1)


@pytest.fixture
def papers(db):
    DormancyLimit.objects.update_or_create(kind="pks", defaults={"progress": 30})
    papers = varied_papers(60)
    for at, paper in enumerate(papers[:12]):
        owner = Organization.objects.filter(region__isnull=False).order_by("slug")[at]
        commitment = MeasurableFactory(
            agreement=paper, owner=owner, target=100, due=datetime.date(2026, 2, 1 + at)
        )
        if at % 3:
            ReportFactory(commitment=commitment, value=10 * at, reach="verified")
    return papers


def rows_behind(user, url):
    parts = urlsplit(url)
    ask = commitments_for if parts.path == "/komitmen/" else agreements_for
    return ask(user, QueryDict(parts.query)).rows().count()


@pytest.mark.parametrize("who", ["registrar", "officer_north_sumatra", "leadership"])
@pytest.mark.parametrize("on", [None, ON])
@pytest.mark.parametrize("code", ["in_force", "overdue", "asleep", "unknown"])
def test_a_number_is_that_of_the_rows_behind_it(papers, request, who, on, code):
    user, measure = request.getfixturevalue(who), MEASURES[code]
    values = measure.values(user, on)

    for region in Region.objects.filter(code__in=[*values, "94"]):
        assert values.get(region.code, 0) == rows_behind(user, measure.url(region.code, on)), region


@pytest.mark.parametrize("on", [None, ON])
def test_coverage_is_the_part_of_the_kabupaten_and_kota_with_a_paper_in_force(papers, registrar, on):
    rows = Agreement.objects.as_of(on) if on else Agreement.objects.all()
    in_force = rows.papers().in_force(on)
    values = MEASURES["coverage"].values(registrar, on)

    for province in Region.objects.provinces():
        below = Region.objects.filter(parent=province)
        reached = [each for each in below if in_force.in_regions([each.code]).exists()]
        assert values.get(province.code, 0) == Decimal(len(reached)) / below.count()


@pytest.mark.parametrize("on", [None, ON])
def test_the_achievement_of_a_region_is_that_of_its_page(papers, registrar, on):
    values = MEASURES["achieved"].values(registrar, on)

    assert len(set(values.values())) > 3
    for region in Region.objects.filter(code__in=[*values, "94"]):
        rate = achievement.of_region(registrar, region, on).rate
        said = values.get(region.code)
        assert (rate is None) == (said is None), region
        if rate is not None:
            assert abs(float(rate) - float(said)) < 1e-9, region


def test_what_nobody_can_measure_has_no_rate(registrar):
    assert MEASURES["achieved"].values(registrar, None) == {}
    assert MEASURES["achieved"].said(None) == "tidak ada yang terukur"
    assert not CommitmentStanding.objects.exists()
    assert timezone.localdate() > ON
