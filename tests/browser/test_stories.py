"""What people come to do, from the first click to the paper in their hand."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_registrar_reads_the_gap_of_the_march_2025_event(open_as):
    page = open_as("registrar").page
    page.goto("/acara/")
    page.get_by_role("link", name=re.compile("29 naskah")).first.click()

    main = page.get_by_role("main")
    expect(main).to_contain_text("8 dari 9")
    expect(main).to_contain_text("29")


def test_registrar_filters_regional_papers_on_data_and_gets_exactly_these_as_pdf(open_as, tmp_path):
    window = open_as("registrar", accept_downloads=True)
    page = window.page
    page.goto("/kemitraan/?class=regional&theme=integrasi-data&size=100")
    on_screen = page.locator("main").inner_text()
    refs = re.findall(r"KS-\d{4}-\d{4}", on_screen)
    href = page.locator("a[href*='ekspor.pdf']").first.get_attribute("href")

    answer = page.request.get(href)

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    printed = re.findall(r"KS-\d{4}-\d{4}", _text_of(answer.body()))
    assert list(dict.fromkeys(printed)) == list(dict.fromkeys(refs))
    assert len(set(refs)) >= 8


def test_officer_of_asahan_sees_own_papers_and_gets_404_on_anothers(open_as):
    page = open_as("kabupaten", width=360).page
    page.goto("/kemitraan/")
    expect(page.get_by_role("main")).to_contain_text("Asahan")
    expect(page.get_by_role("main")).not_to_contain_text("Batang")

    registrar = open_as("registrar").page
    registrar.goto("/kemitraan/?region=33.25")
    ref = re.search(r"KS-\d{4}-\d{4}", registrar.locator("main").inner_text()).group()

    assert page.goto(f"/kemitraan/{ref}/").status == 404
    assert page.goto(f"/kemitraan/{ref}/profil.pdf").status == 404
    assert page.goto(f"/kemitraan/{ref}/ubah/").status == 404


def test_reader_switches_to_english_and_back(open_as):
    page = open_as("pimpinan").page
    page.goto("/kemitraan/")
    expect(page.locator("html")).to_have_attribute("lang", "id")

    page.get_by_role("button", name=re.compile("EN|English")).first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.get_by_role("button", name=re.compile("ID|Indonesia")).first.click()
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_list_works_without_javascript(open_as):
    page = open_as("registrar", java_script_enabled=False).page
    page.goto("/kemitraan/")
    page.get_by_role("searchbox").last.fill("Asahan")
    page.get_by_role("searchbox").last.press("Enter")

    expect(page.get_by_role("main")).to_contain_text("Asahan")
    assert "q=Asahan" in page.url


def test_misspelt_name_is_answered_with_the_near_one(open_as):
    page = open_as("registrar").page
    page.goto("/kemitraan/?q=asahn")
    page.get_by_role("main").get_by_role("link", name=re.compile("Asahan")).first.click()

    expect(page.get_by_role("main")).to_contain_text("Pemerintah Kabupaten Asahan")


def _text_of(pdf):
    from io import BytesIO

    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
