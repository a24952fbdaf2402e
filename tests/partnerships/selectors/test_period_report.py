"""The numbers of a report on a period are those of plain questions, and lead to as many rows."""

import datetime
import random
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from partnerships.models import Agreement, CommitmentStanding, DormancyLimit, Organization, PartialDate
from partnerships.register import agreements_for, commitments_for
from partnerships.register.index.look import one_look
from partnerships.selectors import achievement
from partnerships.selectors.period_cells import Cell
from partnerships.selectors.period_report import PeriodReport
from partnerships.selectors.periods import Period, latest_over
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory, TermFactory
from tests.partnerships.varied_commitments import varied_commitments
from tests.partnerships.varied_papers import varied_papers

PERIODS = [Period(2025, 1), Period(2025), Period(2026, 1)]


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to("2026-06-15")


@pytest.fixture
def register(db):
    DormancyLimit.objects.update_or_create(kind="mou", defaults={"follow_up": 100})
    for number, paper in enumerate(varied_papers(50)[::3]):
        paper.terms.all().delete()
        TermFactory(agreement=paper, ends=PartialDate.of(2025, 1 + number % 12, 10))
    varied_commitments(60)
    for due, value in (("2025-05-31", 30), ("2025-05-31", 80), ("2026-03-31", 100), ("2025-12-31", 40)):
        commitment = MeasurableFactory(due=datetime.date.fromisoformat(due))
        commitment.agreement.parties.create(organization=commitment.owner, position=1)
        commitment.agreement.parties.create(
            organization=Organization.objects.get(slug="ditjen-binalavotas"), position=2
        )
        ReportFactory(commitment=commitment, value=value, reach="verified")


def rows_behind(user, url):
    parts = urlsplit(url)
    ask = commitments_for if parts.path == "/komitmen/" else agreements_for
    return ask(user, QueryDict(parts.query)).rows().count()


def lines_of(report):
    tables = [table for _heading, *tables in report.divided for table in tables]
    return [*report.summary, *(line for table in tables for line in [*table.lines, table.total])]


@pytest.mark.parametrize("period", PERIODS, ids=str)
@pytest.mark.parametrize("who", ["registrar", "officer_north_sumatra", "leadership"])
def test_each_number_leads_to_as_many_rows_as_plain_sql_finds(register, request, who, period):
    user = request.getfixturevalue(who)
    with one_look():
        report = PeriodReport(user, period)
        cells = [cell for line in lines_of(report) for cell in line.cells if not cell.is_share]
        some = random.Random(who).sample(cells, min(60, len(cells)))  # noqa: S311 - the same in every run
        for cell in [*(line.cells[0] for line in report.summary[:-1]), *some]:
            assert cell.now == rows_behind(user, cell.url), cell.url
            assert cell.before == rows_behind(user, cell.before_url), cell.before_url
    if who == "registrar":
        assert len({cell.now for cell in cells}) > 8


def test_the_papers_signed_and_ended_in_a_half_year_are_those_that_sql_adds_up(register, registrar):
    report = PeriodReport(registrar, Period(2025, 1))
    _heading, of_papers, _of_commitments = report.divided[1]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT t.name, count(*) FROM partnerships_agreement a
            JOIN partnerships_agreementtheme at ON at.agreement_id = a.id
            JOIN partnerships_theme t ON t.id = at.theme_id
            WHERE a.kind <> 'activity'
              AND a.signed_latest >= '2025-01-01' AND a.signed_earliest <= '2025-06-30'
              AND EXISTS (SELECT 1 FROM partnerships_statuschange s WHERE s.agreement_id = a.id
                          AND (s.effective_on IS NULL OR s.effective_on <= '2025-06-30'))
            GROUP BY t.name
            """
        )
        signed = dict(cursor.fetchall())
        cursor.execute(
            """
            SELECT count(DISTINCT a.id) FROM partnerships_agreement a
            JOIN partnerships_term t ON t.agreement_id = a.id
            WHERE a.kind <> 'activity' AND t.ends_latest BETWEEN '2025-01-01' AND '2025-06-29'
              AND (a.signed_earliest IS NULL OR a.signed_earliest <= '2025-06-30')
              AND (SELECT s.new FROM partnerships_statuschange s WHERE s.agreement_id = a.id
                   AND (s.effective_on IS NULL OR s.effective_on <= '2025-06-30')
                   ORDER BY s.id DESC LIMIT 1) IN ('signed', 'ended', 'terminated')
            """
        )
        (ended,) = cursor.fetchone()
    assert {line.label: line.cells[0].now for line in of_papers.lines if line.cells[0].now} == signed
    assert len(signed) > 2
    assert report.summary[2].cells[0].now == ended > 2


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_what_is_achieved_is_the_mean_that_the_commitments_themselves_have(register, registrar, period):
    report = PeriodReport(registrar, period)
    with one_look():
        _heading, _papers, by_province = report.divided[3]
        _heading, _papers, by_unit = report.divided[2]
        found = 0
        for table, narrowed in ((by_province, _in_region), (by_unit, _of_unit)):
            for line in table.lines:
                rows = CommitmentStanding.objects.visible_to(registrar).filter(
                    due__gte=period.first, due__lte=period.last
                )
                plain = achievement.of(narrowed(rows, line.key), period.on).rate
                said = line.cells[-1].now
                assert (said is None) == (plain is None)
                assert plain is None or abs(said - plain) < Decimal("1e-9")
                found += plain is not None
    assert found > 1


def _in_region(rows, code):
    return rows.in_regions([code])


def _of_unit(rows, unit):
    papers = Agreement.objects.with_party_among(Organization.objects.subtree_ids([unit]))
    return rows.filter(agreement__in=papers.values("pk"))


def test_a_running_period_is_told_of_today_and_a_past_one_of_its_last_day():
    running, over = Period(2026, 1), Period(2025, 2)
    assert (running.on, running.day, running.is_going_on) == (None, datetime.date(2026, 6, 15), True)
    assert (over.on, over.is_going_on) == (datetime.date(2025, 12, 31), False)
    assert [str(each.before.code) for each in (running, over, Period(2025))] == ["2025-s2", "2025-s1", "2024"]
    assert latest_over() == over
    assert not Period(2026, 2).has_begun


@pytest.mark.parametrize(
    ("now", "before", "change", "percent"),
    [(15, 10, "+5", "+50%"), (10, 15, "−5", "−33%"), (3, 0, "+3", ""), (4, 4, "±0", "±0%")],
)
def test_a_difference_is_said_as_a_number_and_in_percent(now, before, change, percent):
    cell = Cell("", now, before, "", "")
    assert (cell.change, cell.percent) == (change, percent)


def test_a_share_differs_by_points_and_is_unknown_where_nothing_can_be_measured():
    assert Cell("", Decimal("0.5"), Decimal(1) / 3, "", "", is_share=True).change == "+17"
    unknown = Cell("", None, Decimal(1) / 3, "", "", is_share=True)
    assert (unknown.said, unknown.change, unknown.plain[0]) == ("–", "", "")


def test_a_report_takes_as_many_queries_for_one_paper_as_for_thirty(client, registrar):
    client.force_login(registrar)

    def one_more():
        parties = ["ditjen-binalavotas", "pemerintah-kabupaten-asahan"]
        paper = AgreementFactory(with_parties=parties, signed=PartialDate.of(2025, 2, 1))
        ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="verified")

    def queries():
        client.get("/laporan/2025/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/laporan/2025/").status_code == 200
        return len(captured)

    one_more()
    one = queries()
    for _ in range(29):
        one_more()
    assert queries() == one
