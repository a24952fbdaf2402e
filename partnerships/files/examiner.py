"""Has a file looked into by a process of its own, and reads that process's answer with mistrust."""

import importlib.util
import json
import logging
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from partnerships.files import refusals
from partnerships.files.inspection.verdict import Findings, Reason
from partnerships.files.kinds import KINDS

WALL_SECONDS = 6
_LONGEST_ANSWER = 2**18  # bytes; every piece of a picture of 2,000 segments fits
_LONGEST_INSERTION = 200
_FOLDER = Path(__file__).resolve().parent
# The modules are found through these folders alone: neither the portal nor Django is among them.
_BEGIN = "import sys; sys.path += sys.argv[1:3]; from inspection.child import main; main()"
_LIBRARIES = {"pdf": "pikepdf", "jpeg": "PIL", "png": "PIL", "office": ""}

log = logging.getLogger(__name__)


def examine(path, family, limit):
    """The Findings of a good file. Raises FileRefused, NotNow when the portal can't look."""
    size = path.stat().st_size
    arguments = ["-I", "-S", "-B", "-c", _BEGIN, str(_FOLDER), _library_folder(family), family]
    try:
        with path.open("rb") as file:
            process = subprocess.Popen(  # noqa: S603 - our own program, with fixed arguments
                [sys.executable, *arguments],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                start_new_session=True,
            )
    except OSError as error:
        log.exception("the process that looks into files could not start")
        raise refusals.cannot_look() from error
    try:
        answer = _read_answer(process.stdout)
    finally:
        _end(process)
    if answer is None and process.returncode > 0:
        log.error("the process that looks into files could not start (exit code %d)", process.returncode)
        raise refusals.cannot_look()
    return _understood(answer, family, size, limit)


@cache
def _library_folder(family):
    """Where the one library lies that this family needs; the child searches no other folder."""
    library = _LIBRARIES[family]
    if not library:
        return ""
    found = importlib.util.find_spec(library)
    if found is None or found.origin is None:
        log.error("the package %s, which looks into files, is not installed", library)
        raise refusals.cannot_look()
    return str(Path(found.origin).resolve().parent.parent)


def _read_answer(pipe):
    """Everything the process says within its time, None when it says nothing whole."""
    deadline = time.monotonic() + WALL_SECONDS
    poller = select.poll()
    poller.register(pipe, select.POLLIN)
    said = b""
    while len(said) <= _LONGEST_ANSWER:
        left = max(0, deadline - time.monotonic())
        if not poller.poll(left * 1_000):
            return None
        read = os.read(pipe.fileno(), 65_536)
        if not read:
            return said or None
        said += read
    return None


def _end(process):
    """End the process and whatever it may have begun.

    One that has come to its end keeps its exit code, and its number until it is waited for, so that
    nobody else's process can be hit.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def _understood(answer, family, size, limit):
    """The Findings of an answer. What a process says that read a hostile file is not believed blindly."""
    if answer is None:
        raise refusals.refused_for(Reason.TOO_MUCH, limit)
    try:
        said = json.loads(answer)
        if "refused" in said:
            raise refusals.refused_for(Reason(said["refused"]), limit)
        findings = Findings(**said)
        believable = (
            KINDS[findings.kind].family == family
            and isinstance(findings.place_removed, bool)
            and _are_pieces(findings.pieces, size)
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        believable = False
    if not believable:
        raise refusals.refused_for(Reason.DAMAGED, limit)
    return findings


def _are_pieces(pieces, size):
    position = 0
    for piece in pieces:
        if isinstance(piece, str):
            if len(bytes.fromhex(piece)) > _LONGEST_INSERTION:
                return False
            continue
        start, end = piece
        if not (type(start) is type(end) is int and position <= start < end <= size):
            return False
        position = end
    return isinstance(pieces, list)
