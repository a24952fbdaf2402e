"""Starts the programs that measure, and takes their figures."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable

from script.internals import processes
from script.internals.bench.inside import MOST_SECONDS
from script.internals.steps import ROOT, StepFailed

Figures = dict[str, float | str]


def figures_of(module: str, *arguments: str, most: float = MOST_SECONDS, over: str = "") -> Figures:
    """What a program of the bench prints. If it takes too long, ``over`` is the figure that says so."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"script.internals.bench.{module}", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore:No directory at:UserWarning"},
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=processes.ends_with_parent(9),
    )
    try:
        said, _nothing = process.communicate(timeout=most)
    except subprocess.TimeoutExpired:
        if not over:
            raise StepFailed(f"{module} took more than {most:.0f} s.") from None
        return {over: f"over {most:.0f} s"}
    finally:
        processes.stop_group(process, 5)
    if process.returncode:
        raise StepFailed(f"{module} {' '.join(arguments)} failed ({process.returncode}).")
    found: Figures = {}
    for line in said.decode().splitlines():
        found |= json.loads(line)
    return found


def median_of(rounds: Iterable[Figures]) -> Figures:
    """The median of each figure; of one that went over its time in a round, that."""
    values: dict[str, list[float | str]] = {}
    for figures in rounds:
        for name, value in figures.items():
            values.setdefault(name, []).append(value)
    return {name: _median(found) for name, found in values.items()}


def _median(found: list[float | str]) -> float | str:
    numbers = [value for value in found if not isinstance(value, str)]
    if len(numbers) == len(found):
        return statistics.median(numbers)
    return next(value for value in found if isinstance(value, str))
