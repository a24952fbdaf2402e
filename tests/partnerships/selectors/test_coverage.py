"""How much of the country has a paper on something: as plain questions to the database count it."""

import datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from partnerships.models import Agreement, Theme
from partnerships.register import agreements_for
from partnerships.selectors.coverage import Coverage
from partnerships.selectors.measures import MEASURES
from regions.models import Region
from tests.factories import AgreementFactory, NeedFactory
from tests.partnerships.varied_papers import varied_papers


def asked(user, query=""):
    return Coverage(user, QueryDict(query))


@pytest.mark.parametrize("who", ["registrar", "officer_north_sumatra"])
@pytest.mark.parametrize("query", ["", "theme=penempatan", "class=regional&on=2026-03-01"])
def test_a_region_is_covered_by_a_paper_in_force(request, db, who, query):
    varied_papers(60)
    user, shown = request.getfixturevalue(who), asked(request.getfixturevalue(who), query)

    on = datetime.date(2026, 3, 1) if "on=" in query else None
    rows = Agreement.objects.as_of(on) if on else Agreement.objects.all()
    rows = rows.visible_to(user).papers().in_force(on)
    if "theme" in query:
        rows = rows.about([Theme.objects.get(slug="penempatan")])
    if "class" in query:
        rows = rows.with_counterpart_of("regional")
    for province in shown.provinces:
        for region in province.covered:
            assert rows.in_regions([region.code]).exists()
        for region in province.gaps:
            assert not rows.in_regions([region.code]).exists()
        assert province.papers == rows.in_regions([province.region.code]).count()
    assert shown.papers.count == rows.count()


def test_the_country_has_as_many_regions_as_the_official_list(registrar):
    figures = asked(registrar).figures

    assert figures["provinces"] == 38
    assert figures["below"] == figures["gaps"] == Region.objects.kabupaten_kota().open().count() == 514
    assert figures["below_covered"] == 0


def test_what_is_wrong_is_named_and_left_out(registrar):
    shown = asked(registrar, "theme=tidak-ada&class=x&on=kemarin")

    assert len(shown.question.problems) == 3
    assert shown.theme is None
    assert agreements_for(registrar, QueryDict("")).count == shown.papers.count == 0


def test_a_kabupaten_that_has_closed_is_in_no_part_of_its_province(registrar):
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    Region.objects.filter(code="12.09").update(closed_on="2020-01-01", succeeded_by_id="12.08")

    shown = asked(registrar)
    assert (shown.figures["below"], shown.figures["below_covered"]) == (513, 0)
    assert MEASURES["coverage"].values(registrar, None) == {}


def test_the_page_asks_as_often_for_thirty_papers_as_for_one(client, registrar):
    client.force_login(registrar)

    def queries():
        client.get("/wilayah/cakupan/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/wilayah/cakupan/").status_code == 200
        return len(captured)

    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"])
    one = queries()
    for _ in range(29):
        AgreementFactory(with_parties=["pemerintah-kota-medan"])
    assert queries() == one


def test_what_is_kept_of_the_page_is_drawn_anew_when_a_need_a_paper_or_a_region_changes(client, registrar):
    client.force_login(registrar)

    def shown():
        page = client.get("/wilayah/cakupan/?theme=pelatihan-vokasi").content.decode()
        return 'href="/wilayah/12.09/"' in page, "region=12.09&amp;state=open" in page, "Asahan Uji" in page

    assert shown() == shown() == (True, False, False)
    NeedFactory()
    assert shown() == (True, True, False)
    Region.objects.filter(code="12.09").update(short_name="Kab. Asahan Uji")
    assert shown() == (True, True, True)
    AgreementFactory(with_parties=["pemerintah-kabupaten-asahan"], with_themes=["pelatihan-vokasi"])
    assert shown() == (False, False, False)
