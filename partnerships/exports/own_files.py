"""What a PDF may be made of: the portal's own styles, fonts and pictures. Imports WeasyPrint."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

FOLDER = (settings.BASE_DIR / "static").resolve()


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


def style_sheets(fetcher, styles):
    """The sheets of every document and the fonts that these name."""
    fonts = FontConfiguration()
    sheets = [
        CSS(filename=FOLDER / "css" / name, url_fetcher=fetcher, font_config=fonts)
        for name in ("tokens.css", "print.css")
    ]
    return [*sheets, CSS(string=styles, url_fetcher=fetcher, font_config=fonts)], fonts
