"""The naskah that the reader is developed on and measured by, with the truth beside each.

``development`` may be looked at while rules are written; the other two may not: ``held_out`` is in the
standard anatomy, ``held_out_free`` in freer wording (docs/reading.md).
"""

import json
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "naskah"
HELD_OUT = ("held_out", "held_out_free")
PARTS = ("development", *HELD_OUT)


@dataclass(frozen=True)
class Naskah:
    """A paper as plain text, and what a careful reader finds in it."""

    name: str
    text: str
    truth: dict


def naskah_of(*parts):
    """The papers of these parts, in the order of their numbers."""
    return [
        Naskah(path.stem, path.read_text(), json.loads(path.with_suffix(".json").read_text()))
        for part in parts
        for path in sorted((_FOLDER / part).glob("*.txt"))
    ]
