"""The matrix of regions and what they promised of one theme or event, as a file."""

from django.utils import timezone
from django.utils.translation import gettext

from partnerships.exports.issue import Issue
from partnerships.exports.page_sheet import page_of
from partnerships.exports.paper import pdf_of
from partnerships.exports.reader import scope_in_words
from partnerships.exports.sheet import csv_text
from partnerships.models import IssuedKind


def as_pdf(matrix):
    """(its name, the matrix as a PDF, its Issue); ``matrix`` is a selectors.matrix.Matrix."""
    page = matrix_page(matrix)
    return named("pdf"), pdf_of(page, styles=_STYLES), page.issue


def matrix_page(matrix):
    """The matrix as a Page."""
    return page_of(
        Issue(IssuedKind.REGIONS, matrix.user, matrix.question.params),
        "print/matrix.html",
        {"title": matrix.title, "scope": scope_in_words(matrix.user), "matrix": matrix},
    )


def as_csv(matrix):
    """A line for each region and each thing that is promised, also where the region promised none of it."""
    heads = [
        *(gettext("Code"), gettext("Region"), gettext("Promised"), gettext("Delivery")),
        *(gettext("Last delivery"), gettext("Responsible office"), gettext("Commitments")),
    ]
    return csv_text(
        [
            heads,
            *(
                [row.region.code, row.region.name, column.label, *_said(cell)]
                for row in matrix.rows
                for column, cell in zip(matrix.columns, row.cells, strict=True)
            ),
        ]
    )


def _said(cell):
    if cell is None:
        return [gettext("none"), "", "", 0]
    last = cell.last.isoformat() if cell.last else ""
    return [cell.delivery.label, last, cell.who or cell.offices, cell.count]


def named(form):
    return f"matriks-{timezone.localtime():%Y-%m-%d-%H%M}.{form}"


_STYLES = """
.pdf-table--matrix { font-size: 7.5pt }
.pdf-table--matrix + .pdf-table--matrix { margin-top: 8mm }
.pdf-table--matrix col:first-child { width: 17% }
.pdf-table--matrix tbody th { font-weight: 600 }
.pdf-table--matrix small { display: block }
.pdf-delivery--routine { color: var(--good); font-weight: 700 }
.pdf-delivery--pilot { color: var(--accent-strong); font-weight: 600 }
.pdf-delivery--promised, .pdf-delivery--none { color: var(--ink-3) }
"""
