"""What every measuring program shares: the portal set up in it, a limit of time, figures on the way out."""

import json
import os
import resource
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# No question may take longer (seconds).
MOST_SECONDS = float(os.environ.get("BENCH_SECONDS", "120"))
QUICK = bool(os.environ.get("BENCH_QUICK"))


class OverTime(Exception):
    """A question took longer than it may."""


@contextmanager
def limited(seconds: float = MOST_SECONDS) -> Iterator[None]:
    def over(number: int, frame: object) -> None:
        raise OverTime

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def set_up() -> None:
    """The portal in this process, in Indonesian, with every row of it; what a client asks for is read for who
    asks."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kemnaker_portal.settings")
    django.setup()
    from django.conf import settings
    from django.utils import translation

    from kemnaker_portal.readers import REGISTER

    settings.READER_UNLESS_NAMED = REGISTER
    translation.activate("id")


def say(**figures: Any) -> None:
    """Hand figures to the program that started this one."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


def often(ask: Callable[[], Any], times: int, seconds: float) -> list[float]:
    """How long each asking took (ms): so many times, or until the seconds are over, but once at least."""
    took: list[float] = []
    until = time.monotonic() + seconds
    while not took or (len(took) < times and time.monotonic() < until):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return took


def p50(values: Sequence[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def peak_mb() -> float:
    """The largest this process has been."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak_mb_of(pid: int) -> float:
    """The largest a process has been since it began its program; what getrusage says of children counts what
    they were before, a copy of their parent."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def pss_mb(pid: int) -> float:
    """The memory of a process, what it shares with others by its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
