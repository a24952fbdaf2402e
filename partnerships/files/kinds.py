"""The five kinds of file that are taken, how each is told by its first bytes, and how large it may be."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """``family`` says who looks into it: a Word document and a workbook look alike from outside."""

    code: str
    label: str
    media_type: str
    endings: tuple[str, ...]  # the first is the one a kept file gets
    family: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.code: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", (".pdf",), "pdf"),
        Kind("jpeg", "JPG", "image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), "jpeg"),
        Kind("png", "PNG", "image/png", (".png",), "png"),
        Kind("docx", "DOCX", _OFFICE + "wordprocessingml.document", (".docx",), "office"),
        Kind("xlsx", "XLSX", _OFFICE + "spreadsheetml.sheet", (".xlsx",), "office"),
    )
}


@dataclass(frozen=True)
class Limit:
    """What one place of the portal takes: the most bytes of a file, and the media types."""

    max_bytes: int
    media_types: tuple[str, ...]

    @property
    def kinds(self):
        return [kind for kind in KINDS.values() if kind.media_type in self.media_types]


EVIDENCE = Limit(10 * 2**20, tuple(kind.media_type for kind in KINDS.values()))
SCAN = Limit(50 * 2**20, ("application/pdf", "image/jpeg", "image/png"))

# How many bytes of the beginning tell the family.
BEGINNING = 64
_FAMILIES = (
    (re.compile(rb"(?:\xef\xbb\xbf)?[\x00\t\n\f\r ]{0,16}%PDF-"), "pdf"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"PK\x03\x04"), "office"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def family_of(beginning):
    """The family of a file by its first bytes, "" when it is none that is ever taken."""
    return next((family for pattern, family in _FAMILIES if pattern.match(beginning)), "")


def is_old_office(beginning):
    """Whether it is a .doc or .xls, or an Office file that a password protects."""
    return beginning.startswith(_OLD_OFFICE)


def is_iphone_photo(beginning):
    """Whether it is a HEIC photo, as iPhones keep them."""
    return beginning[4:8] == b"ftyp" and beginning[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
