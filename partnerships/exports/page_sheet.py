"""What a finished page says, read off its HTML line by line, for documents that are no list."""

from html.parser import HTMLParser

from django.http import QueryDict
from django.utils.translation import gettext

from partnerships.exports.sheet import Sheet

_HEADINGS = frozenset({"h1", "h2", "h3"})
_SAID = _HEADINGS | {"th", "td", "dt", "dd", "li"}


def page_of(issue, template, context):
    """A template of print/ as a Page (exports.issue), with what it says as lines inside."""
    page = issue.page(template, context)
    issue.enclose([sheet_of(page)])
    return page


def sheet_of(page):
    """Every row of a table, every term and every item of a Page as a line under its heading. What stands
    before the first heading is the stamp, and pictures are none of it."""
    reader = _Reader()
    reader.feed(page.html)
    columns = {"part": gettext("Part"), "what": gettext("What"), "said": gettext("Said")}
    return Sheet(page.issue.kind.value, page.issue.kind.label, columns, tuple(reader.lines))


def question(**said):
    """What is asked again to compare: the parameters that say something."""
    asked = QueryDict(mutable=True)
    asked.update({name: str(value) for name, value in said.items() if value})
    return asked


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.lines = []
        self._part, self._term, self._row = "", "", []
        self._open, self._text, self._pictures = "", [], 0

    def handle_starttag(self, tag, attrs):
        if tag == "svg":
            self._pictures += 1
        elif tag in _SAID and not self._open:
            self._open, self._text = tag, []

    def handle_data(self, data):
        if not self._pictures:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "svg":
            self._pictures -= 1
        elif tag == self._open:
            self._open = ""
            self._take(tag, " ".join("".join(self._text).split()))
        elif tag == "tr" and self._row:
            self._add(self._row[0], "; ".join(self._row[1:]))
            self._row = []

    def _take(self, tag, text):
        if tag in _HEADINGS:
            self._part = text
        elif tag in {"th", "td"}:
            self._row.append(text)
        elif tag == "dt":
            self._term = text
        else:
            self._add(self._term if tag == "dd" else "", text)

    def _add(self, what, said):
        if self._part:
            self.lines.append((self._part, what, said))
