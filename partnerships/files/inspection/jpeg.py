"""A JPEG photo: one picture from its first byte to its last, and nothing about where it was taken."""

import re
import struct
from dataclasses import dataclass

from PIL import JpegImagePlugin

from . import edges, pictures, places
from .verdict import Findings, Reason, Refused

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_EXIF_SEGMENT, _APP2, _IPTC_SEGMENT, _COMMENT = 0xE1, 0xE2, 0xED, 0xFE
# Baseline, extended and progressive: what cameras write and browsers show.
_FRAMES = {0xC0, 0xC1, 0xC2}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_MOST_SEGMENTS = 2_000
_MOST_SCANS = 100
_EXIF, _MPF = b"Exif\x00\x00", b"MPF\x00"
_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_MOTION = re.compile(rb"MotionPhoto|MicroVideo")
_SAMSUNG_TRAILER = b"SEFT"


@dataclass(frozen=True)
class _Segment:
    marker: int
    start: int
    end: int
    body: bytes


def examine(file):
    """The Findings of a JPEG open for reading. Raises Refused, or what Pillow raises."""
    content = file.read()
    segments, end = _read_segments(content)
    trailer = content[end:]
    cut_trailer = bool(trailer.strip(b"\x00\r\n\t "))
    if cut_trailer and not _written_by_a_phone(segments, trailer):
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    content = content[:end]
    edges.check_not_a_zip(content)
    edges.check_no_program_text(content)

    findings = _without_place(segments, end)
    if trailer and not findings.pieces:
        findings.pieces = [[0, end]]
    if cut_trailer:
        findings.pieces = _without_index_of_pictures(findings.pieces, segments)
    del content, trailer, segments
    pictures.draw(file, JpegImagePlugin.JpegImageFile)
    return findings


def _read_segments(content):
    """Every segment that has a length, and where the picture ends."""
    segments = []
    position, frames, scans = 2, 0, 0
    while True:
        match = _NEXT_MARKER.match(content, position)
        if not match or len(segments) > _MOST_SEGMENTS:
            raise Refused(Reason.DAMAGED)
        marker, start = match[1][0], match.end() - 2
        if marker == _END:
            break
        if marker == _START or marker in _OTHER_FRAMES:
            raise Refused(Reason.DAMAGED)
        (length,) = struct.unpack_from(">H", content, match.end())
        position = match.end() + length
        if length < 2 or position > len(content):
            raise Refused(Reason.DAMAGED)
        segments.append(_Segment(marker, start, position, content[match.end() + 2 : position]))
        if marker in _FRAMES:
            frames += 1
            height, width = struct.unpack_from(">HH", segments[-1].body, 1)
            pictures.check_size(width, height)
        if marker == _SCAN:
            scans += 1
            following = _NEXT_MARKER.search(content, position)
            if not following or scans > _MOST_SCANS:
                raise Refused(Reason.DAMAGED)
            position = following.start()
    if frames != 1 or not scans:
        raise Refused(Reason.DAMAGED)
    return segments, match.end()


def _written_by_a_phone(segments, trailer):
    """Whether a second picture, a short film or a maker's notes follow, as phones write them.

    They are cut off; anything else behind the end is no accident.
    """
    return (
        any(each.marker == _APP2 and each.body.startswith(_MPF) for each in segments)
        or any(each.marker == _EXIF_SEGMENT and _MOTION.search(each.body) for each in segments)
        or trailer.endswith(_SAMSUNG_TRAILER)
    )


def _without_place(segments, end):
    """How to keep the picture without its place: all that was written about it goes, save which side
    is up."""
    notes = [each for each in segments if each.marker in (_EXIF_SEGMENT, _IPTC_SEGMENT, _COMMENT)]
    exifs = [places.read_exif(each.body[6:]) for each in notes if each.body.startswith(_EXIF)]
    has_place = any(exif.has_place for exif in exifs) or any(_names_place(each) for each in notes)
    if not has_place and all(exif.readable for exif in exifs):
        return Findings("jpeg")

    orientation = next((exif.orientation for exif in exifs if exif.readable), 1)
    exif = places.exif_with_orientation(orientation)
    pieces = _ranges_without(notes, 0, end)
    if exif:
        body = _EXIF + exif
        first = notes[0].start
        segment = struct.pack(">BBH", 0xFF, _EXIF_SEGMENT, len(body) + 2) + body
        before = sum(1 for piece in pieces if piece[1] <= first)
        pieces.insert(before, segment.hex())
    return Findings("jpeg", pieces, place_removed=has_place)


def _names_place(segment):
    if segment.marker == _IPTC_SEGMENT:
        return places.iptc_names_place(segment.body)
    return not segment.body.startswith(_EXIF) and places.text_names_place(segment.body)


def _without_index_of_pictures(pieces, segments):
    """The pieces without the list that says where the pictures stand that were cut off."""
    index = [each for each in segments if each.marker == _APP2 and each.body.startswith(_MPF)]
    left = []
    for piece in pieces:
        left += [piece] if isinstance(piece, str) else _ranges_without(index, *piece)
    return left


def _ranges_without(segments, start, end):
    ranges = []
    for each in segments:
        if not start <= each.start < end:
            continue
        if start < each.start:
            ranges.append([start, each.start])
        start = each.end
    if start < end:
        ranges.append([start, end])
    return ranges
