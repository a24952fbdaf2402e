"""What changes when the portal stands behind HTTPS."""

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.db import connection
from django.utils import timezone

from kemnaker_portal import deployment
from tests.databases import addresses_of, owner_connection

# What the browser tests allow themselves is no part of a deployment.
_OWN = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
_BEHIND_HTTPS = {
    **_OWN,
    "HTTPS": "1",
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "k9Zr2mT7xWq4vB1nYc6uJd8eHs3gLf5aPo0iKt-RbXwQzVyMnUhGjDcSe",
    "ALLOWED_HOSTS": "kemitraan.example",
    "TRUSTED_PROXIES": "1",
    "PORTAL_URL": "https://kemitraan.example",
    "DEFAULT_FROM_EMAIL": "portal@kemitraan.example",
}


@pytest.fixture
def collected(tmp_path):
    """The environment of a deployment whose static files are in their place."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}}')
    return {**_BEHIND_HTTPS, "PORTAL_DATA": str(tmp_path)}


def test_deployment_check_finds_nothing_to_warn_of(collected):
    said = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=collected,
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


@pytest.fixture
def safe(settings, tmp_path):
    """The settings of a portal that others may reach."""
    settings.DEBUG, settings.DEMO, settings.HTTPS = False, False, True
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ALLOWED_HOSTS = ["kemitraan.example"]
    settings.PORTAL_URL = "https://kemitraan.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "portal@kemitraan.example"
    settings.METRICS_TOKEN = "t" * 40
    settings.PORTAL_DATA = tmp_path
    settings.STATIC_LIST = tmp_path
    (tmp_path / "media").mkdir(mode=0o750)
    return settings


def test_safe_settings_are_not_complained_of(safe):
    assert deployment.settings_are_safe(None) == []
    with connection.cursor() as cursor:
        # The database of the tests does not wait for the disk.
        cursor.execute("SET synchronous_commit = on")
    deployment.refuse_unsafe_settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEMO", True, "accounts of the demo"),
        ("HTTPS", False, "in the open"),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0, "proxy's address"),
        ("ALLOWED_HOSTS", ["*"], "every host"),
        ("ALLOWED_HOSTS", ["localhost"], "none that others reach"),
        ("PORTAL_URL", "http://kemitraan.example", "without HTTPS"),
        ("PORTAL_URL", "https://other.example", "not the portal's"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "printed"),
        ("DEFAULT_FROM_EMAIL", "portal@localhost", "nobody can answer"),
        ("METRICS_TOKEN", "short", "guessed"),
        ("STATIC_LIST", Path("/nowhere"), "not collected"),
        ("EMAIL_HOST", "surat.kemitraan.example", "Mails, and the links"),
    ],
)
def test_each_unsafe_setting_is_named_with_its_remedy(safe, name, value, said):
    setattr(safe, name, value)
    if value == ["localhost"]:
        safe.PORTAL_URL = "https://localhost"
    (fault,) = deployment.settings_are_safe(None)

    assert said in fault.msg
    assert fault.hint


@pytest.mark.parametrize(
    ("database", "is_safe"),
    [
        ({"HOST": "/var/run/postgresql"}, True),
        ({"HOST": ""}, True),
        ({"HOST": "127.0.0.1"}, True),
        ({"HOST": "db.example", "OPTIONS": {"sslmode": "verify-full"}}, True),
        ({"HOST": "db.example", "OPTIONS": {"sslmode": "require"}}, False),
        ({"HOST": "db.example"}, False),
    ],
)
def test_a_database_elsewhere_has_to_prove_who_it_is(safe, database, is_safe, monkeypatch):
    safe.EMAIL_HOST, safe.EMAIL_USE_TLS = "surat.kemitraan.example", True
    monkeypatch.setattr(settings, "DATABASES", {"default": {"HOST": "/run"}, "replica": database})

    found = [fault.msg for fault in deployment.settings_are_safe(None)]

    assert ["database is asked" in said for said in found] == ([] if is_safe else [True])


def test_uploads_that_others_of_the_machine_may_read_are_named(safe, tmp_path):
    (tmp_path / "media").chmod(0o755)

    assert [fault.id for fault in deployment.settings_are_safe(None)] == ["portal.E010"]


def test_files_that_are_collected_for_the_first_time_are_found_by_their_names(tmp_path):
    env = {**_BEHIND_HTTPS, "PORTAL_DATA": str(tmp_path)}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    subprocess.run(collect, cwd=settings.BASE_DIR, env=env, capture_output=True, check=True)
    names = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]

    assert (tmp_path / "static" / names["css/base.css"]).exists()

    show = "from partnerships.templatetags.ui import script; print(script('js/portal.js'))"
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", show],
        cwd=settings.BASE_DIR,
        env={**env, "DATABASE_URL": "postgresql://nobody@nowhere.example/none"},
        capture_output=True,
        text=True,
        check=True,
    )
    content = (tmp_path / "static" / names["js/portal.js"]).read_bytes()
    digest = b64encode(hashlib.sha384(content).digest()).decode()
    assert said.stdout.strip() == (
        f'<script type="module" src="/static/{names["js/portal.js"]}" integrity="sha384-{digest}"></script>'
    )


def test_a_web_server_with_unsafe_settings_does_not_start(collected):
    said = subprocess.run(
        [sys.executable, "-c", "import kemnaker_portal.wsgi"],
        cwd=settings.BASE_DIR,
        env={**collected, "DEMO": "1"},
        capture_output=True,
        text=True,
    )

    assert said.returncode != 0
    assert "does not start" in said.stderr and "Set DEMO=0" in said.stderr


def started(environment, **more):
    """A web server's process, as it begins: its code and what it said."""
    return subprocess.run(
        [sys.executable, "-c", "import kemnaker_portal.wsgi"],
        cwd=settings.BASE_DIR,
        # The database of the tests, which is thrown away, does not wait for the disk.
        env={**environment, "PORTAL_DB_ROLE": "web", "PGOPTIONS": "-c synchronous_commit=on", **more},
        capture_output=True,
        text=True,
    )


@pytest.mark.django_db
def test_a_web_server_that_is_bound_by_no_policy_does_not_start(collected):
    addresses = addresses_of(connection.settings_dict["NAME"])

    web = started({**collected, **addresses})
    owner = started({**collected, **addresses}, DATABASE_URL=addresses["DATABASE_OWNER_URL"])

    assert web.returncode == 0, web.stderr
    assert owner.returncode != 0
    assert "could switch off their rules" in owner.stderr


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("GRANT UPDATE ON partnerships_agreementevent TO portal_web", "change the history"),
        ("ALTER TABLE partnerships_agreement DISABLE ROW LEVEL SECURITY", "Row security is switched off"),
    ],
)
def test_a_web_server_whose_database_grants_too_much_does_not_start(collected, own_database, harm, said):
    with closing(owner_connection(own_database)) as owner, owner.cursor() as cursor:
        cursor.execute(harm)

    web = started({**collected, **addresses_of(own_database)})

    assert web.returncode != 0
    assert said in web.stderr


def test_a_web_server_whose_database_does_not_wait_for_the_disk_does_not_start(collected, own_database):
    web = started({**collected, **addresses_of(own_database)}, PGOPTIONS="-c synchronous_commit=off")

    assert web.returncode != 0
    assert "may be gone (synchronous_commit)" in web.stderr


def test_a_web_server_does_not_start_on_the_tables_of_the_release_before(collected, own_database):
    with closing(owner_connection(own_database)) as owner, owner.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0024_virus_scans'")

    web = started({**collected, **addresses_of(own_database)})

    assert web.returncode == 1
    assert "Migrations: 1 pending. Run manage.py migrate before the portal starts." in web.stderr


def test_a_web_server_whose_clock_is_off_does_not_start(own_database, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(hours=1))

    said = [fault.msg for fault in deployment.faults_of_the_database()]

    assert "The clocks of this machine and of the database are 3600 s apart." in said


def test_a_web_server_starts_before_its_database_does_and_says_so(collected):
    web = started(collected, DATABASE_URL="postgresql://portal_web@/portal?host=/nowhere")

    assert web.returncode == 0, web.stderr
    assert "does not answer" in web.stdout + web.stderr


def test_a_web_process_waits_for_the_database_only_so_long():
    asked = (
        "import kemnaker_portal.wsgi; from django.db import connection; cursor = connection.cursor();"
        "cursor.execute(\"SELECT name, setting FROM pg_settings WHERE name LIKE '%%_timeout'\");"
        "import json; print(json.dumps(dict(cursor.fetchall())))"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=settings.BASE_DIR,
        env=_OWN,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(said.stdout.splitlines()[-1])

    assert found["statement_timeout"] == "20000"
    assert found["lock_timeout"] == "2000"
    assert found["idle_in_transaction_session_timeout"] == "60000"


@pytest.mark.django_db
def test_the_database_grants_the_portal_no_more_than_it_needs():
    found = deployment.database_is_safe(None, databases=["default"])

    # The database of the tests, which is thrown away, does not wait for the disk.
    assert [fault.msg.rpartition(" ")[2] for fault in found] == ["(synchronous_commit)."]
    assert deployment.database_is_safe(None, databases=None) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            "GRANT UPDATE ON partnerships_agreementevent TO {role}",
            "change the history (partnerships_agreementevent)",
        ),
        ("GRANT CREATE ON SCHEMA public TO {role}", "make tables"),
        (
            "ALTER TABLE partnerships_agreement DISABLE ROW LEVEL SECURITY",
            "switched off on tables (partnerships_agreement)",
        ),
    ],
)
def test_what_the_database_grants_too_much_is_named(harm, said):
    # Seen by the owner, in a transaction that is taken back.
    with closing(owner_connection(connection.settings_dict["NAME"])) as owner, owner.cursor() as cursor:
        owner.autocommit = False
        cursor.execute(harm.format(role=settings.WEB_DATABASE_ROLE))
        roles = [settings.WEB_DATABASE_ROLE, settings.JOBS_DATABASE_ROLE]
        found = [fault for _number, fault, _hint in deployment._of_database(owner, roles)]
        owner.rollback()

    assert said in found[0] and len(found) == 2


SAMPLES = sorted((Path(settings.BASE_DIR) / "docs" / "deployment").iterdir())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_what_a_sample_of_a_deployment_starts_exists(sample):
    text = sample.read_text()
    commands = re.findall(r"manage\.py (\w+)", text)
    modules = re.findall(r"python -m ([\w.]+)", text)

    assert all(command in get_commands() for command in commands)
    assert all(importlib.util.find_spec(module) for module in modules)
    for unit in re.findall(r"portal-[\w@-]+\.(?:service|timer)", text):
        assert (sample.parent / unit).exists()
