"""The second factor: who needs one and by when, how it opens the account, and what its changes leave."""

from importlib import import_module
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from accounts.models import SecondFactor
from accounts.sealing import opened
from partnerships.permissions import RIGHTS, Action
from partnerships.roles import SECOND_FACTOR_WITHIN_DAYS, Role
from tests.accounts.signing_in import App, is_signed_in, sign_in
from tests.conftest import confirm, person

SET_UP = reverse("mfa_index")
WEEK_LATER = "2026-03-09T03:00:00Z"


@pytest.fixture(autouse=True)
def on_a_day(time_machine):
    time_machine.move_to("2026-03-02T03:00:00Z")


# --- who needs one --------------------------------------------------------------------------------


def test_who_verifies_or_hands_out_rights_is_asked():
    weighty = {Action.VERIFY_PROGRESS, Action.MANAGE_ACCOUNTS, Action.IMPORT, Action.MOVE_AGREEMENT}

    assert {right.role for right in RIGHTS if right.action in weighty} == set(SECOND_FACTOR_WITHIN_DAYS)


@pytest.mark.parametrize("who", ["registrar", "unit_officer", "admin"])
def test_after_a_week_nothing_but_the_own_account_opens(who, request, client, time_machine):
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert client.get("/kemitraan/").status_code == 200
    time_machine.move_to("2026-03-08T03:00:00Z")
    client.force_login(user)
    assert client.get("/kemitraan/").status_code == 200

    time_machine.move_to(WEEK_LATER)
    client.force_login(user)

    for address in (
        "/",
        "/kemitraan/",
        "/kemitraan/ekspor.csv",
        "/admin/",
        "/akun/",
        "/unduhan/",
        "/tidak-ada/",
    ):
        answer = client.get(address)
        assert answer.status_code == (404 if address == "/tidak-ada/" else 302), address
        assert address == "/tidak-ada/" or answer.url == SET_UP
    assert client.post("/unduhan/", {"made_of": "register", "form": "csv"}).url == SET_UP
    assert client.get("/kemitraan/", headers={"HX-Request": "true"})["HX-Redirect"] == SET_UP
    assert "Siapkan faktor kedua dahulu" in client.get(SET_UP).content.decode()
    for open_page in ("usersessions_list", "account_logout", "mfa_activate_totp", "account_reauthenticate"):
        assert getattr(client.get(reverse(open_page)), "url", "") != SET_UP


@pytest.mark.parametrize("who", ["officer_asahan", "leadership", "nobody"])
def test_others_are_never_asked(who, request, client, time_machine):
    user = request.getfixturevalue(who)
    time_machine.move_to("2027-03-09T03:00:00Z")
    client.force_login(user)

    assert client.get("/kemitraan/").status_code == 200


def test_a_posting_of_long_ago_does_not_shorten_the_week_of_a_new_account(client):
    user = person(Role.REGISTRAR, "biro-kerja-sama")
    user.postings.update(starts_on="2020-01-01")
    client.force_login(user)

    assert client.get("/kemitraan/").status_code == 200


def test_who_set_one_up_goes_on(client, registrar, time_machine):
    time_machine.move_to(WEEK_LATER)
    App(registrar)
    client.force_login(registrar)

    assert client.get("/kemitraan/").status_code == 200


def test_in_a_demo_it_is_only_mentioned(client, registrar, settings, time_machine):
    settings.DEMO = True
    time_machine.move_to(WEEK_LATER)
    client.force_login(registrar)

    assert client.get("/kemitraan/").status_code == 200
    assert "Demo ini tidak memintanya" in client.get("/akun/").content.decode()


def test_while_there_is_time_the_front_page_says_until_when(client, registrar):
    client.force_login(registrar)
    assert "mulai 9 Maret 2026" in client.get("/").content.decode()

    App(registrar)
    assert SET_UP not in client.get("/").content.decode()


# --- setting it up, and signing in with it --------------------------------------------------------


def test_an_app_is_set_up_and_asked_for_from_then_on(client, registrar, time_machine):
    client.force_login(registrar)
    confirm(client, registrar)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    answer = client.post(reverse("mfa_activate_totp"), {"code": App.shows_for(secret)})

    assert answer.url == reverse("mfa_view_recovery_codes")
    assert mail.outbox == []
    client.logout()
    assert sign_in(client, registrar).url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    time_machine.shift(31)
    client.post(reverse("mfa_authenticate"), {"code": App.shows_for(secret)})
    assert is_signed_in(client)


def test_a_code_of_the_app_opens_once(client, registrar):
    app = App(registrar)
    code = app.shows
    sign_in(client, registrar)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert is_signed_in(client)
    client.logout()

    sign_in(client, registrar)
    client.post(reverse("mfa_authenticate"), {"code": code})

    assert not is_signed_in(client)


def test_a_recovery_code_opens_once_and_the_page_tells_how_many_are_left(client, registrar):
    code = App(registrar).recovery_codes[3]
    for opens in (True, False):
        sign_in(client, registrar)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_signed_in(client) == opens
        if opens:
            assert "Tersisa 9 dari 10" in client.get(SET_UP).content.decode()
        client.logout()


def test_the_database_holds_no_secret_that_opens_an_account(client, registrar, settings):
    app = App(registrar)
    codes = app.recovery_codes
    kept = [value for data in Authenticator.objects.values_list("data", flat=True) for value in data.values()]
    sealed = [value for value in kept if isinstance(value, str)]
    assert len(sealed) == 2 and all(value.startswith("sealed:") for value in sealed)

    # As in a portal that was restored without its key.
    settings.SECOND_FACTOR_KEY = "kunci lain"
    for code in (app.shows, codes[0]):
        sign_in(client, registrar)
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
        assert not is_signed_in(client)


def test_the_key_that_seals_is_replaced_while_everybody_goes_on(client, registrar, settings):
    app = App(registrar)
    settings.SECOND_FACTOR_KEYS_BEFORE = [settings.SECOND_FACTOR_KEY]
    settings.SECOND_FACTOR_KEY = "kunci baru"
    first, second, *_others = app.recovery_codes
    sign_in(client, registrar)
    client.post(reverse("mfa_authenticate"), {"code": first})
    assert is_signed_in(client)

    call_command("seal_again", stdout=StringIO())

    settings.SECOND_FACTOR_KEYS_BEFORE = []
    client.logout()
    sign_in(client, registrar)
    client.post(reverse("mfa_authenticate"), {"code": second})
    assert is_signed_in(client)


def test_secrets_of_before_are_sealed_by_the_migration(client, registrar):
    app = App(registrar)
    shown = app.shows, app.recovery_codes
    migration = import_module("accounts.migrations.0004_sealed_second_factors")

    migration.open_all(apps, None)
    plain = Authenticator.objects.get(type="totp").data["secret"]
    assert not plain.startswith("sealed:")
    for _twice in range(2):
        migration.seal_all(apps, None)

    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert kept.startswith("sealed:") and opened(kept) == plain
    sign_in(client, registrar)
    client.post(reverse("mfa_authenticate"), {"code": shown[0]})
    assert is_signed_in(client)


def test_recovery_codes_are_shown_once(client, registrar):
    app = App(registrar)
    client.force_login(registrar)
    confirm(client, registrar, "password", "totp")
    page = reverse("mfa_view_recovery_codes")

    first, second = client.get(page).content.decode(), client.get(page).content.decode()

    assert all(code in first for code in app.recovery_codes)
    assert not any(code in second for code in app.recovery_codes)


def test_codes_of_one_account_are_guessed_ten_times_an_hour(client, registrar, time_machine):
    app = App(registrar)
    for _guess in range(10):
        sign_in(client, registrar)
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
        time_machine.shift(30)

    sign_in(client, registrar)
    client.post(reverse("mfa_authenticate"), {"code": app.shows})

    assert not is_signed_in(client)


# --- history --------------------------------------------------------------------------------------


def test_the_history_tells_of_factors_and_holds_no_secret(client, registrar, admin):
    App(registrar)
    Authenticator.objects.get(user=registrar, type="totp").delete()
    events = SecondFactor._meta.get_field("events").related_model.objects.filter(user=registrar)

    assert sorted(events.values_list("type", "pgh_label")) == [
        ("recovery_codes", "insert"),
        ("totp", "delete"),
        ("totp", "insert"),
    ]
    assert "data" not in {column.name for column in events.model._meta.fields}
    client.force_login(admin)
    row = SecondFactor.objects.get(user=registrar)
    html = client.get(reverse("admin:accounts_secondfactor_change", args=[row.pk])).content.decode()
    assert registrar.email in html
    assert row.data["seed"] not in html
    told = client.get(reverse("admin:accounts_user_history", args=[registrar.pk])).content.decode()
    assert "totp" in told.lower()
