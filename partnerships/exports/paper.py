"""HTML to PDF. The only module that knows WeasyPrint, which is imported when a PDF is made: it takes
most of a second, and most requests never make one."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.conf import settings

from partnerships.exports.cells import plain

_one_at_a_time = threading.Lock()
_ACCESSIBLE = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}


def pdf_of(html, styles="", smaller=""):
    """The document as a tagged PDF (PDF/UA-1), with the portal's own styles and then ``styles``.

    With ``smaller``, a document that runs over its first page is tried once more with these rules
    too, and keeps them if they bring it back to one page. Each document gets a thread of its own,
    whose memory goes with it; one is made at a time.
    """
    with _one_at_a_time, _uncollected(), ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(_make, plain(html), styles, smaller).result()


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


def _make(html, styles, smaller):
    document = _lay_out(html, styles)
    if smaller and len(document.pages) > 1:
        tried = _lay_out(html, styles + smaller)
        document = tried if len(tried.pages) == 1 else document
    return document.write_pdf(**_ACCESSIBLE)


def _lay_out(html, styles):
    from partnerships.exports.own_files import OwnPage, style_sheets

    sheets, fonts = style_sheets(styles)
    # On paper an address without the portal's own leads nowhere.
    page = OwnPage(html, base_url=settings.PORTAL_URL)
    return page.render(stylesheets=sheets, font_config=fonts, **_ACCESSIBLE)
