"""A real server over a committed database with the real records, and Chromium to look at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from tests.databases import copy_of_the_test_database, owner_settings

# Playwright's loop runs in this thread; the tests themselves never touch the database from it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PASSWORD = "demo-portal-2025"


def _url(values, name):
    return f"postgresql://{values['USER']}@/{name}?host={quote(values['HOST'], safe='')}"


def _free_port():
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="session")
def portal(django_db_setup, django_db_blocker):
    """The address of a portal with the public records and the demo accounts, served as in the demo."""
    with django_db_blocker.unblock(), copy_of_the_test_database(f"test_browser_{os.getpid()}") as name:
        web = settings.DATABASES["default"]
        environment = {
            **os.environ,
            "DATABASE_URL": _url(web, name),
            "DATABASE_OWNER_URL": _url(owner_settings(), name),
            "DEMO": "1",
        }
        for command in (
            ["import_agreements", "partnerships/data/public-records.csv", "--apply", "--brief"],
            ["create_demo"],
        ):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        port = _free_port()
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--workers",
                "1",
                "--blocking-threads",
                "1",
                "kemnaker_portal.wsgi:application",
            ],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(address):
    for _attempt in range(150):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2)  # noqa: S310
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the portal does not answer")


@pytest.fixture(scope="session")
def chromium(portal):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(portal, chromium):
    """The storage of a browser in which a demo account has signed in, by its short name."""
    storage = {}

    def state(who):
        if who not in storage:
            context = chromium.new_context(base_url=portal, locale="id-ID")
            page = context.new_page()
            page.goto("/masuk/")
            page.fill("input[name=login]", f"{who}@demo.test")
            page.fill("input[name=password]", PASSWORD)
            page.locator("main form button[type=submit]").first.click()
            page.wait_for_url(f"{portal}/")
            storage[who] = context.storage_state()
            context.close()
        return storage[who]

    return state


class Watched:
    """A page that remembers what the browser complained about and what left the machine."""

    def __init__(self, page, address):
        self.page = page
        self.complaints = []
        self.elsewhere = []
        page.on("console", lambda message: message.type == "error" and self._complain(message.text))
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on(
            "request",
            lambda request: request.url.startswith(address) or self.elsewhere.append(request.url),
        )

    def _complain(self, text):
        # A 404 that a test asks for is also printed to the console.
        if "Failed to load resource" not in text:
            self.complaints.append(text)


@pytest.fixture
def open_as(portal, chromium, signed_in):
    """Open a browser window as a demo account (None: nobody), and close it after the test."""
    contexts = []

    def window(who, width=1366, scheme="light", **options):
        context = chromium.new_context(
            base_url=portal,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale="id-ID",
            storage_state=signed_in(who) if who else None,
            **options,
        )
        contexts.append(context)
        return Watched(context.new_page(), portal)

    yield window
    for context in contexts:
        context.close()
