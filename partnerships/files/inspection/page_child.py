"""The process that reads the text of one file, or draws one page of it, and may do nothing else.

Its standard input is the file. What it says is plain: JSON with the texts, or a width, a height and
the pixels; no format of pictures in which a file that has taken the process over could go on.
"""

import importlib
import os
import sys

from .child import give_up_rights, limit_resources

PROCESSOR_SECONDS = 20
# A page of 150 megapixels in grey and what it is unpacked from.
MEMORY = 768 * 2**20
_LONGEST_LIFE = 32  # seconds; nobody may be left to end a process whose parent was killed

_READERS = {"pdf": "pdf_pages", "jpeg": "picture_page", "png": "picture_page"}


def main():
    """Do what the arguments after the two folders say: ``family text MOST_PAGES``, or
    ``family draw PAGE WIDTH HEIGHT CHANNELS`` (in pixels, 1 for grey or 3 for colours)."""
    limit_resources(processor_seconds=PROCESSOR_SECONDS, memory=MEMORY, longest_life=_LONGEST_LIFE)
    family, task, *numbers = sys.argv[3:]
    reader = importlib.import_module(f".{_READERS[family]}", __package__)
    give_up_rights()
    try:
        with open(0, "rb", closefd=False) as file:
            answer = getattr(reader, task)(file, *map(int, numbers))
    except Exception:
        # The libraries answer a broken file with nearly every exception there is.
        answer = b""
    _say(answer)
    os._exit(0)


def _say(answer):
    left = memoryview(answer)
    while left:
        left = left[os.write(1, left) :]
