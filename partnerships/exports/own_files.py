"""What a PDF may be made of: the portal's own styles, fonts and pictures. Imports WeasyPrint, and nothing of
Django: the processes that render long lists have neither settings nor a database."""

import mimetypes
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FOLDER = (Path(__file__).parents[2] / "static").resolve()
SHEETS = ("tokens.css", "print.css")


class OwnFiles(URLFetcher):
    """Opens files of the portal's static folder and what a ``data:`` address itself contains.

    Whatever else a document asks for, on this machine or on another, it does not get.
    """

    def __init__(self):
        super().__init__(allowed_protocols={"data", "file"}, allow_redirects=False)

    def fetch(self, url, headers=None):
        if url[:5].lower() == "data:":
            return super().fetch(url)
        address = urlsplit(url)
        path = Path(url2pathname(address.path)).resolve()
        if address.scheme != "file" or address.netloc or not path.is_relative_to(FOLDER):
            raise ValueError("outside of the portal's own files")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


class OwnPage(HTML):
    """A document that opens own files only, under WeasyPrint's styles without those for markers and notes.

    These hold for every element there is and cost a third of the memory of a long table, and no document of
    the portal has any. The hook is private to WeasyPrint: a test pins the release.
    """

    def __init__(self, string, base_url=None):
        """``base_url``: where the links of the document lead from, if it has any."""
        super().__init__(string=string, url_fetcher=OwnFiles(), base_url=base_url)

    def _ua_stylesheets(self, forms=False):
        return [_sheet_of_weasyprint()]


@cache
def _sheet_of_weasyprint():
    text = (files("weasyprint") / "css" / "html5_ua.css").read_text()
    return CSS(string="\n".join(line for line in text.splitlines() if not line.startswith("::")))


@cache
def _common():
    """The sheets of every document and the fonts that these name, read once in a process."""
    fetcher, fonts = OwnFiles(), FontConfiguration()
    sheets = [CSS(filename=FOLDER / "css" / name, url_fetcher=fetcher, font_config=fonts) for name in SHEETS]
    return sheets, fonts


def style_sheets(styles):
    """The sheets of a document with ``styles`` of its own, and the fonts."""
    sheets, fonts = _common()
    return [*sheets, CSS(string=styles, url_fetcher=OwnFiles(), font_config=fonts)], fonts
