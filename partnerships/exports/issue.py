"""What every PDF of the portal carries: a code, and the rows that it is made of."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import qrcode
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language

from accounts.models import User
from partnerships.exports.enclosing import Enclosed, enclose
from partnerships.exports.reader import name_and_office
from partnerships.models import IssuedKind, issue_code

# The quiet zone that a reader of QR codes needs around one, in modules.
_QUIET = 4
# Trying all eight masks takes six times as long, and with a size like ours each can be read.
_MASK = 2


@dataclass(eq=False)
class Issue:
    """A PDF in the making, for one reader at one moment: drawn up before it, finished with its last byte.

    ``params`` is the question that its rows answer; asked again, it gives the same rows as long as nothing
    has changed. ``sha256`` and ``size`` are known when it is finished.
    """

    kind: IssuedKind
    user: User
    params: QueryDict
    as_of: datetime = field(default_factory=timezone.localtime)
    code: str = field(default_factory=issue_code.drawn)
    language: str = field(default_factory=get_language)
    enclosed: Enclosed = field(default_factory=Enclosed)
    sha256: str = ""
    size: int = 0

    @classmethod
    def of_list(cls, extract):
        """The Issue of a list's PDF, its rows to be enclosed yet."""
        asked = extract.listing.question.copy()
        asked["columns"] = ",".join(column.code for column in extract.columns)
        asked["sort"] = extract.listing.sort
        return cls(extract.issued_as, extract.listing.user, asked, extract.as_of)

    def enclose(self, sources, progress=None):
        """Take the rows of these Extracts, within their snapshot, and Sheets inside."""
        self.enclosed = enclose(sources, self.as_of, progress)

    def page(self, template, context):
        """A template of print/ with this code on it."""
        said = {"issue": self, "moment": self.moment, "asked_by": name_and_office(self.user)}
        return Page(render_to_string(template, {**said, **context}), self)

    def finish(self, content):
        """The finished file: its bytes, or a file open for reading them."""
        if isinstance(content, bytes):
            self.sha256, self.size = hashlib.sha256(content).hexdigest(), len(content)
        else:
            self.sha256 = hashlib.file_digest(content, "sha256").hexdigest()
            self.size = content.tell()

    @property
    def shown_code(self):
        return issue_code.shown(self.code)

    @property
    def moment(self):
        return formats.date_format(self.as_of, "j F Y, H.i T")

    @property
    def address(self):
        """Where anybody can ask about the file."""
        return settings.PORTAL_URL + reverse("partnerships:issued-file", args=[self.shown_code])

    @property
    def desk(self):
        """Where the code can be typed, as it is read from paper."""
        return settings.PORTAL_URL.split("://")[-1] + reverse("partnerships:issued-files")

    @cached_property
    def qr(self):
        """The address as a QR code, a picture in SVG."""
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_M, border=_QUIET, mask_pattern=_MASK
        )
        code.add_data(self.address)
        rows = code.get_matrix()
        # A line one module thick for each stretch: half the commands of as many boxes.
        path = "".join(f"M{x} {y}.5h{length}" for y, row in enumerate(rows) for x, length in _runs(row))
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}">'
            f'<path d="{path}" stroke="#000"/></svg>'
        )
        return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


@dataclass(frozen=True)
class Page:
    """A document as HTML, and what it is issued as."""

    html: str
    issue: Issue


def _runs(row):
    """(place, length) of the dark stretches of a row."""
    begun = None
    for place, dark in enumerate([*row, False]):
        if dark and begun is None:
            begun = place
        elif not dark and begun is not None:
            yield begun, place - begun
            begun = None
