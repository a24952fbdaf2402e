"""The memory of processes while something runs."""

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from script.internals.bench.inside import pss_mb

_EVERY_SECONDS = 0.2


class Watch:
    """Within the block, the most memory (in MB) that any one process of each sort has.

    ``sorts`` maps a name to a function that gives the process ids of the moment; ``size_of`` tells the size
    of a process.
    """

    def __init__(
        self,
        sorts: Mapping[str, Callable[[], Iterable[int]]],
        size_of: Callable[[int], float] = pss_mb,
    ) -> None:
        self.sorts = sorts
        self.size_of = size_of
        self.peaks: dict[str, float] = dict.fromkeys(sorts, 0.0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            for name, pids in self.sorts.items():
                self.peaks[name] = max([self.peaks[name], *map(self.size_of, pids())])
            if self._over.wait(_EVERY_SECONDS):
                return


def below(pid: int) -> list[int]:
    """The processes that a process started, and those that they started; itself not."""
    found: list[int] = []
    next_ones = [pid]
    while next_ones:
        parent = next_ones.pop()
        with suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                children = [int(child) for child in (task / "children").read_text().split()]
                found += children
                next_ones += children
    return found
