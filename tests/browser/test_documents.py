"""A scan from the machine on the desk to the sentence that the search finds in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.partnerships.files.scans import LINES, scanned_pdf

pytestmark = pytest.mark.browser

PAPER = "/kemitraan/KS-2025-0001/"
PHRASE = "perawatan kincir angin apung"


def scan():
    """Two pages of pictures; the phrase stands on the second, and nowhere else in the portal."""
    pages = scanned_pdf(LINES, ("Pasal 5", f"Peserta mempelajari {PHRASE}", "di balai pelatihan."))
    return {"name": "pindaian.pdf", "mimeType": "application/pdf", "buffer": pages}


def test_a_phrase_that_stands_only_in_a_scan_finds_the_paper_and_the_page(open_as, served):
    registrar = open_as("registrar")
    page = registrar.page
    page.goto(f"/kemitraan/?q={PHRASE}")
    expect(page.locator(".hit")).to_have_count(0)

    page.goto(PAPER)
    page.locator(f"a[href='{PAPER}dokumen/baru/']").click()
    page.set_input_files("[name=file]", scan())
    page.fill("[name=title]", "Naskah bertanda tangan")
    page.fill("[name=dated]", "20 Maret 2025")
    page.locator(".form-actions .button--primary").click()
    page.wait_for_url(re.compile(r"/dokumen/\d+/$"))
    document = page.url
    served.manage("read_files")

    page.goto(f"/kemitraan/?q={PHRASE}")
    expect(page.locator(".hit mark")).to_have_count(len(PHRASE.split()))
    page.locator(".hit a").click()

    page.wait_for_url(f"{document}?halaman=2#halaman-2")
    picture = page.locator("#halaman-2 img")
    expect(picture).to_be_in_viewport()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 800
    page.locator("#halaman-2 summary").click()
    expect(page.locator("#halaman-2 .document-page__words")).to_contain_text(PHRASE)
    assert registrar.complaints == []
    assert registrar.elsewhere == []


def test_a_document_is_renewed_and_withdrawn_on_a_phone_without_scripts(open_as):
    page = open_as("registrar", width=360, java_script_enabled=False).page
    page.goto(f"{PAPER}dokumen/baru/")
    page.set_input_files("[name=file]", scan())
    page.locator("[name=purpose][value=other]").check()
    page.locator(".form-actions .button--primary").click()
    page.wait_for_url(re.compile(r"/dokumen/\d+/$"))
    document = page.url

    page.locator("section summary").first.click()
    page.set_input_files("[name=file]", scan())
    page.locator(".form-actions .button--primary").click()
    page.goto(document)
    expect(page.locator("table tbody tr")).to_have_count(2)

    page.goto(f"{document}tarik/")
    page.fill("[name=reason]", "Berkas keliru")
    page.locator(".form-actions button").click()
    page.wait_for_url(re.compile(PAPER))
    assert page.locator(f"a[href='{document.removeprefix(page.url.split('/kemitraan')[0])}']").count() == 0
