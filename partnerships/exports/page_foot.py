"""What stands at the foot of each page of a long list: put there in the end, because only then is it known
how many pages there are. Runs in the process of a renderer, without Django."""

import io
from html import escape

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream

from partnerships.exports.own_files import FOLDER, OwnPage, style_sheets

_FONT = FOLDER / "fonts" / "pdf" / "plus-jakarta-sans-500.ttf"
_TO_POINTS = 0.75
# Of @bottom-right in print.css.
_SIZE, _COLOUR = 6.75, "0.0902 0.1333 0.1451"
_EVERY_PAGE = "@page register:first, upright:first, profile:first"
# The foot lies over the page: it must not have the ground of a page.
_WITHOUT_NUMBER = f"{_EVERY_PAGE} {{ @bottom-right {{ content: none }} }} html, body {{ background: none }}"
_ONE_DIGIT = f'{_EVERY_PAGE} {{ @bottom-right {{ content: "0" }} }}'


class Foot:
    """The foot of every page: one picture of its words, and the number of each page in a font of its own.
    Both are no content of the list: a screen reader passes them by."""

    def __init__(self, pdf, words):
        self._pdf = pdf
        self._words = words
        body = f'<body class="pdf {words.paper}" data-foot="{escape(words.foot)}"></body>'
        self._right, self._line = _place_of_number(_laid_out(body, _ONE_DIGIT))
        with pikepdf.open(io.BytesIO(_laid_out(body, _WITHOUT_NUMBER).write_pdf())) as picture:
            self._picture = pdf.copy_foreign(picture.pages[0].as_form_xobject())
        self._font = _NumberFont(pdf, f"{words.page}{words.of} 0123456789")
        self._dressed = set()

    def put_on(self, page, number):
        """The foot of one page, of the number, counted from 1."""
        resources = page.obj.Resources
        if resources.objgen not in self._dressed:
            self._dressed.add(resources.objgen)
            resources.Font[Name.FootFont] = self._font.reference
            if Name.XObject not in resources:
                resources.XObject = Dictionary()
            resources.XObject[Name.FootPicture] = self._picture
        said = f"{self._words.page} {number} {self._words.of} {len(self._pdf.pages)}"
        glyphs, width = self._font.written(said)
        height = float(page.mediabox[3])
        left, line = self._right - width * _SIZE / 1000, height - self._line
        # The content before leaves the page upside down.
        drawn = (
            f"/Artifact <</Type /Pagination /Subtype /Footer>> BDC q 1 0 0 -1 0 {height:.4f} cm "
            f"/FootPicture Do {_COLOUR} rg BT /FootFont {_SIZE} Tf {left:.3f} {line:.3f} Td <{glyphs}> Tj ET "
            "Q EMC"
        )
        page.contents_add(Stream(self._pdf, drawn.encode()))


def _laid_out(body, styles):
    sheets, fonts = style_sheets(styles)
    return OwnPage(body).render(stylesheets=sheets, font_config=fonts)


def _place_of_number(document):
    """Where the number of a page ends and on which line it stands, in points from the upper left corner."""
    text = next(box for box in _texts(document.pages[0]._page_box) if box.text == "0")
    right = text.position_x + text.width
    return right * _TO_POINTS, (text.position_y + text.baseline) * _TO_POINTS


def _texts(box):
    if hasattr(box, "text"):
        yield box
    for child in getattr(box, "children", ()):
        yield from _texts(child)


class _NumberFont:
    """The font of the numbers of pages, with the signs that these need."""

    def __init__(self, pdf, signs):
        with TTFont(_FONT, lazy=True) as font:
            names, numbers = font.getBestCmap(), font.getReverseGlyphMap()
            upem, head = font["head"].unitsPerEm, font["head"]
            lines = font["hhea"]
            self._glyphs = {sign: numbers[names[ord(sign)]] for sign in set(signs) if ord(sign) in names}
            self._widths = {
                glyph: round(font["hmtx"][names[ord(sign)]][0] * 1000 / upem)
                for sign, glyph in self._glyphs.items()
            }
            box = [round(edge * 1000 / upem) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
            ascent, descent = lines.ascent * 1000 // upem, lines.descent * 1000 // upem
        name = Name("/FOOTED+Plus-Jakarta-Sans-Medium")
        file = Stream(pdf, _FONT.read_bytes())
        file.Length1 = _FONT.stat().st_size
        described = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array(box),
            ItalicAngle=0,
            Ascent=ascent,
            Descent=descent,
            CapHeight=ascent,
            StemV=80,
            FontFile2=file,
        )
        widths = Array()
        for glyph, width in sorted(self._widths.items()):
            widths.extend([glyph, Array([width])])
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDToGIDMap=Name.Identity,
            W=widths,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(described),
        )
        self.reference = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=Stream(pdf, self._to_unicode()),
            )
        )

    def written(self, text):
        """(the glyphs in hexadecimal digits, how wide they are in thousandths of the size)."""
        glyphs = [self._glyphs[sign] for sign in text if sign in self._glyphs]
        return "".join(f"{glyph:04x}" for glyph in glyphs), sum(self._widths[glyph] for glyph in glyphs)

    def _to_unicode(self):
        lines = [f"<{glyph:04x}> <{ord(sign):04x}>" for sign, glyph in sorted(self._glyphs.items())]
        return "\n".join(
            [
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
                "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
                "1 begincodespacerange <0000> <ffff> endcodespacerange",
                f"{len(lines)} beginbfchar",
                *lines,
                "endbfchar",
                "endcmap CMapName currentdict /CMap defineresource pop end end",
            ]
        ).encode()
