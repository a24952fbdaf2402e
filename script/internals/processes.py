"""Processes a script starts: they end with it, however it ends."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from kemnaker_portal.urgency import give_way
from script.internals.steps import StepFailed

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
# In the environment of everything a server run starts; by it the next run finds what a killed
# one left behind.
RUN_MARK = "PORTAL_SERVER_RUN"


def ends_with_parent(how: int, nice: int = 0) -> Callable[[], None]:
    """What a child does before it becomes its program: ask for a signal when this script dies."""
    parent = os.getpid()

    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:
            os._exit(1)
        if nice:
            give_way(nice)

    return prepare


def run(command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> None:
    """Run a command of the set-up, its words into the log; the end of them is shown if it fails."""
    with log.open("ab") as stream:
        began = stream.tell()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env={**os.environ, **(env or {})},
            start_new_session=True,
            preexec_fn=ends_with_parent(signal.SIGKILL),
        )
        try:
            code = process.wait()
        finally:
            stop_group(process, seconds=5)
    if code:
        said = log.read_bytes()[began:].decode(errors="replace").strip().splitlines()
        name = " ".join(str(part) for part in command[:6])
        raise StepFailed("\n".join([f"'{name}' failed ({code}); all of it is in {log}:", *said[-15:]]))


def stop_group(process: subprocess.Popen[bytes], seconds: float) -> None:
    """End a child politely, then everything it may have left in its group."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_leftovers(mark: str, seconds: float = 5) -> int:
    """End what a killed run with the same data folder left running; how many there were."""
    found = list(_marked(mark))
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while left := list(_marked(mark)):
        if time.monotonic() > deadline:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    return len(found)


def _marked(mark: str) -> Iterator[int]:
    wanted = f"{RUN_MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # The database has its own users and its own end.
            named = (process / "comm").read_text().strip()
            marked = wanted in (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if marked and named != "postgres" and int(process.name) != os.getpid():
            yield int(process.name)
