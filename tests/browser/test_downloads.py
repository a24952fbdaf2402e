"""A dossier from the press of the button to the file on one's own disk, left alone in between."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAPER = "/kemitraan/KS-2025-0001/"


def test_a_file_is_asked_for_left_alone_found_again_and_taken(open_as, served, tmp_path):
    officer = open_as("kabupaten")
    page = officer.page
    page.goto("/wilayah/12.09/")
    page.locator("form[action='/unduhan/'] button").click()
    page.wait_for_url(re.compile(r"/unduhan/\?baru="))
    entry = page.locator(".download--new")
    expect(entry.locator(".badge")).to_have_text(re.compile("Menunggu|Waiting"))

    page.goto("/kemitraan/")
    page.locator(".menu--account summary").click()
    expect(page.locator(".menu--account a[href='/unduhan/'] .site-nav__badge")).to_contain_text("1")
    page.locator(".menu--account a[href='/unduhan/']").click()
    first = page.locator(".download").first
    expect(first.locator("form[action$='/batal/']")).to_have_count(1)

    # The page that lies open sees by itself that the file is ready.
    served.manage("run_worker", "--once")
    take = first.locator("a[href$='/berkas']")
    expect(take).to_be_visible(timeout=10_000)
    expect(first).not_to_have_attribute("hx-trigger", re.compile("."))
    with page.expect_download() as taken:
        take.click()
    path = tmp_path / "berkas.zip"
    taken.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert "manifest-sha256.txt" in archive.namelist()
    assert officer.complaints == []
    assert officer.elsewhere == []


def test_a_file_is_cancelled_and_asked_for_again_on_a_phone_without_scripts(open_as):
    page = open_as("registrar", width=360, java_script_enabled=False).page
    page.goto(PAPER)
    page.locator("form[action='/unduhan/'] button").click()
    page.wait_for_url(re.compile(r"/unduhan/\?baru="))
    entry = page.locator(".download--new")
    expect(entry.get_by_role("link")).to_have_count(1)

    entry.locator("form[action$='/batal/'] button").click()
    page.locator(".download--new form[action$='/lagi/'] button").click()

    expect(page.locator(".download--new form[action$='/batal/']")).to_have_count(1)
    expect(page.locator(".download")).to_have_count(2)
