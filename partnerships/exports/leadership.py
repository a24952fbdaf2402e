"""What leadership takes along: the brief, the report on a period, and the profile of a region, as PDF."""

from django.utils.translation import gettext

from partnerships.exports.issue import Issue
from partnerships.exports.page_sheet import page_of, question
from partnerships.exports.paper import pdf_of
from partnerships.exports.reader import scope_in_words
from partnerships.models import IssuedKind

_STYLES = """
.pdf--brief h1 { margin-top: 4mm; font-size: 18pt }
.pdf--brief .pdf-lead { margin-top: 1mm; color: var(--ink-2) }
.pdf--brief h2 { margin: 5mm 0 1.4mm }
.pdf--brief h3 { margin: 3mm 0 0.8mm; font-size: 8.5pt; font-weight: 700; break-after: avoid }
.pdf--brief h3 small {
  display: inline; margin-left: 1mm; color: var(--accent-strong); font-size: 8.5pt; font-weight: 600;
}
.pdf--brief a { color: inherit; text-decoration: none }
.pdf--brief .pdf-figures {
  display: grid; grid-template-columns: repeat(4, 1fr); gap: 3mm 4mm; margin-top: 4mm;
}
.pdf-figures div { padding-top: 1.4mm; border-top: 0.5pt solid var(--line-strong) }
.pdf-figures dt { color: var(--ink-2); font-size: 7.5pt }
.pdf-figures dd { font-size: 15pt; font-weight: 600; letter-spacing: -0.02em; line-height: 1.25 }
.pdf-figures dd.pdf-figures__note {
  color: var(--ink-3); font-size: 7pt; font-weight: 400; letter-spacing: 0; line-height: 1.35;
}
.pdf-legend {
  display: flex; flex-wrap: wrap; margin-top: 1.6mm !important; color: var(--ink-2); font-size: 7pt;
}
.pdf-legend div { display: flex; align-items: center; margin-right: 4mm }
.pdf-legend dt { width: 3mm; height: 3mm; margin-right: 1.2mm; border: 0.4pt solid var(--line-strong) }
.pdf-legend .pdf-look--0 { background: #f2f0ea }
.pdf-legend .pdf-look--1 { background: #d3e7ea }
.pdf-legend .pdf-look--2 { background: #93c1ca }
.pdf-legend .pdf-look--3 { background: #2f7f8f }
.pdf-legend .pdf-look--4 { background: #0a4f5d }
.pdf-legend .pdf-look--asleep { border: 0.7pt solid var(--warn); background: #f9eed6 }
.pdf-legend .pdf-look--over { background: #ffffff; border-style: dashed }
.pdf-caption { margin-top: 1mm !important; color: var(--ink-3); font-size: 7pt }
.pdf-pair { break-inside: avoid }
.pdf-pair > div { display: inline-block; width: 48%; vertical-align: top }
.pdf-pair > div + div { margin-left: 3.5% }
.pdf-pair h2 { margin-top: 5mm }
.pdf-page { break-before: page }
.pdf-page > h2:first-child, .pdf-page > .pdf-pair:first-child h2 { margin-top: 0 }
.pdf--brief .pdf-table { margin-top: 0; font-size: 8pt }
.pdf--brief .pdf-table th, .pdf--brief .pdf-table td { padding: 0.34em 0.5em }
.pdf--brief .pdf-table small { display: block; line-height: 1.3 }
.pdf--brief .pdf-table tbody th { font-weight: 600 }
.pdf--brief .pdf-table td.number { white-space: nowrap }
.pdf-table--named col:nth-child(2) { width: 26% }
.pdf-table--named col:nth-child(3) { width: 17% }
.pdf-table--summary col:nth-child(n+2) { width: 15% }
.pdf-table--report { margin-bottom: 3mm }
.pdf-table--report th:first-child { width: 28% }
.pdf--brief .pdf-table--report td small {
  display: inline-block; min-width: 6.5mm; margin-left: 1mm; font-size: 6.5pt;
}
.pdf--brief .pdf-table--report tbody th { font-weight: 400 }
.pdf--brief .pdf-table--report .pdf-total th, .pdf--brief .pdf-table--report .pdf-total td {
  border-top: 0.75pt solid var(--line-strong); background: transparent; font-weight: 600;
}
.pdf-table--numbers th:first-child { width: 46% }
.pdf-table--papers { margin-top: 0 }
.pdf-table--papers col:nth-child(1) { width: 17% }
.pdf-table--papers col:nth-child(3) { width: 14% }
.pdf-table--papers col:nth-child(4) { width: 16% }
.pdf--brief .pdf-after-kicker { margin-top: 0.6mm }
.pdf-key { margin-top: 1mm !important; color: var(--ink-2); font-size: 7pt }
.pdf-key span { margin-right: 2mm; padding-left: 1.4mm; border-left: 2.4mm solid var(--accent) }
.pdf-key .pdf-key--good { border-color: var(--good) }
.pdf-key .pdf-key--bad { border-color: var(--bad); border-left-style: double }
.pdf-key .pdf-key--warn { border-color: #d39a2f }
.pdf-none { color: var(--ink-3) }
.pdf-narrow { width: 110mm }
.pdf-note { margin-top: 1.6mm !important }
"""


def brief_page(brief):
    """The brief (selectors.brief.Brief) as a Page, two pages on paper."""
    issue = Issue(IssuedKind.BRIEF, brief.user, question())
    return _page(issue, "print/brief.html", gettext("Brief for leadership"), brief=brief)


def report_page(report):
    """The report on a period (selectors.period_report.PeriodReport) as a Page."""
    period = report.period
    issue = Issue(IssuedKind.PERIOD, report.user, question(year=period.year, half=period.half or ""))
    title = gettext("Report on the %(period)s") % {"period": report.period}
    return _page(issue, "print/period_report.html", title, report=report)


def region_page(shown):
    """The profile of a region (selectors.region_profile.RegionProfile) as a Page."""
    on = shown.on.isoformat() if shown.on else ""
    issue = Issue(IssuedKind.REGION, shown.user, question(region=shown.region.code, on=on))
    title = gettext("Profile of %(region)s") % {"region": shown.region.name}
    return _page(issue, "print/region.html", title, shown=shown, region=shown.region)


def pdf_of_leadership(page):
    """A page of this module as a PDF, every number of which is a link into the portal."""
    return pdf_of(page, styles=_STYLES)


def _page(issue, template, title, **context):
    return page_of(issue, template, {"title": title, "scope": scope_in_words(issue.user), **context})
