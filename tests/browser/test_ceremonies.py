"""A ceremony of 29 papers is entered by pasting, one bad row is mended, and the event reconciles."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NAMES = ["Aceh Barat", "Karawangg", "Garut", "Sukabumi", "Cianjur", "Tegal", "Demak", "Kudus", "Blora"]


def _pasted(day):
    """29 rows: 3 ministries, 9 kabupaten, 17 companies; the fifth names a kabupaten that there is not."""
    rows = ["mitra\tjudul\tpenandatangan\tjabatan\tjenis mitra"]
    rows += [f"Kementerian Uji {n}\tVokasi {day}\tNama Uji {n}\tMenteri\tkementerian" for n in range(1, 4)]
    rows += [f"Kab. {name}\tPelatihan {day}\tNama Uji {name}\tBupati\t" for name in NAMES]
    rows += [f"PT Uji Acara {n}\tMagang {day}\tNama Uji {n}\tDirektur\tperusahaan" for n in range(1, 18)]
    return "\n".join(rows)


@pytest.mark.parametrize(("scripts", "day"), [(True, "20 Maret 2025"), (False, "5 Mei 2024")])
def test_registrar_enters_a_ceremony_of_29_papers_by_pasting(open_as, scripts, day):
    name = f"Penandatanganan bersama {day}"
    window = open_as("registrar", java_script_enabled=scripts)
    page = window.page
    page.goto("/acara/baru/")
    page.fill("[name=name]", name)
    page.fill("[name=held]", day)
    page.fill("[name=host]", "Kemnaker")
    for partner_class, papers in {"ministry": 3, "regional": 9, "development": 17}.items():
        page.fill(f"[name=expected_{partner_class}]", str(papers))
    page.locator("button[type=submit].button--primary").click()
    expect(page.locator("h1")).to_have_text(name)

    page.locator("a[href$='/naskah/']").click()
    page.fill("[name=person]", "Nama Uji Seratus")
    page.fill("[name=post]", "Menteri")
    page.fill("[name=pasted]", _pasted(day))
    page.locator("button[value=paste]").click()

    expect(page.locator(".ceremony-row--good")).to_have_count(28)
    bad = page.locator(".ceremony-row--bad")
    expect(bad).to_have_count(1)
    expect(bad).to_contain_text("“Kab. Karawangg”")
    page.locator("[name=rows-4-organization]").fill("Kab. Karawang")
    page.locator("button[value=save].button--primary").click()

    expect(page.locator("h1")).to_have_text(name)
    main = page.get_by_role("main")
    for papers in (3, 9, 17):
        expect(main).to_contain_text(re.compile(rf"(Semua|All) {papers} "))
    assert window.complaints == []
