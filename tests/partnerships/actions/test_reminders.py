"""Reminders are given once, in one mail a day, however often and by however many they are sent."""

import datetime
import threading

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from partnerships import jobs
from partnerships.actions import mail_preferences
from partnerships.actions.reminders import remind
from partnerships.models import Commitment, MessageKind, OutboxMessage, SentReminder
from partnerships.roles import Role
from tests.conftest import person
from tests.factories import AgreementFactory, MeasurableFactory

ENDS = datetime.date(2050, 12, 31)
SEVEN_BEFORE = ENDS - datetime.timedelta(days=7)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def commitment(agreement_of_asahan):
    return MeasurableFactory(agreement=agreement_of_asahan, due=ENDS)


def given():
    return list(SentReminder.objects.order_by("given_on", "pk").values_list("period_end", "step"))


def test_a_reminder_is_given_once_however_often_it_is_sent(commitment, officer_asahan):
    assert remind(on=SEVEN_BEFORE) == 1
    assert remind(on=SEVEN_BEFORE) == 0
    assert remind(on=SEVEN_BEFORE + DAY) == 0

    assert given() == [(ENDS, 7)]
    message = OutboxMessage.objects.get()
    assert (message.kind, message.recipient) == (MessageKind.DIGEST, officer_asahan)


def test_a_day_that_was_missed_leaves_one_reminder_to_give(commitment, officer_asahan):
    remind(on=ENDS - 30 * DAY)
    # Nothing ran for a month: the steps of 14, 7 and 0 days were missed.
    remind(on=ENDS + 5 * DAY)

    assert given() == [(ENDS, 30), (ENDS, 0)]


def test_overdue_is_said_every_week(commitment, officer_asahan):
    for day in range(1, 29):
        remind(on=ENDS + day * DAY)

    assert given() == [(ENDS, 0), (ENDS, -7), (ENDS, -14), (ENDS, -21), (ENDS, -28)]


def test_the_whole_ladder_is_climbed_once(commitment, officer_asahan):
    for day in range(100, -1, -1):
        remind(on=ENDS - day * DAY)

    assert [step for _ends, step in given()] == [90, 60, 30, 14, 7, 0]


def test_a_moved_date_begins_its_ladder_anew(commitment, officer_asahan):
    remind(on=SEVEN_BEFORE)
    later = ENDS + 3 * DAY
    Commitment.objects.update(due=later)

    remind(on=SEVEN_BEFORE + DAY)

    assert given() == [(ENDS, 7), (later, 14)]


def test_one_mail_a_day_holds_everything(agreement_of_asahan, officer_asahan):
    for days in (0, 7, 14):
        MeasurableFactory(agreement=agreement_of_asahan, due=ENDS + days * DAY)

    assert remind(on=ENDS) == 1
    (message,) = OutboxMessage.objects.all()
    assert sorted(entry[2] for entry in message.about["entries"]) == [0, 7, 14]

    # What comes up later on the same day waits for the next one.
    MeasurableFactory(agreement=agreement_of_asahan, due=ENDS)
    assert remind(on=ENDS) == 0
    assert remind(on=ENDS + DAY) == 1


def test_who_wants_none_gets_none_and_owes_nothing_later(commitment, officer_asahan):
    mail_preferences.choose(reminders=False, decisions=True, by=officer_asahan)

    assert remind(on=SEVEN_BEFORE) == 0
    assert given() == []

    mail_preferences.choose(reminders=True, decisions=True, by=officer_asahan)
    assert remind(on=SEVEN_BEFORE) == 1


def test_each_reader_is_told_of_the_own_region_only(agreement_of_asahan, agreement_of_batang):
    asahan = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    batang = person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-batang")
    of_asahan = MeasurableFactory(agreement=agreement_of_asahan, due=ENDS)
    office = agreement_of_batang.parties.get(organization__slug="pemerintah-kabupaten-batang").organization
    of_batang = MeasurableFactory(agreement=agreement_of_batang, due=ENDS, owner=office)

    remind(on=ENDS)

    told = {m.recipient: [entry[0] for entry in m.about["entries"]] for m in OutboxMessage.objects.all()}
    assert told == {asahan: [of_asahan.pk], batang: [of_batang.pk]}


def test_eight_workers_at_once_give_one_reminder(own_database):
    person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    MeasurableFactory(agreement=paper, due=ENDS)
    together, written = threading.Barrier(8), []

    def work():
        try:
            together.wait(timeout=60)
            written.append(remind(on=SEVEN_BEFORE))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(written) == [0] * 7 + [1]
    assert OutboxMessage.objects.filter(kind=MessageKind.DIGEST).count() == 1
    assert SentReminder.objects.count() == 1


# --- what the mail says ---------------------------------------------------------------------------


def test_the_mail_names_every_report_with_a_link_of_the_portals_own_host(
    commitment, officer_asahan, settings, time_machine
):
    settings.PORTAL_URL = "https://kemitraan.example.test"
    remind(on=ENDS + 7 * DAY)

    jobs.deliver_messages.call()

    (sent,) = mail.outbox
    assert sent.to == [officer_asahan.email]
    assert commitment.text in sent.body
    assert commitment.agreement.ref in sent.body
    assert "7 " in sent.body
    link = f"https://kemitraan.example.test/komitmen/{commitment.pk}/capaian/2050-12-31/"
    assert link in sent.body
    assert f'href="{link}"' in sent.alternatives[0].content
    assert "https://kemitraan.example.test/tugas/" in sent.body


def test_the_mail_speaks_its_readers_language(commitment):
    person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan", language="en")
    remind(on=SEVEN_BEFORE)

    jobs.deliver_messages.call()

    (sent,) = mail.outbox
    assert "31 December 2050, in 7 days" in sent.body
    assert sent.subject == "1 report is due soon"


def test_one_press_turns_it_off(commitment, officer_asahan, client):
    remind(on=SEVEN_BEFORE)
    jobs.deliver_messages.call()
    (sent,) = mail.outbox
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in sent.body

    path = address.removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert mail_preferences.of(officer_asahan).reminders
    # As a mail program does it: no cookie, no page before.
    client.handler.enforce_csrf_checks = True
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    chosen = mail_preferences.of(officer_asahan)
    assert (chosen.reminders, chosen.decisions) == (False, True)


def test_words_of_people_are_shown_literally(agreement_of_asahan, officer_asahan):
    MeasurableFactory(agreement=agreement_of_asahan, due=ENDS, text="<b>Melatih</b> & {{ 1 }}")
    remind(on=ENDS)

    jobs.deliver_messages.call()

    (sent,) = mail.outbox
    assert "<b>Melatih</b> & {{ 1 }}" in sent.body
    assert "&lt;b&gt;Melatih&lt;/b&gt; &amp; {{ 1 }}" in sent.alternatives[0].content


def test_what_the_reader_may_no_longer_see_is_not_sent(commitment, officer_asahan):
    remind(on=SEVEN_BEFORE)
    officer_asahan.postings.update(ends_on=officer_asahan.postings.get().starts_on)

    jobs.deliver_messages.call()

    assert mail.outbox == []
    assert "no longer see" in OutboxMessage.objects.get().problem


def test_a_long_digest_says_how_many_more_there_are(agreement_of_asahan, officer_asahan):
    for _ in range(33):
        MeasurableFactory(agreement=agreement_of_asahan, due=ENDS)
    remind(on=ENDS)

    jobs.deliver_messages.call()

    (sent,) = mail.outbox
    assert sent.body.count("/capaian/") == 30
    assert "3 " in sent.body.split("/capaian/")[-1]


# --- the command ----------------------------------------------------------------------------------


def test_the_command_prints_and_writes_nothing_without_apply(commitment, officer_asahan, capsys):
    call_command("send_reminders", on="2050-12-24")

    printed = capsys.readouterr().out
    assert officer_asahan.email in printed
    assert commitment.text in printed
    assert SentReminder.objects.count() == OutboxMessage.objects.count() == 0

    call_command("send_reminders", on="2050-12-24", apply=True)
    assert OutboxMessage.objects.count() == SentReminder.objects.count() == 1


def test_the_command_refuses_what_is_no_day(db):
    with pytest.raises(Exception, match="2026-31-01"):
        call_command("send_reminders", on="2026-31-01")
