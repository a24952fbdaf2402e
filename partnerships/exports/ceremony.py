"""The paper of a ceremony: the packet that is handed out, and the sheet of the day for the door."""

from contextlib import ExitStack

from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext, ngettext

from partnerships.exports.cells import plain
from partnerships.exports.issue import Issue
from partnerships.exports.paper import pdf_of
from partnerships.exports.people import parties_said, person_said
from partnerships.exports.piece import Part
from partnerships.exports.piece_store import PieceStore
from partnerships.exports.renderers import Renderer
from partnerships.exports.sheet import Sheet
from partnerships.models import IssuedKind, PartnerClass, Precision, Presence

MOST_PAPERS = 300
# More papers than this are laid out a part at a time: all at once, they took half a gigabyte.
_PAPERS_AT_ONCE = 30
# Each paper begins a page. What people typed is escaped and can't look like this.
_PAPER = '<section class="pdf-paper">'

_STYLES = """
.pdf--packet .pdf-paper { break-before: page }
.pdf--packet .pdf-paper h2.pdf-paper__title {
  margin: 0.6mm 0 0; color: var(--ink); font-size: 16.5pt; letter-spacing: -0.022em; line-height: 1.2;
}
.pdf--packet .pdf-paper h3 {
  margin: 5mm 0 1.2mm; color: var(--accent-strong); font-size: 10pt; font-weight: 700; line-height: 1.25;
}
.pdf--packet .pdf-paper .pdf-kicker { margin-top: 0 }
.pdf-agenda { margin: 0; padding: 0; border-top: 0.5pt solid var(--line-strong); list-style: none }
.pdf-agenda li { padding: 0.85mm 0; border-bottom: 0.4pt solid var(--line) }
.pdf-table--called { margin-top: 0 !important }
.pdf-table--called col:nth-child(1) { width: 5.5% }
.pdf-table--called col:nth-child(2) { width: 15% }
.pdf-table--called col:nth-child(3) { width: 42% }
.pdf--packet .pdf-table--called tbody th { font-weight: 600 }
.pdf-table--called td p + p { margin-top: 0.8mm }
.pdf-table--called td.number, .pdf-table--door td.number { color: var(--ink-3) }
.pdf-missing { margin: 0; padding: 0; border-top: 0.5pt solid var(--line-strong); list-style: none }
.pdf-missing li { padding: 0.85mm 0; border-bottom: 0.4pt solid var(--line); color: var(--warn) }
.pdf-complete { color: var(--good) }
.pdf--door .pdf-group small { display: inline; margin-left: 1mm }
.pdf--door .pdf-table { margin-top: 4mm; font-size: 8.5pt }
.pdf-table--door col:nth-child(1) { width: 5.5% }
.pdf-table--door col:nth-child(2) { width: 40% }
.pdf-table--door col:nth-child(3) { width: 26% }
.pdf-table--door col:nth-child(4) { width: 8% }
.pdf--door .pdf-table--door tbody tr:nth-child(even) { background: transparent }
.pdf--door .pdf-table--door tbody td, .pdf--door .pdf-table--door tbody th {
  height: 9.5mm; border-bottom: 0.4pt solid var(--line-strong); vertical-align: middle;
}
.pdf--door .pdf-table--door tbody tr.pdf-group th { height: auto; border-bottom: 0.5pt solid var(--accent) }
.pdf-tick { display: block; width: 4.2mm; height: 4.2mm; margin: 0 auto; border: 0.7pt solid var(--ink) }
.pdf-table--door th.pdf-centred { text-align: center }
"""


def pdf_of_ceremony(page):
    """A Page of this module as a PDF; of many papers by a process of its own. Raises RendererFailed."""
    parts = _in_parts(page.html)
    return pdf_of(page, styles=_STYLES) if len(parts) == 1 else _joined(parts, page.issue)


def _in_parts(html):
    """The page in documents: the cover, then some papers each."""
    cover, *papers = html.split(_PAPER)
    if len(papers) <= _PAPERS_AT_ONCE:
        return [html]
    papers[-1], end = papers[-1].split("</body>")
    body = cover.index("<body")
    beginning = cover[: cover.index(">", body) + 1]
    parts = [f"{cover}</body>{end}"]
    for first in range(0, len(papers), _PAPERS_AT_ONCE):
        some = "".join(f"{_PAPER}{paper}" for paper in papers[first : first + _PAPERS_AT_ONCE])
        parts.append(f"{beginning}{some}</body>{end}")
    return parts


def _joined(parts, issue):
    """Documents one after the other as one, tagged, with the pages numbered through."""
    store = PieceStore()
    with ExitStack() as stack:
        renderer = stack.enter_context(Renderer())
        pieces, frames = [], []
        for number, part in enumerate(parts):
            path = stack.enter_context(store.passing_file())
            renderer.send("document", plain(part), _STYLES, number > 0, str(path))
            piece, frame = renderer.result()
            pieces.append(Part(piece.path, 0, len(piece.starts), piece.marks))
            frames.append(frame)
        joined = stack.enter_context(store.passing_file())
        renderer.send("join", pieces, frames[0], str(joined))
        renderer.send(issue.enclosed.files)
        renderer.result()
        made = joined.read_bytes()
    issue.finish(made)
    return made


def packet_page(event, papers, findings, user):
    """The packet as a Page: a cover with the agenda and the papers in order, then a page for each paper.

    ``papers`` come in the order of protocol (selectors.protocol); ``findings`` by the paper's id.
    """
    issue = Issue(IssuedKind.PACKET, user, _question(event))
    issue.enclose([packet_sheet(papers)])
    called = [
        {
            "place": place,
            "paper": paper,
            "heading": paper.display_title,
            "partner": _partners(paper),
            "people": _signing(paper),
            "parties": parties_said(paper),
            "facts": _facts(paper),
            "missing": _missing(paper, findings[paper.pk]),
        }
        for place, paper in enumerate(papers, start=1)
    ]
    return issue.page("print/packet.html", {**_head(event), "called": called})


def packet_sheet(papers):
    """The papers of the packet as lines of a table, in their order."""
    columns = {
        "place": gettext("No."),
        "ref": gettext("Reference"),
        "paper": gettext("Paper"),
        "partner": gettext("Partner"),
        "status": gettext("Status"),
        "signed_by": gettext("Signed by"),
    }
    lines = tuple(
        (
            place,
            paper.ref,
            paper.display_title,
            _partners(paper),
            paper.get_status_display(),
            "; ".join(_named(person) for person in _signing(paper)),
        )
        for place, paper in enumerate(papers, start=1)
    )
    return Sheet("paket", gettext("Packet of an event"), columns, lines)


def door_page(event, papers, findings, user):
    """The sheet for the door as a Page: a line for everybody who is to sign or to witness, a box to tick and
    room for who came instead. Who signs several papers has one line."""
    issue = Issue(IssuedKind.DOOR, user, _question(event))
    issue.enclose([door_sheet(papers)])
    return issue.page("print/door.html", {**_head(event), "groups": _expected_people(papers)})


def door_sheet(papers):
    """Who is expected at the door as lines of a table, in their order."""
    columns = {
        "place": gettext("No."),
        "group": gettext("Group"),
        "name": gettext("Name"),
        "post": gettext("Post"),
        "institution": gettext("Institution"),
        "note": gettext("Note"),
    }
    lines = tuple(
        (line["place"], group["heading"], line["name"], line["post"], line["institution"], line["note"])
        for group in _expected_people(papers)
        for line in group["lines"]
    )
    return Sheet("lembar", gettext("Sheet of the day, for the door"), columns, lines)


def _question(event):
    asked = QueryDict(mutable=True)
    asked["event"] = event.slug
    return asked


def _partners(paper):
    return ", ".join(party.organization.name for party in paper.counterparts)


def _signing(paper):
    return [person_said(each) for each in paper.signatories.all() if each.presence == Presence.SIGNED]


def _named(person):
    return ", ".join(str(part) for part in (person["name"], person["post"]) if part)


def _head(event):
    held = event.held
    return {
        "event": event,
        "title": event.name,
        "held": _in_full(held) if held else gettext("Date unknown"),
        "agenda": [item for item in event.agenda.split("\n") if item.strip()],
    }


def _in_full(held):
    if held.precision == Precision.DAY:
        return formats.date_format(held.earliest, "l, j F Y")
    return str(held)


def _facts(paper):
    facts = [
        (gettext("Status"), paper.get_status_display()),
        (gettext("Date of signing"), paper.signed or gettext("Date not known")),
        (gettext("Place"), paper.place),
        (gettext("Themes"), ", ".join(map(str, paper.themes.all()))),
        (
            gettext("Stands for"),
            gettext("%(count)s papers") % {"count": paper.represents} if paper.represents > 1 else "",
        ),
    ]
    return [(label, value) for label, value in facts if value]


def _missing(paper, findings):
    """What the record of the paper still lacks, in sentences."""
    parties = list(paper.parties.all())
    unnumbered = [party.organization.label for party in parties if not party.number]
    signs = {each.party_id for each in paper.signatories.all() if each.presence == Presence.SIGNED}
    missing = [] if paper.title else [gettext("The title is not known.")]
    if unnumbered:
        missing.append(gettext("No number at %(parties)s.") % {"parties": ", ".join(unnumbered)})
    unnamed = {finding.party for finding in findings if finding.party}
    missing += [
        gettext("Who signs for %(party)s is not known.") % {"party": party.organization.label}
        for party in parties
        if party.pk not in signs and party.pk not in unnamed
    ]
    missing += [finding.sentence for finding in findings]
    if not paper.has_scan:
        missing.append(gettext("The signed paper is not on file."))
    if not paper.themes.all():
        missing.append(gettext("No theme is chosen."))
    if not any(term.ends or term.ends_open for term in paper.terms.all()):
        missing.append(gettext("Its end is not known."))
    return missing


def _expected_people(papers):
    """(heading, lines) of who comes: the ministry's side first, then each class in its order.

    A party for which nobody is named has a line too: somebody will stand there.
    """
    ministry, others = {}, {}
    for paper in papers:
        signatories = paper.signatories.all()
        for party in paper.parties.all():
            own = [each for each in signatories if each.party_id == party.pk]
            among = ministry if party.organization.is_unit else others.setdefault(paper.lead_class, {})
            for each in own or [None]:
                _put(among, each, party.organization.name)
        for each in signatories:
            if each.party_id is None:
                _put(others.setdefault(paper.lead_class, {}), each, gettext("Party not named"))
    groups = [(gettext("Ministry"), ministry)]
    groups += [(PartnerClass(name).label, people) for name, people in others.items()]
    numbered, place = [], 0
    for heading, people in groups:
        lines = []
        for line in people.values():
            place += 1
            lines.append({**line, "place": place, "note": _note(line)})
        if lines:
            numbered.append({"heading": heading, "lines": lines})
    return numbered


def _put(people, signatory, institution):
    person = person_said(signatory) if signatory else {"name": "", "post": "", "note": ""}
    who = (signatory.person_id or signatory.post.casefold()) if signatory else ""
    line = people.setdefault(
        (who, institution), {**person, "said": person["note"], "institution": institution, "papers": 0}
    )
    line["papers"] += 1


def _note(line):
    papers = line["papers"]
    several = ngettext("%(n)d paper", "%(n)d papers", papers) % {"n": papers} if papers > 1 else ""
    return ", ".join(filter(None, [line["said"], several]))
