"""HTML to PDF. The only module that knows WeasyPrint, which is imported when a PDF is made: it takes
most of a second, and most requests never make one."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC

from django.conf import settings

from partnerships.exports.cells import plain

_one_at_a_time = threading.Lock()
# For keeping (PDF/A-3a) and for everybody (PDF/UA-1, which is declared beside it).
_FORM = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}


def pdf_of(page, styles="", smaller=""):
    """The Page as a tagged PDF (PDF/A-3a and PDF/UA-1) with its rows inside, under the portal's own styles
    and then ``styles``; its Issue is finished with it.

    With ``smaller``, a document that runs over its first page is tried once more with these rules
    too, and keeps them if they bring it back to one page. Each document gets a thread of its own,
    whose memory goes with it; one is made at a time.
    """
    with _one_at_a_time, _uncollected(), ThreadPoolExecutor(max_workers=1) as thread:
        made = thread.submit(_make, page, styles, smaller).result()
    page.issue.finish(made)
    return made


@contextmanager
def _uncollected():
    """Boxes of a page point at each other by the hundred thousand, and the garbage collector would
    walk through them again and again while they are all alive."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _make(page, styles, smaller):
    html = plain(page.html)
    document = _lay_out(html, styles)
    if smaller and len(document.pages) > 1:
        tried = _lay_out(html, styles + smaller)
        document = tried if len(tried.pages) == 1 else document
    _declare(document.metadata, page.issue)
    return document.write_pdf(**_FORM)


def _lay_out(html, styles):
    from partnerships.exports.own_files import OwnPage, style_sheets

    sheets, fonts = style_sheets(styles)
    # On paper an address without the portal's own leads nowhere.
    page = OwnPage(html, base_url=settings.PORTAL_URL)
    return page.render(stylesheets=sheets, font_config=fonts, **_FORM)


def _declare(metadata, issue):
    """Say when the document was made and what it is, and put its rows into it."""
    from weasyprint import Attachment

    from partnerships.exports.declared import declare_accessible

    made = issue.as_of.astimezone(UTC)
    metadata.created = metadata.modified = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata.attachments = [
        Attachment(
            string=file.content,
            name=file.name,
            description=file.description,
            relationship="Data",
            created=made,
            modified=made,
        )
        for file in issue.enclosed.files
    ]
    declare_accessible(metadata)
