"""Text that wants to be a script: stored everywhere, shown as text, run nowhere, policy or not."""

import csv
import re

import pytest

from tests.browser.conftest import PASSWORD
from tests.serving import ROOT, serving

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "'-alert(4)-'",
    "</title><script>alert(5)</script>",
    "<details open ontoggle=alert(6)>",
    "<a href=javascript:alert(7) autofocus onfocus=alert(8)>x</a>",
    "</textarea><script>alert(9)</script>",
    "{{constructor.constructor('alert(10)')()}}",
    "<iframe srcdoc='<script>parent.alert(11)</script>'>",
    "<div hx-get=/healthz hx-trigger=load hx-on::load=alert(12)>x</div>",
    "&lt;script&gt;alert(13)&lt;/script&gt;",
)


# Where an import puts text of its own.
TEXTS = (
    "title",
    "number_kemnaker",
    "number_partner",
    "signatory_partner",
    "signatory_partner_position",
    "place",
    "commitments",
    "sources",
)


def hostile_file(folder):
    """Papers of which every text is an attack."""
    file = folder / "hostile.csv"
    with (ROOT / "partnerships/data/public-records.csv").open(encoding="utf-8-sig") as known:
        names = next(csv.reader(known))
    with file.open("w", newline="") as target:
        writer = csv.DictWriter(target, names)
        writer.writeheader()
        for number, payload in enumerate(PAYLOADS):
            said = payload.replace(";", ",")
            known_texts = {
                "id": f"X{number:03}",
                "date_signed": "2001-02-03",
                "instrument_kind": "Nota Kesepahaman",
                "partner_name": f"PT {said}",
                "partner_type": "Perusahaan swasta",
                "certainty": "low",
            }
            writer.writerow({**dict.fromkeys(TEXTS, said), **known_texts})
    return str(file)


@pytest.fixture(scope="module")
def hostile_portal(django_db_setup, django_db_blocker, tmp_path_factory):
    command = ["import_agreements", hostile_file(tmp_path_factory.mktemp("hostile")), "--apply"]
    with (
        django_db_blocker.unblock(),
        serving("hostile", [*command, "--source", "hostile"], ["create_demo"]) as served,
    ):
        yield served.address


@pytest.fixture
def page(hostile_portal, chromium):
    """A window without the content security policy that counts what a script would call."""
    context = chromium.new_context(base_url=hostile_portal, bypass_csp=True)
    page = context.new_page()
    page.add_init_script("window.ran = []; window.alert = what => window.ran.push(what)")
    page.goto("/masuk/")
    page.fill("input[name=login]", "registrar@demo.test")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{hostile_portal}/")
    yield page
    context.close()


def links(page, beginning):
    found = page.locator(f"main a[href^='{beginning}']")
    return found.evaluate_all("links => [...new Set(links.map(link => link.getAttribute('href')))]")


def test_the_watch_sees_a_script_that_runs(page):
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=alert(1)>')")
    page.wait_for_function("window.ran.length > 0")


def test_no_stored_text_runs_as_a_script_even_without_the_policy(page):
    page.goto("/kemitraan/?size=100")
    assert "<script>alert(1)</script>" in page.locator("main").inner_text()
    papers = links(page, "/kemitraan/KS-2001-")
    assert len(papers) == len(PAYLOADS)
    page.goto("/mitra/?q=alert")
    partners = links(page, "/mitra/pt-")
    page.goto("/komitmen/?q=alert&size=100")
    commitments = [link for link in links(page, "/komitmen/") if re.search(r"/komitmen/\d+/$", link)]
    assert len(commitments) == len(PAYLOADS)

    visited = [f"{paper}{part}" for paper in papers for part in ("", "ubah/")]
    for address in ["/", "/mitra/?q=alert", "/komitmen/?q=alert", *partners, *commitments, *visited]:
        assert page.goto(address).status == 200, address
        assert page.evaluate("window.ran") == [], address


def test_what_is_asked_is_shown_as_text(page):
    for name in ("q", "class", "sort", "columns", "page", "<svg onload=alert(1)>"):
        page.goto(f"/kemitraan/?{name}=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
        assert page.evaluate("window.ran") == [], name
