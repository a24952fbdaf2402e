"""What leadership is told, on the page and on paper: every number with exactly its rows."""

import csv
import io
from urllib.parse import urlsplit

import pypdf
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from partnerships.models import Agreement, DormancyLimit, PartialDate, Theme
from partnerships.register import agreements_for, commitments_for
from partnerships.selectors.brief import Brief
from partnerships.selectors.period_cells import changed
from partnerships.selectors.period_report import PeriodReport
from partnerships.selectors.periods import Period
from partnerships.selectors.region_profile import RegionProfile
from regions.models import Region
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory, TermFactory
from tests.partnerships.varied_papers import varied_papers

BRIEF, BRIEF_PDF = reverse("partnerships:brief"), reverse("partnerships:brief-pdf")
PARTIES = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-06-15")


@pytest.fixture
def papers(db):
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 400})
    papers = varied_papers(50)
    for paper in papers[:9]:
        ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="submitted")
    for number, paper in enumerate(Agreement.objects.filter(status="signed")[:7]):
        paper.terms.all().delete()
        TermFactory(agreement=paper, ends=PartialDate.of(2026, 7, 1 + number))
    return papers


def rows_behind(user, url):
    parts = urlsplit(url)
    ask = commitments_for if parts.path == "/komitmen/" else agreements_for
    return ask(user, QueryDict(parts.query)).rows().count()


def links_of(pdf):
    """The addresses that the pages of a PDF lead to."""
    annotations = [each.get_object() for page in pdf.pages for each in page.get("/Annots", [])]
    return [each["/A"]["/URI"] for each in annotations if "/A" in each]


def pdf_at(client, url):
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return pypdf.PdfReader(io.BytesIO(answer.content))


@pytest.mark.parametrize("who", ["registrar", "unit_officer", "leadership"])
def test_each_figure_of_the_brief_has_as_many_rows(papers, request, who):
    user = request.getfixturevalue(who)
    brief = Brief(user)

    for each in brief.headlines:
        if each.said.isdigit() and not each.url.startswith(reverse("partnerships:coverage")):
            assert int(each.said) == rows_behind(user, each.url), each.url
    for asked in brief.decisions:
        assert asked.figure.count == rows_behind(user, asked.figure.url) >= len(asked.rows) > 0
    for each in [*brief.best, *brief.dead]:
        assert rows_behind(user, each.url) > 0, each.url
    assert brief.dead
    assert len(brief.decisions) == 3


def test_the_best_is_what_most_was_verified_of(registrar):
    half, whole, none = (AgreementFactory(with_parties=PARTIES) for _ in range(3))
    for paper, values in ((half, ["50"]), (whole, ["100", "100"]), (none, [])):
        MeasurableFactory(agreement=paper, target=100)
        for value in values:
            commitment = MeasurableFactory(agreement=paper, target=100)
            ReportFactory(commitment=commitment, value=value, reach="verified")

    with translation.override("id"):
        best = [(each.paper.pk, each.said) for each in Brief(registrar).best]
    assert best == [(whole.pk, "66,6%"), (half.pk, "25%")]


def test_what_is_renewed_already_asks_for_no_decision(registrar, db):
    ending = AgreementFactory(with_parties=PARTIES)
    TermFactory(agreement=ending, ends=PartialDate.of(2026, 7, 20))
    renewal = next(each for each in Brief(registrar).decisions if "validity=ending" in each.figure.url)
    assert [each.paper.pk for each in renewal.rows] == [ending.pk]

    AgreementFactory(renews=ending, signed=PartialDate.of(2026, 6, 1))
    assert not [each for each in Brief(registrar).decisions if "validity=ending" in each.figure.url]


def test_the_dead_are_those_that_have_slept_longest(registrar, db):
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 100})
    papers = [AgreementFactory(kind="mou", signed=PartialDate.of(2015 + n, 1, 2)) for n in range(8)]

    brief = Brief(registrar)
    assert [each.paper.pk for each in brief.dead] == [paper.pk for paper in papers[:5]]
    woken = next(each for each in brief.decisions if "dormant" in each.figure.url)
    assert [each.paper.pk for each in woken.rows] == [paper.pk for paper in papers[:4:-1]]


def test_the_brief_is_two_pages_whose_numbers_lead_into_the_portal(papers, client, registrar, settings):
    client.force_login(registrar)
    pdf = pdf_at(client, BRIEF_PDF)

    assert len(pdf.pages) == 2
    links = links_of(pdf)
    shown = Brief(registrar)
    for url in [
        *(each.url for each in shown.headlines),
        *(tile.url for tile in shown.map.tiles),
        *(url for _name, _number, _words, url in [*shown.in_force, *shown.asleep]),
        *(each.figure.url for each in shown.decisions),
        *(each.paper.get_absolute_url() for each in [*shown.best, *shown.dead]),
    ]:
        assert settings.PORTAL_URL + url.removesuffix("?") in links, url
    assert client.get(BRIEF_PDF)["Cache-Control"] == "private, no-store"


def test_the_brief_of_an_office_says_how_far_it_sees(papers, client, officer_asahan):
    client.force_login(officer_asahan)
    text = pdf_at(client, BRIEF_PDF).pages[0].extract_text()
    assert "Kab. Asahan" in text or "Kabupaten Asahan" in text
    assert client.get(BRIEF).status_code == 200


def test_the_brief_of_who_sees_nothing_says_so(client, officer_batang):
    client.force_login(officer_batang)
    assert client.get(BRIEF).context["brief"].decisions == []
    assert len(pdf_at(client, BRIEF_PDF).pages) == 2


@pytest.mark.parametrize("url", [BRIEF, BRIEF_PDF])
def test_the_brief_takes_as_many_queries_for_one_paper_as_for_thirty(client, registrar, url):
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 100})

    def one_more(number):
        paper = AgreementFactory(kind="mou", with_parties=PARTIES, signed=PartialDate.of(2020, 1, 2))
        TermFactory(agreement=paper, ends=PartialDate.of(2026, 7, 1 + number % 28))
        ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="submitted")
        ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="verified")

    client.force_login(registrar)

    def queries():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    one_more(0)
    one = queries()
    for number in range(29):
        one_more(number)
    assert queries() == one


def test_a_change_is_said_with_its_sign():
    assert [changed(now, 10) for now in (12, 10, 7)] == ["+2", "±0", "−3"]


@pytest.mark.parametrize("of", ["2026/s2", "2027", "1945", "2025/s3"])
def test_there_is_no_report_on_what_has_not_begun_or_is_no_period(client, registrar, of):
    client.force_login(registrar)
    assert client.get(f"/laporan/{of}/").status_code == 404


def test_the_latest_report_is_on_the_half_year_that_is_over(client, registrar):
    client.force_login(registrar)
    assert client.get("/laporan/").headers["Location"] == "/laporan/2025/s2/"


def test_the_numbers_of_a_report_lead_into_the_portal_on_paper_too(papers, client, registrar, settings):
    client.force_login(registrar)
    pdf = pdf_at(client, "/laporan/2026/s1/laporan.pdf")

    links = links_of(pdf)
    for line in PeriodReport(registrar, Period(2026, 1)).summary:
        assert settings.PORTAL_URL + line.cells[0].url in links
        assert settings.PORTAL_URL + line.cells[0].before_url in links


def test_the_tables_of_a_report_are_a_csv_of_its_numbers(papers, client, registrar):
    Theme.objects.filter(slug="k3").update(name="=1+1")
    client.force_login(registrar)
    answer = client.get("/laporan/2026/s1/laporan.csv")

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {len(line) for line in lines} == {6}
    assert {line[1] for line in lines} & {"'=1+1"}
    numbers = [line for line in lines[1:] if "," not in line[3] and line[3]]
    assert len(numbers) > 30
    for line in numbers[::9]:
        parts = urlsplit(line[5])
        assert int(line[3]) == rows_behind(registrar, f"{parts.path}?{parts.query}"), line


@pytest.mark.parametrize(("code", "query"), [("12", ""), ("12", "?on=2025-12-31"), ("12.09", "")])
def test_the_profile_of_a_region_leads_to_its_rows(papers, client, registrar, settings, code, query):
    client.force_login(registrar)
    pdf = pdf_at(client, f"/wilayah/{code}/profil.pdf{query}")
    shown = RegionProfile(Region.objects.get(code=code), registrar, QueryDict(query.removeprefix("?")))

    assert 1 <= len(pdf.pages) <= 3
    links = links_of(pdf)
    tiles = shown.map.tiles if shown.map else []
    for each in [*shown.headlines, *tiles]:
        assert settings.PORTAL_URL + each.url in links, each.url
    for each in shown.headlines:
        if each.said.isdigit():
            assert int(each.said) == rows_behind(registrar, each.url), each.url


def test_a_profile_of_a_wrong_day_or_of_no_region_is_not_there(client, registrar):
    client.force_login(registrar)
    assert client.get("/wilayah/12/profil.pdf?on=kemarin").status_code == 404
    assert client.get("/wilayah/99/profil.pdf").status_code == 404
