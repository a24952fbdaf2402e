"""A virus scanner of the tests: it speaks as clamd, knows one mark, and is down, slow or mad when told."""

import io
import re
import shutil
import socketserver
import tempfile
import threading
import zipfile
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.partnerships.files import office_files, pdf_files

# The harmless text that every scanner takes for a virus, in two parts so that none takes this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = "Eicar-Test-Signature"
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_LARGEST = 60 * 2**20


def infected_pdf():
    """A good PDF with the mark in a packed stream."""
    words = b"BT /F1 12 Tf 72 720 Td (Laporan pelatihan) Tj ET"
    return pdf_files.written(pdf_files.document(content=pdf_files.flate(b"% " + EICAR + b"\n" + words)))


def infected_workbook():
    """A good workbook with the mark in a cell."""
    cell = f'<c r="A1" t="inlineStr"><is><t>{EICAR.decode()}</t></is></c>'
    return office_files.file("xlsx", more={"xl/worksheets/sheet1.xml": office_files.sheet(cell)})


class Clamd:
    """A scanner at ``address``; ``mood`` is well, slow, mad, hasty (hangs up), small (takes few bytes),
    hurried (judges what it has not read) or endless."""

    def __init__(self, folder):
        self._path = Path(folder) / "clamd.ctl"
        self.address = f"unix:{self._path}"
        self.mood = "well"
        self.looked_at = 0
        self.woken = threading.Event()
        self._server = None

    def comes_up(self):
        clamd = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self):
                with suppress(OSError):
                    clamd.hear(self)

        self._server = socketserver.ThreadingUnixStreamServer(str(self._path), Talk)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def goes_down(self):
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink()

    def hear(self, talk):
        if self.mood == "slow":
            self.woken.wait(30)
        command = _up_to_nul(talk.rfile)
        if command == b"zPING":
            talk.wfile.write(b"PONG\0")
        elif self.mood == "hurried":
            talk.wfile.write(b"stream: OK\0")
        elif command == b"zINSTREAM" and self.mood != "hasty":
            content = _content(talk.rfile, 100 if self.mood == "small" else _LARGEST)
            self.looked_at += 1
            self._say(talk.wfile, content)

    def _say(self, to, content):
        if self.mood == "endless":
            while not self.woken.wait(0.02):
                to.write(b"x")
                to.flush()
        elif self.mood == "mad":
            to.write(b"stream: OK, or is it\0")
        elif content is None:
            to.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif any(EICAR in each for each in _unpacked(content)):
            to.write(f"stream: {VIRUS} FOUND\0".encode())
        else:
            to.write(b"stream: OK\0")


@contextmanager
def clamd_at_work():
    # The name of a socket has at most 107 bytes; folders of tests are deeper than that.
    folder = tempfile.mkdtemp(prefix="clamd")
    clamd = Clamd(folder)
    clamd.comes_up()
    try:
        yield clamd
    finally:
        clamd.woken.set()
        with suppress(FileNotFoundError):
            clamd.goes_down()
        shutil.rmtree(folder)


def _up_to_nul(stream):
    said = b""
    while (sign := stream.read(1)) not in (b"", b"\0"):
        said += sign
    return said


def _content(stream, most):
    """What is sent in pieces, each after its length; None when it is too much."""
    content = b""
    while length := int.from_bytes(stream.read(4), "big"):
        content += stream.read(length)
        if len(content) > most:
            return None
    return content


def _unpacked(content):
    yield content
    for packed in _STREAM.findall(content):
        with suppress(zlib.error):
            yield zlib.decompress(packed)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
