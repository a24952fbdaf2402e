"""What the monitor hears of a portal that is well, and of one that is not."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest
from django.db import connection

from kemnaker_portal import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    """A connection such as the background worker has."""
    said = connection.get_connection_params()
    where = {name: said[name] for name in ("host", "port", "dbname", "user")}
    with closing(psycopg2.connect(**where, application_name=health.WORKER)) as session:
        with session.cursor() as cursor:
            cursor.execute("SELECT 1")
        yield session


def ask(client):
    answer = client.get("/healthz?ready=1")
    return answer.status_code, answer.json()


def test_a_monitor_need_not_sign_in(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_portal_that_is_well_is_ready(client, worker):
    status, said = ask(client)

    assert (status, said["status"]) == (200, "ready")
    assert set(said["checks"]) == {"database", "storage", "migrations", "worker", "clock"}
    assert set(said["checks"].values()) == {"ok"}


def test_without_a_worker_pages_are_answered_and_the_monitor_is_told(client):
    assert ask(client) == (200, {"status": "degraded", "checks": ask(client)[1]["checks"]})
    assert ask(client)[1]["checks"]["worker"] == "none"


def test_a_worker_that_is_stuck_is_told(client, worker, monkeypatch):
    monkeypatch.setattr(health, "_SECONDS_SILENT", -1)

    assert ask(client)[1]["checks"]["worker"].startswith("silent for")


def test_a_clock_that_is_off_is_told(client, worker, monkeypatch):
    monkeypatch.setattr(health.timezone, "now", lambda: datetime.now(UTC) + timedelta(hours=1))

    assert ask(client)[1]["checks"]["clock"] in {"3599 s apart", "3600 s apart"}


def test_a_portal_whose_disk_is_full_is_not_ready(client, settings, tmp_path):
    (tmp_path / "media").write_text("a file where the folder should be")
    settings.PORTAL_DATA = tmp_path

    status, said = ask(client)
    assert (status, said["status"]) == (503, "not ready")
    assert said["checks"]["storage"].startswith("not writable")


def test_a_portal_with_older_tables_is_not_ready_and_with_newer_ones_it_is(client, worker, monkeypatch):
    ours = health._of_this_release()
    monkeypatch.setattr(health, "_of_this_release", lambda: ours - {("partnerships", "0001_initial")})
    assert ask(client)[1]["status"] == "ready"

    monkeypatch.setattr(health, "_of_this_release", lambda: ours | {("partnerships", "9999_coming")})
    status, said = ask(client)
    assert status == 503
    assert said["checks"]["migrations"] == "1 pending"


def test_nothing_is_left_where_the_disk_was_tried(client, settings, tmp_path):
    settings.PORTAL_DATA = tmp_path
    ask(client)

    assert [path.name for path in tmp_path.rglob("*")] == ["media", "incoming"]
