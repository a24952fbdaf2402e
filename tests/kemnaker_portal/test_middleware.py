import pytest

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
