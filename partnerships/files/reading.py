"""What stands on the pages of a kept file, and what they look like.

Both are found out by limited processes (``inspection``), whose answers are not believed blindly: words
are words without control characters, a picture is so many pixels and nothing else.
"""

import json
import logging
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
import unicodedata
import zlib
from dataclasses import dataclass
from enum import StrEnum

from kemnaker_portal.places import PlaceAway
from partnerships.files.kinds import KINDS
from partnerships.files.limited import answer_of, library_folder
from partnerships.files.refusals import CannotRead
from partnerships.files.store import keep_preview, kept_preview, open_checked

MOST_PAGES = 200
MOST_PAGES_BY_OCR = 50
PREVIEW_WIDTH = 900  # pixels
# Seconds that all pages of one file together may take to be read off pictures.
OCR_SECONDS = 600
LONGEST_PAGE = 20_000  # characters
_MOST_PAGES_OF_A_FILE = 5_000

_TEXT_SECONDS, _DRAW_SECONDS, _OCR_PAGE_SECONDS = 30, 15, 90
_LONGEST_TEXTS = 8 * 2**20  # bytes of JSON
_LONGEST_OCR = 2**18
_PREVIEW_HEIGHT = 2_700
# A4 at 300 dots to the inch, lying or standing; larger sheets are drawn coarser.
_OCR_SIDE, _OCR_DOTS = 3_520, "300"
_LANGUAGE = "ind"
# A scanner's programme puts its name under each page; a page of words has more letters.
_FEW_LETTERS = 60

_BEGIN = "import sys; sys.path += sys.argv[1:3]; from inspection.page_child import main; main()"
_BEGIN_OCR = "import sys; sys.path += sys.argv[1:2]; from inspection.ocr_child import main; main()"
_LIBRARIES = {"pdf": "pypdfium2", "jpeg": "PIL", "png": "PIL"}
_FAMILIES = {kind.media_type: kind.family for kind in KINDS.values() if kind.family in _LIBRARIES}
READABLE = tuple(_FAMILIES)

# How PDFs mark that a word goes on in the next line.
_WORD_GOES_ON = re.compile("[\u0002\u00ad\ufffe]\\s*")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SPACES, _EMPTY_LINES = re.compile(r"[^\S\n]+"), re.compile(r"\n{3,}")

log = logging.getLogger(__name__)


class State(StrEnum):
    """How a reading came out; ``no_ocr``: some page is a picture, and nothing here reads pictures."""

    READ = "read"
    EMPTY = "empty"
    NO_OCR = "no_ocr"


@dataclass(frozen=True)
class PageWords:
    """The words of a page, ``number`` counted from 1; ``by_ocr``: read off a picture, with its mistakes."""

    number: int
    text: str
    by_ocr: bool = False


@dataclass(frozen=True)
class Reading:
    """``pages`` are those that were read, ``total`` is how many the file has."""

    pages: list[PageWords]
    state: State
    total: int


@dataclass(frozen=True)
class _Page:
    """What the PDF itself says of a page."""

    number: int
    text: str
    has_picture: bool = True
    has_anything: bool = True

    @property
    def is_a_picture(self):
        letters = sum(c.isalnum() for c in self.text)
        return (letters < _FEW_LETTERS and self.has_picture) or (not letters and self.has_anything)


def pages_of(key, *, sha256, media_type, most_by_ocr=MOST_PAGES_BY_OCR, seconds=OCR_SECONDS):
    """The Reading of a kept file: of MOST_PAGES pages, of which ``most_by_ocr`` off pictures, begun within
    ``seconds``. Who waits for it in front of a page asks for less than the default.

    Raises FileDamaged, and CannotRead when the file is of a kind without pages or can't be read.
    """
    with open_checked(key, sha256=sha256) as file:
        family = _family(media_type)
        count, pages = _texts(file) if family == "pdf" else (1, [_Page(1, "")])
        program = _tesseract() if any(page.is_a_picture for page in pages) else None
        read = _with_pictures_read(file, family, pages, program, most_by_ocr, seconds)
    if len(read) < len(pages) and program is None:
        state = State.NO_OCR
    else:
        state = State.READ if any(page.text for page in read) else State.EMPTY
    return Reading(read, state, count)


def can_read_pictures():
    """Whether Tesseract and its Indonesian are installed."""
    return _tesseract() is not None


def preview_of(key, *, sha256, media_type, page):
    """The picture of a page as picture_of makes it, made once and then kept; of MOST_PAGES pages.

    Raises FileDamaged, CannotRead.
    """
    if not 1 <= page <= MOST_PAGES:
        raise CannotRead(f"no page {page} is shown")
    if kept := kept_preview(key, page):
        return kept
    picture = picture_of(key, sha256=sha256, media_type=media_type, page=page)
    try:
        keep_preview(key, page, picture)
    except (OSError, PlaceAway):
        # A full disk keeps nobody from seeing the page.
        log.exception("the picture of a page could not be kept")
    return picture


def picture_of(key, *, sha256, media_type, page):
    """A page, counted from 1, as PNG, PREVIEW_WIDTH pixels wide. Raises FileDamaged, CannotRead."""
    with open_checked(key, sha256=sha256) as file:
        size, pixels = _drawn(file, _family(media_type), page, PREVIEW_WIDTH, _PREVIEW_HEIGHT, channels=3)
    return _as_png(*size, pixels)


def _family(media_type):
    if media_type not in _FAMILIES:
        raise CannotRead(f"{media_type} has no pages that could be read here")
    return _FAMILIES[media_type]


def _texts(file):
    """(how many pages, the first of them) of a PDF."""
    answer = _answer(file, "pdf", "text", MOST_PAGES, wall_seconds=_TEXT_SECONDS, longest=_LONGEST_TEXTS)
    try:
        said = json.loads(answer)
        count = said["count"]
        pages = [
            _Page(number, _clean(text), has_picture is True, has_anything is True)
            for number, (text, has_picture, has_anything) in enumerate(said["pages"], start=1)
        ]
        believable = type(count) is int and 0 < count <= _MOST_PAGES_OF_A_FILE and len(pages) <= count
    except (ValueError, TypeError, KeyError, RecursionError):
        believable = False
    if not believable or len(pages) > MOST_PAGES:
        raise CannotRead("the process that reads pages said what makes no sense")
    return count, pages


def _with_pictures_read(file, family, pages, program, most_by_ocr, seconds):
    """PageWords of each page that could be read; those that are pictures by ``program``, if there is one."""
    deadline = time.monotonic() + seconds
    read, by_ocr = [], 0
    for page in pages:
        if not page.is_a_picture:
            read.append(PageWords(page.number, page.text))
        elif program and by_ocr < most_by_ocr and time.monotonic() < deadline:
            by_ocr += 1
            words = _read_off(file, family, page.number, program)
            if words is not None:
                better = len(words) > len(page.text)
                read.append(PageWords(page.number, words if better else page.text, better))
    return read


def _read_off(file, family, number, program):
    """The words on the picture of a page, None when they can't be had; the other pages go on."""
    try:
        (width, height), pixels = _drawn(file, family, number, _OCR_SIDE, _OCR_SIDE, channels=1)
    except CannotRead:
        return None
    with tempfile.TemporaryFile() as picture:
        picture.write(b"P5\n%d %d\n255\n" % (width, height) + pixels)
        picture.flush()
        try:
            answer, exit_code = answer_of(
                _BEGIN_OCR,
                program,
                _LANGUAGE,
                _OCR_DOTS,
                file=picture,
                wall_seconds=_OCR_PAGE_SECONDS,
                longest=_LONGEST_OCR,
            )
        except OSError:
            log.exception("the process that reads pictures could not start")
            return None
    if answer is None:
        # Tesseract says nothing when it finds nothing, and then ends well.
        return "" if exit_code == 0 else None
    return _clean(answer.decode("utf-8", "ignore"))


def _drawn(file, family, number, most_width, most_height, *, channels):
    """((width, height), pixels) of a page."""
    longest = 8 + most_width * most_height * channels
    answer = _answer(
        file,
        family,
        "draw",
        number,
        most_width,
        most_height,
        channels,
        wall_seconds=_DRAW_SECONDS,
        longest=longest,
    )
    width, height = struct.unpack_from(">II", answer) if len(answer) > 8 else (0, 0)
    if not (0 < width <= most_width and 0 < height <= most_height):
        raise CannotRead("the process that draws pages gave no picture")
    pixels = answer[8:]
    if len(pixels) != width * height * channels:
        raise CannotRead("the process that draws pages gave half a picture")
    return (width, height), pixels


def _answer(file, family, task, *numbers, wall_seconds, longest):
    folder = library_folder(_LIBRARIES[family])
    if folder is None:
        log.error("the package %s, which reads files, is not installed", _LIBRARIES[family])
        raise CannotRead("what reads files is not installed")
    try:
        answer, exit_code = answer_of(
            _BEGIN,
            folder,
            family,
            task,
            *map(str, numbers),
            file=file,
            wall_seconds=wall_seconds,
            longest=longest,
        )
    except OSError as error:
        log.exception("the process that reads files could not start")
        raise CannotRead("no process could be made") from error
    if answer is None:
        if exit_code > 0:
            log.error("the process that reads files could not start (exit code %d)", exit_code)
        raise CannotRead("the process that reads files said nothing")
    return answer


def _clean(text):
    """Text as people see it: letters of one kind, no control characters, lines kept, so long at most."""
    if not isinstance(text, str):
        raise TypeError("no text")
    text = _WORD_GOES_ON.sub("", text.replace("\r\n", "\n").replace("\f", "\n"))
    text = unicodedata.normalize("NFKC", text[:LONGEST_PAGE])
    text = "".join(
        c if c == "\n" else " " if c.isspace() else "" if unicodedata.category(c) in _UNSEEN else c
        for c in text
    )
    text = "\n".join(line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return _EMPTY_LINES.sub("\n\n", text).strip()[:LONGEST_PAGE]


def _as_png(width, height, pixels):
    """A PNG of pixels in red, green and blue, made here: no byte of it is another program's."""
    row = width * 3
    lines = b"".join(b"\x00" + pixels[start : start + row] for start in range(0, len(pixels), row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + type_ + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(type_)))
        for type_, body in parts
    )


def _tesseract():
    """The path of Tesseract when it knows Indonesian, else None."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        said = subprocess.run(  # noqa: S603 - what the machine has under this name
            [program, "--list-langs"], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return os.path.realpath(program) if _LANGUAGE in said.stdout.decode().split() else None
