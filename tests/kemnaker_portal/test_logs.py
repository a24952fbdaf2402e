"""What a line of the log holds, and what it never holds."""

import json
import logging

import pytest

from kemnaker_portal.logs import JsonLine
from tests.accounts.signing_in import PASSWORD, App, sign_in


def lines(caplog):
    return [JsonLine().format(record) for record in caplog.records]


@pytest.mark.parametrize("text", ["a\r\nb", 'a\n{"level": "INFO"}', "\x1b[2J\x1b[31mrot", "a\u2028b\x85c"])
def test_an_entry_is_one_line_of_plain_signs_whatever_it_tells(text):
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (text,), "levelname": "WARNING"})

    line = JsonLine().format(record)

    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert json.loads(line)["message"] == f"Not Found: {text}"


def test_the_time_has_its_offset():
    entry = json.loads(JsonLine().format(logging.makeLogRecord({"msg": "x"})))

    assert entry["time"][-5:] == "+0700"


@pytest.mark.django_db
def test_an_address_that_breaks_lines_forges_no_entry(client, registrar, caplog):
    client.force_login(registrar)

    client.get("/kemitraan/x%0a%7b%22level%22:%22INFO%22%7d/")

    assert lines(caplog)
    assert all(len(line.splitlines()) == 1 and json.loads(line) for line in lines(caplog))


@pytest.mark.django_db
def test_signing_in_and_every_refusal_leaves_a_line_and_no_secret(client, registrar, caplog):
    caplog.set_level(logging.INFO)
    app = App(registrar)
    secrets = [PASSWORD, "salah-sekali-sandinya", registrar.email, "tidak.dikenal@example.test", app.shows]

    client.post("/masuk/", {"login": "tidak.dikenal@example.test", "password": PASSWORD})
    sign_in(client, registrar, "salah-sekali-sandinya")
    sign_in(client, registrar)
    client.post("/masuk/kode/", {"code": "000000"})
    client.post("/masuk/kode/", {"code": app.shows})
    secrets += [client.cookies[name].value for name in ("sessionid", "csrftoken", "known")]
    client.get("/kemitraan/KS-1999-0001/")
    client.post("/keluar/")

    said = lines(caplog)
    of_the_door = [json.loads(line)["message"] for line in said if '"accounts.door_log"' in line]
    assert of_the_door == [
        "sign-in refused: wrong password: user unknown from 127.0.0.0/24",
        f"sign-in refused: wrong password: user {registrar.pk} from 127.0.0.0/24",
        f"sign-in refused: wrong code: user {registrar.pk} from 127.0.0.0/24",
        f"signed in by password, totp: user {registrar.pk} from 127.0.0.0/24",
        f"signed out: user {registrar.pk} from 127.0.0.0/24",
    ]
    not_found = next(json.loads(line) for line in said if "Not Found" in line)
    assert not_found["user"] == registrar.pk
    assert not [(secret, line) for secret in secrets for line in said if secret in line]


@pytest.fixture
def log_lines():
    """What the log of the portal gets to read, line by line."""

    class Kept(logging.Handler):
        lines: list = []

        def emit(self, record):
            self.lines.append(json.loads(self.format(record)))

    kept = Kept()
    kept.setFormatter(JsonLine())
    kept.lines = []
    logging.getLogger("django").addHandler(kept)
    yield kept.lines
    logging.getLogger("django").removeHandler(kept)


def test_what_was_refused_is_no_error_and_needs_no_traceback(client, log_lines, db):
    client.get("/masuk/?next=%00")
    client.get("/masuk/", headers={"host": "evil.example"})

    assert [line["level"] for line in log_lines] == ["WARNING"] * len(log_lines) != []
    assert not any("error" in line for line in log_lines)


def test_what_broke_keeps_its_traceback(log_lines):
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        logging.getLogger("django.request").exception("broke", extra={"status_code": 500})

    (line,) = log_lines
    assert line["level"] == "ERROR"
    assert "ZeroDivisionError" in line["error"]
