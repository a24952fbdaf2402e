"""Cookies: whose they are, who can read them, and where there are none."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

from tests.accounts.signing_in import sign_in

# Makes each cookie that the portal has, as it is behind HTTPS, and prints name, secure, path and domain.
_BEHIND_HTTPS = """
import json, django
django.setup()
from django.conf import settings
from django.contrib.messages import SUCCESS
from django.http import HttpResponse
from django.test import RequestFactory
from accounts import browsers
from kemnaker_portal.notes import NoteStorage
request, response = RequestFactory().get("/"), HttpResponse()
request.session = {}
browsers.remember(request, response, 1)
notes = NoteStorage(request)
notes.add(SUCCESS, "Tersimpan.")
notes.update(response)
gone = HttpResponse()
request.COOKIES = {name: cookie.value for name, cookie in response.cookies.items()}
notes = NoteStorage(request)
list(notes)
notes.update(gone)
made = [*response.cookies.values(), *gone.cookies.values()]
names = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME]
print(json.dumps([names, [[c.key, bool(c["secure"]), c["path"], c["domain"]] for c in made]]))
"""


def test_behind_https_no_other_host_can_set_any_cookie_of_the_portal():
    said = subprocess.run(
        [sys.executable, "-c", _BEHIND_HTTPS],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "HTTPS": "1",
            "SECRET_KEY": "x" * 50,
            "DJANGO_SETTINGS_MODULE": "kemnaker_portal.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    names, made = json.loads(said.stdout)
    assert [name for name in names if not name.startswith("__Host-")] == []
    assert len(made) == 3
    for name, is_secure, path, domain in made:
        assert (name[:7], is_secure, path, domain) == ("__Host-", True, "/", "")


@pytest.mark.django_db
def test_who_has_not_signed_in_gets_no_session(client):
    for path in ("/masuk/", "/lupa-sandi/", reverse("partnerships:issued-files"), "/healthz"):
        assert "sessionid" not in client.get(path).cookies, path


@pytest.mark.django_db
def test_the_key_of_a_session_stands_in_its_cookie_alone(client, registrar):
    sign_in(client, registrar)
    key = client.cookies["sessionid"].value

    for path in ("/", "/kemitraan/", "/akun/", "/akun/sesi/"):
        assert key not in client.get(path).content.decode(), path
