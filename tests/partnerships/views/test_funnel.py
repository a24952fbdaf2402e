"""The page of people trained, certified and placed, and its files."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from tests.factories import MeasurableFactory, PartyFactory, ReportFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("partnerships:funnel")


@pytest.fixture
def get(client, registrar):
    client.force_login(registrar)
    return client.get


def partner_with(people):
    commitment = MeasurableFactory()
    PartyFactory(agreement=commitment.agreement)
    ReportFactory(commitment=commitment, value=people, reach="verified")
    return commitment


def test_each_number_leads_to_its_commitments(get):
    partner_with(1250)
    MeasurableFactory(proof_wanted="")
    html = get(f"{PAGE}?by=region&region=12").content.decode()

    assert '<a href="/komitmen/?region=12.09&amp;measurable=yes&amp;indicator=peserta-dilatih">' in html
    assert ">1.250</strong>" in html
    assert '"/komitmen/?region=12.09&amp;measurable=no&amp;indicator=peserta-dilatih">50%' in html
    assert 'href="?by=region"' in html


def test_thirty_partners_take_as_many_queries_as_one(get):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert get(f"{PAGE}?by=partner").status_code == 200
        return len(queries)

    partner_with(10)
    cost()
    one = cost()
    for people in range(30):
        partner_with(people)

    assert cost() == one


def test_a_file_has_every_line_and_says_what_was_asked(get):
    partner_with(40)
    written = get(f"{reverse('partnerships:funnel-export', args=['csv'])}?by=region&region=12")
    rows = list(csv.reader(io.StringIO(written.content.decode("utf-8-sig")), delimiter=";"))
    paper = get(f"{reverse('partnerships:funnel-export', args=['pdf'])}?by=region&region=12")

    assert [row[:5] for row in rows[1:]] == [
        ["Semua", "40", "100", "1", "0"],
        ["Provinsi Sumatera Utara", "40", "100", "1", "0"],
        ["Kabupaten Asahan", "40", "100", "1", "0"],
    ]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Kabupaten Asahan" in text
    assert "Provinsi Sumatera Utara" in text


@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_no_file_leaves_a_filter_out(get, form):
    address = reverse("partnerships:funnel-export", args=[form])

    assert get(f"{address}?region=99").status_code == 400
    assert get(f"{address}?sort=ref").status_code == 400
    assert get(address.replace(form, "xlsx")).status_code == 404


def test_nothing_promised_is_said(get):
    assert 'class="empty"' in get(PAGE).content.decode()
