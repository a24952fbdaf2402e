"""The naskah that the reader is developed on and measured by, with the truth beside each.

``development`` may be looked at while rules are written; ``held_out`` may not (docs/reading.md).
"""

import json
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "naskah"
HALVES = ("development", "held_out")


@dataclass(frozen=True)
class Naskah:
    """A paper as plain text, and what a careful reader finds in it."""

    name: str
    text: str
    truth: dict


def naskah_of(half):
    """The papers of a half, in the order of their numbers."""
    return [
        Naskah(path.stem, path.read_text(), json.loads(path.with_suffix(".json").read_text()))
        for path in sorted((_FOLDER / half).glob("*.txt"))
    ]
