import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.lifecycle import Status
from partnerships.models import OutboxMessage, ReportMove
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory
from tests.partnerships.sheets import text_of

QUEUE = reverse("partnerships:verification-queue")


@pytest.fixture
def judge(client, unit_officer):
    """The officer of the unit that is a party, at the keyboard."""
    client.force_login(unit_officer)
    return client


@pytest.fixture
def commitment(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan)


@pytest.fixture
def waiting(commitment, officer_asahan):
    """Three reports of one commitment, submitted one after the other."""
    return [
        ReportFactory(
            commitment=commitment,
            period_end=datetime.date(2025, month, 28),
            value=month * 10,
            reach="submitted",
            written_by=officer_asahan,
        )
        for month in (3, 6, 9)
    ]


def page(report):
    return reverse("partnerships:verification", args=[report.pk])


def decide(judge, report, decision="approve", **fields):
    return judge.post(page(report), {"decision": decision, "version": report.version, "reason": "", **fields})


def test_the_queue_lists_what_waits_oldest_first(judge, waiting):
    shown = judge.get(QUEUE)

    assert list(shown.context["page"]) == waiting


def test_own_entries_drafts_and_papers_of_others_are_not_in_the_queue(
    judge, unit_officer, commitment, waiting
):
    ReportFactory(commitment=commitment, reach="submitted", written_by=unit_officer)
    ReportFactory(commitment=commitment, period_end=datetime.date(2025, 1, 31))
    elsewhere = AgreementFactory(with_parties=["itjen", "pemerintah-kabupaten-asahan"])
    other = ReportFactory(commitment=MeasurableFactory(agreement=elsewhere), reach="submitted")

    assert list(judge.get(QUEUE).context["page"]) == waiting
    assert judge.get(page(other)).status_code == 403


def test_the_queue_holds_exactly_what_the_reader_may_decide_on(client, registrar, officer_asahan, commitment):
    """The rows that the database picks are those that the table of rights allows one by one."""
    for status in Status:
        paper = AgreementFactory(status=status, with_parties=["itjen", "pemerintah-kabupaten-asahan"])
        ReportFactory(
            commitment=MeasurableFactory(agreement=paper), reach="submitted", written_by=officer_asahan
        )
    ReportFactory(commitment=commitment, reach="submitted", written_by=officer_asahan)
    for judge in (
        registrar,
        person(Role.UNIT_OFFICER, "itjen"),
        person(Role.UNIT_OFFICER, "ditjen-binalavotas"),
    ):
        client.force_login(judge)
        listed = {report.pk for report in client.get(QUEUE).context["page"]}
        seen = type(commitment).objects.visible_to(judge)
        reports = [report for each in seen for report in each.reports.all()]
        allowed = {report.pk for report in reports if client.get(page(report)).status_code == 200}
        assert listed == allowed


def test_nothing_to_judge_is_said_kindly(judge):
    assert _("Nothing waits for you") in text_of(judge.get(QUEUE))


def test_approved_it_counts_and_the_next_opens(judge, unit_officer, waiting):
    answer = decide(judge, waiting[0])

    assert answer["Location"] == page(waiting[1])
    waiting[0].refresh_from_db()
    assert (waiting[0].status, waiting[0].decided_by) == ("verified", unit_officer)
    assert waiting[0].commitment.text in text_of(judge.get(answer["Location"]))


def test_after_the_last_one_the_oldest_that_waits_opens_and_then_the_queue(judge, waiting):
    assert decide(judge, waiting[2])["Location"] == page(waiting[0])
    assert decide(judge, waiting[0])["Location"] == page(waiting[1])
    assert decide(judge, waiting[1])["Location"] == QUEUE


def test_a_return_needs_a_reason_and_tells_who_wrote_it(judge, officer_asahan, waiting):
    refused = decide(judge, waiting[0], "return")
    assert refused.status_code == 422
    assert _("Say what has to be changed.") in text_of(refused)

    decide(judge, waiting[0], "return", reason="Daftar hadir belum ada")

    waiting[0].refresh_from_db()
    assert waiting[0].status == "returned"
    assert ReportMove.objects.filter(report=waiting[0]).first().reason == "Daftar hadir belum ada"
    assert OutboxMessage.objects.get().recipient == officer_asahan


@pytest.mark.parametrize("decision", ["", "verified", "delete"])
def test_a_decision_that_is_none_changes_nothing(decision, judge, waiting):
    assert decide(judge, waiting[0], decision).status_code == 422
    waiting[0].refresh_from_db()
    assert waiting[0].status == "submitted"


def test_a_report_that_changed_meanwhile_is_shown_again_and_not_decided(judge, waiting):
    answer = decide(judge, waiting[0], version=waiting[0].version + 1)

    assert answer.status_code == 409
    waiting[0].refresh_from_db()
    assert waiting[0].status == "submitted"


def test_a_second_press_finds_it_decided(judge, waiting):
    decide(judge, waiting[0])
    answer = decide(judge, waiting[0])

    assert answer["Location"] == waiting[0].get_absolute_url()
    assert ReportMove.objects.filter(report=waiting[0], new="verified").count() == 1


def test_nobody_judges_an_entry_of_their_own(client, registrar, commitment):
    own = ReportFactory(commitment=commitment, reach="submitted", written_by=registrar)
    client.force_login(registrar)

    assert client.get(page(own)).status_code == 403
    assert decide(client, own).status_code == 403
    own.refresh_from_db()
    assert own.status == "submitted"


def test_the_report_stands_beside_what_came_before(judge, commitment, waiting):
    shown = judge.get(page(waiting[2]))

    assert [report.pk for report in shown.context["dossier"].before] == [waiting[1].pk, waiting[0].pk]
    assert page(waiting[1]) in text_of(shown)


def test_a_wrong_verification_is_opened_again_with_what_is_wrong(judge, waiting):
    decide(judge, waiting[0])
    waiting[0].refresh_from_db()
    address = reverse("partnerships:verification-reopen", args=[waiting[0].pk])
    assert address in text_of(judge.get(waiting[0].get_absolute_url()))

    refused = judge.post(address, {"version": waiting[0].version, "reason": ""})
    assert refused.status_code == 422
    judge.post(address, {"version": waiting[0].version, "reason": "Peserta dihitung dua kali"})

    waiting[0].refresh_from_db()
    assert waiting[0].status == "returned"


def test_the_queue_asks_as_often_for_20_reports_as_for_one(judge, officer_asahan, agreement_of_asahan):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert judge.get(QUEUE).status_code == 200
        return len(seen)

    def one_more(day):
        ReportFactory(
            commitment=MeasurableFactory(agreement=agreement_of_asahan),
            reach="submitted",
            written_by=officer_asahan,
        )

    one_more(1)
    queries()
    few = queries()
    for day in range(2, 21):
        one_more(day)

    assert queries() == few
