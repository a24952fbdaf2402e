"""An evaluation meeting on the screen: arranged, frozen, asked about, written down, and opened again."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PARTNER = "pemerintah-kabupaten-bekasi"
# Nobody of the demo works there, so that nobody's tasks change.
OFFICE = PARTNER


def arrange(page, title, day, preset):
    page.goto("/rapat/baru/")
    page.fill("[name=title]", title)
    page.fill("[name=held_on]", day)
    page.locator(".form-actions .button--primary").click()
    page.wait_for_url("**/mitra/")
    page.locator(f"button[name=preset][value={preset}]").click()
    expect(page.locator(".meeting-chosen li").first).to_be_visible()
    page.locator(".page-head a[href$='/bekukan/']").click()
    page.locator(".form-actions .button--primary").click()
    page.wait_for_url("**/rapat/*/")
    return page.url


def test_a_meeting_goes_from_its_list_to_the_next_meeting(open_as):
    window = open_as("registrar")
    page = window.page
    meeting = arrange(page, "Rapat evaluasi semester I", "2026-06-10", "open")
    page.locator("a[href$='/konfirmasi/']").click()
    expect(page.locator("tbody tr").first).to_be_visible()

    # On a phone, and without a mouse.
    phone = open_as("registrar", width=360)
    hand = phone.page
    hand.goto(f"{meeting}notulen/{PARTNER}/")
    expect(hand.locator("[name=text]")).to_be_focused()
    hand.keyboard.type("Menyerahkan daftar penempatan")
    hand.keyboard.press("Tab")
    hand.locator("[name=owner]").select_option(OFFICE)
    hand.fill("[name=due]", "2026-08-31")
    hand.locator("[name=text]").press("Control+Enter")
    expect(hand.locator("#decided .section-head__count")).to_have_text("1")
    here = hand.url
    hand.keyboard.press("Control+ArrowUp")
    hand.wait_for_url(lambda url: url != here)

    following = arrange(page, "Rapat evaluasi semester II", "2026-12-10", "before")
    promised = page.locator("section:has(#promised) tbody tr")
    expect(promised).to_have_count(1)
    expect(promised).to_contain_text("Menyerahkan daftar penempatan")

    for who, width, scheme in (("registrar", 1366, "light"), ("registrar", 360, "dark")):
        looked = open_as(who, width=width, scheme=scheme)
        for address in (
            "/rapat/",
            "/rapat/baru/",
            following,
            f"{following}mitra/",
            f"{following}angka/?show=measurable",
            f"{following}konfirmasi/",
            f"{following}mitra/{PARTNER}/?show=verified",
            f"{following}notulen/{PARTNER}/",
        ):
            looked.page.goto(address)
            _is_accessible(looked, address)
    assert window.complaints == phone.complaints == []


def _is_accessible(window, address):
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(window.page, options=options).response["violations"]
    said = [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found]
    assert said == [], address
    assert window.complaints == window.elsewhere == [], address
    overflow = window.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"{address} scrolls sideways by {overflow} px"
