"""What the browser is told on every kind of answer, as the MDN HTTP Observatory asks for it."""

import pytest
from django.test import Client

from partnerships.views import ledger

pytestmark = pytest.mark.django_db

KINDS = {
    "home": ("/", 200),
    "sign-in": ("/masuk/", 200),
    "list": ("/kemitraan/", 200),
    "file": ("/kemitraan/ekspor.csv", 200),
    "PDF": ("/kemitraan/ekspor.pdf", 200),
    "static": ("/static/css/base.css", 200),
    "redirect": ("/laporan/", 302),
    "not found": ("/kemitraan/KS-2099-9999/", 404),
    "forbidden": ("/kemitraan/baru/", 403),
    "error": ("/komitmen/", 500),
    "refused at the door": ("/kemitraan/?q=%00", 400),
    "over plain HTTP": ("/masuk/", 301),
}


@pytest.fixture
def https(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


@pytest.fixture
def answer_of(https, registrar, leadership, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("broken")

    monkeypatch.setattr(ledger, "commitments_for", broken)
    client = Client(raise_request_exception=False)

    def ask(kind):
        address, status = KINDS[kind]
        client.logout()
        if kind != "sign-in":
            client.force_login(leadership if kind == "forbidden" else registrar)
        answer = client.get(address, secure=kind != "over plain HTTP")
        assert answer.status_code == status
        return answer

    return ask


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_keeps_the_browser_safe(kind, answer_of):
    headers = answer_of(kind).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy or policy.startswith("sandbox")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    if kind != "over plain HTTP":
        assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_cookies_are_safe_and_stay_off_what_anybody_may_keep(answer_of):
    assert not answer_of("static").cookies
    for cookie in answer_of("sign-in").cookies.values():
        assert cookie["samesite"] == "Lax"
