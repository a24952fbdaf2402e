"""The paper of an evaluation meeting: the hand-out, a page for each partner, and the slides in landscape."""

from django.utils import formats, timezone

from partnerships.exports.issue import Issue
from partnerships.exports.page_sheet import page_of, question
from partnerships.exports.paper import pdf_of
from partnerships.models import IssuedKind

_LINES_OF_A_SLIDE = 7

_LINKS = """
.pdf a {
  text-decoration: underline; text-decoration-color: var(--line-strong); text-decoration-thickness: 0.5pt;
}
.pdf h1 a, .pdf h2 a, .pdf .pdf-plain a, .pdf .pdf-bars a { text-decoration: none }
"""

_HANDOUT = (
    _LINKS
    + """
.pdf--handout .pdf-sheet { break-before: page }
.pdf--handout h2.pdf-sheet__title {
  margin: 0.6mm 0 0; color: var(--ink); font-size: 16.5pt; letter-spacing: -0.022em; line-height: 1.2;
}
.pdf--handout .pdf-sheet .pdf-kicker { margin-top: 0 }
.pdf--handout h3 {
  margin: 4.4mm 0 1mm; color: var(--accent-strong); font-size: 10pt; font-weight: 700; line-height: 1.25;
}
.pdf--handout h3 small { display: inline; margin-left: 1mm; font-weight: 500 }
.pdf--handout .pdf-counts dd { font-size: 14pt }
.pdf--handout .pdf-counts dd small { display: inline; margin-left: 1mm }
.pdf--handout .pdf-cover-counts { margin-bottom: 5mm !important }
.pdf-table--partners col:nth-child(1) { width: 37% }
.pdf-table--partners col:nth-child(2) { width: 22% }
.pdf-table--partners col:nth-child(3) { width: 12% }
.pdf--handout .pdf-table--partners tbody th { font-weight: 600 }
.pdf-table--partners td, .pdf-table--partners th { vertical-align: middle !important }
.pdf-bar { display: inline-block; width: 22mm; height: 2.4mm; margin-right: 1.6mm }
.pdf-table--sheet col:nth-child(1) { width: 50% }
.pdf-table--sheet col:nth-child(2) { width: 18% }
.pdf-table--sheet col:nth-child(3) { width: 18% }
.pdf-table--sheet .number { white-space: nowrap }
.pdf--handout .pdf-table--sheet tbody th { font-weight: 500 }
.pdf-lines { margin: 0; padding: 0; border-top: 0.5pt solid var(--line-strong); list-style: none }
.pdf-lines li { padding: 0.8mm 0; border-bottom: 0.4pt solid var(--line) }
.pdf--handout .pdf-lines small { display: block }
.pdf-lines strong { font-weight: 600 }
.pdf-late { color: var(--bad); font-weight: 600 }
.pdf--handout .pdf-pair { display: flex }
.pdf--handout .pdf-pair > div { flex: 1 1 0; width: 48% }
.pdf--handout .pdf-pair > div + div { margin-left: 6mm }
"""
)

_SLIDES = (
    _LINKS
    + """
@page slides {
  size: 297mm 167mm; margin: 12mm 15mm 14mm;
  @bottom-left {
    width: 80%; color: #5f6b70; content: string(foot); font: 7.5pt "Plus Jakarta Sans Paper", sans-serif;
  }
  @bottom-right {
    color: #172225; content: counter(page) " / " counter(pages);
    font: 500 9pt "Plus Jakarta Sans Paper", sans-serif;
  }
}
@page slides:first { @bottom-right { content: none } }
.pdf--slides { page: slides; font-size: 12pt; line-height: 1.35 }
.pdf--slides .pdf-head p { font-size: 9pt }
.pdf--slides .pdf-slide { break-before: page }
.pdf--slides h1 { margin-top: 30mm; font-size: 34pt; line-height: 1.12 }
.pdf--slides .pdf-when { margin-top: 5mm; color: var(--ink-2); font-size: 15pt }
.pdf--slides .pdf-when strong { color: var(--ink); font-weight: 600 }
.pdf--slides h2 {
  margin: 0 0 4mm; color: var(--ink); font-size: 22pt; letter-spacing: -0.022em; line-height: 1.15;
}
.pdf--slides h2 small {
  display: block; margin: 0 0 1mm; color: var(--ink-2); font-size: 10.5pt; letter-spacing: 0;
}
.pdf--slides h3 { margin: 0 0 1.6mm; color: var(--accent-strong); font-size: 12pt; font-weight: 700 }
.pdf--slides h3 small { display: inline; margin-left: 1mm; font-weight: 500 }
.pdf--slides .pdf-counts { margin-top: 0 !important }
.pdf--slides .pdf-counts dt { font-size: 10pt }
.pdf--slides .pdf-counts dd { font-size: 23pt }
.pdf--slides .pdf-counts dd small { font-size: 10pt }
.pdf-columns { display: flex; margin-top: 6mm }
.pdf-columns > div { flex: 1 1 0; width: 30% }
.pdf-columns > div + div { margin-left: 9mm }
.pdf-columns > .pdf-wide { flex: 1.35 1 0 }
.pdf-charts { margin-top: 7mm; white-space: nowrap }
.pdf-bars { display: inline-block; width: 84mm; vertical-align: top }
.pdf-bars + .pdf-bars { margin-left: 7mm }
.pdf--slides .pdf-lines {
  margin: 0; padding: 0; border-top: 0.6pt solid var(--line-strong); list-style: none;
}
.pdf--slides .pdf-lines li {
  padding: 1.5mm 0; border-bottom: 0.5pt solid var(--line); font-size: 12.5pt; line-height: 1.3;
}
.pdf--slides .pdf-lines small { display: block; font-size: 10.5pt }
.pdf--slides .pdf-lines strong { font-weight: 600 }
.pdf--slides .pdf-more { font-size: 10.5pt }
.pdf--slides .pdf-empty { margin-top: 0 !important; font-size: 12.5pt }
.pdf--slides .pdf-bar { display: block; width: 100%; height: 2mm; margin: 1mm 0 0 }
.pdf-late { color: var(--bad); font-weight: 600 }
.pdf--slides .pdf-table { margin-top: 0; font-size: 12pt }
.pdf-table--points col:nth-child(1) { width: 24% }
.pdf-table--points col:nth-child(3) { width: 24% }
.pdf-table--points col:nth-child(4) { width: 13% }
"""
)


def handout_page(shown, sheets, user):
    """The hand-out as a Page: ``shown`` is the meeting (selectors.meetings.MeetingPage), ``sheets`` are its
    partners (selectors.meeting_handout), all from the snapshot."""
    issue = Issue(IssuedKind.HANDOUT, user, question(meeting=shown.meeting.pk))
    return page_of(issue, "print/meeting_handout.html", {**_head(shown), "sheets": sheets})


def slides_page(shown, sheets, user):
    """The slides as a Page: title, overview, a slide for each partner, and what is to be done."""
    context = {
        **_head(shown),
        "sheets": sheets,
        "to_do": shown.to_do[:_LINES_OF_A_SLIDE],
        "more_to_do": len(shown.to_do) - _LINES_OF_A_SLIDE,
    }
    issue = Issue(IssuedKind.SLIDES, user, question(meeting=shown.meeting.pk))
    return page_of(issue, "print/meeting_slides.html", context)


def pdf_of_handout(page):
    return pdf_of(page, styles=_HANDOUT)


def pdf_of_slides(page):
    return pdf_of(page, styles=_SLIDES)


def _head(shown):
    meeting = shown.meeting
    return {
        "shown": shown,
        "meeting": meeting,
        "title": meeting.title,
        "held": formats.date_format(meeting.held_on, "l, j F Y"),
        "frozen": formats.date_format(timezone.localtime(meeting.frozen_at), "j F Y, H.i T"),
        # Of the snapshot, not of the printing: every number on it is of that moment.
        "moment": formats.date_format(timezone.localtime(meeting.frozen_at), "j F Y, H.i T"),
    }
