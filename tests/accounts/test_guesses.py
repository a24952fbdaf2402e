"""Guessing passwords: how often, from where, and what a guesser can't find out or spoil."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import guesses
from partnerships.jobs import deliver_messages, send_password_link
from tests.accounts.signing_in import App, is_signed_in, sign_in

TOO_MANY = "Terlalu banyak percobaan yang salah"


@pytest.fixture(autouse=True)
def at_a_moment(time_machine):
    time_machine.move_to("2026-03-02T03:00:00Z", tick=False)


def guess(user, times=1, address="203.0.113.7", **headers):
    """So many wrong passwords from a browser nobody knows; how many of them were looked at."""
    looked_at = 0
    for number in range(times):
        answer = sign_in(Client(REMOTE_ADDR=address), user, f"salah-{number}", headers=headers)
        assert answer.status_code == 200
        looked_at += TOO_MANY not in answer.content.decode()
    return looked_at


def test_at_most_ten_guesses_an_hour_whoever_the_guesser_says_to_be(somebody, time_machine):
    looked_at = 0
    for minute in range(61):
        looked_at += guess(somebody, 1, headers={"X-Forwarded-For": f"198.51.100.{minute}"}) + guess(
            somebody, 1, address=f"198.51.100.{minute}"
        )
        time_machine.shift(60)

    assert looked_at == 10


def test_an_address_without_an_account_is_answered_alike(client, somebody):
    def answers_for(email):
        texts = []
        for _try in range(7):
            answer = Client().post("/masuk/", {"login": email, "password": "salah"})
            texts.append(answer.content.decode().replace(email, "X").partition("error-summary")[2][:600])
        return texts

    assert answers_for(somebody.email) == answers_for("tidak.dikenal@example.test")


def test_nobody_is_kept_out_for_more_than_a_quarter_of_an_hour(client, somebody, time_machine):
    guess(somebody, 30)
    assert TOO_MANY in sign_in(client, somebody).content.decode()

    time_machine.shift(15 * 60)

    sign_in(client, somebody)
    assert is_signed_in(client)


def test_who_signed_in_before_gets_in_during_an_attack(client, somebody):
    sign_in(client, somebody)
    client.post(reverse("account_logout"))
    guess(somebody, 30)

    sign_in(client, somebody)

    assert is_signed_in(client)


def test_a_known_browser_may_guess_no_more_than_a_stranger(client, somebody):
    sign_in(client, somebody)
    client.post(reverse("account_logout"))

    said = [TOO_MANY in sign_in(client, somebody, "salah").content.decode() for _try in range(7)]

    assert said == [False] * 5 + [True] * 2


def test_a_browser_is_known_to_its_own_people_only(client, somebody, registrar):
    sign_in(client, registrar)
    client.post(reverse("account_logout"))
    guess(somebody, 30)

    assert TOO_MANY in sign_in(client, somebody).content.decode()


@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ:1abc:xyz"])
def test_a_forged_name_of_a_browser_is_a_stranger(client, somebody, cookie):
    guess(somebody, 30)
    client.cookies["known"] = cookie

    assert TOO_MANY in sign_in(client, somebody).content.decode()


def test_right_passwords_are_not_counted(client, somebody):
    for _time in range(20):
        stranger = Client()
        sign_in(stranger, somebody)
        assert is_signed_in(stranger)


def test_a_new_password_by_mail_opens_the_door_again(client, somebody, mailoutbox, time_machine):
    guess(somebody, 30)
    client.post(reverse("account_reset_password"), {"email": somebody.email.upper()})
    send_password_link.func(somebody.email)
    deliver_messages.func()
    link = next(word for word in mailoutbox[0].body.split() if "/lupa-sandi/" in word)
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "kata-sandi-yang-baru", "password2": "kata-sandi-yang-baru"})

    sign_in(Client(), somebody, "kata-sandi-yang-baru")
    sign_in(client, somebody, "kata-sandi-yang-baru")
    assert is_signed_in(client)
    assert client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True).context["token_fail"]


def test_a_new_password_by_mail_still_asks_for_the_second_factor(client, somebody, mailoutbox):
    app = App(somebody)
    client.post(reverse("account_reset_password"), {"email": somebody.email})
    send_password_link.func(somebody.email)
    deliver_messages.func()
    link = next(word for word in mailoutbox[0].body.split() if "/lupa-sandi/" in word)
    form = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "kata-sandi-yang-baru", "password2": "kata-sandi-yang-baru"})

    assert not is_signed_in(client)
    assert sign_in(client, somebody, "kata-sandi-yang-baru").url == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": app.shows})
    assert is_signed_in(client)


def test_asking_for_a_link_looks_for_no_account(client, somebody):
    with CaptureQueriesContext(connection) as asked:
        client.post(reverse("account_reset_password"), {"email": somebody.email})

    assert any("django_tasks" in query["sql"] for query in asked)
    assert not any('"accounts_user"' in query["sql"] for query in asked)


def test_confirming_is_counted_too(client, somebody):
    client.force_login(somebody)
    page = reverse("account_reauthenticate")

    answers = [client.post(page, {"password": "salah"}) for _try in range(7)]

    assert [TOO_MANY in answer.content.decode() for answer in answers] == [False] * 5 + [True] * 2


@pytest.mark.parametrize(
    ("proxies", "forwarded", "is_one"),
    [(0, "{n}", True), (1, "{n}, 203.0.113.9", True), (1, "203.0.113.9, {n}", False)],
)
def test_only_our_own_proxies_say_where_a_request_comes_from(client, settings, proxies, forwarded, is_one):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    said = []
    for number in range(70):
        headers = {"X-Forwarded-For": forwarded.format(n=f"198.51.100.{number}")}
        sent = {"login": f"a{number}@example.test", "password": "salah"}
        said.append(client.post("/masuk/", sent, headers=headers).status_code)

    assert (429 in said) == is_one


def test_too_many_tries_get_a_page_that_says_when_to_come_back(client, somebody):
    for number in range(61):
        answer = client.post("/masuk/", {"login": f"a{number}@example.test", "password": "salah"})

    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "Terlalu banyak percobaan" in answer.content.decode()


def test_parallel_guesses_are_all_counted(own_database):
    cache.clear()
    taken = []

    def take():
        taken.append(guesses.take("seseorang"))
        connection.close()

    threads = [threading.Thread(target=take) for _each in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == [False] * 11 + [True] * 5


def test_the_counts_are_shared_by_all_processes(settings):
    assert settings.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache")
    cache.set("satu", 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM portal_cache")
        assert cursor.fetchone() == (1,)


def test_a_session_of_before_the_sign_in_is_not_the_one_after(client, somebody):
    client.cookies["sessionid"] = "dipasang-oleh-penyerang-00000000"
    client.get("/masuk/")

    sign_in(client, somebody)

    assert client.cookies["sessionid"].value != "dipasang-oleh-penyerang-00000000"
    assert is_signed_in(client)
    assert client.cookies["known"]["httponly"]
    assert client.cookies["known"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https:evil.example", "/\\evil.example", "https://evil.example"]
)
def test_signing_in_and_confirming_stay_on_this_host(client, somebody, target):
    answer = client.post(
        "/masuk/", {"login": somebody.email, "password": "sandi-untuk-uji-coba", "next": target}
    )
    assert answer.url == "/"

    page = f"{reverse('account_reauthenticate')}?next={target}"
    answer = client.post(page, {"password": "sandi-untuk-uji-coba", "next": target})
    assert answer.url == "/"
