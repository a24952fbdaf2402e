"""PDF files that act, bring other files, explode, lead in circles, are broken, or are two things at once."""

import io
import random
import re
import zlib

import pikepdf

from tests.partnerships.files.pdf_files import (
    CATALOG,
    FREE,
    PAGE,
    PAGES,
    document,
    flate,
    good,
    packed,
    stream,
    written,
)


def _on_opening(action):
    return document(catalog=b"/OpenAction " + action)


def _annotation(entries):
    return document(page=b"/Annots [<< /Type /Annot /Rect [0 0 9 9] %b >>]" % entries)


_SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
_FILE = {
    10: b"<< /Type /Filespec /F (a.exe) /EF << /F 11 0 R >> >>",
    11: stream(b"MZ", b"/Type /EmbeddedFile"),
}

# What acts, by what it does. Each is tried in every way of writing it down.
ACTING = {
    "a script on opening": _on_opening(_SCRIPT),
    "a script in an object of its own": document(catalog=b"/OpenAction 10 0 R", more={10: _SCRIPT}),
    "a script in a stream": document(
        catalog=b"/OpenAction << /S /JavaScript /JS 10 0 R >>", more={10: flate(b"app.alert(1)")}
    ),
    "a script by name": document(catalog=b"/Names << /JavaScript << /Names [(a) %b] >> >>" % _SCRIPT),
    "a script that nothing leads to": document(more={10: _SCRIPT}),
    "a script that does not say so": document(catalog=b"/PieceInfo << /JS (app.alert\\(1\\)) >>"),
    "a script deep in arrays": document(catalog=b"/PieceInfo [[[[[[<< /X [%b] >>]]]]]]" % _SCRIPT),
    "a script behind a good action": _on_opening(b"<< /S /GoTo /D [3 0 R /Fit] /Next [%b] >>" % _SCRIPT),
    "a script in a link": _annotation(b"/Subtype /Link /A " + _SCRIPT),
    "a script in the outline": document(
        catalog=b"/Outlines 10 0 R",
        more={10: b"<< /First 11 0 R >>", 11: b"<< /Title (x) /Parent 10 0 R /A %b >>" % _SCRIPT},
    ),
    "a script on leaving the page": document(page=b"/AA << /C %b >>" % _SCRIPT),
    "an action on printing": document(catalog=b"/AA << /WP << /S /Named /N /NextPage >> >>"),
    "an action of a field": document(
        catalog=b"/AcroForm << /Fields [10 0 R] >>",
        more={10: b"<< /FT /Tx /T (a) /AA << /K << /S /Hide /T (a) >> >> >>"},
    ),
    "a program to start": _on_opening(b"<< /S /Launch /F (cmd.exe) >>"),
    "a program to start on Windows": _on_opening(b"<< /S /Launch /Win << /F (cmd.exe) /P (/c calc) >> >>"),
    "a program behind a link": _annotation(b"/Subtype /Link /A << /S /Launch /F (calc.exe) >>"),
    "a site on opening": _on_opening(b"<< /S /URI /URI (http://example.test/) >>"),
    "a command on opening": _on_opening(b"<< /S /Named /N /Print >>"),
    "another file on opening": _on_opening(b"<< /S /GoToR /F (//example.test/a.pdf) /D [0 /Fit] >>"),
    "another file behind a link": _annotation(b"/Subtype /Link /A << /S /GoToR /F (b.pdf) /D [0 /Fit] >>"),
    "a file inside behind a link": _annotation(b"/Subtype /Link /A << /S /GoToE /T << /R /C >> >>"),
    "a form that sends itself": _annotation(
        b"/Subtype /Link /A << /S /SubmitForm /F (http://example.test) >>"
    ),
    "a form that fetches data": _annotation(b"/Subtype /Link /A << /S /ImportData /F (a.fdf) >>"),
    "a link that is a script": _annotation(b"/Subtype /Link /A << /S /URI /URI (javascript:alert\\(1\\)) >>"),
    "a link that is a script, in digits": _annotation(
        b"/Subtype /Link /A << /S /URI /URI <%b> >>" % b"JavaScript:alert(1)".hex().encode()
    ),
    "a link that is a script, behind a tab": _annotation(
        b"/Subtype /Link /A << /S /URI /URI (\\tjava\\nscript:alert\\(1\\)) >>"
    ),
    "a link that is a script, in two bytes a letter": _annotation(
        b"/Subtype /Link /A << /S /URI /URI <%b> >>" % "\ufeffjavascript:a".encode("utf-16-be").hex().encode()
    ),
    "a link that is a script, in another object": document(
        page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI 10 0 R >> >>]",
        more={10: b"(javascript:a)"},
    ),
    "a program to start, as another object says": document(
        page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S 10 0 R /F (calc.exe) >> >>]",
        more={10: b"/Launch"},
    ),
    "a link to a file of the reader": _annotation(
        b"/Subtype /Link /A << /S /URI /URI (file:///etc/passwd) >>"
    ),
    "a film": _annotation(b"/Subtype /Movie /Movie << /F (a.avi) >>"),
    "a sound": _annotation(b"/Subtype /Link /A << /S /Sound /Sound 4 0 R >>"),
    "a screen": _annotation(b"/Subtype /Screen /A << /S /Rendition /OP 0 >>"),
    "rich media": _annotation(b"/Subtype /RichMedia /RichMediaContent << /Assets << >> >>"),
    "a model in three dimensions": _annotation(b"/Subtype /3D /3DD 4 0 R"),
    "a file attached to the document": document(
        catalog=b"/Names << /EmbeddedFiles << /Names [(a.exe) 10 0 R] >> >>", more=_FILE
    ),
    "a file attached to a page": document(
        page=b"/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS 10 0 R >>]", more=_FILE
    ),
    "an attached file that nothing leads to": document(more=_FILE),
    "a file that does not say so": document(
        more={10: b"<< /F (a.exe) /EF << /F 11 0 R >> >>", 11: stream(b"MZ")}
    ),
    "a collection of files": document(catalog=b"/Collection << /Type /Collection >>"),
    "a form of XML": document(
        catalog=b"/AcroForm << /Fields [] /XFA 10 0 R >>", more={10: stream(b"<xdp/>")}
    ),
    "a form of XML in pieces": document(
        catalog=b"/AcroForm << /Fields [] /XFA [(template) 10 0 R] >>", more={10: flate(b"<xdp/>" * 1000)}
    ),
    "a form that is drawn while it is read": document(catalog=b"/NeedsRendering true"),
    "a stream that stands in another file": document(more={10: stream(b"", b"/F (//example.test/x)")}),
}


def with_names_in_digits(objects):
    """The same with the second letter of each name that acts written as its code."""
    name = re.compile(
        rb"/(JavaScript|JS|AA|Launch|OpenAction|GoToR|GoToE|SubmitForm|ImportData|URI|Movie|Sound|Screen"
        rb"|Rendition|RichMedia|3D|EmbeddedFile|EmbeddedFiles|EF|FileAttachment|Collection|XFA"
        rb"|NeedsRendering|F)(?![A-Za-z0-9])"
    )
    spelled = {
        number: name.sub(lambda found: b"/%b#%02x" % (found[1][:-1], found[1][-1]), body)
        for number, body in objects.items()
    }
    return written(spelled)


def zeros(mebibytes):
    """So many MiB of zeros, packed by zlib, without having them: each packed MiB is like the other."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    one = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    total = mebibytes * 2**20
    return head + one * mebibytes + last + ((total % 65521) << 16 | 1).to_bytes(4, "big")


def _many_pages(count):
    leaves = {FREE + n: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>" for n in range(count)}
    tree = b"<< /Type /Pages /Kids [%b] /Count %d >>"
    return document(pages=tree % (b" ".join(b"%d 0 R" % n for n in leaves), count), more=leaves)


def _nested(depth):
    return b"[" * depth + b"]" * depth


def too_much():
    """(what it is, file) of what would cost its reader far more than a document may."""
    gibibyte = zeros(1024)
    yield "1 GiB in a page, packed once", written(document(content=stream(gibibyte, b"/Filter /FlateDecode")))
    twice = zlib.compress(gibibyte, 9)
    yield (
        "1 GiB in a page, packed twice",
        written(document(content=stream(twice, b"/Filter [/FlateDecode /FlateDecode]"))),
    )
    yield (
        "1 GiB behind a packing of text",
        written(
            document(
                content=stream(twice.hex().encode() + b">", b"/Filter [/ASCIIHexDecode /FlateDecode /Fl]")
            )
        ),
    )
    yield (
        "1 GiB as description",
        written(
            document(
                catalog=b"/Metadata 10 0 R",
                more={10: stream(gibibyte, b"/Type /Metadata /Subtype /XML /Filter /FlateDecode")},
            )
        ),
    )
    yield "1 GiB as objects", packed(document(), lambda _content: gibibyte)
    yield (
        "1 GiB as objects, packed twice",
        packed(document(), lambda _content: twice, filters=b"[/FlateDecode /FlateDecode]"),
    )
    script = document(catalog=b"/OpenAction 10 0 R", more={10: _SCRIPT})
    outside = (CATALOG, PAGES, PAGE)
    yield (
        "a script in objects of 40 MiB",
        packed(script, lambda content: zlib.compress(content + b" " * (40 * 2**20)), loose=outside),
    )
    picture = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB "
    )
    yield (
        "1 GiB as a small picture",
        written(document(more={10: stream(gibibyte, picture % (9, 9) + b"/Filter /FlateDecode")})),
    )
    yield (
        "a picture of 3,600 megapixels",
        written(document(more={10: flate(bytes(9), picture % (60_000, 60_000))})),
    )
    yield (
        "packed by five packings",
        written(document(content=stream(b">", b"/Filter [" + b"/ASCIIHexDecode " * 5 + b"]"))),
    )
    yield (
        "twelve streams of 60 MiB",
        written(document(more={FREE + n: stream(zeros(60), b"/Filter /FlateDecode") for n in range(12)})),
    )
    yield "arrays in arrays in arrays", written(document(catalog=b"/X " + _nested(20_000)))
    yield "5,001 pages", written(_many_pages(5_001))
    yield (
        "a predictor of a long row",
        packed(document(), filters=b"/FlateDecode /DecodeParms << /Predictor 12 /Columns 2000000000 >>"),
    )


def in_circles():
    """(what it is, file) of what leads its reader back to where he was."""
    yield (
        "an outline",
        written(
            document(
                catalog=b"/Outlines 10 0 R",
                more={
                    10: b"<< /First 11 0 R /Last 12 0 R >>",
                    11: b"<< /Title (a) /Parent 10 0 R /Next 12 0 R >>",
                    12: b"<< /Title (b) /Parent 10 0 R /Next 11 0 R >>",
                },
            )
        ),
    )
    yield (
        "an outline of one",
        written(document(catalog=b"/Outlines 10 0 R", more={10: b"<< /First 10 0 R /Last 10 0 R >>"})),
    )
    yield "the page tree", written(document(pages=b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"))
    yield (
        "the parents of a page",
        written(
            document(
                page=b"",
                pages=b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 10 0 R >>",
                more={10: b"<< /Type /Pages /Kids [] /Parent 2 0 R >>"},
            )
        ),
    )
    yield (
        "a tree of names",
        written(
            document(
                catalog=b"/Names << /Dests 10 0 R >>",
                more={10: b"<< /Kids [11 0 R] >>", 11: b"<< /Kids [10 0 R] >>"},
            )
        ),
    )
    drawing = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
    yield "a drawing of itself", written(document(more={10: stream(b"/X Do", drawing % 10)}))
    yield (
        "two drawings of each other",
        written(document(more={10: stream(b"/X Do", drawing % 11), 11: stream(b"/X Do", drawing % 10)})),
    )
    plain = written(document())
    start = plain.rindex(b"xref\n0")
    for what, previous in (("the table before is itself", start), ("the table before is nowhere", 10**9)):
        yield what, written(document(), trailer=b"/Prev %d" % previous)
    yield (
        "a length that is its own stream",
        written(document(more={10: b"<< /Length 10 0 R >>\nstream\nx\nendstream"})),
    )
    yield "an object that is itself", written(document(catalog=b"/Lang 10 0 R", more={10: b"10 0 R"}))


def broken():
    """(what it is, file) of what nobody can read, or not everybody alike."""
    plain = good()
    yield "without a root", written(document(), root=b"")
    yield "with a root that is missing", written(document(), root=b"/Root 99 0 R")
    yield "without pages", written(document(pages=b"<< /Type /Pages /Kids [] /Count 0 >>"))
    yield "without an end mark", plain.replace(b"%%EOF", b"")
    yield "without its table", plain.replace(b"xref\n0", b"yref\n0")
    yield "with a start beyond its end", re.sub(rb"startxref\n\d+", b"startxref\n99999999", plain)
    yield "with a start in the middle", re.sub(rb"startxref\n\d+", b"startxref\n40", plain)
    yield "with a negative start", re.sub(rb"startxref\n\d+", b"startxref\n-5", plain)
    yield "with places that are wrong", re.sub(rb"0000000(\d\d\d) 00000 n", rb"0000009\1 00000 n", plain)
    script = document(catalog=b"/OpenAction 10 0 R", more={10: _SCRIPT})
    outside = (CATALOG, PAGES, PAGE)
    yield "with objects that end too soon", packed(script, lambda c: zlib.compress(c)[:-6], loose=outside)
    yield (
        "with objects of a wrong sum",
        packed(script, lambda c: zlib.compress(c)[:-1] + b"\0", loose=outside),
    )
    yield "only a header", b"%PDF-1.7\n%%EOF\n"
    yield "a header and noise", b"%PDF-1.7\n" + random.Random(1).randbytes(3_000) + b"\n%%EOF\n"  # noqa: S311
    yield "of version 9", plain.replace(b"%PDF-1.7", b"%PDF-9.9")
    yield (
        "with the same entry twice",
        written(document(catalog=b"/OpenAction [3 0 R /Fit] /Lang (id) /Lang (en)")),
    )
    for what, cipher in (
        ("that needs a password", pikepdf.Encryption(user="rahasia", owner="pemilik")),
        ("with rights but no password", pikepdf.Encryption(owner="pemilik")),
        ("with rights in an old cipher", pikepdf.Encryption(owner="pemilik", R=3, aes=False, metadata=False)),
    ):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(plain)) as pdf:
            pdf.save(out, encryption=cipher)
        yield what, out.getvalue()
    crypt = b"/Encrypt << /Filter /Standard /V %b /R %b /Length %b /P -4 /O (%b) /U (%b) >> /ID [<00> <00>]"
    for what, numbers in (
        ("of no version", (b"99", b"99", b"128")),
        ("of a huge key", (b"2", b"3", b"2147483640")),
    ):
        yield f"with a cipher {what}", written(document(), trailer=crypt % (*numbers, b"a" * 32, b"b" * 32))


def with_something_else(archive):
    """(what it is, file) of PDF files that are another thing as well."""
    plain = good()
    script = b"<html><body><script>alert(1)</script></body></html>\n"
    yield "with an archive behind", plain + archive
    yield "with an archive before", archive + plain
    yield "with an archive as its last object", written(document(more={10: stream(archive)}))
    yield "with a page behind", plain + script
    yield "with a page before", script + plain
    yield "with a page as a remark", plain.replace(b"%\xe2\xe3\xcf\xd3", b"% <script>alert(1)</script>")
    yield "with a program behind", plain + b"<?php system($_GET['c']); ?>"
    yield "with a program before", b"#!/bin/sh\nrm -rf ~\n" + plain
    yield "with noise before", random.Random(2).randbytes(200) + plain  # noqa: S311
    yield "with noise behind", plain + random.Random(3).randbytes(200)  # noqa: S311
    yield "with a Windows program before", b"MZ\x90\x00" + plain
    yield "with a GIF before", b"GIF89a/*" + plain
