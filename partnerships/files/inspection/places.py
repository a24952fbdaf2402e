"""Where a picture was taken, as cameras and programs write it into the file."""

import re
import struct
from dataclasses import dataclass

_ORIENTATION, _GPS, _XMP = 0x0112, 0x8825, 0x02BC
_GPS_VERSION = 0
_MOST_TAGS = 500
_UPRIGHT = 1

# XMP and the names under which ImageMagick copies EXIF; UTF-16 is looked through without its zeros.
_PLACE_IN_TEXT = re.compile(
    rb"GPS(?:Dest)?(?:Latitude|Longitude|AreaInformation)|photoshop:(?:City|State|Country)"
    rb"|Iptc4xmp(?:Core|Ext):(?:Location|CountryCode|City|ProvinceState|Sublocation|LocationShown)",
    re.IGNORECASE,
)
# City, sub-location, province, country code and name, and the location codes of IPTC.
_PLACE_IN_IPTC = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65]")


@dataclass(frozen=True)
class Exif:
    """What matters of a picture's EXIF. ``orientation`` is 1 (upright) to 8."""

    orientation: int = _UPRIGHT
    has_place: bool = False
    readable: bool = True


def read_exif(tiff):
    """The Exif of a TIFF structure as it stands in a picture. Never raises: unreadable is an answer."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        tags = dict(_tags(tiff, order, *struct.unpack_from(order + "I", tiff, 4)))
        orientation = struct.unpack_from(order + "H", tags.get(_ORIENTATION, struct.pack(order + "H", 1)))[0]
        has_place = text_names_place(tiff) if _XMP in tags else False
        if _GPS in tags:
            gps = dict(_tags(tiff, order, *struct.unpack_from(order + "I", tags[_GPS])))
            has_place = has_place or bool(gps.keys() - {_GPS_VERSION})
    except (KeyError, ValueError, struct.error):
        return Exif(readable=False)
    return Exif(orientation if orientation in range(1, 9) else _UPRIGHT, has_place)


def _tags(tiff, order, start):
    """(tag, the four bytes of its value or offset) of one directory."""
    (count,) = struct.unpack_from(order + "H", tiff, start)
    if count > _MOST_TAGS:
        raise ValueError("more tags than any camera writes")
    for number in range(count):
        entry = start + 2 + 12 * number
        tag, _type, _count = struct.unpack_from(order + "HHI", tiff, entry)
        (value,) = struct.unpack_from("4s", tiff, entry + 8)
        yield tag, value


def text_names_place(text):
    """Whether XMP or a text written into a picture says where it was taken."""
    return bool(_PLACE_IN_TEXT.search(text.replace(b"\x00", b"")))


def iptc_names_place(segment):
    return bool(_PLACE_IN_IPTC.search(segment))


def exif_with_orientation(orientation):
    """A TIFF structure that says how to turn the picture, and nothing else; empty when upright."""
    if orientation == _UPRIGHT:
        return b""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    return b"MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
