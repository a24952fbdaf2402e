import importlib.util
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

ROOT = Path(settings.BASE_DIR)


def test_driver_is_psycopg2_and_psycopg_3_is_not_installed():
    # Django prefers psycopg 3 in silence where both are there.
    assert connection.Database.__name__ == "psycopg2"
    assert importlib.util.find_spec("psycopg") is None


def test_tests_run_as_the_role_that_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        user = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        owned = cursor.fetchone()[0]

    assert user == settings.WEB_DATABASE_ROLE
    assert owned == 0


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_hashes(name):
    text = (ROOT / name).read_text()
    pins = [line for line in text.splitlines() if line and line[0] not in "# " and "==" in line]

    assert len(pins) > 20
    assert all(line.endswith("\\") for line in pins), "a pin without a hash follows"
    assert "http" not in text


def test_a_missing_secret_names_itself_and_the_remedy(monkeypatch, tmp_path):
    from kemnaker_portal import settings as module

    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setattr(module, "PORTAL_DATA", tmp_path)

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY is missing.*script/server"):
        module._secret_key()


def test_a_foreign_database_needs_its_owner_too(monkeypatch):
    from kemnaker_portal import settings as module

    monkeypatch.setenv("DATABASE_URL", "postgresql://web:x@db.example/portal")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_OWNER_URL is missing"):
        module._database("owner")


def test_background_work_has_its_own_role_or_shares_that_of_the_web_server(monkeypatch):
    from kemnaker_portal import settings as module

    monkeypatch.setenv("DATABASE_URL", "postgresql://web:x@db.example/portal")
    monkeypatch.delenv("DATABASE_JOBS_URL", raising=False)
    assert module._database("jobs")["USER"] == "web"

    monkeypatch.setenv("DATABASE_JOBS_URL", "postgresql://jobs:x@db.example/portal")
    assert module._database("jobs")["USER"] == "jobs"
    assert module._database("web")["USER"] == "web"


def test_a_connection_notices_a_network_that_went_silent_as_soon_as_its_address_says(monkeypatch):
    from kemnaker_portal import settings as module

    monkeypatch.setenv("DATABASE_URL", "postgresql://web:x@db.example/portal")
    assert module._database("web")["OPTIONS"] == module._NOTICES_SILENCE

    monkeypatch.setenv("DATABASE_URL", "postgresql://web:x@db.example/portal?tcp_user_timeout=60000")
    assert module._database("web")["OPTIONS"] == {**module._NOTICES_SILENCE, "tcp_user_timeout": "60000"}


def test_a_copy_of_the_database_is_read_by_the_same_role_and_never_by_the_owner(monkeypatch):
    from kemnaker_portal import settings as module

    primary = {"USER": "portal_web", "PASSWORD": "geheim", "HOST": "db.example"}
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://copy.example:6432/portal?sslmode=require")

    copy = module._replica(primary, "web")["replica"]
    assert (copy["HOST"], copy["USER"], copy["PASSWORD"]) == ("copy.example", "portal_web", "geheim")
    assert copy["OPTIONS"] == {**module._NOTICES_SILENCE, "connect_timeout": "2", "sslmode": "require"}
    assert module._replica(primary, "owner") == {}
