"""Programs that run side by side: they start together, stop together, and one never outlives another."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from script.internals.processes import ends_with_parent, stop_group
from script.internals.steps import StepFailed, StopAsked

STOP_SECONDS = 15
# A program that is killed more often within a minute is not helped by another start.
MOST_DEATHS = 5


def listen_for_stop() -> None:
    """Turn every polite way to end this process into StopAsked."""

    def stop(number: int, frame: object) -> None:
        # Asked twice, it is still stopping: each program has its seconds and no more.
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise StopAsked

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


class SideBySide:
    """A set of running programs by name; leaving the block stops them all."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.starts: dict[str, Callable[[], subprocess.Popen[bytes]]] = {}
        self.deaths: dict[str, list[float]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            stop_group(process, max(0.1, deadline - time.monotonic()))

    def start(self, name: str, command: Sequence[str | Path], nice: int = 0, replaced: bool = False) -> None:
        """Start a program; ``replaced`` starts it again when somebody kills it."""

        def begin() -> subprocess.Popen[bytes]:
            # In a session of its own, Ctrl-C reaches only this script, which then stops all in order.
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **self.env},
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGTERM, nice),
            )

        self.running[name] = begin()
        if replaced:
            self.starts[name] = begin

    def check(self) -> None:
        """Complain if one of them has ended; one that was killed may be replaced."""
        for name, process in self.running.items():
            if (code := process.poll()) is None:
                continue
            if code < 0 and self._may_be_replaced(name):
                stop_group(process, seconds=0)
                self.running[name] = self.starts[name]()
                print(f"The {name} was killed ({-code}) and is started again.", flush=True)
                continue
            raise StepFailed(f"The {name} ended by itself ({code}); everything is stopped.")

    def _may_be_replaced(self, name: str) -> bool:
        now = time.monotonic()
        deaths = [at for at in self.deaths.get(name, []) if now - at < 60]
        self.deaths[name] = [*deaths, now]
        return name in self.starts and len(deaths) < MOST_DEATHS

    def watch(self, each_second: Callable[[], None]) -> None:
        """Stay until one of them ends or a stop is asked."""
        while True:
            self.check()
            each_second()
            time.sleep(1)
