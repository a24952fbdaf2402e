"""The pages of commitments and reports, pressed by many at once: one of each, and one answer."""

from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Commitment, OutboxMessage, ProgressReport, ReportMove
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.report_pages import new_commitment, report_of, report_page
from tests.partnerships.test_concurrency import all_at_once, sent_by

PAGES = 20


@pytest.fixture
def paper(own_database):
    return AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])


def browsers_of(user, first_page):
    browsers = [Client() for _ in range(PAGES)]
    browsers[0].force_login(user)
    for browser in browsers[1:]:
        browser.cookies = browsers[0].cookies
    # The first page reads every template; twenty threads would each do it.
    browsers[0].get(first_page)
    return browsers


@pytest.fixture
def officer(own_database):
    return person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")


def test_a_commitment_sent_20_times_at_once_is_logged_once(paper, officer):
    address = reverse("partnerships:commitment-add", args=[paper.ref])
    browsers, sent = browsers_of(officer, address), new_commitment(paper)

    answers = all_at_once(PAGES, lambda index: sent_by(browsers[index], address, sent)[:2])

    assert set(answers) == {(302, Commitment.objects.get().get_absolute_url())}


def test_a_report_submitted_20_times_at_once_is_one_report_and_one_step(paper, officer):
    commitment = MeasurableFactory(agreement=paper)
    address = report_page(commitment)
    batch = {"name": "Las", "trained_women": 15, "trained_men": 25}
    browsers, sent = browsers_of(officer, address), report_of(commitment, batches=[batch], then="submit")

    answers = all_at_once(PAGES, lambda index: sent_by(browsers[index], address, sent)[:2])

    assert set(answers) == {(302, ProgressReport.objects.get().get_absolute_url())}
    assert ReportMove.objects.count() == 1


def test_of_20_decisions_at_once_one_is_taken_and_told(paper, officer):
    report = ReportFactory(
        commitment=MeasurableFactory(agreement=paper), reach="submitted", written_by=officer
    )
    judges = [person(Role.UNIT_OFFICER, "ditjen-binalavotas") for _ in range(2)]
    address = reverse("partnerships:verification", args=[report.pk])
    browsers = [browser for judge in judges for browser in browsers_of(judge, address)[: PAGES // 2]]
    decisions = [{"decision": "approve"}, {"decision": "return", "reason": "Bukti belum ada"}]

    answers = all_at_once(
        PAGES,
        lambda index: sent_by(
            browsers[index], address, {"version": report.version, "reason": "", **decisions[index % 2]}
        )[:2],
    )

    assert set(Counter(code for code, _address in answers)) <= {302, 409}
    assert ReportMove.objects.filter(report=report).count() == 2, "submitted, and decided once"
    assert OutboxMessage.objects.count() == 1
