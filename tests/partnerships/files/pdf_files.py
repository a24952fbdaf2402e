"""PDF files written by hand, so that a test decides over every byte; and good ones made so."""

import zlib

CATALOG, PAGES, PAGE, CONTENT = 1, 2, 3, 4
FREE = 10  # the first number that a test may give to an object of its own
_TEXT = b"BT /F1 12 Tf 72 720 Td (Laporan pelatihan) Tj ET"


def stream(content, entries=b""):
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(content), content)


def flate(content, entries=b""):
    return stream(zlib.compress(content), b"/Filter /FlateDecode " + entries)


def document(*, catalog=b"", page=b"", pages=None, content=None, more=None):
    """Objects of a document of one page, by number; ``catalog`` and ``page`` are more entries of these."""
    return {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalog,
        PAGES: pages or b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %b >>" % page,
        CONTENT: content or stream(_TEXT),
        **(more or {}),
    }


def written(objects, *, trailer=b"", root=b"/Root 1 0 R"):
    """A file with a table of references, as programs wrote it for twenty years."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %b \n" % (places.get(number, 0), b"n" if number in places else b"f")
    out += b"trailer\n<< /Size %d %b %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start)
    return bytes(out)


def packed(objects, pack=zlib.compress, *, filters=b"/FlateDecode", loose=()):
    """The same objects inside an object stream, under a packed table, as programs write it today.

    Those whose numbers are ``loose`` stay outside of it.
    """
    loose = {n: body for n, body in objects.items() if n in loose or body.endswith(b"endstream")}
    inside = {number: body for number, body in objects.items() if number not in loose}
    holder, table = max(objects) + 1, max(objects) + 2
    heads, bodies = b"", b""
    for number, body in inside.items():
        heads += b"%d %d " % (number, len(bodies))
        bodies += body + b" "
    loose[holder] = stream(
        pack(heads + bodies),
        b"/Type /ObjStm /N %d /First %d /Filter %b" % (len(inside), len(heads), filters),
    )
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in loose.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    places[table] = len(out)
    rows = bytearray()
    order = list(inside)
    for number in range(table + 1):
        if number in places:
            rows += b"\x01" + places[number].to_bytes(4, "big") + b"\x00\x00"
        elif number in inside:
            rows += b"\x02" + holder.to_bytes(4, "big") + order.index(number).to_bytes(2, "big")
        else:
            rows += b"\x00" * 7
    entries = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R" % (table + 1)
    out += b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, flate(rows, entries), places[table])
    return bytes(out)


def good():
    return written(document())


def good_of_today():
    return packed(document(content=flate(_TEXT * 50)))


def good_with_links_and_outline():
    """What reports hold: links to sites, an outline, a page to begin at, a form drawn twice, a signature."""
    link = (
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://kemnaker.go.id/) >> >>"
    )
    drawing = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
    return written(
        document(
            catalog=b"/Outlines 10 0 R /OpenAction [3 0 R /Fit] /AcroForm << /Fields [13 0 R] /SigFlags 3 >>",
            page=b"/Annots [%b 13 0 R] /Resources << /XObject << /A 14 0 R /B 15 0 R >> >>" % link,
            more={
                10: b"<< /Type /Outlines /First 11 0 R /Last 12 0 R /Count 2 >>",
                11: b"<< /Title (Bab 1) /Parent 10 0 R /Next 12 0 R /Dest [3 0 R /Fit] >>",
                12: b"<< /Title (Bab 2) /Parent 10 0 R /Prev 11 0 R /A << /S /GoTo /D [3 0 R /Fit] >> >>",
                13: b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (ttd) /Rect [0 0 0 0] /P 3 0 R "
                b"/V << /Type /Sig /Filter /Adobe.PPKLite /Contents <00> /ByteRange [0 1 2 3] >> >>",
                14: stream(b"/C Do", drawing + b"/Resources << /XObject << /C 15 0 R >> >>"),
                15: flate(b"0 0 9 9 re f", drawing),
            },
        )
    )


def with_words(*pages):
    """A PDF with a line of words on each page."""
    first = 4
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number, words in enumerate(pages):
        at = first + 2 * number
        objects[at] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (at + 1)
        )
        objects[at + 1] = stream(b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % words.encode("latin-1"))
    return written(objects)
