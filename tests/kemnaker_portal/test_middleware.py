import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import IssuedFileFactory
from tests.test_access_matrix import ARGUMENTS, BY_KEY, OF_THE_ACCOUNT, PUBLIC

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/kemitraan/?q=%00",
        "/kemitraan/?q=a%01b",
        "/kemitraan/?%00=1",
        "/kemitraan/?q=%ff%fe",
        "/kemitraan/%00/",
        "/kemitraan/?q=%ed%a0%80",
    ],
)
def test_control_characters_and_broken_text_are_refused_at_the_door(path, client, registrar):
    client.force_login(registrar)

    response = client.get(path)

    assert response.status_code == 400
    assert response.headers["X-Request-Id"] in response.text


def test_control_characters_in_a_form_are_refused_at_the_door(client):
    response = client.post("/masuk/", {"login": "a\x00b", "password": "x"})

    assert response.status_code == 400


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "rot13", "hex"])
def test_text_that_claims_not_to_be_utf8_is_refused_at_the_door(charset, client):
    body = b"--x\r\nContent-Disposition: form-data; name=login\r\n\r\na\r\n--x--"

    response = client.generic("POST", "/masuk/", body, f"multipart/form-data; boundary=x; charset={charset}")

    assert response.status_code == 400
    assert response.headers["X-Request-Id"] in response.text


def test_a_control_character_in_a_cookie_is_refused_at_the_door(client):
    assert client.get("/masuk/", HTTP_COOKIE='sessionid="abcdefgh\\000ijkl"').status_code == 400


@pytest.mark.parametrize("value", ["1" * 1_000, "[" * 33, '{"a":' * 40, " \n" + "[[" * 9_000])
def test_numbers_and_json_without_bounds_are_refused_at_the_door(value, client):
    assert client.post("/masuk/", {"login": value}).status_code == 400
    assert client.get("/masuk/", {"next": value}).status_code == 400


@pytest.mark.parametrize("value", ["1" * 999, "[" * 32, "a" + "[" * 99, '[{"a": [1, 2]}, {}] ' * 40])
def test_what_people_write_passes_the_door(value, client):
    assert client.post("/masuk/", {"login": value}).status_code == 200


def test_portal_speaks_indonesian_whatever_the_browser_prefers(client):
    response = client.get("/masuk/", headers={"accept-language": "en-US,en;q=0.9"})

    assert response.headers["Content-Language"] == "id"


def test_reader_who_chose_english_gets_english(client):
    client.cookies["django_language"] = "en"

    assert client.get("/masuk/").headers["Content-Language"] == "en"


def test_an_unknown_language_is_no_choice(client):
    client.cookies["django_language"] = "../../etc"

    assert client.get("/masuk/").headers["Content-Language"] == "id"


def test_nothing_a_reader_was_shown_may_be_kept_in_a_cache(client, registrar):
    client.force_login(registrar)

    control = client.get("/kemitraan/").headers["Cache-Control"]

    assert "no-store" in control
    assert "private" in control


def test_what_sets_a_cookie_may_be_kept_in_no_cache(registrar):
    public = {name: reverse(name, kwargs=ARGUMENTS.get(name)) for name in [*OF_THE_ACCOUNT, *PUBLIC]}
    by_key = {name: reverse(f"partnerships:{name}", args=["1-a"]) for name in BY_KEY}
    answers = {name: Client().get(address) for name, address in (public | by_key).items()}
    answers["an issued file"] = Client().get(IssuedFileFactory().get_absolute_url())
    answers["no such page"] = Client().get("/tidak-ada/")
    answers["another language"] = Client().post("/bahasa/", {"language": "en"})
    one = Client()
    answers["signed in"] = one.post("/masuk/", {"login": registrar.email, "password": "sandi-untuk-uji-coba"})
    answers["signed out"] = one.post(reverse("account_logout"))

    answers = {name: answer for name, answer in answers.items() if answer.cookies}

    assert answers.keys() >= {
        *("account_login", "account_reset_password", "partnerships:issued-files", "an issued file"),
        *("no such page", "another language", "signed in", "signed out"),
    }
    said = {name: answer.headers.get("Cache-Control", "") for name, answer in answers.items()}
    assert [name for name in said if not {*said[name].split(", ")} >= {"private", "no-store"}] == []


def test_every_page_carries_the_headers_of_safety(client):
    headers = client.get("/masuk/").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_session_cookie_is_out_of_reach_of_scripts(client, registrar):
    response = client.post("/masuk/", {"login": registrar.email, "password": "sandi-untuk-uji-coba"})

    cookie = response.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "https:evil.example"]
)
def test_signing_in_never_leads_to_another_host(target, client, registrar):
    response = client.post(
        "/masuk/", {"login": registrar.email, "password": "sandi-untuk-uji-coba", "next": target}
    )

    assert response.status_code == 302
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_choosing_a_language_never_leads_to_another_host(target, client):
    response = client.post("/bahasa/", {"language": "en", "next": target})

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/static/../manage.py", "/media/", "/requirements.txt"]
)
def test_files_of_the_project_are_not_served(path, client):
    assert client.get(path).status_code in {302, 404}


def test_a_write_that_is_refused_leaves_a_line_in_the_log(client, registrar, caplog):
    client.force_login(registrar)

    answer = client.post("/kemitraan/KS-1999-0001/ubah/", {})

    (line,) = [each for each in caplog.records if each.name == "accounts.middleware"]
    assert (
        line.getMessage() == f"write refused: POST /kemitraan/KS-1999-0001/ubah/ by user {registrar.pk}: 404"
    )
    assert line.request.number == answer["X-Request-Id"]
