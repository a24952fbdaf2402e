"""Another e-mail address, and what an administrator mends: proved, told to the owner, kept in the history."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts import addresses, telling
from accounts.models import SecondFactor
from partnerships.actions import protection
from tests.accounts.signing_in import App, is_signed_in, sign_in
from tests.conftest import confirm
from tests.factories import UserFactory

NEW = "alamat.baru@example.test"


@pytest.fixture(autouse=True)
def on_a_day(time_machine):
    time_machine.move_to("2026-03-02T03:00:00Z")


def at_work():
    """What the worker does with the mails that are owed; each is sent once."""
    for row in DBTaskResult.objects.filter(status="READY", task_path__startswith="accounts."):
        row.task.func(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
        row.delete()


def ask(client, user, address=NEW):
    sign_in(client, user)
    confirm(client, user)
    return client.post(reverse("account_address"), {"address": address})


def link_in(mail):
    return next(word for word in mail.body.split() if "/akun/surel/" in word).removeprefix(
        "http://127.0.0.1:8000"
    )


def test_an_address_changes_when_the_link_that_went_there_is_pressed(client, somebody, mailoutbox):
    before, elsewhere = somebody.email, Client()
    sign_in(elsewhere, somebody)
    ask(client, somebody, NEW.upper())
    at_work()
    assert [mail.to for mail in mailoutbox] == [[NEW]]
    link = link_in(mailoutbox[0])

    assert Client().get(link).status_code == 200
    somebody.refresh_from_db()
    assert somebody.email == before
    assert NEW in Client().post(link).content.decode()

    somebody.refresh_from_db()
    assert somebody.email == NEW
    at_work()
    assert sorted(mail.to[0] for mail in mailoutbox[1:]) == sorted([before, NEW])
    assert (is_signed_in(client), is_signed_in(elsewhere)) == (False, False)
    event = somebody.events.latest("pgh_id")
    assert (event.email, event.pgh_context["actor"]) == (NEW, somebody.pk)
    sign_in(client, somebody)
    assert is_signed_in(client)


def test_a_link_works_once_and_for_a_day(client, somebody, mailoutbox, time_machine):
    ask(client, somebody)
    ask(client, somebody, "yang.kedua@example.test")
    at_work()
    first, second = map(link_in, mailoutbox)
    Client().post(first)

    assert Client().post(first).status_code == 410
    assert Client().post(second).status_code == 410

    somebody.refresh_from_db()
    ask(client, somebody, "yang.ketiga@example.test")
    at_work()
    time_machine.shift(25 * 3600)
    assert Client().post(link_in(mailoutbox[-1])).status_code == 410
    somebody.refresh_from_db()
    assert somebody.email == NEW


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "1:2:3"])
def test_a_forged_link_does_not_exist(client, somebody, spoil, mailoutbox):
    ask(client, somebody)
    at_work()
    token = link_in(mailoutbox[0]).split("/")[3]

    assert Client().post(reverse("account_new_address", args=[spoil(token)])).status_code == 404


def test_nobody_learns_whose_address_is_taken(client, somebody, mailoutbox):
    other = UserFactory()
    taken, free = ask(client, somebody, other.email), ask(client, somebody)
    at_work()

    assert taken.url == free.url
    assert [mail.to for mail in mailoutbox] == [[NEW]]


def test_an_address_that_was_taken_meanwhile_is_refused(client, somebody, mailoutbox):
    ask(client, somebody)
    at_work()
    UserFactory(email=NEW)

    assert Client().post(link_in(mailoutbox[0])).status_code == 410


@pytest.mark.parametrize("wrong", ["", "bukan alamat", "a@b\r\nBcc: c@example.test"])
def test_what_is_no_address_is_asked_for_again(client, somebody, wrong):
    answer = ask(client, somebody, wrong)

    assert answer.status_code == 422
    assert not DBTaskResult.objects.filter(task_path__contains="addresses").exists()


# --- what an administrator mends ------------------------------------------------------------------


def test_lost_second_factors_are_removed_with_reason_mail_and_end_of_sessions(
    client, admin, registrar, mailoutbox
):
    App(registrar)
    elsewhere, _forced = Client(), client.force_login(admin)
    elsewhere.force_login(registrar)
    confirm(client, admin)
    address = reverse("admin:accounts_user_lost_factor", args=[registrar.pk])

    client.post(address, {"reason": "Ponsel hilang, dipastikan lewat telepon"})
    at_work()

    assert not SecondFactor.objects.filter(user=registrar).exists()
    assert not is_signed_in(elsewhere)
    assert [mail.to for mail in mailoutbox] == [[registrar.email]]
    events = SecondFactor._meta.get_field("events").related_model.objects.filter(pgh_label="delete")
    assert {event.pgh_context["actor"] for event in events} == {admin.pk}
    told = client.get(reverse("admin:accounts_user_history", args=[registrar.pk])).content.decode()
    assert "dipastikan lewat telepon" in told


def test_an_address_is_corrected_with_mails_to_both(admin, registrar, mailoutbox):
    before = registrar.email

    protection.correct_address(user=registrar, address=NEW.upper(), by=admin, reason="Salah ketik")
    at_work()

    registrar.refresh_from_db()
    assert registrar.email == NEW
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([before, NEW])
    assert registrar.events.latest("pgh_id").pgh_context["reason"] == "Salah ketik"


def test_what_can_not_be_mended_gets_a_sentence(admin, registrar):
    App(admin)
    mended = {"by": admin, "reason": "x"}
    for act, what in [
        (protection.remove_second_factors, {"user": admin}),
        (protection.remove_second_factors, {"user": registrar}),
        (protection.correct_address, {"user": admin, "address": NEW}),
        (protection.correct_address, {"user": registrar, "address": registrar.email}),
        (protection.correct_address, {"user": registrar, "address": admin.email}),
    ]:
        with pytest.raises(ValidationError):
            act(**what, **mended)


def test_only_who_looks_after_accounts_mends_them(registrar, officer_asahan):
    App(officer_asahan)
    for act, what in [
        (protection.remove_second_factors, {}),
        (protection.correct_address, {"address": NEW}),
    ]:
        with pytest.raises(PermissionDenied):
            act(user=officer_asahan, by=registrar, reason="x", **what)


# --- mails ----------------------------------------------------------------------------------------


def test_the_owner_is_told_of_a_new_password_but_not_of_the_first(client, somebody, mailoutbox):
    sign_in(client, somebody)
    confirm(client, somebody)
    new = "kata-sandi-yang-baru"
    sent = {"oldpassword": "sandi-untuk-uji-coba", "password1": new, "password2": new}

    client.post(reverse("account_change_password"), sent)
    at_work()

    assert [mail.to for mail in mailoutbox] == [[somebody.email]]
    assert new not in mailoutbox[0].body


def test_a_mail_server_that_fails_is_asked_again_later(somebody, settings):
    settings.EMAIL_BACKEND = "tests.accounts.test_addresses.Refusing"

    telling.tell.func(somebody.pk, "password", somebody.email, "2026-03-02T10:00:00+07:00")

    row = DBTaskResult.objects.get()
    assert row.args_kwargs["kwargs"] == {"tries": 1}
    assert row.run_after is not None


class Refusing:
    """A mail server that is not there."""

    def __init__(self, **_options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_the_worker_sends_no_link_to_a_closed_account(somebody, mailoutbox):
    somebody.is_active = False
    somebody.save()

    addresses.send_link.func(somebody.pk, NEW)

    assert mailoutbox == []
