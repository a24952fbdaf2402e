"""A piece of a long list: what one render of it needs, and what it tells. Knows nothing of Django."""

import zlib
from dataclasses import dataclass, field

# What the pages of a piece say of themselves differs from those of a whole document: which page of how many,
# as of when and for whom is put on all pages in the end, so that a piece stays what it is while the clock
# goes on; and a piece that is not the first begins like any page.
MARGINS = """
@page register, upright, profile { @bottom-left { content: none } @bottom-right { content: none } }
"""
GOES_ON = """
@page register:first, upright:first {
  margin-top: 17mm;
  @top-left { content: string(title) string(group, start) }
}
@page profile:first {
  margin-top: 18mm;
  @top-left { content: string(title) }
}
.pdf--register .pdf-table { margin-top: 0 }
.pdf--register .pdf-table tbody:first-of-type .pdf-group th { padding-top: 1.6em }
"""


@dataclass(frozen=True)
class Heading:
    """Where a group begins: its name, and how many rows it has in words."""

    name: str
    size: str


@dataclass(frozen=True)
class Row:
    """The cells of a row: their texts, and the classes of those whose column has none for all."""

    texts: tuple[str, ...]
    kinds: dict[int, str]
    tinted: bool


@dataclass(frozen=True)
class Table:
    """What all rows have in common: the class and the language of each column, and the styles."""

    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    styles: str
    tagged: bool


@dataclass(frozen=True)
class Piece:
    """Lines of a list from the one numbered ``first`` on, with the document around them.

    ``page`` is that document as HTML with a table without rows; ``goes_on`` says whether pages come before.
    The last page is not kept unless the list ends with it: what stands on it belongs to the next piece.
    """

    table: Table
    page: str
    first: int
    lines: tuple = field(repr=False)
    goes_on: bool
    is_last: bool


@dataclass(frozen=True)
class Begin:
    """With which line a piece begins, ``before`` being the name of the group that goes on, and where to."""

    start: int
    before: str
    path: str


@dataclass(frozen=True)
class Rendered:
    """A piece on paper, and where it stands.

    ``starts`` has for each page the number of the line that it begins with, None where it begins within one;
    ``end`` is the line after the last page. ``marks`` are (page, name, height in points) of the groups that
    begin here.
    """

    path: str
    starts: tuple
    end: int
    marks: tuple


@dataclass(frozen=True)
class Part:
    """Pages of a rendered piece: those from ``first`` on, before ``stop``. ``marks`` as in Rendered."""

    path: str
    first: int
    stop: int
    marks: tuple


@dataclass(frozen=True)
class Enclosure:
    """A file that travels inside a PDF. ``packed`` are its bytes as a PDF keeps them (zlib), ``size`` what
    they unpack to, ``md5`` what a reader checks them by."""

    name: str
    media_type: str
    description: str
    size: int
    md5: str
    packed: bytes = field(repr=False)

    @property
    def content(self):
        return zlib.decompress(self.packed)


@dataclass(frozen=True)
class Words:
    """The words of the foot: as of when and for whom, and "Page 1 of 3"; ``paper`` is the page's class."""

    foot: str
    page: str
    of: str
    paper: str


@dataclass(frozen=True)
class Frame:
    """What a document says beside its pieces: for its reader's program, and at the foot of each page.
    ``made`` is as of when it was made (ISO 8601)."""

    title: str
    author: str
    subject: str
    language: str
    made: str
    tagged: bool
    words: Words
