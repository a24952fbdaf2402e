"""Every kind of page, wide and narrow, light and dark: readable by all, and true to its policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAPER = "/kemitraan/KS-2025-0001/"
MARCH = "/acara/penandatanganan-29-naskah-2025/"
# A commitment on which something is verified already.
COMMITMENT = ".commitments > li:has(.progress) .commitments__text a"

# Who looks, where, and over which links of the page when an address holds a number of its own.
PAGES = {
    "sign-in": (None, "/masuk/"),
    "forgotten password": (None, "/lupa-sandi/"),
    "check a file": (None, "/verifikasi/"),
    "check a file, mistyped": (None, "/verifikasi/?kode=KS-2025-0001"),
    "home": ("registrar", "/"),
    "register": ("registrar", "/kemitraan/"),
    "register, filtered": ("registrar", "/kemitraan/?class=regional&theme=integrasi-data"),
    "register, nothing found": ("registrar", "/kemitraan/?q=asahn"),
    "register, opened by a view": ("registrar", "/kemitraan/?view=semua"),
    "save a view": ("registrar", "/kemitraan/tampilan/baru/?class=regional&sort=title"),
    "views": ("registrar", "/tampilan/"),
    "selected papers": ("registrar", "/kemitraan/tindakan/?ref=KS-2025-0001&ref=KS-2025-0002"),
    "nothing selected": ("registrar", "/kemitraan/tindakan/"),
    "theme for selected papers": (
        "registrar",
        "/kemitraan/tindakan/tambah-bidang/?ask=class%3Dregional&target=integrasi-data",
    ),
    "reminder for selected papers": ("registrar", "/kemitraan/tindakan/ingatkan/?ask=class%3Dregional"),
    "record": ("registrar", "/kemitraan/KS-2025-0001/"),
    "new record": ("registrar", "/kemitraan/baru/"),
    "edit record": ("registrar", "/kemitraan/KS-2025-0001/ubah/"),
    "papers asleep": ("registrar", "/kemitraan/tidur/"),
    "papers past their period": ("admin", "/pemusnahan/"),
    "decision on a paper asleep": ("registrar", "/kemitraan/KS-2010-0001/tidur/"),
    "brief": ("registrar", "/ringkasan/"),
    "brief of an office": ("kabupaten", "/ringkasan/"),
    "report on a half year": ("registrar", "/laporan/2025/s2/"),
    "report on the running year": ("registrar", "/laporan/2026/"),
    "coverage": ("registrar", "/wilayah/cakupan/?theme=penempatan"),
    "regions by achievement": ("registrar", "/wilayah/?measure=achieved&on=2026-06-30"),
    "terms of a record": ("registrar", "/kemitraan/KS-2025-0001/masa-berlaku/"),
    "new addendum": ("registrar", "/kemitraan/KS-2025-0001/adendum/baru/"),
    "renewal": ("registrar", "/kemitraan/baru/?renews=KS-2025-0001"),
    "move record": ("registrar", "/kemitraan/KS-2025-0001/status/"),
    "move record with another below": ("registrar", "/kemitraan/KS-2025-0014/status/"),
    "stages of a foreign record": ("registrar", "/kemitraan/KS-2026-0006/tahap/"),
    "foreign record": ("registrar", "/kemitraan/KS-2026-0006/"),
    "new document": ("registrar", "/kemitraan/KS-2025-0001/dokumen/baru/"),
    "document": ("registrar", PAPER, "main a[href^='/dokumen/']"),
    "read a naskah": ("registrar", "/kemitraan/baca/"),
    "publish record": ("registrar", "/kemitraan/KS-2025-0001/publikasi/"),
    "ledger": ("registrar", "/komitmen/"),
    "ledger, to repair": ("registrar", "/komitmen/?measurable=no"),
    "funnel": ("registrar", "/capaian/corong/?by=region"),
    "matrix of regions": ("registrar", "/komitmen/matriks/?theme=pelatihan-vokasi"),
    "partners": ("registrar", "/mitra/"),
    "partner": ("registrar", "/mitra/pemerintah-kabupaten-asahan/"),
    "regions": ("registrar", "/wilayah/"),
    "province": ("registrar", "/wilayah/12/"),
    "kabupaten": ("kabupaten", "/wilayah/12.09/"),
    "needs": ("registrar", "/kebutuhan/?theme=pelatihan-vokasi"),
    "need": ("registrar", "/kebutuhan/?theme=pelatihan-vokasi", "td.cell--title a"),
    "state a need": ("kabupaten", "/kebutuhan/baru/"),
    "offers": ("registrar", "/penawaran/"),
    "offer": ("registrar", "/penawaran/", "td.cell--title a"),
    "record an offer": ("registrar", "/penawaran/baru/"),
    "what fits together": ("registrar", "/kecocokan/"),
    "events": ("registrar", "/acara/"),
    "event": ("registrar", MARCH),
    "plan an event": ("registrar", "/acara/baru/"),
    "change an event": ("registrar", f"{MARCH}ubah/"),
    "papers of an event": ("registrar", f"{MARCH}naskah/"),
    "papers marked as signed": ("registrar", f"{MARCH}tandatangan/"),
    "tasks": ("kabupaten", "/tugas/"),
    "tasks of a verifier": ("unit", "/tugas/"),
    "tasks of the bureau": ("registrar", "/tugas/"),
    "one group of tasks": ("kabupaten", "/tugas/?only=overdue"),
    "action points": ("registrar", "/tindak-lanjut/"),
    "new action point": ("registrar", "/kemitraan/KS-2025-0001/tindak-lanjut/baru/"),
    "new commitment": ("kabupaten", f"{PAPER}komitmen/baru/"),
    "commitment": ("kabupaten", PAPER, COMMITMENT),
    "change commitment": ("kabupaten", PAPER, COMMITMENT, "main a[href$='/ubah/']"),
    "withdraw commitment": ("kabupaten", PAPER, COMMITMENT, "main a[href$='/tarik/']"),
    "report, written": ("kabupaten", PAPER, COMMITMENT, ".page-head .button--primary"),
    "report, verified": ("pimpinan", PAPER, COMMITMENT, "tr:has(.badge--good) .cell--title a"),
    "verification queue": ("unit", "/periksa/"),
    "verification": ("unit", "/periksa/", "[data-row-link]"),
    "downloads, none": ("pimpinan", "/unduhan/"),
    "help": ("kabupaten", "/bantuan/"),
    "own account": ("kabupaten", "/akun/"),
    "security": ("kabupaten", "/akun/keamanan/"),
    "security of who verifies": ("unit", "/akun/keamanan/"),
    "sessions": ("kabupaten", "/akun/sesi/"),
    "confirmation of who one is": ("kabupaten", "/akun/surel/"),
    "not found": ("kabupaten", "/kemitraan/KS-2099-9999/"),
    "forbidden": ("pimpinan", "/kemitraan/KS-2025-0001/ubah/"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 360])
@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_keeps_to_itself(name, width, scheme, open_as):
    who, path, *links = PAGES[name]
    window = open_as(who, width=width, scheme=scheme)

    window.page.goto(path)
    for link in links:
        window.page.goto(window.page.locator(link).first.get_attribute("href"))
    found = (
        Axe()
        .run(
            window.page,
            options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
        )
        .response["violations"]
    )

    assert [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found] == []
    assert window.complaints == []
    assert window.elsewhere == []
    overflow = window.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0, f"the page scrolls sideways by {overflow} px"
