"""What holds for every picture: how large it may be, and that it can be drawn to its last line."""

# Pillow asks for these when it meets EXIF; by then no module can be opened any more.
from PIL import Image, ImageOps, TiffImagePlugin  # noqa: F401

from .verdict import Reason, Refused

MOST_PIXELS = 50_000_000
# From here on a JPEG is drawn at an eighth of its size: every byte of it is read all the same.
_DRAWN_WHOLE = 4_000_000
# Pillow's own limit would only warn.
Image.MAX_IMAGE_PIXELS = None


def check_size(width, height):
    """Raises Refused unless there are pixels, and no more than MOST_PIXELS."""
    if not width or not height:
        raise Refused(Reason.DAMAGED)
    if width * height > MOST_PIXELS:
        raise Refused(Reason.PICTURE_SIZE)


def draw(file, plugin):
    """Decode the picture. Raises what Pillow raises when that can't be done."""
    file.seek(0)
    picture = plugin(file)
    if picture.width * picture.height > _DRAWN_WHOLE:
        picture.draft(None, (picture.width // 8, picture.height // 8))
    picture.load()
