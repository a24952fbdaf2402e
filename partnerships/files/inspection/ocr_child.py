"""The process that reads a picture: it limits itself and becomes Tesseract.

Its standard input is the picture, its standard output takes the text. Tesseract opens its libraries
and its knowledge of the language, so that files can be opened here; nothing can be written.
"""

import os
import sys

from .child import give_up_rights, limit_resources

PROCESSOR_SECONDS = 60
MEMORY = 1024 * 2**20
_LONGEST_LIFE = 92  # seconds
_OPEN_FILES = 64


def main():
    """Read the picture at standard input with the program and in the language that the arguments name."""
    limit_resources(processor_seconds=PROCESSOR_SECONDS, memory=MEMORY, longest_life=_LONGEST_LIFE)
    give_up_rights(open_files=_OPEN_FILES)
    program, language, dots_to_the_inch = sys.argv[2:]
    os.execve(  # noqa: S606 - the whole point
        program,
        [program, "stdin", "stdout", "-l", language, "--dpi", dots_to_the_inch],
        # One thread: no process may be made, and two pages are read at once by two workers.
        {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
    )
