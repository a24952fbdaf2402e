"""A registrar gives a file, looks at what was read, and the paper stands in the register with its scan."""

import re

import pytest
from playwright.sync_api import expect

from tests.corpus.naskah_corpus import naskah_of
from tests.corpus.rendering import pdf_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1366, 360])
def test_registrar_reads_confirms_and_registers_a_naskah(open_as, tmp_path, width):
    # A paper that was held out while rules were written; another one for each width, or it is a duplicate.
    paper = naskah_of("held_out")[1 if width > 1000 else 13]
    path = tmp_path / "naskah.pdf"
    path.write_bytes(pdf_of(paper.text))
    window = open_as("registrar", width=width)
    page = window.page

    page.goto("/kemitraan/")
    page.get_by_role("link", name="Baca naskah").click()
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Baca naskah ini").click()
    expect(page.get_by_role("heading", name="Hasil pembacaan")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value(paper.truth["title"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("button", name="Lanjutkan dengan yang dicentang").click()
    expect(page.locator("[name=parties-0-number]")).to_have_value(paper.truth["parties"][0]["number"])
    page.get_by_role("button", name="Daftarkan naskah").last.click()

    main = page.get_by_role("main")
    page.wait_for_url(re.compile(r"/kemitraan/KS-\d{4}-\d+/"))
    for party in paper.truth["parties"]:
        expect(main).to_contain_text(party["number"])
        expect(main).to_contain_text(re.sub(" Republik Indonesia$", "", party["organization"]))
    expect(main).to_contain_text("naskah.pdf")
    assert window.complaints == []
    assert window.elsewhere == []
