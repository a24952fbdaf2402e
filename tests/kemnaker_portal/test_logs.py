import json
import logging

import pytest

from kemnaker_portal.logs import JsonLine


@pytest.fixture
def lines():
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


def test_what_was_refused_is_no_error_and_needs_no_traceback(client, lines, db):
    client.get("/masuk/?next=%00")
    client.get("/masuk/", headers={"host": "evil.example"})

    assert [line["level"] for line in lines] == ["WARNING"] * len(lines) != []
    assert not any("error" in line for line in lines)


def test_what_broke_keeps_its_traceback(lines):
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        logging.getLogger("django.request").exception("broke", extra={"status_code": 500})

    (line,) = lines
    assert line["level"] == "ERROR"
    assert "ZeroDivisionError" in line["error"]
