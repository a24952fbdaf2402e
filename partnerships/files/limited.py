"""Runs one of the limited programs of ``inspection`` on one file, and hears it out, but not for ever."""

import importlib.util
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


def answer_of(begin, *arguments, file, wall_seconds, longest):
    """(answer, exit code) of a process that has ``file`` as its input; its answer is at most ``longest``
    bytes, and None when it says nothing whole within its time. Raises OSError when it can't be made.

    ``begin`` is the program, run without the portal's modules and surroundings; sys.argv[1] is the folder
    that ``inspection`` is found in.
    """
    # The process reads on from where the file stands, which others have read before.
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    process = subprocess.Popen(  # noqa: S603 - our own program, with fixed arguments
        [sys.executable, "-I", "-S", "-B", "-c", begin, str(_FOLDER), *arguments],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    try:
        answer = _read_answer(process.stdout, wall_seconds, longest)
    finally:
        _end(process)
    return answer, process.returncode


@cache
def library_folder(library):
    """Where a library lies, None when it is not installed; the process searches no other folder."""
    found = importlib.util.find_spec(library)
    if found is None or found.origin is None:
        return None
    return str(Path(found.origin).resolve().parent.parent)


def _read_answer(pipe, wall_seconds, longest):
    deadline = time.monotonic() + wall_seconds
    poller = select.poll()
    poller.register(pipe, select.POLLIN)
    said = bytearray()
    while len(said) <= longest:
        left = max(0, deadline - time.monotonic())
        if not poller.poll(left * 1_000):
            return None
        read = os.read(pipe.fileno(), 65_536)
        if not read:
            return bytes(said) or None
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
