"""Scans: sheets of paper as pictures, without a letter of text in the file."""

import io

from PIL import Image, ImageDraw, ImageFont

A4_AT_150_DOTS = (1240, 1754)
PHRASE = "pengelasan bawah air bagi penyandang disabilitas"
LINES = (
    "NOTA KESEPAHAMAN",
    "ANTARA KEMENTERIAN KETENAGAKERJAAN",
    "DENGAN PEMERINTAH KABUPATEN NUSA UJI",
    "",
    "Pasal 4",
    f"Pelatihan {PHRASE}",
    "dilaksanakan di balai pelatihan selama tiga bulan.",
)


def sheet(lines=LINES):
    """A page with these lines, as a picture."""
    page = Image.new("L", A4_AT_150_DOTS, 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(30)
    for number, line in enumerate(lines):
        pen.text((110, 120 + 64 * number), line, fill=0, font=font)
    return page


def scanned_pdf(*pages):
    """A PDF that is nothing but pictures of these pages; each is a list of lines."""
    first, *others = [sheet(lines) for lines in pages or (LINES,)]
    pdf = io.BytesIO()
    first.save(pdf, "PDF", resolution=150.0, save_all=True, append_images=others)
    return pdf.getvalue()


def scanned_picture(format_="JPEG", lines=LINES):
    picture = io.BytesIO()
    sheet(lines).save(picture, format_)
    return picture.getvalue()
