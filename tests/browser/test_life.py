"""The life of a paper on the screen: its stages, and its end with the paper below it decided."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# The public records hold one cooperation agreement below a memorandum.
ABOVE, BELOW, OTHER = "KS-2025-0014", "KS-2025-0016", "KS-2025-0001"
# Proposed by a partner from abroad.
FOREIGN = "KS-2026-0006"


def test_a_paper_ends_once_the_one_below_it_is_decided_and_both_records_say_so(open_as):
    window = open_as("registrar")
    page = window.page
    page.goto(f"/kemitraan/{ABOVE}/status/")
    page.locator("input[name=to][value=terminated]").check()
    page.fill("[name=reason]", "Diakhiri para pihak dengan berita acara")
    page.locator(".form-actions .button--primary").click()

    expect(page.locator(".error-summary a")).to_have_count(1)
    expect(page.locator("[name=reason]")).to_have_value("Diakhiri para pihak dengan berita acara")
    page.locator(f"input[name=below-{BELOW}][value=moves]").check()
    page.fill(f"[name=below-{BELOW}-other]", OTHER)
    page.locator(".form-actions .button--primary").click()

    page.wait_for_url(f"**/kemitraan/{ABOVE}/")
    decided = page.locator(".timeline__what", has_text=BELOW)
    expect(decided.first).to_contain_text(OTHER)
    page.goto(f"/kemitraan/{BELOW}/")
    expect(page.locator(".timeline__meta", has_text=ABOVE).first).to_be_visible()
    expect(page.get_by_role("link", name=OTHER).first).to_be_visible()
    assert window.complaints == []


def test_the_stages_of_a_foreign_paper_are_recorded_one_after_the_other(open_as):
    window = open_as("registrar", width=360, scheme="dark")
    page = window.page
    page.goto(f"/kemitraan/{FOREIGN}/")
    expect(page.locator("#stages")).to_be_visible()

    for name in ("exploration", "request"):
        page.locator("a[href$='/tahap/']").first.click()
        page.locator(f"input[name=stage][value={name}]").check()
        page.fill("[name=note]", f"Nota {name}")
        page.locator(".form-actions .button--primary").click()
        page.wait_for_url(f"**/kemitraan/{FOREIGN}/")

    expect(page.locator(".stages__stage--done")).to_have_count(1)
    expect(page.locator("[aria-current=step]")).to_contain_text("Nota request")
    assert window.complaints == []
