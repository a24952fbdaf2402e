"""Which passwords are taken: length and what others guess count, the kinds of signs do not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.accounts.signing_in import PASSWORD, is_signed_in, sign_in


@pytest.mark.parametrize(
    "password",
    [
        "empat kuda makan rumput",
        "739182645093",
        "!!!???###;;;:::",
        "kuda makan kemnaker",
        "x" * 8 + "y" * 120,
    ],
)
def test_any_kind_of_signs_is_taken(password):
    validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "sebelas.11.",
        "Kemnaker2026!",
        "2026-kemitraan!",
        "Portal_Kemitraan_01",
        "password123456",
        "Qwerty!!!!!!2026",
        "111111111111",
    ],
)
def test_what_is_short_or_what_many_try_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_a_long_password_counts_to_its_last_sign_and_in_its_case(client, somebody):
    password = "Satu dua tiga empat lima enam tujuh " * 3
    sign_in(client, somebody)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    page = client.get(reverse("account_change_password"))
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    for wrong in (password[:-2], password.lower(), PASSWORD):
        sign_in(client, somebody, wrong)
        assert not is_signed_in(client)
    sign_in(client, somebody, password)
    assert is_signed_in(client)
    assert page.content.count(b'type="password"') == 3


def test_fields_for_passwords_let_managers_and_pasting_be(client):
    html = client.get("/masuk/").content.decode()

    assert 'autocomplete="current-password"' in html
    assert "onpaste" not in html
