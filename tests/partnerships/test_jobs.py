import datetime
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from partnerships import jobs, notifications
from partnerships.actions import postings
from partnerships.management.commands import run_worker
from partnerships.models import Organization, OutboxMessage
from partnerships.roles import Role
from tests.conftest import person
from tests.databases import addresses_of
from tests.factories import AgreementFactory, MeasurableFactory, PostingFactory, UserFactory
from tests.waiting import wait_for

LINK = re.compile(r"http://127\.0\.0\.1:8000(/lupa-sandi/\S+)")


def invited(**user):
    """Somebody without a password who was posted to the bureau and is owed an invitation."""
    person = UserFactory(**user)
    person.set_unusable_password()
    person.save()
    bureau = Organization.objects.get(slug="biro-kerja-sama")
    return notifications.invited(PostingFactory(user=person, organization=bureau, role=Role.REGISTRAR))


class BrokenBackend(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail server")


# --- what the mail says ---------------------------------------------------------------------------


def test_an_invitation_lets_its_recipient_choose_a_password_once(client, db):
    message = invited(name="Petugas baru")

    assert jobs.deliver_messages.call() == 1

    message.refresh_from_db()
    assert message.sent_at
    (sent,) = mail.outbox
    assert sent.to == [message.recipient.email]
    assert "Petugas baru" in sent.body
    assert "Biro Kerja Sama" in sent.body
    link = LINK.search(sent.body).group(1)
    page = client.get(link, follow=True)
    assert page.status_code == 200
    form = {"password1": "sandi-pilihan-sendiri", "password2": "sandi-pilihan-sendiri"}
    client.post(page.redirect_chain[-1][0], form)
    message.recipient.refresh_from_db()
    assert message.recipient.check_password("sandi-pilihan-sendiri")
    used = client.get(link, follow=True)
    assert used.context["token_fail"]


def test_the_row_holds_no_secret_and_the_link_names_the_portals_own_host(settings, client, db):
    settings.PORTAL_URL = "https://kemitraan.example.test"
    message = invited()

    jobs.deliver_messages.call()

    link = re.search(r"https://kemitraan\.example\.test/lupa-sandi/(\S+)/", mail.outbox[0].body)
    message.refresh_from_db()
    assert set(message.about) == {"posting"}
    assert link.group(1) not in f"{message.about}{message.problem}"
    assert not DBTaskResult.objects.filter(args_kwargs__icontains=link.group(1)).exists()


def test_a_mail_speaks_the_language_of_its_recipient(db):
    invited(language="en")

    jobs.deliver_messages.call()

    assert mail.outbox[0].body.startswith("Dear ")
    assert '<html lang="en">' in mail.outbox[0].alternatives[0].content


def test_words_of_people_are_shown_literally_and_stay_out_of_the_head(db):
    # The database keeps no name with a line break.
    invited(name='<script>alert(1)</script>" Bcc: semua@example.test')

    jobs.deliver_messages.call()

    (sent,) = mail.outbox
    html = sent.alternatives[0].content
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<script>alert(1)</script>" in sent.body
    assert "\n" not in sent.subject
    assert sent.message()["Bcc"] is None


def test_both_sides_of_a_transfer_are_told(admin, registrar):
    postings.transfer(
        posting=registrar.postings.get(),
        successor_email="pengganti@example.test",
        successor_name="Pengganti",
        on=timezone.localdate(),
        by=admin,
    )

    jobs.deliver_messages.call()

    by_address = {sent.to[0]: sent for sent in mail.outbox}
    assert set(by_address) == {registrar.email, "pengganti@example.test"}
    assert not LINK.search(by_address[registrar.email].body)
    assert LINK.search(by_address["pengganti@example.test"].body)


def test_a_person_with_a_password_gets_no_link_with_an_office(admin, registrar, nobody):
    postings.transfer(
        posting=registrar.postings.get(),
        successor_email=nobody.email,
        successor_name="",
        on=timezone.localdate(),
        by=admin,
    )

    jobs.deliver_messages.call()

    assert not any(LINK.search(sent.body) for sent in mail.outbox)


# --- trying again ---------------------------------------------------------------------------------


def test_a_mail_that_fails_is_tried_five_times_with_growing_pauses(settings, time_machine, db):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    start = datetime.datetime(2026, 3, 2, 2, tzinfo=datetime.UTC)
    time_machine.move_to(start, tick=False)
    message = invited()
    tried = []

    for minute in range(24 * 60):
        time_machine.move_to(start + datetime.timedelta(minutes=minute), tick=False)
        before = OutboxMessage.objects.get(pk=message.pk).attempts
        jobs.deliver_messages.call()
        message.refresh_from_db()
        if message.attempts > before:
            tried.append(minute)

    assert tried == [0, 1, 6, 36, 216]
    assert message.sent_at is None
    assert message.problem == "ConnectionRefusedError: no mail server"


def test_each_failure_but_the_last_leaves_a_task_for_later(settings, time_machine, db):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    time_machine.move_to(datetime.datetime(2026, 3, 2, 2, tzinfo=datetime.UTC), tick=False)
    message = invited()
    waiting = set(DBTaskResult.objects.values_list("pk", flat=True))

    jobs.deliver_messages.call()

    (later,) = DBTaskResult.objects.exclude(pk__in=waiting)
    assert later.run_after == timezone.now() + jobs.PAUSES[0]
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=4, written_at=timezone.now() - datetime.timedelta(days=1)
    )
    jobs.deliver_messages.call()
    assert DBTaskResult.objects.exclude(pk__in=[*waiting, later.pk]).count() == 0


def test_one_bad_message_does_not_hold_up_the_others(db):
    bad = invited()
    OutboxMessage.objects.filter(pk=bad.pk).update(about={"posting": 10**9})
    good = invited()

    assert jobs.deliver_messages.call() == 1

    assert [sent.to for sent in mail.outbox] == [[good.recipient.email]]
    bad.refresh_from_db()
    assert "DoesNotExist" in bad.problem


def test_a_deactivated_recipient_gets_nothing(db):
    message = invited()
    message.recipient.is_active = False
    message.recipient.save()

    assert jobs.deliver_messages.call() == 0

    assert mail.outbox == []


def test_a_refused_decision_wakes_nobody(admin, registrar):
    with pytest.raises(ValidationError):
        postings.transfer(
            posting=registrar.postings.get(),
            successor_email=registrar.email,
            successor_name="",
            on=timezone.localdate(),
            by=admin,
        )

    assert not OutboxMessage.objects.exists()
    assert not DBTaskResult.objects.exists()


# --- two workers, dead workers --------------------------------------------------------------------


class MeetingBackend(EmailBackend):
    """Holds the first mail of a worker until the other worker has looked at the outbox too."""

    other_has_looked = threading.Event()

    def send_messages(self, messages):
        self.other_has_looked.wait(20)
        return super().send_messages(messages)


def test_two_workers_never_send_the_same_message_twice(own_database, settings):
    settings.EMAIL_BACKEND = f"{__name__}.MeetingBackend"
    MeetingBackend.other_has_looked.clear()
    messages = [invited() for _ in range(6)]
    mail.outbox = []
    sent = []

    def work():
        try:
            sent.append(jobs.deliver_messages.call())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    locked = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = %s"
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(locked, [own_database])
            if cursor.fetchone()[0] == 2:  # each holds a message of its own
                break
    MeetingBackend.other_has_looked.set()
    for worker in workers:
        worker.join()

    assert sum(sent) == 6
    addresses = [message.recipient.email for message in messages]
    assert sorted(m.to[0] for m in mail.outbox) == sorted(addresses)


@pytest.fixture
def worker(own_database, tmp_path):
    """Starts real workers on the committed database; their mails become files."""
    started = []
    folder = tmp_path / "mails"

    def start():
        code = (
            "import os, sys; sys.argv = ['manage.py', 'run_worker', '--interval', '0.2'];"
            "import django; from django.conf import settings; django.setup();"
            f"settings.DATABASES['default']['NAME'] = {own_database!r};"
            "settings.EMAIL_BACKEND = 'django.core.mail.backends.filebased.EmailBackend';"
            f"settings.EMAIL_FILE_PATH = {str(folder)!r};"
            "from django.core.management import execute_from_command_line as run; run(sys.argv)"
        )
        # The second process, which makes files, knows the database from the environment.
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "kemnaker_portal.settings",
            # As manage.py has it: background work reads as the portal itself.
            "PORTAL_DB_ROLE": "jobs",
            **addresses_of(own_database),
        }
        process = subprocess.Popen([sys.executable, "-c", code], env=environment)
        started.append(process)
        return process

    yield start, folder
    for process in started:
        process.kill()
        process.wait()


def test_what_a_killed_worker_left_is_sent_by_the_next_one(worker):
    start, folder = worker
    first = invited()
    # The task that a worker had taken when it was killed: nobody runs it again.
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["dead"])

    start()

    assert wait_for(lambda: OutboxMessage.objects.get(pk=first.pk).sent_at)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_stops_when_it_is_told_to(worker, how):
    start, _folder = worker
    message = invited()
    process = start()
    assert wait_for(lambda: OutboxMessage.objects.get(pk=message.pk).sent_at)

    process.send_signal(how)

    assert process.wait(timeout=30) == 0


def test_a_message_written_while_the_worker_runs_goes_out(worker):
    start, _folder = worker
    message = invited()
    start()
    assert wait_for(lambda: OutboxMessage.objects.get(pk=message.pk).sent_at)

    later = invited()

    assert wait_for(lambda: OutboxMessage.objects.get(pk=later.pk).sent_at)


def test_a_worker_outlives_a_restart_of_the_database(monkeypatch, db):
    answers = iter([OperationalError("the server is shutting down"), InterfaceError("closed"), None])
    waited = []

    def run(self):
        if answer := next(answers):
            raise answer

    monkeypatch.setattr(run_worker.Worker, "run", run)
    monkeypatch.setattr(run_worker.Worker, "configure_signals", lambda self: None)
    monkeypatch.setattr(run_worker.time, "sleep", waited.append)
    monkeypatch.setattr(run_worker, "give_way", lambda nice: None)
    # The signals of the tests are theirs.
    monkeypatch.setattr(run_worker, "_leave_the_file_in_the_making", lambda asked_once: None)

    call_command("run_worker", files_only=True)

    assert len(waited) == 2


# --- once a day -----------------------------------------------------------------------------------


def waiting_runs():
    rows = DBTaskResult.objects.filter(task_path=jobs.remind_of_reports.module_path, status="READY")
    return [timezone.localtime(row.run_after).strftime("%d %H.%M") for row in rows]


@pytest.mark.parametrize(
    ("now", "written", "following"),
    [
        # Jakarta is seven hours ahead of UTC.
        ("2026-03-01T22:59:00Z", 0, "02 06.00"),
        ("2026-03-01T23:00:00Z", 1, "03 06.00"),
        ("2026-03-02T10:00:00Z", 1, "03 06.00"),
    ],
)
def test_reminders_are_given_from_six_in_the_morning(now, written, following, time_machine, db):
    time_machine.move_to(now, tick=False)
    person(Role.REGIONAL_OFFICER, "pemerintah-kabupaten-asahan")
    paper = AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])
    MeasurableFactory(agreement=paper, due="2026-03-09")

    assert jobs.remind_of_reports.call() == written
    assert waiting_runs() == [following]

    # A worker that starts again, or a second one, neither gives them twice nor begins a second row.
    assert jobs.remind_of_reports.call() == 0
    assert waiting_runs() == [following]
