"""What changes when the portal stands behind HTTPS."""

import json
import os
import subprocess
import sys

from django.conf import settings

# What the browser tests allow themselves is no part of a deployment.
_OWN = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
_BEHIND_HTTPS = {
    **_OWN,
    "HTTPS": "1",
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "k9Zr2mT7xWq4vB1nYc6uJd8eHs3gLf5aPo0iKt-RbXwQzVyMnUhGjDcSe",
    "ALLOWED_HOSTS": "kemitraan.example",
}


def test_deployment_check_finds_nothing_to_warn_of():
    said = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=_BEHIND_HTTPS,
        capture_output=True,
        text=True,
    )

    assert said.returncode == 0, said.stderr


def test_cookies_can_only_be_set_by_this_host_over_https():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps([getattr(settings, name) for name in {names!r}]))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**_BEHIND_HTTPS, "DJANGO_SETTINGS_MODULE": "kemnaker_portal.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(said.stdout) == ["__Host-session", "__Host-csrf", True, True]
