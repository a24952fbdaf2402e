"""A real server over a committed database with the real records, and Chromium to look at it."""

import os

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

from tests.serving import RECORDS, serving

# Playwright's loop runs in this thread; the tests themselves never touch the database from it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
PASSWORD = "demo-portal-2025"


@pytest.fixture(scope="session")
def served(django_db_setup, django_db_blocker):
    """A portal with the public records and the demo accounts, served as in the demo."""
    with django_db_blocker.unblock(), serving("browser", RECORDS, ["create_demo"]) as served:
        yield served


@pytest.fixture(scope="session")
def portal(served):
    """Its address."""
    return served.address


@pytest.fixture(scope="session")
def chromium():
    # Once its loop runs, Django keeps connections apart for it; those of before would stay open.
    connections.close_all()
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
