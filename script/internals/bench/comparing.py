"""Shares the questions of ``parity`` among the processors."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from script.internals.bench.running import figures_of

_SECONDS_OF_A_QUESTION = 20


def compare(questions: int, seed: int) -> tuple[dict[str, int], list[str]]:
    """(how much was compared, by what it is; what differs) of so many questions."""
    # Who asks is there before several ask at once.
    figures_of("parity", "0", "0", str(seed))
    shares = len(os.sched_getaffinity(0))
    bounds = [questions * place // shares for place in range(shares + 1)]
    with ThreadPoolExecutor(shares) as threads:
        asked = [
            threads.submit(
                figures_of,
                "parity",
                *map(str, (first, stop, seed)),
                most=_SECONDS_OF_A_QUESTION * (questions + 1),
            )
            for first, stop in pairwise(bounds)
        ]
        answers = [each.result() for each in asked]
    found: dict[str, int] = {}
    differing: list[str] = []
    for answer in answers:
        differing += map(str, answer.pop("differing"))
        for name, amount in answer.items():
            so_far = found.get(name, 0)
            found[name] = max(so_far, int(amount)) if name == "largest" else so_far + int(amount)
    return found, differing
