"""An administrator sets a period, holds a paper, lets it go, and proposes it; alone, nothing is destroyed."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAPER = "KS-2016-0002"


def test_a_paper_past_its_period_waits_for_a_second_administrator(open_as):
    window = open_as("admin")
    page = window.page
    page.goto("/admin/partnerships/retentionrule/add/")
    page.select_option("[name=kind]", "technical")
    page.fill("[name=years]", "5")
    page.fill("[name=source]", "JRA 7/2024")
    page.locator("[name=_save]").click()
    page.goto("/pemusnahan/")
    due = page.locator(f"section:has(#due) tr:has-text('{PAPER}')")
    expect(due).to_have_count(1)

    page.locator("#hold > summary").click()
    page.fill("[name=hold-ref]", PAPER)
    page.fill("[name=hold-reason]", "Perkara 12/2026")
    page.locator("#hold .button--primary").click()

    expect(due.locator("input[type=checkbox]")).to_have_count(0)
    expect(due).to_contain_text("Perkara 12/2026")
    page.locator(f"section:has(#holds) tr:has-text('{PAPER}') button").click()
    due.locator("input[type=checkbox]").check()
    page.locator("section:has(#due) form .button--primary").click()

    # Without a basis nothing is proposed, and what was ticked stays so.
    expect(page.locator(".error-summary a")).to_have_count(1)
    expect(due.locator("input[type=checkbox]")).to_be_checked()
    page.fill("[name=reason]", "Penilaian arsip 4/2026")
    page.locator("section:has(#due) form .button--primary").click()

    expect(page.locator("main")).to_contain_text(PAPER)
    expect(page.locator("main .notice")).to_have_count(1)
    expect(page.locator("main .button--danger")).to_have_count(0)
    assert window.complaints == []
    page.goto(f"/kemitraan/{PAPER}/")
    expect(page.locator("h1")).to_be_visible()
