"""Bytes to the real server and back, as they are: what a client library would not send goes too."""

import re
import socket
from dataclasses import dataclass

_PATIENCE = 60  # seconds


@dataclass
class Reply:
    """What the server said; ``status`` is None when it only hung up."""

    status: int | None
    text: str


class Wire:
    """A way to a server on this machine."""

    def __init__(self, port):
        self._port = port

    def open(self, source="127.0.0.1"):
        """A connection from that address of this machine."""
        return socket.create_connection(
            ("127.0.0.1", self._port), timeout=_PATIENCE, source_address=(source, 0)
        )

    def say(self, request, source="127.0.0.1"):
        """The Reply to these bytes, of which the server ends the connection."""
        said = b""
        with self.open(source) as line:
            try:
                line.sendall(request)
                while part := line.recv(65_536):
                    said += part
            except ConnectionError:
                pass  # it had heard enough before it had heard all
        said = said.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        status = re.match(rb"HTTP/1\.1 (\d{3})", said)
        return Reply(
            int(status[1]) if status else None, said.partition(b"\r\n\r\n")[2].decode(errors="replace")
        )


def request(method, target, headers=(), body=b""):
    """The bytes of a request to the portal itself; ``headers`` are (name, value) pairs of bytes."""
    known = {name.lower() for name, _value in headers}
    headers = list(headers)
    if b"host" not in known:
        headers.insert(0, (b"Host", b"127.0.0.1"))
    if body and b"content-length" not in known:
        headers.append((b"Content-Length", str(len(body)).encode()))
    headers.append((b"Connection", b"close"))
    lines = [b"%s %s HTTP/1.1" % (method, target), *(b"%s: %s" % each for each in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def page(*headers, target=b"/masuk/", method=b"GET", body=b""):
    return request(method, target, headers, body)


def posted(body, *headers):
    return page(*headers, method=b"POST", body=body)
