"""A Word document or an Excel workbook: a ZIP whose directory tells the truth, with known parts only.

The directory is judged before anything is unpacked, and every part is unpacked to its last byte: a
program that trusts the local headers must find the same files as one that trusts the directory.
"""

# zipfile asks for this code when it reads a name; by then no module can be opened any more.
import encodings.cp437  # noqa: F401
import io
import re
import struct
import zipfile
import zlib

from . import office_parts
from .verdict import Findings, Reason, Refused

_MOST_ENTRIES = 2_000
_LARGEST_UNPACKED = 60 * 2**20
_RATIO_ALLOWED = 200
_SMALL = 2**20  # below this a high ratio harms nobody
_LONGEST_NAME = 255

_END_RECORD = struct.Struct("<4s4H2IH")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _SIZE_FOLLOWS = 0x1, 0x8
_DESCRIPTOR_SIZES = {0, 12, 16}
_LINK = 0o120000
_NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.{1,2}(?:/|$))[^\x00-\x1f\x7f\\:*?\"<>|]+")
_MACRO = re.compile(
    r"vbaproject|vbadata|activex|macrosheets?/|dialogsheets?/|attachedtoolbars|customui|webextensions?/"
)
_ELSEWHERE = re.compile(r"externallinks?/|querytables?/|(?:^|/)connections\.xml$")
_KNOWN = re.compile(
    r".*\.(?:xml|rels|vml|png|jpe?g|jfif|gif|bmp|tiff?|emf|wmf|wdp|svg|webp|odttf|ttf|fntdata|sigs|psmdcp)"
    r"|.*printersettings/[^/]+\.bin|.*/"
)
_BEGINS_ARCHIVE_OR_PROGRAM = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"MZ",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"%PDF-",
)


def examine(file):
    """The Findings of an Office file open for reading. Raises Refused, or what zipfile raises."""
    content = file.read()
    count = _check_end(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        directory = archive.start_dir
    if len(entries) != count:
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    _check_directory(entries)
    _check_layout(content, entries, directory)
    reader = office_parts.Parts({entry.filename for entry in entries})
    for entry in entries:
        _check_part(entry, _unpack(content, entry), reader)
    return Findings(reader.kind())


def _check_end(content):
    """How many parts there are by the one end record, the last bytes of the file. Raises Refused."""
    start = len(content) - _END_RECORD.size
    if start < 0:
        raise Refused(Reason.DAMAGED)
    signature, *disks, here, total, size, offset, comment = _END_RECORD.unpack_from(content, start)
    if signature != b"PK\x05\x06":
        found = content.rfind(b"PK\x05\x06")
        raise Refused(Reason.SOMETHING_ELSE_INSIDE if found >= 0 else Reason.DAMAGED)
    if comment or any(disks) or here != total or offset + size != start:
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    if total > _MOST_ENTRIES:
        raise Refused(Reason.TOO_MUCH)
    return total


def _check_directory(entries):
    names = [entry.orig_filename.lower() for entry in entries]
    if not names or len(set(names)) < len(names):
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    if sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        raise Refused(Reason.TOO_MUCH)
    for entry, name in zip(entries, names, strict=True):
        if entry.flag_bits & _ENCRYPTED:
            raise Refused(Reason.PASSWORD)
        if not _NAME.fullmatch(entry.orig_filename) or len(name) > _LONGEST_NAME:
            raise Refused(Reason.SOMETHING_ELSE_INSIDE)
        if entry.external_attr >> 16 & 0o170000 == _LINK:
            raise Refused(Reason.SOMETHING_ELSE_INSIDE)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(Reason.DAMAGED)
        if entry.file_size > _SMALL and entry.file_size > _RATIO_ALLOWED * max(entry.compress_size, 1):
            raise Refused(Reason.TOO_MUCH)
        if _MACRO.search(name):
            raise Refused(Reason.OFFICE_MACRO)
        if _ELSEWHERE.search(name):
            raise Refused(Reason.OFFICE_ELSEWHERE)
        if not _KNOWN.fullmatch(name):
            raise Refused(Reason.OFFICE_INSIDE)


def _check_layout(content, entries, directory):
    """Entries follow each other from the first byte on, without overlap and with nothing between."""
    position = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        between = entry.header_offset - position
        descriptor_may_stand_here = position > 0 and between in _DESCRIPTOR_SIZES
        if between and not descriptor_may_stand_here:
            raise Refused(Reason.SOMETHING_ELSE_INSIDE)
        position = _data_start(content, entry) + entry.compress_size
    if directory - position not in _DESCRIPTOR_SIZES:
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)


def _data_start(content, entry):
    """Where the packed bytes begin. Raises Refused when the local header tells another story."""
    header = _LOCAL_HEADER.unpack_from(content, entry.header_offset)
    signature, flags, method = header[0], header[2], header[3]
    crc, packed, size, name_length, extra_length = header[6:]
    start = entry.header_offset + _LOCAL_HEADER.size
    name = content[start : start + name_length]
    encoding = "utf-8" if flags & 0x800 else "cp437"
    if signature != b"PK\x03\x04" or name.decode(encoding) != entry.orig_filename:
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    told = (crc, packed, size)
    known = (entry.CRC, entry.compress_size, entry.file_size)
    if method != entry.compress_type or (told != known and not (flags & _SIZE_FOLLOWS and told == (0, 0, 0))):
        raise Refused(Reason.SOMETHING_ELSE_INSIDE)
    return start + name_length + extra_length


def _unpack(content, entry):
    start = _data_start(content, entry)
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        unpacked = packed
    else:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        unpacked = unpacker.decompress(packed, entry.file_size + 1)
        if not unpacker.eof or unpacker.unused_data:
            raise Refused(Reason.TOO_MUCH if len(unpacked) > entry.file_size else Reason.DAMAGED)
    if len(unpacked) != entry.file_size or zlib.crc32(unpacked) != entry.CRC:
        raise Refused(Reason.DAMAGED)
    return unpacked


def _check_part(entry, content, reader):
    if content.startswith(_BEGINS_ARCHIVE_OR_PROGRAM):
        raise Refused(Reason.OFFICE_INSIDE)
    if entry.filename.lower().endswith((".xml", ".rels", ".vml", ".svg", ".psmdcp")):
        reader.read(entry.filename, content)
