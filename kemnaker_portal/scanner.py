"""The virus scanner that files are shown to before anybody may have them: clamd, when CLAMD names one.

It is told nothing but the bytes (INSTREAM of its manual, clamd(8)). See docs/operations.md, "Virus scanner",
and docs/decisions/0020-clamd-is-spoken-to-directly.md.
"""

import io
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_AT_ONCE = 2**18  # bytes
_LONGEST_ANSWER = 1_024
_SECONDS_FOR_A_SIGN, _SECONDS_FOR_A_TRIAL = 1, 30
# The text by which scanners are tried out (EICAR), in two parts so that none takes this file for a virus.
_HARMLESS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + b"-ANTIVIRUS-TEST-FILE!$H+H*"
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*|\[[0-9A-Fa-f:.]+\]")
_FOUND = re.compile(rb"stream: ([!-~][ -~]{0,199}) FOUND\0")

Address = tuple[socket.AddressFamily, str | tuple[str, int]]


class ScannerAway(Exception):
    """No scanner has said in time what is in a file: nothing is known of it."""


class NoVerdict(ScannerAway):
    """The scanner has answered, but not what is in this file: it is too large, or that makes no sense."""


def is_configured() -> bool:
    """Whether there is a scanner; then only what it found clean is given to anybody."""
    return bool(settings.CLAMD)


def address_of(said: str) -> Address:
    """Where clamd listens: unix:/path of a socket, or host:port. Raises ImproperlyConfigured."""
    kind, _colon, rest = said.strip().rpartition(":")
    if kind == "unix" and rest.startswith("/"):
        return socket.AF_UNIX, rest
    if _HOST.fullmatch(kind) and re.fullmatch("[1-9][0-9]{0,4}", rest) and int(rest) < 2**16:
        host = kind.strip("[]")
        return socket.AF_INET6 if ":" in host else socket.AF_INET, (host, int(rest))
    raise ImproperlyConfigured(
        "CLAMD names no scanner; write it as unix:/run/clamav/clamd.ctl or as host:port, or leave it out to"
        " take files without one."
    )


def virus_in(file: IO[bytes], *, seconds: float) -> str:
    """What the scanner calls the virus that it found in a file, which is read from its first byte on; "" when
    it found none. Raises ScannerAway (NoVerdict), at the latest after so many seconds."""
    file.seek(0)
    is_sent = False
    with _talking(seconds) as (clamd, wait):
        wait()
        clamd.sendall(b"zINSTREAM\0")
        try:
            while chunk := file.read(_AT_ONCE):
                wait()
                clamd.sendall(len(chunk).to_bytes(4, "big") + chunk)
            clamd.sendall(bytes(4))
            is_sent = True
        except (BrokenPipeError, ConnectionResetError):
            # It takes no more of the file, and may have said why.
            pass
        answer = _answer(clamd, wait)
    if is_sent and answer == b"stream: OK\0":
        return ""
    if found := _FOUND.fullmatch(answer):
        return found[1].decode("ascii")
    if answer.endswith(b"\0"):
        raise NoVerdict(f"the scanner said {answer[:100]!r}")
    raise ScannerAway("the scanner hung up")


def shortcomings(largest: int) -> list[str]:
    """What a scanner that answers does not do as it should; ``largest`` bytes are the most it is sent."""
    found = []
    if not _finds_something_in(_HARMLESS):
        found.append("finds nothing where every scanner does (has freshclam brought its signatures?)")
    if _finds_something_in(bytes(largest)) is not False:
        found.append(f"takes no files of {largest // 2**20} MB (see StreamMaxLength and MaxFileSize)")
    return found


def _finds_something_in(content: bytes) -> bool | None:
    try:
        return bool(virus_in(io.BytesIO(content), seconds=_SECONDS_FOR_A_TRIAL))
    except ScannerAway:
        return None


def state() -> str:
    """What is wrong with the scanner, else "ok"."""
    try:
        check()
    except ScannerAway as error:
        return str(error)
    return "ok"


def check() -> None:
    """Raises ScannerAway when the scanner gives no sign of life within a second."""
    with _talking(_SECONDS_FOR_A_SIGN) as (clamd, wait):
        wait()
        clamd.sendall(b"zPING\0")
        if _answer(clamd, wait) != b"PONG\0":
            raise ScannerAway("says what makes no sense")


@contextmanager
def _talking(seconds: float) -> Iterator[tuple[socket.socket, "_Wait"]]:
    """A connection, and what gives its next step the time that is left of all."""
    family, address = address_of(settings.CLAMD)
    try:
        with socket.socket(family, socket.SOCK_STREAM) as clamd:
            wait = _Wait(clamd, seconds)
            wait()
            clamd.connect(address)
            yield clamd, wait
    except TimeoutError as error:
        raise ScannerAway("no answer in time") from error
    except OSError as error:
        raise ScannerAway(f"no answer ({error.strerror or type(error).__name__})") from error


class _Wait:
    def __init__(self, clamd: socket.socket, seconds: float) -> None:
        self._clamd, self._until = clamd, time.monotonic() + seconds

    def __call__(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._clamd.settimeout(left)


def _answer(clamd: socket.socket, wait: _Wait) -> bytes:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        wait()
        read = clamd.recv(_LONGEST_ANSWER)
        if not read:
            break
        said += read
    return said
