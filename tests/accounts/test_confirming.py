"""Proving once more who one is: before which steps, with what, and for how long."""

import pytest
from django.urls import reverse

from accounts.models import ErrorReport, User
from partnerships.models import OutboxMessage
from tests.accounts.signing_in import PASSWORD, App, sign_in
from tests.conftest import confirm
from tests.factories import AgreementFactory, UserFactory

BY_PASSWORD, BY_CODE = reverse("account_reauthenticate"), reverse("mfa_reauthenticate")
ASKED_BEFORE = [
    "account_address",
    "account_change_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
]


@pytest.fixture(autouse=True)
def on_a_day(time_machine):
    time_machine.move_to("2026-03-02T03:00:00Z")


def decisions(user):
    """Pages of the administration that change who may do what, or how somebody gets in."""
    posting = user.postings.get()
    of_user = ["post", "password_link", "address", "lost_factor", "appoint", "dismiss", "deactivate"]
    return [
        reverse("admin:accounts_user_invite"),
        *(reverse(f"admin:accounts_user_{name}", args=[user.pk]) for name in [*of_user, "reactivate"]),
        *(reverse(f"admin:partnerships_posting_{name}", args=[posting.pk]) for name in ("transfer", "end")),
    ]


@pytest.mark.parametrize("name", ASKED_BEFORE)
def test_steps_about_one_s_own_account_ask_first(name, client, registrar):
    sign_in(client, registrar)
    page = reverse(name)

    for answer in (client.get(page), client.post(page, {"address": "baru@example.test"})):
        assert answer.status_code == 302
    assert client.get(page).url.startswith(f"{BY_PASSWORD}?next=")

    client.post(f"{BY_PASSWORD}?next={page}", {"password": PASSWORD})
    assert client.get(page).status_code == 200


def test_steps_that_change_rights_ask_first_and_change_nothing_before(client, admin, registrar):
    client.force_login(admin)

    for address in decisions(registrar):
        for answer in (
            client.get(address),
            client.post(address, {"reason": "x", "address": "b@example.test"}),
        ):
            assert answer.status_code == 302, address
            assert answer.url.startswith(f"{BY_PASSWORD}?next=%2Fadmin%2F"), address
    before = User.objects.get(pk=registrar.pk)
    assert (before.email, before.is_active, before.is_staff) == (registrar.email, True, False)
    assert registrar.postings.get().ends_on is None
    assert not OutboxMessage.objects.exists()
    assert not ErrorReport.objects.exists()


def test_everybody_else_is_told_that_the_page_does_not_exist(client, registrar, leadership):
    client.force_login(leadership)

    for address in decisions(registrar):
        assert client.get(address).status_code == 404


def test_a_press_that_was_kept_is_carried_out_after_the_proof(client, admin, registrar):
    client.force_login(admin)
    address = reverse("admin:accounts_user_deactivate", args=[registrar.pk])
    client.post(address, {"reason": "Pensiun"})

    client.post(f"{BY_PASSWORD}?next={address}", {"password": PASSWORD, "next": address})

    registrar.refresh_from_db()
    assert not registrar.is_active
    assert registrar.events.latest("pgh_id").pgh_context["reason"] == "Pensiun"


def test_with_a_second_factor_both_are_asked(client, admin):
    app = App(admin)
    client.force_login(admin)
    page = reverse("admin:accounts_user_invite")
    assert client.get(page).url.startswith(BY_PASSWORD)

    client.post(BY_PASSWORD, {"password": PASSWORD})
    assert client.get(page).url.startswith(BY_CODE)
    client.post(BY_CODE, {"code": "000000"})
    assert client.get(page).url.startswith(BY_CODE)

    client.post(BY_CODE, {"code": app.shows})
    assert client.get(page).status_code == 200


def test_a_passkey_alone_is_proof_enough(client, admin):
    App(admin)
    client.force_login(admin)
    confirm(client, admin, "webauthn")

    assert client.get(reverse("admin:accounts_user_invite")).status_code == 200


def test_a_proof_holds_for_a_quarter_of_an_hour(client, admin, time_machine):
    client.force_login(admin)
    confirm(client, admin)
    page = reverse("admin:accounts_user_invite")

    time_machine.shift(14 * 60)
    assert client.get(page).status_code == 200
    time_machine.shift(2 * 60)
    assert client.get(page).status_code == 302


def test_the_proof_of_another_person_counts_for_nothing(client, admin):
    client.force_login(admin)
    confirm(client, UserFactory())

    assert client.get(reverse("admin:accounts_user_invite")).status_code == 302


def test_passwords_of_a_form_are_kept_nowhere_while_it_is_asked(client, registrar):
    sign_in(client, registrar)
    new = "kata-sandi-yang-baru"

    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), sent)

    assert new not in str(dict(client.session))
    registrar.refresh_from_db()
    assert not registrar.check_password(new)


# --- all of a large list --------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch, registrar):
    """A register that is larger than what is given without asking."""
    monkeypatch.setattr("partnerships.views.whole.MOST_UNASKED", 2)
    for _each in range(3):
        AgreementFactory(with_parties=["ditjen-binalavotas", "pemerintah-kabupaten-asahan"])


EVERYTHING = {"made_of": "register", "form": "csv", "params": "?sort=title"}


def test_all_of_a_large_list_is_given_to_who_has_just_signed_in(large, client, registrar, time_machine):
    sign_in(client, registrar)
    assert client.get("/kemitraan/ekspor.csv").status_code == 200
    assert client.post("/unduhan/", EVERYTHING).status_code == 303

    time_machine.shift(16 * 60)

    assert client.get("/kemitraan/ekspor.csv").url.startswith(f"{BY_PASSWORD}?next=%2Fkemitraan%2Fekspor.csv")
    assert client.get("/kemitraan/ekspor.csv?sort=title&columns=ref").status_code == 302
    assert client.post("/unduhan/", EVERYTHING).url.startswith(BY_PASSWORD)
    client.post(BY_PASSWORD, {"password": PASSWORD})
    assert client.get("/kemitraan/ekspor.csv").status_code == 200


@pytest.mark.parametrize("question", ["?class=regional", "?theme=penempatan", "?q=vokasi"])
def test_a_part_of_it_is_daily_work(question, large, client, registrar):
    client.force_login(registrar)

    assert client.get(f"/kemitraan/ekspor.csv{question}").status_code == 200


def test_a_small_register_is_given_without_asking(client, registrar, agreement_of_asahan):
    client.force_login(registrar)

    assert client.get("/kemitraan/ekspor.csv").status_code == 200
