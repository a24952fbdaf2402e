"""What a page offers to be sent: its forms with what stands in them, and the parameters of its links."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

_ACTS = re.compile("on|style$")
_HOLLOW = {"submit", "button", "image", "reset"}


@dataclass
class Form:
    """A form as a browser would send it: ``fields`` are (name, value) pairs, ``files`` names of files."""

    action: str
    method: str
    fields: list = field(default_factory=list)
    files: list = field(default_factory=list)
    buttons: list = field(default_factory=list)


class Page(HTMLParser):
    """The ``forms`` and the ``parameters`` (name to values) of a page at an address; ``inline`` is what of it
    the policy of the portal would keep from working."""

    def __init__(self, address, text):
        super().__init__()
        self.forms, self.parameters, self.inline = [], {}, []
        self._address, self._form, self._select, self._text = address, None, None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "style" or (tag == "script" and "src" not in said) or any(map(_ACTS.match, said)):
            self.inline.append(self.get_starttag_text()[:200])
        if tag == "a":
            for name, value in parse_qsl(urlsplit(said.get("href") or "").query, keep_blank_values=True):
                self.parameters.setdefault(name, set()).add(value)
        elif tag == "form":
            action = urljoin(self._address, said.get("action") or "")
            self._form = Form(urlsplit(action).path, (said.get("method") or "get").upper())
            self.forms.append(self._form)
        elif self._form and said.get("name"):
            self._take(tag, said)
        elif tag == "option" and self._select:
            self._options.append((said.get("value") or "", "selected" in said))

    def _take(self, tag, said):
        name, kind = said["name"], said.get("type", "text")
        if tag == "select":
            self._select, self._options = name, []
        elif tag == "textarea":
            self._text = name, ""
        elif tag == "button" or kind in _HOLLOW:
            self._form.buttons.append((name, said.get("value") or ""))
        elif kind == "file":
            self._form.files.append(name)
        elif tag == "input":
            self._form.fields.append((name, said.get("value") or ("on" if kind == "checkbox" else "")))

    def handle_data(self, data):
        if self._text:
            self._text = self._text[0], self._text[1] + data

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._text:
            self._form.fields.append(self._text)
            self._text = None
        elif tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            values = chosen or [value for value, _chosen in self._options[-1:]]
            self._form.fields += [(self._select, value) for value in values]
            self._select = None
