"""A need from the phone of a kabupaten's officer to the paper that is proposed for it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_an_officer_states_a_need_on_a_phone_and_the_bureau_makes_a_paper_of_it(open_as):
    window = open_as("kabupaten", width=360)
    page = window.page
    page.goto("/kebutuhan/")
    page.locator(".page-head .button--primary").click()
    page.select_option("[name=theme]", "pelatihan-vokasi")
    page.select_option("[name=indicator]", "instruktur-dilatih")
    page.fill("[name=number]", "12,5")
    page.locator(".form-actions .button--primary").click()

    expect(page.locator(".error-summary a")).to_have_count(1)
    page.fill("[name=number]", "16")
    page.locator(".form-actions .button--primary").click()

    # What it is of, and of which office, the form knew.
    expect(page.locator("h1")).to_contain_text("Kabupaten Asahan")
    expect(page.locator(".proposal")).to_have_count(1)
    expect(page.locator(".proposal .reasons li")).to_have_count(4)
    expect(page.locator(".proposal form")).to_have_count(0)
    assert window.complaints == []
    need = page.url

    bureau = open_as("registrar").page
    bureau.goto(need)
    bureau.locator(".proposal form button").click()

    expect(bureau.locator("h1")).to_contain_text("Kabupaten Asahan")
    bureau.locator(".record__aside a[href^='/kebutuhan/']").click()
    assert bureau.url == need
    expect(bureau.locator(".proposal")).to_have_count(0)
    expect(bureau.locator("section:has(#papers) tbody tr")).to_have_count(1)
    # A paper that is only proposed does not open to the region yet, but the need says that it is on its way.
    page.reload()
    expect(page.locator("section:has(#papers) tbody tr")).to_have_count(1)
    expect(page.locator("section:has(#papers) tbody a[href^='/kemitraan/']")).to_have_count(0)
