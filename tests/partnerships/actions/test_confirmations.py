"""The partner's contact is asked about one report, by a link that holds once and for fourteen days."""

import datetime
import threading

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.db import connection
from django.utils import timezone

from partnerships import jobs
from partnerships.actions import confirmations
from partnerships.lifecycle import ReportStatus
from partnerships.models import ConfirmationRequest, OutboxMessage
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory, ReportFactory

CONTACT = {"name": "Kontak mitra", "email": "kontak@mitra.example.test"}


@pytest.fixture
def report(agreement_of_asahan):
    return ReportFactory(
        commitment=MeasurableFactory(agreement=agreement_of_asahan),
        note="Dilatih di BLK",
        obstacle_note="Rahasia kantor",
        reach="submitted",
    )


def asked(report, by):
    return confirmations.ask(report=report, by=by, **CONTACT)


def test_asking_owes_the_contact_a_mail_with_the_link(report, officer_asahan):
    request = asked(report, officer_asahan)

    jobs.deliver_messages.call()

    (sent,) = mail.outbox
    assert sent.to == ["kontak@mitra.example.test"]
    assert f"http://127.0.0.1:8000/konfirmasi/{confirmations.token(request)}/" in sent.body
    assert "List-Unsubscribe" not in sent.extra_headers
    assert request.expires_at - timezone.now() > datetime.timedelta(days=13, hours=23)
    (message,) = OutboxMessage.objects.all()
    assert confirmations.token(request) not in str(message.about)


@pytest.mark.parametrize("who", ["officer_asahan", "unit_officer", "registrar"])
def test_who_may_report_or_verify_may_ask(who, report, request):
    assert asked(report, request.getfixturevalue(who)).pk


@pytest.mark.parametrize("who", ["officer_batang", "leadership", "nobody", "admin"])
def test_others_may_not(who, report, request):
    with pytest.raises(PermissionDenied):
        asked(report, request.getfixturevalue(who))


@pytest.mark.parametrize("reach", [None, "returned"])
def test_what_does_not_stand_is_not_asked_about(reach, agreement_of_asahan, registrar):
    report = ReportFactory(commitment=MeasurableFactory(agreement=agreement_of_asahan), reach=reach)

    with pytest.raises(ValidationError) as refusal:
        asked(report, registrar)
    assert refusal.value.code == "not_submitted"


def test_the_same_contact_is_written_to_once(report, registrar):
    assert asked(report, registrar) == asked(report, registrar)
    assert OutboxMessage.objects.count() == 1


def test_strangers_are_not_written_to_without_end(report, registrar):
    for number in range(confirmations.MOST_OPEN):
        confirmations.ask(report=report, name="Kontak", email=f"k{number}@example.test", by=registrar)

    with pytest.raises(ValidationError) as refusal:
        asked(report, registrar)
    assert refusal.value.code == "too_many"


def test_the_answer_stands_beside_the_report_and_changes_nothing_there(report, registrar):
    request = asked(report, registrar)

    confirmations.answer(token=confirmations.token(request), answer="no", comment=" Hanya 30 orang. ")

    request.refresh_from_db()
    report.refresh_from_db()
    assert (request.answer, request.comment) == ("no", "Hanya 30 orang.")
    assert report.status == ReportStatus.SUBMITTED
    event = request.events.latest("pgh_id")
    assert event.pgh_context["action"] == "confirmation.answer"


def test_a_link_is_answered_once(report, registrar):
    token = confirmations.token(asked(report, registrar))
    confirmations.answer(token=token, answer="yes")

    for again in ("yes", "no"):
        with pytest.raises(confirmations.LinkIsSpent):
            confirmations.answer(token=token, answer=again)


def test_a_link_holds_for_fourteen_days(report, registrar, time_machine):
    token = confirmations.token(asked(report, registrar))

    now = timezone.now()
    time_machine.move_to(now + datetime.timedelta(days=13, hours=23), tick=False)
    assert confirmations.asked(token=token)
    time_machine.move_to(now + datetime.timedelta(days=14, hours=1), tick=False)
    with pytest.raises(confirmations.LinkIsSpent):
        confirmations.answer(token=token, answer="yes")


def test_a_link_that_the_portal_has_not_made_is_none(report, registrar):
    token = confirmations.token(asked(report, registrar))
    pk, _sep, signature = token.partition(":")

    for forged in (f"{int(pk) + 1}:{signature}", f"{pk}:x", pk, "", "x" * 500, "1:2:3"):
        with pytest.raises(BadSignature):
            confirmations.asked(token=forged)


def test_of_two_answers_at_once_one_counts(own_database):
    registrar = person(Role.REGISTRAR, "biro-kerja-sama")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    report = ReportFactory(commitment=MeasurableFactory(agreement=paper), reach="submitted")
    token = confirmations.token(asked(report, registrar))
    together, outcomes = threading.Barrier(8), []

    def work(answer):
        try:
            together.wait(timeout=60)
            confirmations.answer(token=token, answer=answer)
            outcomes.append(answer)
        except confirmations.LinkIsSpent:
            outcomes.append("spent")
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[answer]) for answer in ["yes", "no"] * 4]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    (counted,) = [outcome for outcome in outcomes if outcome != "spent"]
    assert outcomes.count("spent") == 7
    assert ConfirmationRequest.objects.get().answer == counted


# --- the pages ------------------------------------------------------------------------------------


def test_the_page_shows_one_report_and_nothing_else(client, report, registrar):
    address = f"/konfirmasi/{confirmations.token(asked(report, registrar))}/"

    page = client.get(address)

    text = page.content.decode()
    assert page.status_code == 200
    for shown in (report.commitment.text, report.commitment.agreement.ref, "40 orang", "Dilatih di BLK"):
        assert shown in text
    for hidden in ("Rahasia kantor", registrar.email, "kontak@mitra.example.test", "/kemitraan/KS-"):
        assert hidden not in text
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"


def test_an_answer_on_the_page_is_taken_once(client, report, registrar):
    address = f"/konfirmasi/{confirmations.token(asked(report, registrar))}/"

    assert client.post(address, {"comment": "x"}).status_code == 422
    assert client.post(address, {"answer": "yes", "comment": "Benar"}).status_code == 200
    again = client.post(address, {"answer": "no"})

    assert again.status_code == 410
    assert client.get(address).status_code == 410
    assert ConfirmationRequest.objects.get().answer == "yes"


def test_an_unknown_link_is_not_found(client, db):
    assert client.get("/konfirmasi/1:abc/").status_code == 404
    assert client.post("/konfirmasi/1:abc/", {"answer": "yes"}).status_code == 404


def test_asking_on_the_page(client, report, officer_asahan, officer_batang):
    address = f"/capaian/{report.pk}/konfirmasi/"
    client.force_login(officer_asahan)
    assert client.get(address).status_code == 200
    refused = client.post(address, {"name": "", "email": "bukan-alamat"})
    assert refused.status_code == 422
    assert "bukan-alamat" in refused.content.decode()

    assert client.post(address, CONTACT).status_code == 302
    assert ConfirmationRequest.objects.get().email == CONTACT["email"]

    client.force_login(officer_batang)
    assert client.get(address).status_code == 404


def test_the_answer_is_shown_where_it_was_asked(client, report, registrar):
    token = confirmations.token(asked(report, registrar))
    confirmations.answer(token=token, answer="no", comment="<b>Hanya 30</b>")
    client.force_login(registrar)

    text = client.get(f"/capaian/{report.pk}/konfirmasi/").content.decode()

    assert "Kontak mitra" in text
    assert "&lt;b&gt;Hanya 30&lt;/b&gt;" in text
