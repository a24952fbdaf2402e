"""Pictures for the tests: photos with and without a place, and files that only look like pictures."""

import io
import random
import struct
import zlib
from functools import cache

from PIL import Image, PngImagePlugin

_GPS, _EXIF_FOLDER, _ORIENTATION, _MAKER = 0x8825, 0x8769, 0x0112, 0x010F
MONAS = {0: b"\x02\x03\x00\x00", 1: "S", 2: (6.0, 10.0, 31.0), 3: "E", 4: (106.0, 49.0, 37.0)}
XMP_WITH_PLACE = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:Description photoshop:City="Jakarta" exif:GPSLatitude="6,10.5S"/></x:xmpmeta>'
)


@cache
def _picture(mode="RGB", size=(48, 32)):
    noise = random.Random(7).randbytes(size[0] * size[1] * len(mode))  # noqa: S311
    return Image.frombytes(mode, size, noise)


def jpeg(picture=None, **options):
    out = io.BytesIO()
    (picture or _picture()).save(out, "JPEG", **options)
    return out.getvalue()


def png(picture=None, **options):
    out = io.BytesIO()
    (picture or _picture()).save(out, "PNG", **options)
    return out.getvalue()


def exif(*, orientation=1, place=None):
    """EXIF as a camera writes it: its maker, which side is up, and perhaps where it stood."""
    written = Image.Exif()
    written[_MAKER] = "Kamera Contoh"
    written[_ORIENTATION] = orientation
    if place is not None:
        written[_GPS] = place
    return written.tobytes()


def segment(marker, body):
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def with_segment(photo, marker, body, at=2):
    return photo[:at] + segment(marker, body) + photo[at:]


def iptc(dataset, text):
    record = struct.pack(">BBBH", 0x1C, 2, dataset, len(text)) + text
    return b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record


def chunk(type_, body):
    return struct.pack(">I", len(body)) + type_ + body + struct.pack(">I", zlib.crc32(type_ + body))


def chunks(picture):
    """[(type, body)] of a PNG."""
    found, position = [], 8
    while position < len(picture):
        length, type_ = struct.unpack_from(">I4s", picture, position)
        found.append((type_, picture[position + 8 : position + 8 + length]))
        position += 12 + length
    return found


def of_chunks(parts):
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def with_chunk(picture, type_, body, at=1):
    parts = chunks(picture)
    parts.insert(at, (type_, body))
    return of_chunks(parts)


def photo_of_a_phone(trailer):
    """A photo with an index of two pictures, and what the phone put behind the first."""
    return with_segment(jpeg(exif=exif()), 0xE2, b"MPF\x00II*\x00\x08\x00\x00\x00\x00\x00") + trailer


def good():
    """(name, file) of plain pictures as cameras and programs write them."""
    yield "foto.jpg", jpeg()
    yield "foto kamera.JPG", jpeg(exif=exif(), dpi=(300, 300), comment="sudah diperiksa")
    yield "foto bertahap.jpeg", jpeg(progressive=True, quality=90)
    yield "foto abu-abu.jpg", jpeg(_picture("L"))
    yield "foto cetak.jpg", jpeg(_picture("CMYK"))
    yield "gambar.png", png()
    yield "gambar tembus.png", png(_picture("RGBA"), dpi=(96, 96))
    yield "gambar abu-abu.png", png(_picture("L"), optimize=True)
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Software", "Program Contoh")
    texts.add_itxt("Title", "Pelatihan kerja", zip=True)
    yield "gambar bertulisan.png", png(pnginfo=texts)


def _header(width, height, color=2):
    return struct.pack(">IIBBBBB", width, height, 8, color, 0, 0, 0)


def hostile_png():
    """(what it is, file)"""
    plain = png()
    parts = chunks(plain)
    middle = next(n for n, part in enumerate(parts) if part[0] == b"IDAT")
    pixels = parts[middle][1]
    for what, size in (
        ("of 3,600 megapixels", (60_000, 60_000)),
        ("of four milliard lines", (1, 2**32 - 1)),
        ("of 51 megapixels", (10_200, 5_000)),
        ("without width", (0, 32)),
        ("without height", (48, 0)),
    ):
        yield what, of_chunks([(b"IHDR", _header(*size)), *parts[1:]])
    yield "larger than its pixels", of_chunks([(b"IHDR", _header(480, 320)), *parts[1:]])
    yield "with a short header", of_chunks([(b"IHDR", b"\0\0\0\1"), *parts[1:]])
    yield "with two headers", of_chunks([parts[0], *parts])
    yield "without a header", of_chunks(parts[1:])
    yield "without pixels", of_chunks([parts[0], parts[-1]])
    yield "without an end", of_chunks(parts[:-1])
    yield "with an end before its pixels", of_chunks([parts[0], parts[-1], *parts[1:]])
    yield (
        "with pixels in two places",
        of_chunks([parts[0], (b"IDAT", pixels[:99]), (b"tEXt", b"a\0b"), (b"IDAT", pixels[99:]), parts[-1]]),
    )
    yield "with pixels that are noise", of_chunks([parts[0], (b"IDAT", bytes(range(256)) * 9), parts[-1]])
    yield "with a length beyond its end", plain[:33] + b"\x7f\xff\xff\xff" + plain[37:]
    yield "with a chunk nobody knows", with_chunk(plain, b"ABCD", b"x")
    yield "that moves", with_chunk(plain, b"acTL", struct.pack(">II", 2, 0))
    yield "with a frame of a film", with_chunk(plain, b"fdAT", b"\0\0\0\0" + pixels, at=middle + 1)
    bomb = zlib.compress(bytes(64 * 2**20), 9)
    yield "with a packed text of 64 MiB", with_chunk(plain, b"zTXt", b"a\0\0" + bomb)
    yield "with a packed international text of 64 MiB", with_chunk(plain, b"iTXt", b"a\0\1\0\0\0" + bomb)
    yield "with a colour profile of 64 MiB", with_chunk(plain, b"iCCP", b"a\0\0" + bomb)
    for number, position in enumerate(random.Random(4).sample(range(8, len(plain)), 8)):  # noqa: S311
        yield f"with a wrong bit ({number})", _with_wrong_bit(plain, position)


def _with_wrong_bit(content, position):
    return content[:position] + bytes([content[position] ^ 1 << position % 8]) + content[position + 1 :]


def hostile_jpeg():
    """(what it is, file)"""
    plain = jpeg()
    frame = plain.index(b"\xff\xc0")
    scan = plain.index(b"\xff\xda")

    def of_size(height, width):
        return plain[: frame + 5] + struct.pack(">HH", height, width) + plain[frame + 9 :]

    yield "of 4,295 megapixels", of_size(65_535, 65_535)
    yield "of 51 megapixels", of_size(10_200, 5_000)
    yield "without height", of_size(0, 48)
    yield "without width", of_size(32, 0)
    yield "without an end", plain[:-2]
    yield "only a beginning", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
    yield "only a beginning and an end", b"\xff\xd8\xff\xd9"
    yield "without a frame", plain[:frame] + plain[plain.index(b"\xff\xc4") :]
    yield "without a scan", plain[:scan] + b"\xff\xd9"
    frame_end = frame + 2 + struct.unpack_from(">H", plain, frame + 2)[0]
    yield "with two frames", plain[:frame_end] + plain[frame:]
    yield "with two beginnings", plain[:2] + plain
    yield "of a packing no browser knows", plain.replace(b"\xff\xc0", b"\xff\xc9")
    yield "without loss, as no browser knows", plain.replace(b"\xff\xc0", b"\xff\xc3")
    yield "with a segment beyond its end", plain[:2] + b"\xff\xe1\xff\xff" + plain[2:]
    yield "with a segment of no length", plain[:2] + b"\xff\xe1\x00\x00" + plain[2:]
    yield "with noise between segments", plain[:2] + b"noise" + plain[2:]
    yield "without its tables", plain[: plain.index(b"\xff\xdb")] + plain[frame:]
    last_scan = plain[scan:-2]
    yield "of a thousand scans", plain[:-2] + last_scan * 1_000 + plain[-2:]
    yield "of five thousand segments", plain[:2] + segment(0xE5, b"") * 5_000 + plain[2:]


def with_something_else(archive):
    """(what it is, family, file) of pictures that are another thing as well."""
    page = b"<html><body><script>alert(1)</script></body></html>"
    program = b"<?php system($_GET['c']); ?>"
    photo, picture = jpeg(), png()
    for what, other in (
        ("an archive", archive),
        ("a page", page),
        ("a program", program),
        ("a second picture", picture),
        ("noise", random.Random(5).randbytes(500)),  # noqa: S311
        ("a PDF", b"%PDF-1.7\n%%EOF\n"),
    ):
        yield f"with {what} behind", "jpeg", photo + other
        yield f"with {what} behind", "png", picture + other
    for what, other in (("an archive", archive), ("a page", page), ("a program", program)):
        yield f"with {what} as a comment", "jpeg", with_segment(photo, 0xFE, other)
        yield f"with {what} in its EXIF", "jpeg", with_segment(photo, 0xE1, b"Exif\0\0" + other)
        yield f"with {what} as a text", "png", with_chunk(picture, b"tEXt", b"Comment\0" + other)
        yield f"with {what} in a chunk of its own", "png", with_chunk(picture, b"prVt", other)
    yield (
        "with a drawing of commands as a comment",
        "jpeg",
        with_segment(photo, 0xFE, b"<svg onload=alert(1)>"),
    )
