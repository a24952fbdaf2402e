"""Text that tries to be markup, style, script, address or template: on paper it is only text."""

import io
import re
import socket
import threading
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pypdf
import pytest
from django.http import QueryDict

from partnerships.exports import as_pdf
from partnerships.exports.issue import Issue, Page
from partnerships.exports.of_register import RegisterExtract
from partnerships.exports.paper import pdf_of
from partnerships.exports.profile import profile_page, profile_pdf
from partnerships.models import Agreement, AgreementTheme, IssuedKind, Party, Theme, WorkLocation
from regions.models import Region
from tests.factories import (
    AgreementFactory,
    CommitmentFactory,
    OrganizationFactory,
    PersonFactory,
    SignatoryFactory,
    SigningEventFactory,
    SourcedFactFactory,
    TermFactory,
)

pytestmark = pytest.mark.django_db

MARKER = "isi-yang-tidak-boleh-keluar"

# U is an address that must not be asked for, F a file that must not be read.
VECTORS = [
    '<img src="U/1.png">',
    '<img src="F">',
    '<img srcset="U/2.png 2x">',
    '"><img src=U/3>',
    "'><img src=U/4>",
    '<link rel="stylesheet" href="U/5.css">',
    '<link rel="attachment" href="F">',
    '<link rel="attachment" href="U/6">',
    '<a rel="attachment" href="F">unduh</a>',
    '<a href="F">berkas</a>',
    '<a href="javascript:app.alert(1)">klik</a>',
    "<style>@import url(U/7.css);</style>",
    "<style>*{background:url(U/8.png)}</style>",
    "<style>@font-face{font-family:x;src:url(F)}*{font-family:x}</style>",
    "<style>@page{background:url(U/9.png)}</style>",
    '</style><img src="U/10">',
    '<p style="background:url(U/11.png)">x</p>',
    '<p style="content:url(F)">x</p>',
    '<p style="list-style-image:url(U/12)">x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="U/13.png"/></svg>',
    '<svg><image xlink:href="F" width="9" height="9"/></svg>',
    '<svg><use href="U/14.svg#a"/></svg>',
    '<svg><style>@import "U/15.css";</style></svg>',
    "<svg><foreignObject><img src=U/16></foreignObject></svg>",
    '<object data="F" type="image/svg+xml"></object>',
    '<object data="U/17.svg"></object>',
    '<embed src="U/18.svg">',
    '<iframe src="F"></iframe>',
    '<iframe srcdoc="&lt;img src=U/19&gt;"></iframe>',
    '<video poster="U/20.png" src="U/21"></video>',
    '<input type="image" src="U/22">',
    '<body background="U/23.png">',
    '<table background="U/24.png"><tr><td>x</td></tr></table>',
    '<base href="U/"><img src="25.png">',
    '<meta http-equiv="refresh" content="0;url=U/26">',
    '<script src="U/27.js"></script>',
    '<img src="U/redirect">',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "F">]><x>&e;</x>',
    '<?xml-stylesheet href="U/28.css"?>',
    '<xi:include href="F" parse="text"/>',
    "<!-- <img src=U/29> ",
    '<img src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22><use href=%22U/30%22/></svg>">',
    '<img src="file://localhostF"><img src="FILE://F"><img src="file:F?x#y">',
    '<img src="gopher://127.0.0.1/31"><img src="ftp://127.0.0.1/32">',
]
TEMPLATES = [
    "{{ 7|add:42 }}",
    "{{7*7}}",
    "{% include 'F' %}",
    "{0.__class__}",
    "%(moment)s %s %d 100%",
    "${7*7}",
    "#{7*7}",
]


class _Canary(BaseHTTPRequestHandler):
    """Notes whoever comes, and sends them on to a file."""

    def do_GET(self):
        self.server.visits.append(self.path)
        self.send_response(302)
        self.send_header("Location", self.server.secret)
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing; the test reads ``visits``."""


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """A server on this machine that nobody may visit; ``secret`` is a file that nobody may read."""
    folder = tmp_path_factory.mktemp("secret")
    secret = folder / "secret.svg"
    secret.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="9"><text y="9">{MARKER}</text></svg>'
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Canary)
    server.visits, server.secret = [], secret.as_uri()
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def connections(monkeypatch):
    """Where this process tries to connect to; it gets nowhere."""
    tried = []

    def refuse(_socket, address):
        tried.append(address)
        raise ConnectionRefusedError

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    return tried


@pytest.fixture
def armed(canary):
    """A vector with the addresses of this run."""

    def arm(vector):
        return vector.replace("U/", f"{canary.address}/").replace("F", canary.secret)

    return arm


def hostile_paper(text):
    """A paper with the text in every field that takes text, as long as the field allows."""
    region = Region.objects.get(code="12.09")
    agreement = AgreementFactory(
        title=text[:400],
        place=text[:200],
        external_id=text[:60],
        event=SigningEventFactory(name=text[:200]),
    )
    partner = OrganizationFactory(name=text[:200], short_name=text[:60])
    unit = OrganizationFactory(name=text[:200], short_name=text[:60], kind="unit")
    first = Party.objects.create(agreement=agreement, organization=unit, position=1, number=text[:120])
    Party.objects.create(agreement=agreement, organization=partner, position=2, number=text[:120])
    person = PersonFactory(name=text[:150], title_before=text[:40], title_after=text[:60])
    SignatoryFactory(
        agreement=agreement,
        party=first,
        person=person,
        post=text[:200],
        on_behalf_of=text[:200],
        letter=text[:200],
    )
    called = f"{agreement.pk} {text}"[:120]
    theme = Theme.objects.create(slug=f"uji-{agreement.pk}", name=called, name_en=called)
    AgreementTheme.objects.create(agreement=agreement, theme=theme)
    WorkLocation.objects.create(agreement=agreement, region=region)
    TermFactory(agreement=agreement, closed_because=text[:300])
    CommitmentFactory(agreement=agreement, text=text[:500], owed_by=first)
    SourcedFactFactory(agreement=agreement, value=text, source=text, in_force=False)
    SourcedFactFactory(agreement=agreement, value=text, source=f"http://{text}", in_force=False)
    AgreementFactory(title=text[:400], kind="pks", implements=agreement)
    return Agreement.objects.with_validity().with_parties().get(pk=agreement.pk)


class _Elements(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.attributes, self.text = set(), set(), ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes.update(name for name, _value in attributes)

    def handle_data(self, text):
        self.text += text


OURS = {
    *("html", "head", "meta", "title", "body", "div", "p", "strong", "small", "span", "h1", "h2", "br"),
    *("dl", "dt", "dd", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
}
OUR_ATTRIBUTES = {
    *("lang", "charset", "name", "content", "class", "scope", "colspan"),
    *("data-title", "data-foot", "data-page", "data-of"),
}


@pytest.mark.parametrize("vector", [*VECTORS, *TEMPLATES])
def test_is_text_in_every_field_of_every_document(armed, registrar, vector):
    text = armed(vector)
    agreement = hostile_paper(text)
    registrar.name = text[:150]
    codes = "title,partner,theme,unit,event,place,number,source"
    extract = RegisterExtract(registrar, QueryDict(f"columns={codes}"))

    for page in (profile_page(agreement, registrar), as_pdf.in_one_piece(extract, Issue.of_list(extract))[0]):
        found = _Elements(re.sub('<img class="pdf-head__qr"[^>]*>', "", page.html, count=1))
        assert found.elements <= OURS
        assert found.attributes <= OUR_ATTRIBUTES
        assert text[:150] in found.text


def test_nothing_is_fetched_and_nothing_foreign_is_in_the_files(
    canary, armed, export, registrar, connections
):
    papers = [hostile_paper(armed(vector)) for vector in VECTORS]
    files = [export("pdf", registrar, "kind=mou&columns=title,partner,place")]
    files += [profile_pdf(profile_page(paper, registrar)) for paper in papers[::15]]

    assert canary.visits == connections == []
    for file in files:
        assert _foreign(file) == []
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files[0])).pages)
    assert "<iframe" in text
    assert "<link" in text


def test_even_markup_that_got_through_would_fetch_nothing(canary, armed, connections):
    """The second wall: the renderer itself opens the portal's own files only."""
    # A comment that never ends hides what follows, so it comes last.
    vectors = sorted(VECTORS, key=lambda vector: vector.startswith("<!--"))
    content = "".join(f"<section>{armed(vector)}</section>" for vector in vectors)
    page = f'<html lang="id"><head><title>x</title></head><body class="pdf">{content}</body></html>'

    file = pdf_of(Page(page, Issue(IssuedKind.REGISTER, None, QueryDict(), code="23456789ABCD")))

    assert canary.visits == connections == []
    assert _foreign(file) == []


def _foreign(file):
    """What of a PDF is not the portal's: attached files, scripts, addresses, the secret itself."""
    pdf = pypdf.PdfReader(io.BytesIO(file))
    catalogue = pdf.trailer["/Root"]
    found = ["/JavaScript"] if "/JavaScript" in catalogue.get("/Names", {}) else []
    found += ["/OpenAction"] if "/OpenAction" in catalogue else []
    own = {f"{stem}.{form}" for stem in ("kemitraan", "profil") for form in ("csv", "json")}
    found += [name for name in pdf.attachments if name not in own]
    inside = b"".join(content for contents in pdf.attachments.values() for content in contents)
    found += [MARKER] if MARKER.encode() in inside else []
    for number in range(1, pdf.trailer["/Size"]):
        value = pdf.get_object(pypdf.generic.IndirectObject(number, 0, pdf))
        if not isinstance(value, dict):
            continue
        kind = value.get("/Type"), value.get("/Subtype")
        if kind[1] == "/Image" or "/JS" in value:
            found.append(str(kind))
        if "/EF" in value and value["/UF"] not in own:
            found.append(value["/UF"])
        if hasattr(value, "get_data") and MARKER.encode() in value.get_data():
            found.append(MARKER)
    if MARKER in "".join(page.extract_text() for page in pdf.pages):
        found.append(MARKER)
    return found
