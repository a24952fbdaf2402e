import csv
import io
import re
from datetime import date

import openpyxl
import pypdf
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from partnerships.exports.asked import extract_of
from partnerships.models import ExportJob, Obstacle
from tests.factories import MeasurableFactory, ReportFactory


def matrix(client, paper, form, query=""):
    return client.get(reverse("partnerships:agreement-matrix", args=[paper.ref, form]) + query)


def body(answer):
    return b"".join(answer.streaming_content)


@pytest.fixture
def paper(agreement_of_asahan, agreement_of_batang):
    late = MeasurableFactory(agreement=agreement_of_asahan, text="Menempatkan lulusan", due=date(2026, 6, 30))
    first = MeasurableFactory(agreement=agreement_of_asahan, text="Melatih peserta", target=80)
    MeasurableFactory(agreement=agreement_of_batang, text="Komitmen naskah lain")
    ReportFactory(
        commitment=first,
        period_end=first.due,
        value=20,
        reach="verified",
        obstacle=Obstacle.BUDGET,
        obstacle_note="Anggaran belum cair",
        next_step="Revisi anggaran",
    )
    ReportFactory(commitment=late, period_end=late.due, value=70, reach="submitted")
    return agreement_of_asahan


def test_the_matrix_has_the_commitments_of_the_paper_in_the_order_of_their_due_dates(
    client, officer_asahan, paper
):
    client.force_login(officer_asahan)

    rows = list(
        csv.reader(io.StringIO(body(matrix(client, paper, "csv")).decode("utf-8-sig")), delimiter=";")
    )

    assert [row[1] for row in rows[1:]] == ["Melatih peserta", "Menempatkan lulusan"]
    # Target, verified value, percent; the obstacle and the next step of the latest report; who and when.
    assert rows[1][2:5] == ["80", "20", "25"]
    assert "Anggaran belum cair" in rows[1][5]
    assert rows[1][6:] == ["Revisi anggaran", "Pemkab Asahan", "2025-12-31"]
    # What waits for verification is in no figure.
    assert rows[2][2:5] == ["100", "0", "0"]


def test_pdf_and_workbook_say_the_same(client, officer_asahan, paper, said):
    client.force_login(officer_asahan)

    words = said(pypdf.PdfReader(io.BytesIO(body(matrix(client, paper, "pdf")))))
    sheet = openpyxl.load_workbook(io.BytesIO(body(matrix(client, paper, "xlsx")))).worksheets[0]

    for text in (paper.ref, "Melatih peserta", "80 orang", "20 orang", "25%", "Revisi anggaran"):
        assert text in words
    assert [cell.value for cell in sheet[2]][1] == "Melatih peserta"
    assert re.search(r"matriks-KS-\d{4}-\d{4}", matrix(client, paper, "pdf").headers["Content-Disposition"])


def test_of_a_paper_out_of_sight_there_is_no_matrix(client, officer_batang, paper):
    client.force_login(officer_batang)

    assert matrix(client, paper, "pdf").status_code == 404
    assert matrix(client, paper, "xlsx").status_code == 404


def test_a_form_that_is_not_made_is_not_found_and_a_wrong_parameter_is_said(client, officer_asahan, paper):
    client.force_login(officer_asahan)

    assert matrix(client, paper, "exe").status_code == 404
    refused = matrix(client, paper, "csv", "?wilayah=12")
    assert refused.status_code == 400
    assert "wilayah" in refused.content.decode()


def test_a_long_one_is_made_in_the_background_as_a_matrix(
    client, officer_asahan, paper, agreement_of_batang, monkeypatch
):
    monkeypatch.setattr("partnerships.views.listing.MOST_IN_REQUEST", 1)
    client.force_login(officer_asahan)

    answer = matrix(client, paper, "pdf")

    job = ExportJob.objects.get()
    assert (answer.status_code, job.made_of) == (303, "ledger")
    with translation.override("en"):
        extract = extract_of(job.made_of, officer_asahan, job.query)
        ledger = extract_of("ledger", officer_asahan, QueryDict(f"agreement={paper.ref}"))
        assert str(extract.title) == f"Follow-up matrix {paper.ref}"
        assert str(ledger.title) == "Ledger of commitments"
    assert extract.file_name("pdf").startswith(f"matriks-{paper.ref}-")
    assert [row.agreement for row in extract.rows()] == [paper] * 2
