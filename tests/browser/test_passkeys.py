"""A passkey in a real browser: added, named, signed in with, removed. Chromium plays the device."""

import pytest

pytestmark = pytest.mark.browser

PASSWORD = "demo-portal-2025"


@pytest.fixture
def window(portal, chromium):
    """A window at the portal's name (a passkey belongs to none of numbers), with a device that agrees."""
    address = portal.replace("127.0.0.1", "localhost")
    context = chromium.new_context(base_url=address, locale="id-ID")
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    page.device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.devices = devices
    yield page
    context.close()


def sign_in(page, who):
    page.goto("/masuk/")
    page.fill("input[name=login]", f"{who}@demo.test")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def test_a_passkey_is_added_signs_in_and_is_removed(window):
    page = window
    sign_in(page, "pimpinan")
    page.goto("/akun/keamanan/kunci/baru/")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Konfirmasi").click()
    page.fill("input[name=name]", "Laptop kantor")
    page.get_by_role("button", name="Tambahkan kunci sandi").click()
    page.wait_for_url("**/akun/keamanan/kode/")
    assert page.locator(".codes li").count() == 10

    page.goto("/akun/keamanan/")
    assert page.get_by_text("Laptop kantor").first.is_visible()
    page.get_by_role("link", name="Ubah nama").click()
    # What follows a second factor asks for it too.
    page.get_by_role("link", name="Gunakan kunci sandi").click()
    page.get_by_role("button", name="Gunakan kunci sandi").click()
    page.fill("input[name=name]", "Laptop baru")
    page.get_by_role("button", name="Simpan").click()
    page.wait_for_url("**/akun/keamanan/")
    assert page.get_by_text("Laptop baru").first.is_visible()

    page.context.clear_cookies()
    page.goto("/masuk/?next=/komitmen/")
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.wait_for_url("**/komitmen/")

    page.context.clear_cookies()
    sign_in(page, "pimpinan")
    page.wait_for_url("**/masuk/kode/")
    page.get_by_role("button", name="Gunakan kunci sandi").click()
    page.wait_for_url(lambda url: "/masuk/" not in url)

    page.goto("/akun/keamanan/")
    page.get_by_role("link", name="Hapus").click()
    page.get_by_role("link", name="Gunakan kunci sandi").click()
    page.get_by_role("button", name="Gunakan kunci sandi").click()
    page.get_by_role("button", name="Hapus").click()
    page.wait_for_url("**/akun/keamanan/")
    assert page.get_by_text("Laptop baru").count() == 0
    page.context.clear_cookies()
    sign_in(page, "pimpinan")
    page.wait_for_url(lambda url: not url.endswith("/masuk/"))
    assert page.locator(".menu--account").first.is_visible()
    assert [each for each in page.complaints if "Failed to load resource" not in each] == []


def test_a_device_that_refuses_is_answered_in_words(window):
    window.devices.send(
        "WebAuthn.setUserVerified", {"authenticatorId": window.device, "isUserVerified": False}
    )
    window.goto("/masuk/")

    window.get_by_role("button", name="Masuk dengan kunci sandi").click()

    window.get_by_text("Tidak ada yang dipilih").wait_for()
    assert window.url.endswith("/masuk/")
