"""One paper from the first contact to its end, as the registrar lives it on the screen."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.partnerships.files.scans import scanned_pdf

pytestmark = pytest.mark.browser

# No other paper of the portal has this word.
MARK = uuid4().hex[:8]
TITLE = f"Pelatihan las {MARK} dari awal sampai akhir"
CEREMONY = f"Penandatanganan {MARK}"
TODAY = date.today()
SIGNED = TODAY - timedelta(days=20)
EXTENDED_TO = 2091
REASONS = {
    "drafting": "Para pihak mulai menyusun naskah",
    "scheduled": "Hari penandatanganan sudah pasti",
    "extension": "Perpanjangan disepakati kedua pihak",
    "addendum": "Sasaran pelatihan ditambah",
    "terminated": "Diakhiri dengan berita acara bersama",
}


def pressed(page):
    page.locator(".form-actions .button--primary").first.click()


def entered(page, title, **fields):
    """Enter a paper with Kabupaten Asahan as proposed; gives its address."""
    page.goto("/kemitraan/baru/")
    page.fill("[name=title]", title)
    page.select_option("[name=kind]", fields.pop("kind", "mou"))
    page.select_option("[name=status]", fields.pop("status", "proposed"))
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.fill("[name=parties-0-organization]", "Kementerian Ketenagakerjaan")
    page.fill("[name=parties-1-organization]", "Pemerintah Kabupaten Asahan")
    pressed(page)
    page.wait_for_url(re.compile(r"/kemitraan/KS-\d{4}-\d{4,}/$"))
    return page.url


def moved(page, paper, to, reason, since=None):
    page.goto(f"{paper}status/")
    page.locator(f"input[name=to][value={to}]").check()
    if since:
        page.fill("[name=effective_on]", since.isoformat())
    page.fill("[name=reason]", reason)
    pressed(page)


def planned(page, name):
    """Plan a ceremony on the day of signing; gives its address."""
    page.goto("/acara/baru/")
    page.fill("[name=name]", name)
    page.fill("[name=held]", SIGNED.isoformat())
    page.fill("[name=host]", "Kementerian Ketenagakerjaan")
    page.fill("[name=expected_regional]", "30")
    page.locator("button[type=submit].button--primary").click()
    expect(page.locator("h1")).to_have_text(name)
    return page.url


def papers_on(page, day, validity):
    """What the register says of the paper on that day: whether it stands under that validity."""
    page.goto(f"/kemitraan/?q={MARK}&on={day.isoformat()}&validity={validity}")
    return page.get_by_role("main").get_by_text(TITLE, exact=True).count()


def test_a_paper_goes_from_the_first_contact_to_its_end_with_the_one_below_it_decided(open_as):
    window = open_as("registrar")
    page = window.page

    paper = entered(page, TITLE)
    ref = paper.rstrip("/").rsplit("/", 1)[-1]
    moved(page, paper, "drafting", REASONS["drafting"])
    page.wait_for_url(paper)
    moved(page, paper, "scheduled", REASONS["scheduled"])
    page.wait_for_url(paper)

    # 29 more come by batch; the one that stands joins their ceremony.
    event = planned(page, CEREMONY)
    page.goto(f"{event}naskah/")
    page.select_option("[name=status]", "scheduled")
    rows = "\n".join(f"PT Uji {MARK} {n}\tMagang {MARK} {n}\t\t\t\t\t\tperusahaan" for n in range(29))
    page.fill("[name=pasted]", rows)
    page.locator("button[value=paste]").click()
    expect(page.locator(".ceremony-row--good")).to_have_count(29)
    page.locator("button[value=save].button--primary").click()
    page.wait_for_url(event)
    page.goto(f"{paper}ubah/")
    page.select_option("[name=event]", event.rstrip("/").rsplit("/", 1)[-1])
    page.fill("[name=signed]", SIGNED.isoformat())
    page.fill("[name=terms-0-starts]", SIGNED.isoformat())
    page.fill("[name=terms-0-ends]", (SIGNED + timedelta(days=365)).isoformat())
    page.fill("[name=reason]", "Masuk acara penandatanganan")
    pressed(page)
    page.wait_for_url(paper)
    page.goto(f"{event}tandatangan/")
    page.locator("main button[type=submit].button--primary").click()
    page.goto(paper)
    expect(page.locator(".page-head__facts")).to_contain_text("Ditandatangani")

    # Signed, with its scan; what is read in it is told in a story of its own.
    page.goto(f"{paper}dokumen/baru/")
    page.set_input_files(
        "[name=file]", {"name": "naskah.pdf", "mimeType": "application/pdf", "buffer": scanned_pdf()}
    )
    pressed(page)
    page.wait_for_url(re.compile(r"/dokumen/\d+/$"))
    page.goto(paper)
    expect(page.get_by_role("main")).to_contain_text("naskah.pdf")

    on_paper = {"kind": "pks", "status": "signed", "implements": ref, "signed": SIGNED.isoformat()}
    below = entered(page, f"Perjanjian las {MARK}", **on_paper)
    below_ref = below.rstrip("/").rsplit("/", 1)[-1]

    page.goto(f"{paper}adendum/baru/")
    page.locator("[name=subjects][value=scope]").check()
    page.fill("[name=summary]", REASONS["addendum"])
    page.fill("[name=clauses-0-clause]", "Pasal 4")
    page.fill("[name=clauses-0-text]", "Melatih 300 peserta.")
    page.locator("main button[type=submit].button--primary").last.click()
    page.wait_for_url(re.compile(rf"{ref}/#addendum"))

    day = date(EXTENDED_TO, 1, 31)
    assert (papers_on(page, day, "ended"), papers_on(page, day, "in_force")) == (1, 0)
    page.goto(f"{paper}masa-berlaku/")
    page.fill("[name=extend-ends]", str(EXTENDED_TO + 5))
    page.fill("[name=extend-reason]", REASONS["extension"])
    page.locator("button[name=do][value=extend]").click()
    page.wait_for_url(re.compile(rf"{ref}/"))
    assert (papers_on(page, day, "ended"), papers_on(page, day, "in_force")) == (0, 1)

    moved(page, paper, "terminated", REASONS["terminated"], since=TODAY)
    expect(page.locator(".error-summary a")).to_have_count(1)
    page.locator(f"input[name=below-{below_ref}][value=ends]").check()
    pressed(page)
    page.wait_for_url(paper)

    assert papers_on(page, SIGNED + timedelta(days=5), "in_force") == 1
    assert papers_on(page, day, "in_force") == 0
    page.goto(below)
    expect(page.locator(".page-head__facts")).to_contain_text("Diakhiri")
    page.goto(paper)
    history = page.locator("section", has=page.locator("#history"))
    for reason in REASONS.values():
        expect(history).to_contain_text(reason)
    assert window.complaints == []
    assert window.elsewhere == []
