"""More than five hundred files that must be refused: disguised, broken, double, acting, exploding.

Made by code from fixed seeds, so that a file that once got through can be made again by its name.
"""

import io
import random
import tarfile
import zlib

from tests.partnerships.files import hostile_pdfs, office_files, pdf_files, picture_files

ENDINGS = (".pdf", ".jpg", ".png", ".docx", ".xlsx")
_OTHER_ENDINGS = (".php", ".exe", ".html", ".svg", ".js", ".docm", ".txt", ".gif")


def plain_files():
    """{ending: a good file of that kind}"""
    return {
        ".pdf": pdf_files.good(),
        ".jpg": picture_files.jpeg(),
        ".png": picture_files.png(),
        ".docx": office_files.file("docx"),
        ".xlsx": office_files.file("xlsx"),
    }


def hostile_files():
    """(what it is, its name, its bytes)"""
    archive = office_files.zipped({"a.class": "b"})
    yield from _disguised(archive)
    yield from _misnamed()
    yield from _torn()
    yield from _pdfs(archive)
    yield from _pictures(archive)
    for kind in ("docx", "xlsx"):
        for what, content in office_files.hostile(kind):
            yield f"{kind} {what}", f"berkas.{kind}", content
    for what, content in office_files.lying_archives("docx"):
        yield f"docx {what}", "berkas.docx", content


def _disguised(archive):
    """Files of other kinds under the names of ours."""
    for what, content in _others(archive).items():
        for ending in ENDINGS:
            yield f"{what} called {ending}", f"berkas{ending}", content


def _others(archive):
    noise = random.Random(11).randbytes  # noqa: S311
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w"):
        pass
    return {
        "nothing": b"",
        "one byte": b"%",
        "spaces": b" " * 500,
        "zeros": bytes(500),
        "noise": noise(500),
        "a page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        "a page behind a mark of Unicode": b"\xef\xbb\xbf<html><body onload=alert(1)></html>",
        "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "a drawing as XML": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "a program for the server": b"<?php system($_GET['c']); ?>",
        "a program for Windows": b"MZ\x90\x00" + noise(300),
        "a program for Linux": b"\x7fELF\x02\x01\x01" + noise(300),
        "commands": b"#!/bin/sh\nrm -rf ~\n",
        "commands for Windows": b"@echo off\r\nformat c:\r\n",
        "a script": b"alert(document.cookie)//",
        "a shortcut": b"L\x00\x00\x00\x01\x14\x02\x00" + noise(100),
        "a Java class": b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + noise(100),
        "a WebAssembly": b"\x00asm\x01\x00\x00\x00",
        "a GIF": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        "a GIF that is a script": b"GIF89a/*" + noise(20) + b"*/=1;alert(1)",
        "a BMP": b"BM" + noise(100),
        "a TIFF": b"II*\x00\x08\x00\x00\x00" + noise(100),
        "a WebP": b"RIFF\x24\x00\x00\x00WEBPVP8 " + noise(40),
        "a HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + noise(100),
        "an icon": b"\x00\x00\x01\x00\x01\x00" + noise(100),
        "a Photoshop file": b"8BPS\x00\x01" + noise(100),
        "a PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "a film": b"\x00\x00\x00\x18ftypmp42" + noise(100),
        "a song": b"ID3\x03\x00" + noise(100),
        "an archive": archive,
        "an archive of a book": office_files.zipped(
            {"mimetype": "application/epub+zip"}, stored=("mimetype",)
        ),
        "a text of OpenDocument": office_files.zipped(
            {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}
        ),
        "an empty archive": b"PK\x05\x06" + bytes(18),
        "a RAR": b"Rar!\x1a\x07\x01\x00" + noise(100),
        "a 7z": b"7z\xbc\xaf\x27\x1c" + noise(100),
        "a gzip": zlib.compress(b"a" * 100, wbits=31),
        "a tar": tar.getvalue(),
        "an old Word document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "an RTF": b"{\\rtf1\\object\\objdata 0105}",
        "a table of text": b"a;b\n=cmd|' /c calc'!A1;2\n",
        "JSON": b'{"a": 1}',
    }


def _misnamed():
    """Good files under names that say something else."""
    for ending, content in plain_files().items():
        for other in (*ENDINGS, *_OTHER_ENDINGS):
            if other != ending:
                yield f"a good {ending} called {other}", f"berkas{other}", content


def _torn():
    """Good files cut short, and their first bytes with noise behind."""
    for ending, content in plain_files().items():
        for part in range(10, 100, 15):
            yield f"{part} % of a {ending}", f"berkas{ending}", content[: len(content) * part // 100]
        for seed in range(5):
            noise = random.Random(seed).randbytes(2_000)  # noqa: S311
            yield f"a {ending} that becomes noise ({seed})", f"berkas{ending}", content[:16] + noise


def _pdfs(archive):
    ways = {", packed": pdf_files.packed, ", in digits": hostile_pdfs.with_names_in_digits}
    for what, objects in hostile_pdfs.ACTING.items():
        for way, write in ways.items():
            yield f"PDF with {what}{way}", "berkas.pdf", write(objects)
    for what, content in (
        *hostile_pdfs.too_much(),
        *hostile_pdfs.in_circles(),
        *hostile_pdfs.broken(),
        *hostile_pdfs.with_something_else(archive),
    ):
        yield f"PDF: {what}", "berkas.pdf", content


def _pictures(archive):
    for what, content in picture_files.hostile_png():
        yield f"PNG {what}", "berkas.png", content
    for what, content in picture_files.hostile_jpeg():
        yield f"JPG {what}", "berkas.jpg", content
    for what, family, content in picture_files.with_something_else(archive):
        yield f"{family} {what}", {"jpeg": "berkas.jpg", "png": "berkas.png"}[family], content
