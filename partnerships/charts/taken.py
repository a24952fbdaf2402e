"""A drawing off its page: as a picture of its own, and on paper, where no link within a picture works."""

import re
from xml.etree.ElementTree import fromstring

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

_SVG = "{http://www.w3.org/2000/svg}"
_LINK = re.compile(r'<a href="[^"]*"')
_NAMED = re.compile(r'^(<svg [^>]*aria-label="([^"]*)"[^>]*>)')


def alone(drawn):
    """The drawing without its links, for a file that is opened anywhere; its name is one that every reader of
    pictures knows."""
    # Of a drawing of this package nothing is left but what was escaped as it was written.
    named = _NAMED.sub(r"\1<title>\2</title>", drawn, count=1)
    return mark_safe(_LINK.sub("<g", named).replace("</a>", "</g>"))  # noqa: S308


def on_paper(drawn):
    """The drawing with its links laid over it, each as large as what it leads away from."""
    spots = format_html_join(
        "",
        '<a class="pdf-spot" href="{}" style="left:{}%;top:{}%;width:{}%;height:{}%">{}</a>',
        _spots(fromstring(drawn)),  # noqa: S314 - drawn by this package
    )
    return format_html('<div class="pdf-chart">{}{}</div>', alone(drawn), spots)


def _spots(picture):
    """(address, left, top, width, height in percent of the picture, words) of each link; the first shape of a
    link is the whole of what can be pressed."""
    _x, _y, *size = map(float, picture.get("viewBox").split())
    for link in picture.iter(f"{_SVG}a"):
        box = link.find(f"{_SVG}rect")
        places = (
            f"{float(box.get(name)) / size[place % 2] * 100:.3f}"
            for place, name in enumerate(("x", "y", "width", "height"))
        )
        yield (link.get("href"), *places, link.get("aria-label"))
