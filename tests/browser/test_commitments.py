"""A commitment from the promise to the verified figure, on the phones and screens it happens on."""

import datetime
import io
import re
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAPER = "/kemitraan/KS-2025-0001/"
_GPS = 0x8825


def photo():
    """A large photo that says where it was taken."""
    picture = Image.effect_noise((2600, 1950), 40).convert("RGB")
    exif = picture.getexif()
    exif[_GPS] = {1: "N", 2: (2.0, 58.0, 0.0), 3: "E", 4: (99.0, 37.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=75)
    return {"name": "kegiatan.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def saved(page):
    """The quiet line says that the server has the draft."""
    expect(page.locator("[data-line]")).to_contain_text(re.compile(r"\d{2}\.\d{2} WIB"))


def opened_to_judge(page, promise):
    """Open the report on that promise in the queue; keys pressed before the page listens would be lost."""
    page.goto("/periksa/")
    page.get_by_role("link", name=promise).click()
    page.wait_for_url(re.compile(r"/periksa/\d+/$"))
    expect(page.locator("[data-keys-toggle]")).to_be_visible()


def logged(page, promise):
    """Log a commitment in a few answers; gives the address of its page."""
    page.goto(PAPER)
    page.locator(f"a[href='{PAPER}komitmen/baru/']").click()
    page.fill("[name=text]", promise)
    page.select_option("[name=indicator]", "peserta-dilatih")
    page.fill("[name=target]", "120")
    page.fill("[name=due]", (datetime.date.today() + datetime.timedelta(days=5)).isoformat())
    page.fill("[name=proof_wanted]", "Daftar hadir dan foto")
    page.locator(".form-actions .button--primary").click()
    page.wait_for_url(re.compile(r"/komitmen/\d+/$"))
    return page.url


def test_a_promise_is_logged_reported_over_a_bad_line_returned_and_verified(open_as):
    officer = open_as("kabupaten", width=360)
    page = officer.page
    # No other test leaves one of this name in the queue.
    promise = f"Melatih peserta las {uuid4().hex[:8]}"
    commitment = logged(page, promise)

    page.locator(".page-head .button--primary").click()
    page.fill("[name=value]", "40")
    saved(page)
    page.set_input_files("[name=evidence]", photo())
    item = page.locator(".evidence__item")
    expect(item).to_contain_text("kegiatan.jpg", timeout=20_000)

    page.context.set_offline(True)
    page.fill("[name=note]", "Dua gelombang selesai")
    expect(page.locator("[data-line]")).to_have_class(re.compile("report__line--warn"))
    page.locator(".form-actions button[value=submit]").click()
    expect(page.locator("[name=note]")).to_have_value("Dua gelombang selesai")
    page.context.set_offline(False)
    saved(page)
    page.locator(".form-actions button[value=submit]").click()
    page.wait_for_selector(".report__value")
    report = page.url

    judge = open_as("unit").page
    opened_to_judge(judge, promise)
    judge.keyboard.press("r")
    judge.keyboard.type("Lampirkan daftar hadir")
    judge.locator("button[value=return]").click()
    expect(judge.locator(".messages")).to_contain_text(promise)

    page.goto(report)
    expect(page.get_by_role("main")).to_contain_text("Lampirkan daftar hadir")
    page.fill("[name=value]", "38")
    saved(page)
    page.locator(".form-actions button[value=submit]").click()
    page.wait_for_selector(".report__value")

    opened_to_judge(judge, promise)
    judge.keyboard.press("a")
    expect(judge.locator(".messages")).to_contain_text(promise)

    page.goto(commitment)
    expect(page.locator(".commitment-stats")).to_contain_text("38 orang")
    page.goto(PAPER)
    expect(page.get_by_role("main")).to_contain_text("38 orang")
    assert officer.complaints == []
    assert officer.elsewhere == []


def test_what_a_device_kept_is_put_back_after_the_page_was_lost(open_as):
    page = open_as("kabupaten", width=360).page
    logged(page, "Melatih peserta listrik")
    page.locator(".page-head .button--primary").click()
    page.fill("[name=value]", "11")
    saved(page)
    page.context.set_offline(True)
    page.fill("[name=note]", "Ditulis tanpa sambungan")
    expect(page.locator("[data-line]")).to_have_class(re.compile("report__line--warn"))
    address, context = page.url, page.context
    page.close()
    context.set_offline(False)

    page = context.new_page()
    page.goto(address)

    expect(page.locator("[name=note]")).to_have_value("Ditulis tanpa sambungan")
    saved(page)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('capaian:'))") == []


def test_a_report_is_written_and_submitted_without_scripts(open_as):
    page = open_as("kabupaten", width=360, java_script_enabled=False).page
    logged(page, "Melatih peserta listrik")
    page.locator(".page-head .button--primary").click()
    page.fill("[name=value]", "12")
    page.set_input_files("[name=evidence]", photo())
    page.locator(".form-actions button[value=draft]").click()
    expect(page.locator(".evidence__item")).to_contain_text("kegiatan.jpg")
    expect(page.locator("[name=value]")).to_have_value("12")

    page.locator(".form-actions button[value=submit]").click()

    expect(page.locator(".report__value")).to_contain_text("12 orang")
