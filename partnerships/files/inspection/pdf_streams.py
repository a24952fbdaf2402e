"""The packed parts of a PDF: none may unpack to what no document holds, or stand in another file."""

import zlib
from contextlib import suppress

import pikepdf

from .verdict import Reason, Refused

# Streams that the file's own structure stands in; a book of 5,000 pages needs a few megabytes.
LARGEST_STRUCTURE = 32 * 2**20
_LARGEST = 64 * 2**20  # bytes, unpacked: fonts, pages, everything but pictures
_LARGEST_PICTURE = 450 * 2**20
_LARGEST_TOTAL = 600 * 2**20
_MOST_PIXELS = 150_000_000  # A4 at 1,200 dots to the inch
_MOST_FILTERS = 3
_AT_ONCE = 2**20

_FLATE = {"/FlateDecode", "/Fl"}
_STRUCTURES = {"/ObjStm", "/XRef"}
_PACKING = _FLATE | {"/LZWDecode", "/LZW", "/RunLengthDecode", "/RL", "/BrotliDecode"}


class Budget:
    """What all streams of a file together may still unpack to, in bytes."""

    def __init__(self):
        self._left = _LARGEST_TOTAL

    def spend(self, count):
        self._left -= count
        if self._left < 0:
            raise Refused(Reason.TOO_MUCH)


def check(stream, budget):
    """Raises Refused when the stream is packed beyond reason or its bytes are in another file."""
    held = stream.stream_dict
    if "/F" in held or "/FFilter" in held:
        raise Refused(Reason.PDF_ACTIVE)
    is_picture = held.get("/Subtype") == "/Image"
    if is_picture and int(held.get("/Width", 0)) * int(held.get("/Height", 0)) > _MOST_PIXELS:
        raise Refused(Reason.PICTURE_SIZE)
    filters = _filters(held)
    packing = [each for each in filters if each in _PACKING]
    if len(filters) > _MOST_FILTERS or len(packing) > 1:
        raise Refused(Reason.TOO_MUCH)
    if held.get("/Type") in _STRUCTURES:
        _check_structure(stream, filters, budget)
        return
    if not packing:
        return
    most = _LARGEST_PICTURE if is_picture else _LARGEST
    if filters[0] in _FLATE:
        # What is torn is for the reader to bear, as long as it is not too much.
        with suppress(zlib.error):
            _inflate(stream.get_raw_stream_buffer(), most, budget)
    else:
        budget.spend(_unpacked_size(stream))


def _filters(held):
    named = held.get("/Filter", [])
    return [str(named)] if isinstance(named, pikepdf.Name) else [str(each) for each in named]


def _check_structure(stream, filters, budget):
    """Raises Refused unless every program unpacks it, and to the same objects.

    Those of a stream that only a patient program unpacks would be seen there and not here.
    """
    if not filters:
        return
    if filters != ["/FlateDecode"]:
        raise Refused(Reason.DAMAGED)
    try:
        is_whole = _inflate(stream.get_raw_stream_buffer(), LARGEST_STRUCTURE, budget)
    except zlib.error as error:
        raise Refused(Reason.DAMAGED) from error
    if not is_whole:
        raise Refused(Reason.DAMAGED)


def _inflate(packed, most, budget):
    """Unpack and forget; says whether the end was reached. Raises zlib.error, or Refused for too much."""
    unpacker = zlib.decompressobj()
    rest = memoryview(packed)
    size = 0
    while rest and not unpacker.eof:
        count = len(unpacker.decompress(rest, _AT_ONCE))
        size += count
        budget.spend(count)
        if size > most:
            raise Refused(Reason.TOO_MUCH)
        rest = unpacker.unconsumed_tail
    return unpacker.eof


def _unpacked_size(stream):
    """Size by the library, which keeps its own limits for each packing."""
    try:
        return len(stream.get_stream_buffer())
    except pikepdf.PdfError:
        return 0
