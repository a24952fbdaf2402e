"""A signed paper goes on: an addendum, an extension, an early end, a renewal."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PAPER = "/kemitraan/KS-2025-0002/"


def pressed(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def test_an_addendum_extends_a_paper_and_the_record_says_so(open_as):
    registrar = open_as("registrar")
    page = registrar.page
    page.goto(PAPER)
    page.get_by_role("main").get_by_role("link", name="Catat adendum").click()
    page.get_by_label("masa berlaku").check()
    page.get_by_label("ruang lingkup").check()
    page.fill("[name=summary]", "Diperpanjang sampai 2090 dan ditambah pengelasan")
    page.fill("[name=number]", "12/ADD/2026")
    page.fill("[name=starts]", "1 Januari 2026")
    page.fill("[name=ends]", "2090")
    page.fill("[name=clauses-0-clause]", "Pasal 3")
    page.fill("[name=clauses-0-text]", "Melatih 200 peserta.")
    page.fill("[name=clauses-0-earlier]", "Melatih 100 peserta.")
    pressed(page, "Tambah pasal")
    expect(page.locator("[name=clauses-1-clause]")).to_be_visible()
    pressed(page, "Catat adendum")

    expect(page).to_have_url(re.compile(rf"{PAPER}#addendum-\d+$"))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Berlaku sampai 2090.")
    expect(main).to_contain_text("Melatih 200 peserta.")
    earlier = main.get_by_text("Melatih 100 peserta.")
    expect(earlier).to_be_hidden()
    main.get_by_text("1 bunyi sebelumnya").click()
    expect(earlier).to_be_visible()

    main.get_by_role("link", name="Perpanjang atau akhiri lebih awal").click()
    page.fill("[name=early-on]", "2089-06-30")
    pressed(page, "Akhiri lebih awal")
    expect(page.get_by_role("alert")).to_contain_text("Tuliskan alasannya")
    page.fill("[name=early-reason]", "Berita acara")
    pressed(page, "Akhiri lebih awal")
    expect(page.get_by_role("main")).to_contain_text("semula berakhir 2090")
    assert registrar.complaints == []
    assert registrar.elsewhere == []


def test_a_renewal_on_a_phone_without_scripts_takes_along_what_is_ticked(open_as):
    page = open_as("registrar", width=360, java_script_enabled=False).page
    page.goto("/kemitraan/KS-2025-0001/")
    page.get_by_role("main").get_by_role("link", name="Perbarui", exact=True).click()
    expect(page.locator("[name=renews]")).to_have_value("KS-2025-0001")
    boxes = page.locator("[name=carried]")
    assert boxes.count() > 1
    for index in range(1, boxes.count()):
        boxes.nth(index).uncheck()
    page.fill("[name=title]", "Pembaruan untuk uji")
    page.fill("[name=signed]", "2 Januari 2026")
    pressed(page, "Daftarkan naskah")

    main = page.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Pembaruan untuk uji")
    expect(main.locator(".commitments").first.get_by_role("listitem")).to_have_count(1)
    chain = main.get_by_role("list", name=re.compile("Pembaruan"))
    expect(chain.get_by_role("listitem")).to_have_count(2)
    expect(chain.get_by_role("listitem").first).to_contain_text("KS-2025-0001")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
