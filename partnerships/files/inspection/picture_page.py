"""A scan or photo as the one page that it is."""

import struct

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin

from . import pictures  # noqa: F401 - what Pillow asks for when it meets EXIF, and its limit

_PLUGINS = (JpegImagePlugin.JpegImageFile, PngImagePlugin.PngImageFile)
_JPEG = b"\xff\xd8"
# Small print is read better when it is enlarged, but what was never there does not come back.
_MOST_ENLARGED = 3


def draw(file, _number, most_width, most_height, channels):
    """Width, height and pixels, upright and as large as fits."""
    is_jpeg = file.read(2) == _JPEG
    file.seek(0)
    picture = _PLUGINS[0 if is_jpeg else 1](file)
    picture.draft(None, (most_width, most_height))
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        # What lies under a transparent sheet is paper.
        seen = picture.convert("RGBA")
        picture = Image.new("RGB", picture.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    picture = picture.convert("L" if channels == 1 else "RGB")
    scale = min(most_width / picture.width, most_height / picture.height, _MOST_ENLARGED)
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    return struct.pack(">II", *size) + picture.tobytes()
