"""The certificate of destruction: which papers were destroyed, who approved it, and what was kept."""

from django.utils.translation import gettext

from partnerships.exports.issue import Issue
from partnerships.exports.page_sheet import page_of, question
from partnerships.exports.paper import pdf_of
from partnerships.models import IssuedKind


def as_pdf(disposal, user):
    """(the certificate of a list as a PDF, its Issue)."""
    page = certificate_page(disposal, user)
    return pdf_of(page, styles=_STYLES), page.issue


def certificate_page(disposal, user):
    """The certificate as a Page."""
    return page_of(
        Issue(IssuedKind.DISPOSAL, user, question(disposal=disposal.pk)),
        "print/disposal.html",
        {
            "title": gettext("Certificate of destruction"),
            "disposal": disposal,
            "items": disposal.items.all(),
        },
    )


_STYLES = """
.pdf-table--disposal col:nth-child(1) { width: 25mm }
.pdf-table--disposal col:nth-child(3), .pdf-table--disposal col:nth-child(4) { width: 20mm }
.pdf-table--disposal col:nth-child(5) { width: 30mm }
.pdf-table--disposal col:nth-child(6), .pdf-table--disposal col:nth-child(7) { width: 14mm }
"""
