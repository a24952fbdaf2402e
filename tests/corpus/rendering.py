"""The papers of the corpus as files: a digital PDF, and a scan of it that is askew and noisy."""

import html
import io
import random

import pypdfium2
from PIL import Image, ImageFilter

_STYLE = """
@page { size: A4; margin: 25mm 22mm 25mm 28mm;
        @top-center { content: "- " counter(page) " -"; font: 10pt serif }
        @bottom-left { content: "Paraf: PIHAK KESATU ____ PIHAK KEDUA ____"; font: 8pt serif } }
body { font: 11.5pt/1.45 serif; text-align: justify }
p { margin: 0 0 9pt } .centred { text-align: center; font-weight: bold }
.item { margin: 0 0 3pt 7mm }
"""


def pdf_of(text):
    """The bytes of a digital PDF in which a paper of the corpus is set as offices set it."""
    from weasyprint import CSS, HTML

    return HTML(string=_page(text)).write_pdf(stylesheets=[CSS(string=_STYLE)])


def _page(text):
    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        for line in paragraph.split("\n"):
            centred = line.upper() == line or line.startswith(("Pasal", "PASAL"))
            item = line[1:2] in ".)" or line[2:3] == ")"
            kind = "centred" if centred else "item" if item else "plain"
            paragraphs.append(f'<p class="{kind}">{html.escape(line)}</p>')
    return f"<html lang='id'><body>{''.join(paragraphs)}</body></html>"


def scans_of(data, seed, dpi=170):
    """Each page as a picture, as a worn scanner gives it: askew by up to 0.7 degrees, grey and grainy."""
    chance = random.Random(seed)  # noqa: S311 - the same scan each time, no secret
    for page in pypdfium2.PdfDocument(data):
        picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
        picture = picture.rotate(
            chance.uniform(-0.7, 0.7), expand=False, fillcolor=255, resample=Image.BICUBIC
        )
        noise = Image.effect_noise(picture.size, 40)
        picture = Image.blend(picture, noise, 0.12).filter(ImageFilter.GaussianBlur(0.6))
        yield picture


def scanned_pdf_of(data, seed):
    """A PDF of nothing but the pictures of its pages."""
    pictures = [picture.convert("RGB") for picture in scans_of(data, seed)]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=170, quality=60)
    return out.getvalue()
