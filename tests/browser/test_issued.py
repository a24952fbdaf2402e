"""A PDF from the portal to somebody without an account, who asks whether it is the one."""

import io

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from partnerships.models import issue_code

pytestmark = pytest.mark.browser

PROFILE = "/kemitraan/KS-2025-0001/profil.pdf"


@pytest.fixture(scope="module")
def issued():
    """(the bytes of a PDF, the address of its page), once one was taken."""
    return []


@pytest.fixture
def taken(open_as, issued):
    if not issued:
        content = open_as("registrar").page.request.get(PROFILE).body()
        words = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split()
        code = next(word for word in words if issue_code.read(word))
        issued.append((content, f"/verifikasi/{code}/"))
    return issued[0]


def dropped(content):
    return {"name": "profil.pdf", "mimeType": "application/pdf", "buffer": content}


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (360, "dark")])
def test_the_browser_compares_the_file_and_sends_it_nowhere(width, scheme, taken, open_as):
    content, address = taken
    visitor = open_as(None, width=width, scheme=scheme)
    page = visitor.page
    page.goto(address)
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))

    page.set_input_files("#berkas", dropped(content))
    expect(page.locator("[role=status] .notice--good")).to_be_visible()
    page.set_input_files("#berkas", dropped(content[:-1] + b"?"))
    expect(page.locator("[role=status] .notice--bad")).to_be_visible()

    assert posts == []
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.complaints == []
    assert visitor.elsewhere == []


def test_without_scripts_the_portal_compares_it(taken, open_as):
    content, address = taken
    page = open_as(None, width=360, java_script_enabled=False).page
    page.goto(address)

    page.set_input_files("#berkas", dropped(content))
    page.locator(".issued .button--primary").click()

    expect(page.locator("[role=status] .notice--good")).to_be_visible()
