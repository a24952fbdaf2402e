"""People trained, certified and placed as a file: a page for a meeting, and rows to go on with."""

from django.utils import timezone
from django.utils.translation import gettext

from partnerships import charts
from partnerships.exports.issue import Issue
from partnerships.exports.page_sheet import page_of
from partnerships.exports.paper import pdf_of
from partnerships.exports.reader import scope_in_words
from partnerships.exports.sheet import csv_text
from partnerships.models import IssuedKind, Stage

# More lines than this no meeting goes through; the CSV has them all.
MOST_ON_PAPER = 300


def as_pdf(funnel):
    """(its name, the funnel as a PDF, its Issue); ``funnel`` is a selectors.funnel.Funnel."""
    page = funnel_page(funnel)
    return named("pdf"), pdf_of(page, styles=_STYLES), page.issue


def funnel_page(funnel):
    """The funnel as a Page."""
    scope = scope_in_words(funnel.user)
    said = [(gettext("What you see"), [scope])] if scope else []
    said += map(funnel.ledger.said, funnel.ledger.asked)
    title = gettext("Trained, certified, placed")
    return page_of(
        Issue(IssuedKind.FUNNEL, funnel.user, funnel.params),
        "print/funnel.html",
        {
            "title": title,
            "narrowed_by": [(label, ", ".join(words)) for label, words in said],
            "funnel": funnel,
            "drawing": charts.funnel(title, funnel.chart),
            "followed": funnel.followed and charts.funnel(title, funnel.followed),
            "lines": funnel.lines[:MOST_ON_PAPER],
            "more": max(0, len(funnel.lines) - MOST_ON_PAPER),
        },
    )


def as_csv(funnel):
    """Every line of the funnel as text; the first is everything that was asked for."""
    lines = [
        (gettext("Everything"), funnel.steps),
        *((each.label, each.steps) for each in funnel.lines),
    ]
    return csv_text(
        [
            [funnel.heading, *(heading for stage in Stage for heading in _headings(stage))],
            *([label, *(cell for step in steps for cell in _cells(step))] for label, steps in lines),
        ]
    )


def _headings(stage):
    return [
        gettext("%(stage)s: %(number)s") % {"stage": stage.label, "number": number}
        for number in (
            gettext("verified"),
            gettext("promised"),
            gettext("commitments"),
            gettext("not measurable"),
            gettext("with a report to verify"),
        )
    ]


def _cells(step):
    reached = step.reached
    amounts = [_number(each) for each in (reached.done, reached.promised)]
    return [*amounts, reached.commitments, step.unmeasurable, reached.waiting]


def _number(number):
    """As a spreadsheet set to Indonesian reads it."""
    whole = number == int(number)
    return str(int(number)) if whole else format(number.normalize(), "f").replace(".", ",")


def named(form):
    return f"corong-{timezone.localtime():%Y-%m-%d-%H%M}.{form}"


_STYLES = """
.pdf-funnels { margin: 1mm 0 2mm }
.pdf-funnel { display: inline-block; width: 82mm; vertical-align: top }
.pdf-funnel + .pdf-funnel { margin-left: 10mm }
.pdf-table--funnel th small, .pdf-table--funnel td small { display: block }
.pdf-table--funnel col:nth-child(1) { width: 25% }
.pdf-table--funnel td.number { text-align: right }
"""
