"""Requests as large as the server takes, and what they cost it."""

import os
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from tests.attacks.wire import page, posted

TOO_MUCH = 100_000  # bytes, or ten times as many as anybody needs
_LARGEST = 60_000  # bytes of a header that the server still takes
_STATIC, _LANGUAGE = b"/static/css/base.css", b"/bahasa/"


def _of(sign, room=_LARGEST):
    """As many of these as have room."""
    return sign * (room // len(sign))


def _numbered(sign, room=_LARGEST):
    """As many of these as have room, each with a number of its own."""
    return b"".join(sign % n for n in range(room // (len(sign) + 3)))


def _sent(body, *headers):
    return posted(body, (b"Content-Type", b"application/x-www-form-urlencoded"), *headers)


def _form(**fields):
    """A form with its token, so that its fields are looked at."""
    token = "a" * 32
    body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
    return _sent(body, (b"Cookie", f"{settings.CSRF_COOKIE_NAME}={token}".encode()))


def _parts(*heads):
    body = b"".join(b"--x\r\n" + head + b"\r\n\r\n1\r\n" for head in heads) + b"--x--\r\n"
    return posted(body, (b"Content-Type", b"multipart/form-data; boundary=x"))


def _part(more):
    return _parts(b'Content-Disposition: form-data; name="a' + more)


def _named(number, more=b""):
    return _parts(*(b'Content-Disposition: form-data; name="a%d"' % n + more for n in range(number)))


# By what is large: the status of the answer, and the request.
LARGE = {
    "nothing": (200, page()),
    "a quoted kind of answer": (431, page((b"Accept", b'a/b;c="' + _of(b'\\"')), target=_LANGUAGE)),
    "quotes in a kind of answer": (431, page((b"Accept", b"a/b;" + _of(b'";"')), target=_LANGUAGE)),
    "kinds of answer": (431, page((b"Accept", _numbered(b"a/b%d;q=0.1,")), target=_LANGUAGE)),
    "cookies": (200, page((b"Cookie", _numbered(b"c%d=1;")))),
    "a cookie of quotes": (431, page((b"Cookie", b'a="' + _of(b'\\"') + b'"'))),
    "a cookie of backslashes": (431, page((b"Cookie", b'a="' + _of(b"\\") + b'"'))),
    "a cookie of octal signs": (431, page((b"Cookie", b'a="' + _of(b"\\012") + b'"'))),
    "headers": (200, page(*((b"X-%d" % n, b"a") for n in range(90)))),
    "parameters": (400, page(target=b"/masuk/?" + _numbered(b"a%d=1&"))),
    "parameters, as many as are taken": (200, page(target=b"/masuk/?" + _numbered(b"a%d=1&", 15_000))),
    "a place to come back to": (200, page(target=b"/masuk/?next=" + _of(b"/"))),
    "a code": (422, page(target=b"/verifikasi/?kode=" + _of(b"-"))),
    "a path": (404, page(target=b"/" + _of(b"a/"))),
    "a name": (404, page(target=b"/" + _of(b"a"))),
    "a host": (400, page((b"Host", _of(b"a.")))),
    "a chain of proxies": (200, page((b"X-Forwarded-For", _of(b"1.1.1.1, ")))),
    "tags of a file": (200, page((b"If-None-Match", _of(b'"a",')), target=_STATIC)),
    "a moment": (200, page((b"If-Modified-Since", _of(b"1 ")), target=_STATIC)),
    "ranges": (200, page((b"Range", b"bytes=" + _of(b"0-0,")), target=_STATIC)),
    "encodings": (200, page((b"Accept-Encoding", _of(b"gzip;q=0,")), target=_STATIC)),
    "a quoted kind of form": (431, posted(b"a", (b"Content-Type", b'a/b; c="' + _of(b'\\"')))),
    "quotes in a kind of form": (431, posted(b"a", (b"Content-Type", b"a/b;" + _of(b'";"')))),
    "10,000 parts with a name": (400, _named(10_000)),
    "10,000 files": (400, _named(10_000, b'; filename="a"')),
    "parts within parts": (
        400,
        _parts(*(b"Content-Type: multipart/mixed; boundary=%d" % n for n in range(10_000))),
    ),
    "quotes in the head of a part": (400, _part(b'"; ' + _of(b'";"', TOO_MUCH))),
    "the name of a part": (400, _part(_of(b"a", TOO_MUCH) + b'"')),
    "JSON within JSON": (400, _form(credential="[" * TOO_MUCH)),
    "JSON beside JSON": (200, _form(credential="[]" * (TOO_MUCH // 2))),
    "an address of points": (200, _form(login="a@" + "a." * (TOO_MUCH // 2), password="a")),
    "an address of at signs": (200, _form(login="@" * TOO_MUCH, password="a")),
    "a quoted address": (200, _form(login='"' + '\\"' * (TOO_MUCH // 2) + "@a.id", password="a")),
    "a password": (200, _form(login="a@a.id", password="a" * TOO_MUCH)),
    "fields, as many as are taken": (403, _sent(_numbered(b"a%d=1&", 15_000))),
    "signs written with percent": (403, _sent(b"a=" + _of(b"%F0%9F%A4%9D", 2 * 10**6))),
}


def languages(number):
    """A page in languages of which there are no others in a request with another number."""
    return page((b"Accept-Language", _numbered(b"x%%d-%d," % number)))


class Cost:
    """What a web server has used up by now: ``seconds`` of processor, and ``memory`` in MB."""

    def __init__(self, served):
        port = f"\0--port\0{urlsplit(served.address).port}\0".encode()
        self.seconds = self.memory = 0
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if port not in (process / "cmdline").read_bytes():
                    continue
                said = (process / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            self.seconds += (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
            self.memory += int(said[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20
