"""A PNG picture: every chunk whole, nothing behind the last, and nothing about where it was made."""

import re
import struct
import zlib
from dataclasses import dataclass

from PIL import PngImagePlugin

from . import edges, pictures, places
from .verdict import Findings, Reason, Refused

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_CHUNKS = 50_000
_TYPE = re.compile(rb"[A-Za-z]{4}")
_CRITICAL = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_OF_MOVING_PICTURES = {b"acTL", b"fcTL", b"fdAT"}
_EXIF, _TEXTS = b"eXIf", {b"tEXt", b"zTXt", b"iTXt"}
# ImageMagick keeps EXIF, XMP and IPTC as digits in a text of this name.
_RAW_PROFILE = re.compile(rb"Raw profile type (?:exif|app1|xmp|iptc|8bim)\x00", re.IGNORECASE)
_LONGEST_TEXT = 2**20


@dataclass(frozen=True)
class _Chunk:
    type: bytes
    start: int
    end: int
    body: bytes


def examine(file):
    """The Findings of a PNG open for reading. Raises Refused, or what Pillow raises."""
    content = file.read()
    chunks = _read_chunks(content)
    edges.check_not_a_zip(content)
    edges.check_no_program_text(content)
    findings = _without_place(chunks, len(content))
    del content, chunks
    pictures.draw(file, PngImagePlugin.PngImageFile)
    return findings


def _read_chunks(content):
    """Every chunk, its sum checked; the pixels are left out of ``body``."""
    chunks = []
    position, end = len(_SIGNATURE), len(content)
    while position < end:
        length, type_ = struct.unpack_from(">I4s", content, position)
        after = position + 12 + length
        if after > end or not _TYPE.fullmatch(type_) or len(chunks) > _MOST_CHUNKS:
            raise Refused(Reason.DAMAGED)
        body = content[position + 8 : after - 4]
        if zlib.crc32(body, zlib.crc32(type_)) != struct.unpack_from(">I", content, after - 4)[0]:
            raise Refused(Reason.DAMAGED)
        if type_ in _OF_MOVING_PICTURES:
            raise Refused(Reason.PICTURE_MOVES)
        # A capital first letter says that nobody can show the picture who doesn't know the chunk.
        if type_[:1].isupper() and type_ not in _CRITICAL:
            raise Refused(Reason.DAMAGED)
        chunks.append(_Chunk(type_, position, after, b"" if type_ == b"IDAT" else body))
        position = after
        if type_ == b"IEND":
            break
    _check_order([chunk.type for chunk in chunks])
    if position < end:
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    width, height = struct.unpack_from(">II", chunks[0].body)
    pictures.check_size(width, height)
    return chunks


def _check_order(types):
    if not types or types[0] != b"IHDR" or types[-1] != b"IEND" or types.count(b"IHDR") != 1:
        raise Refused(Reason.DAMAGED)
    pixels = [number for number, type_ in enumerate(types) if type_ == b"IDAT"]
    if not pixels or pixels[-1] - pixels[0] + 1 != len(pixels):
        raise Refused(Reason.DAMAGED)


def _without_place(chunks, end):
    """How to keep the picture without its place: all that was written about it goes, save which side
    is up."""
    notes = [each for each in chunks if each.type == _EXIF or each.type in _TEXTS]
    exifs = [places.read_exif(each.body) for each in notes if each.type == _EXIF]
    texts = [_text(each) for each in notes if each.type != _EXIF]
    has_place = any(exif.has_place for exif in exifs) or any(places.text_names_place(t) for t in texts)
    unknown = any(not exif.readable for exif in exifs) or any(_RAW_PROFILE.match(t) for t in texts)
    if not has_place and not unknown:
        return Findings("png")

    pieces, start = [], 0
    for each in notes:
        if start < each.start:
            pieces.append([start, each.start])
        start = each.end
    pieces.append([start, end])
    exif = places.exif_with_orientation(next((e.orientation for e in exifs if e.readable), 1))
    if exif:
        header_end = chunks[0].end
        first = pieces[0]
        chunk = struct.pack(">I", len(exif)) + _EXIF + exif
        chunk += struct.pack(">I", zlib.crc32(_EXIF + exif))
        rest = [[header_end, first[1]]] if header_end < first[1] else []
        pieces[:1] = [[0, header_end], chunk.hex(), *rest]
    return Findings("png", pieces, place_removed=has_place)


def _text(chunk):
    """Keyword and text, unpacked as far as it was packed."""
    keyword, _zero, rest = chunk.body.partition(b"\x00")
    packed = rest[1:] if chunk.type == b"zTXt" else b""
    if chunk.type == b"iTXt" and rest[:1] == b"\x01":
        packed = rest[2:].split(b"\x00", 2)[-1]
    if not packed:
        return chunk.body
    unpacked = zlib.decompressobj().decompress(packed, _LONGEST_TEXT + 1)
    if len(unpacked) > _LONGEST_TEXT:
        raise Refused(Reason.TOO_MUCH)
    return keyword + b"\x00" + unpacked
