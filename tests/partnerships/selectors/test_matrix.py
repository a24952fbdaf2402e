"""What regions deliver of one theme: each cell against plain SQL and the rows that it leads to."""

import csv
import datetime
import io
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Indicator, Organization
from partnerships.register import commitments_for
from partnerships.selectors.matrix import Delivery, Matrix
from tests.factories import AgreementFactory, CommitmentFactory, MeasurableFactory, ReportFactory
from tests.partnerships.varied_commitments import varied_commitments

_PLAIN = """
    SELECT count(*),
        coalesce(max(CASE
            WHEN v.n >= 2 AND NOT EXISTS (
                SELECT 1 FROM partnerships_reportingperiod p WHERE p.commitment_id = c.id AND p.ends < %(day)s
                AND NOT EXISTS (SELECT 1 FROM partnerships_progressreport r WHERE r.commitment_id = c.id
                    AND r.period_end = p.ends AND r.status IN ('submitted', 'verified'))) THEN 2
            WHEN v.n >= 1 THEN 1 ELSE 0 END), 0),
        max(v.last)
    FROM partnerships_commitment c
    JOIN partnerships_agreement a ON a.id = c.agreement_id
    LEFT JOIN (SELECT commitment_id, count(*) AS n, max(period_end) AS last FROM partnerships_progressreport
        WHERE status = 'verified' GROUP BY commitment_id) v ON v.commitment_id = c.id
    WHERE c.withdrawn_on IS NULL AND coalesce(c.indicator_id, 0) = %(indicator)s
        AND EXISTS (SELECT 1 FROM partnerships_agreementtheme t JOIN partnerships_theme h ON h.id = t.theme_id
            WHERE t.agreement_id = a.id AND h.slug = %(theme)s)
        AND EXISTS (SELECT 1 FROM partnerships_organization o
            LEFT JOIN regions_region g ON g.code = o.region_id
            LEFT JOIN partnerships_party b ON b.id = c.owed_by_id
            WHERE (o.id = c.owner_id OR o.id = b.organization_id) AND %(region)s IN (g.code, g.parent_id))
"""
DAY = datetime.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def the_second_of_march(time_machine):
    time_machine.move_to("2026-03-02T05:00:00Z", tick=False)


def shown(user, query):
    return Matrix(user, QueryDict(query))


def plain(row, column, theme):
    asked = {"region": row.region.code, "theme": theme, "day": DAY}
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, asked | {"indicator": column.indicator.pk if column.indicator else 0})
        return cursor.fetchone()


@pytest.mark.parametrize(
    "question", ["theme=pelatihan-vokasi", "theme=k3", "theme=pelatihan-vokasi&region=12"]
)
def test_each_cell_is_what_plain_sql_says_and_leads_to_its_commitments(registrar, question):
    varied_commitments(80)
    matrix = shown(registrar, question)
    said = set()

    assert matrix.rows
    for row in matrix.rows:
        for column, cell in zip(matrix.columns, row.cells, strict=True):
            count, step, last = plain(row, column, matrix.theme.slug)
            said.add(cell and cell.delivery)
            if cell is None:
                assert count == 0
                continue
            assert (cell.count, list(Delivery).index(cell.delivery), cell.last) == (count, step, last)
            behind = commitments_for(registrar, QueryDict(urlsplit(cell.url).query))
            assert behind.problems == []
            assert behind.rows().count() == cell.count
    assert {Delivery.PROMISED, Delivery.PILOT, Delivery.ROUTINE} <= said


def test_a_pilot_becomes_a_routine_with_the_second_verified_report(registrar):
    commitment = MeasurableFactory(
        agreement=AgreementFactory(with_themes=["k3"], with_parties=["pemerintah-kabupaten-asahan"]),
        recurrence="half_yearly",
    )

    def cell():
        (row,) = shown(registrar, "theme=k3").rows
        return row.cells[0].delivery, row.cells[0].last, row.cells[0].who

    office = commitment.owner.label
    assert cell() == (Delivery.PROMISED, None, office)
    first, second = (datetime.date(2025, 6, 30), datetime.date(2025, 12, 31))
    ReportFactory(commitment=commitment, period_end=first, reach="verified")
    assert cell() == (Delivery.PILOT, first, office)
    ReportFactory(commitment=commitment, period_end=second, reach="verified")
    assert cell() == (Delivery.ROUTINE, second, office)


def test_a_region_that_signed_and_promised_nothing_is_a_row_of_its_own(registrar):
    MeasurableFactory(agreement=AgreementFactory(with_themes=["k3"]))
    AgreementFactory(with_themes=["k3"], with_parties=["pemerintah-kota-medan"])
    rows = shown(registrar, "theme=k3").rows

    assert [(row.region.code, row.cells[0] is None) for row in rows] == [("12.09", False), ("12.71", True)]


def test_of_many_regions_provinces_are_the_rows_and_open_to_their_kabupaten(registrar):
    paper = AgreementFactory(with_themes=["k3"])
    for office in Organization.objects.filter(
        kind="kabupaten_government", region__parent__in=["12", "33", "35"]
    )[:70]:
        CommitmentFactory(agreement=paper, owner=office, indicator=Indicator.objects.get(slug="lahan"))
    matrix, opened = shown(registrar, "theme=k3"), shown(registrar, "theme=k3&region=12")

    assert [row.region.code for row in matrix.rows] == ["12", "33", "35"]
    assert matrix.rows[0].url == "/komitmen/matriks/?theme=k3&region=12"
    assert sum(row.cells[0].count for row in opened.rows) == matrix.rows[0].cells[0].count
    assert matrix.rows[0].cells[0].who == ""
    assert matrix.rows[0].cells[0].offices == len(opened.rows)


def test_who_sees_no_paper_of_a_theme_sees_no_cell(officer_batang):
    paper = AgreementFactory(with_themes=["k3"], with_parties=["pemerintah-kabupaten-asahan"])
    MeasurableFactory(agreement=paper)

    assert shown(officer_batang, "theme=k3").columns == []
    assert shown(officer_batang, "theme=k3").commitments.count == 0


def test_the_page_asks_as_often_for_thirty_as_for_one_and_the_files_say_the_same(client, registrar):
    client.force_login(registrar)
    page = f"{reverse('partnerships:matrix')}?theme=k3"

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    paper = AgreementFactory(with_themes=["k3"])
    offices = list(
        Organization.objects.filter(kind="kabupaten_government", region__parent__in=["12", "33"])[:30]
    )
    MeasurableFactory(agreement=paper, owner=offices[0])
    cost()
    one = cost()
    for office in offices[1:]:
        ReportFactory(commitment=MeasurableFactory(agreement=paper, owner=office), reach="verified")

    assert cost() == one
    written = client.get(f"{reverse('partnerships:matrix-export', args=['csv'])}?theme=k3").content
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 31
    assert {row[6] for row in rows[1:]} == {"1"}
    paper = client.get(f"{reverse('partnerships:matrix-export', args=['pdf'])}?theme=k3")
    assert paper.content.startswith(b"%PDF")
    assert client.get(f"{reverse('partnerships:matrix-export', args=['pdf'])}?theme=x").status_code == 400
    assert client.get(reverse("partnerships:matrix-export", args=["xlsx"])).status_code == 404
