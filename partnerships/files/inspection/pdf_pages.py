"""Text and pictures of the pages of a PDF."""

# Text comes in this encoding; by then no module can be opened any more.
import encodings.utf_16_le  # noqa: F401
import json
import struct

import pypdfium2
from pypdfium2 import raw

# Characters. A page of close print holds 6,000.
MOST_OF_A_PAGE = 20_000
MOST_OF_A_FILE = 1_200_000
_POINTS_TO_THE_INCH = 72
_FINEST = 300  # dots to the inch


def text(file, most_pages):
    """JSON: how many pages there are, and of the first the text, whether a picture is on the page, and
    whether anything is."""
    document = pypdfium2.PdfDocument(file.read())
    left, pages = MOST_OF_A_FILE, []
    for number in range(min(len(document), most_pages)):
        page = document[number]
        words = page.get_textpage().get_text_range(errors="ignore")[: min(MOST_OF_A_PAGE, left)]
        left -= len(words)
        has_picture = next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None
        has_anything = next(page.get_objects(max_depth=1), None) is not None
        pages.append([words, has_picture, has_anything])
        page.close()
        if left <= 0:
            break
    return json.dumps({"count": len(document), "pages": pages}).encode()


def draw(file, number, most_width, most_height, channels):
    """Width, height and pixels of a page, counted from 1, as large as fits and no finer than print."""
    page = pypdfium2.PdfDocument(file.read())[number - 1]
    width, height = page.get_size()
    # Rounding up must not lead out of the frame.
    fitting = min((most_width - 1) / width, (most_height - 1) / height)
    bitmap = page.render(
        scale=min(fitting, _FINEST / _POINTS_TO_THE_INCH),
        grayscale=channels == 1,
        rev_byteorder=True,
        maybe_alpha=False,
    )
    rows = memoryview(bitmap.buffer).cast("B")
    drawn = bytearray(struct.pack(">II", bitmap.width, bitmap.height))
    for row in range(bitmap.height):
        start = row * bitmap.stride
        drawn += rows[start : start + bitmap.width * channels]
    return drawn
