"""The virus scanner: what it says is understood to the letter, and whatever else it does is no verdict."""

import io
import json
import socket
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from kemnaker_portal import deployment, scanner
from tests.partnerships.files import office_files, pdf_files
from tests.scanners import EICAR, VIRUS, clamd_at_work, infected_pdf, infected_workbook

NOWHERE = "unix:/nowhere/clamd.ctl"


@pytest.fixture
def clamd(settings):
    with clamd_at_work() as clamd:
        settings.CLAMD = clamd.address
        yield clamd


def said_of(content, seconds=10):
    return scanner.virus_in(io.BytesIO(content), seconds=seconds)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (pdf_files.good(), ""),
        (office_files.file("xlsx"), ""),
        (bytes(5 * 2**20), ""),
        (EICAR, VIRUS),
        (bytes(2**20) + EICAR, VIRUS),
        (infected_pdf(), VIRUS),
        (infected_workbook(), VIRUS),
    ],
    ids=["pdf", "workbook", "large", "mark", "mark after a megabyte", "mark in a pdf", "mark in a workbook"],
)
def test_what_the_scanner_finds_is_told(content, found, clamd):
    assert said_of(content) == found


@pytest.mark.parametrize(
    ("mood", "is_an_answer"),
    [
        ("mad", True),
        ("small", True),
        ("hurried", True),
        ("hasty", False),
        ("slow", False),
        ("endless", False),
    ],
)
def test_whatever_is_no_verdict_is_none(mood, is_an_answer, clamd):
    clamd.mood = mood

    with pytest.raises(scanner.ScannerAway) as away:
        said_of(bytes(2**20), seconds=1)

    assert isinstance(away.value, scanner.NoVerdict) == is_an_answer


def test_a_scanner_that_is_not_there_says_nothing(settings):
    settings.CLAMD = NOWHERE

    with pytest.raises(scanner.ScannerAway):
        said_of(b"x")


def test_a_scanner_is_reached_over_the_network_too(settings):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.CLAMD = f"127.0.0.1:{listening.getsockname()[1]}"
        threading.Thread(target=_answer_once, args=[listening], daemon=True).start()

        assert said_of(b"x") == ""


def _answer_once(listening):
    with listening.accept()[0] as talk:
        said = b""
        while not said.endswith(bytes(4)):
            said += talk.recv(100)
        assert said == b"zINSTREAM\0" + b"\0\0\0\1x" + bytes(4)
        talk.sendall(b"stream: OK\0")


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("unix:/run/clamav/clamd.ctl", (socket.AF_UNIX, "/run/clamav/clamd.ctl")),
        (" scanner.example:3310 ", (socket.AF_INET, ("scanner.example", 3310))),
        ("[::1]:3310", (socket.AF_INET6, ("::1", 3310))),
    ],
)
def test_an_address_says_where_it_listens(said, where):
    assert scanner.address_of(said) == where


@pytest.mark.parametrize(
    "said",
    ["1", "clamd", "unix:clamd.ctl", "host:", ":3310", "host:0", "host:70000", "a..b:3310", "/run/x:1"],
)
def test_an_address_that_names_no_scanner_is_refused_with_both_forms(said):
    with pytest.raises(ImproperlyConfigured, match=r"unix:/run/clamav/clamd\.ctl or as host:port"):
        scanner.address_of(said)


# --- what operators hear --------------------------------------------------------------------------


def test_a_monitor_hears_of_a_scanner_that_is_down_and_pages_are_answered(client, db, clamd):
    assert client.get("/healthz?ready=1").json()["checks"]["scanner"] == "ok"

    clamd.goes_down()

    answer = client.get("/healthz?ready=1")
    assert answer.status_code == 200
    assert json.loads(answer.content)["checks"]["scanner"].startswith("no answer")
    assert answer.json()["status"] == "degraded"


def test_a_deployment_hears_of_a_scanner_that_is_missing_or_down(settings, clamd):
    assert deployment.scanner_answers(None) == []

    clamd.mood = "small"
    (small,) = deployment.scanner_answers(None)
    assert "takes no files of 50 MB" in small.msg

    settings.CLAMD = NOWHERE
    assert [said.id for said in deployment.scanner_answers(None)] == ["portal.W202"]
    # Nor does the portal refuse to start for it.
    assert not [said for said in deployment.settings_are_safe(None) if "scanner" in said.msg]

    settings.CLAMD = ""
    (said,) = deployment.scanner_answers(None)
    assert (said.id, said.is_serious()) == ("portal.I201", False)
