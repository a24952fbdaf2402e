"""Views that are kept and opened, papers that are selected and changed, and a list walked by keys."""

import json

import pytest

pytestmark = pytest.mark.browser

LIST = "/kemitraan/"


def refs(page):
    return page.locator("#listing tbody .cell--ref").all_inner_texts()


def test_a_view_is_kept_opened_and_exported(open_as):
    page = open_as("registrar").page
    page.goto(f"{LIST}?class=ministry&sort=ref")
    shown = refs(page)
    page.locator("#views summary").click()
    page.locator("#views a[href*='/tampilan/baru/']").click()
    page.fill("input[name=name]", "Kementerian dan lembaga")
    page.locator("main form button.button--primary").click()

    assert "?view=" in page.url
    assert refs(page) == shown
    assert "Kementerian dan lembaga" in page.locator("#views summary").inner_text()

    # From elsewhere it is two presses away, and the file holds what it shows.
    page.goto(LIST)
    page.locator("#views summary").click()
    page.locator("#views a", has_text="Kementerian dan lembaga").click()
    page.wait_for_url("**view=*")
    assert refs(page) == shown
    address = page.locator("a.menu__item[href*='ekspor.json']").get_attribute("href")
    file = json.loads(page.request.get(address).body())
    assert [row["ref"] for row in file["rows"]] == shown

    # With one filter taken away it is another question, and no longer that view.
    page.locator(".chips a").first.click()
    page.wait_for_url(lambda url: "view=" not in url)
    assert len(refs(page)) > len(shown)

    page.goto("/tampilan/")
    page.locator("tr", has_text="Kementerian dan lembaga").locator(".cell--actions a").click()
    page.locator("main a[href$='/hapus/']").click()
    page.locator("main button.button--danger").click()
    assert page.url.endswith("/tampilan/")
    assert "Kementerian dan lembaga" not in page.locator("main").inner_text()


def test_papers_are_selected_and_get_a_theme(open_as):
    window = open_as("registrar")
    page = window.page
    page.goto(f"{LIST}?class=development&sort=ref")
    bar = page.locator("#selection")
    assert not bar.is_visible()
    boxes = page.locator("#listing tbody .cell--select input")
    chosen = refs(page)[:2]
    boxes.nth(0).check()
    boxes.nth(1).check()
    assert bar.is_visible()
    assert page.locator("[data-selected]").inner_text() == "2"
    bar.locator("button").click()

    add = page.locator(".bulk-verb").first
    add.locator("select").select_option("talenta-digital")
    add.locator("button").click()
    assert page.locator(".bulk-list a").all_inner_texts() == chosen
    page.fill("textarea[name=reason]", "Uji bersama")
    page.locator("main form button.button--primary").click()

    assert "/tindakan/laporan/" in page.url
    assert page.locator(".bulk-list a").all_inner_texts() == chosen
    page.goto(f"{LIST}?theme=talenta-digital&class=development&sort=ref")
    assert set(chosen) <= set(refs(page))
    assert window.complaints == []


def test_the_whole_page_is_selected_and_then_all_results(open_as):
    page = open_as("registrar").page
    page.goto(LIST)
    results = page.locator("[data-select-all]")
    page.locator("#listing tbody .cell--select input").first.check()
    assert not results.is_visible()
    page.locator("[data-select-page] input").check()
    assert page.locator("[data-selected]").inner_text() == "25"
    results.click()

    assert "semua=1" in page.url
    assert page.locator(".bulk-files a").count() == 4


def test_papers_are_selected_without_scripts(open_as):
    page = open_as("registrar", java_script_enabled=False).page
    page.goto(f"{LIST}?sort=ref")
    first = refs(page)[0]
    page.locator("#listing tbody .cell--select input").first.check()
    page.locator("#selection button").click()

    assert f"ref={first}" in page.url
    assert page.locator(".bulk-verb").count() == 5


def focused(page):
    return page.evaluate("document.activeElement.closest('tr')?.querySelector('.cell--ref')?.innerText")


def test_a_list_is_walked_by_keys(open_as):
    window = open_as("registrar")
    page = window.page
    page.goto(f"{LIST}?sort=ref")
    rows = refs(page)

    page.keyboard.press("j")
    assert focused(page) == rows[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == rows[1]
    page.keyboard.press("x")
    assert page.locator("[data-selected]").inner_text() == "1"
    assert page.locator("#listing tbody tr").nth(1).locator(".cell--select input").is_checked()
    assert focused(page) == rows[1]

    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    assert not page.locator("#keys").is_visible()
    assert focused(page) == rows[1]

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    # In a field a letter is a letter.
    page.keyboard.type("jf?x/")
    assert page.input_value("#search") == "jf?x/"
    assert not page.locator("#keys").is_visible()

    page.locator("h1").click()
    page.keyboard.press("f")
    assert page.evaluate("Boolean(document.activeElement.closest('#filters'))")
    # Keys of the browser stay its own.
    page.locator("h1").click()
    page.keyboard.press("Control+j")
    assert focused(page) is None

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LIST}{rows[0]}/")
    assert window.complaints == []


def test_keys_work_on_rows_that_come_later(open_as):
    page = open_as("registrar").page
    page.goto(f"{LIST}?sort=ref")
    page.locator(".pagination a[href*='page=2']").first.click()
    page.wait_for_url("**page=2*")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("x")

    assert focused(page) == refs(page)[0]
    assert page.locator("[data-selected]").inner_text() == "1"


def test_the_ledger_is_walked_by_keys_too(open_as):
    page = open_as("registrar").page
    page.goto("/komitmen/")
    page.keyboard.press("j")

    assert page.evaluate("Boolean(document.activeElement.closest('#listing tbody tr'))")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert page.locator("#keys kbd", has_text="x").count() == 0


def test_the_keys_are_turned_off_and_on(open_as):
    page = open_as("kabupaten").page
    page.goto("/akun/")
    page.locator("#shortcuts").uncheck()
    page.locator("form[action$='/papan-ketik/'] button").click()
    page.goto(LIST)
    for key in ("j", "/", "f", "?"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    assert page.locator("#keys").count() == 0

    page.goto("/akun/")
    page.locator("#shortcuts").check()
    page.locator("form[action$='/papan-ketik/'] button").click()
    page.goto(LIST)
    page.keyboard.press("j")
    assert focused(page)
