"""The lines of a long list on disk, while it is made: headings of groups and rows, by number."""

import pickle
from bisect import bisect_left
from dataclasses import replace
from tempfile import TemporaryFile

from partnerships.exports.piece import Heading

_IN_A_BLOCK = 200


class Lines:
    """Lines that are written once, in order, and then read as often as wanted. To be closed."""

    def __init__(self):
        self._file = TemporaryFile()  # noqa: SIM115 - closed by close()
        self._places = []
        self._block = []
        self._headings = {}
        self._count = 0

    def __len__(self):
        return self._count

    def append(self, line):
        if isinstance(line, Heading):
            self._headings[self._count] = line
        self._block.append(line)
        self._count += 1
        if len(self._block) == _IN_A_BLOCK:
            self._write()

    def close_group(self, size):
        """Say how large the group is that was begun last, in words: known when its last row is there."""
        if self._headings:
            number = next(reversed(self._headings))
            self._headings[number] = replace(self._headings[number], size=size)

    def between(self, start, stop):
        """The lines from ``start`` on, before ``stop``."""
        if self._block:
            self._write()
        found = []
        for block in range(start // _IN_A_BLOCK, -(-min(stop, self._count) // _IN_A_BLOCK)):
            self._file.seek(self._places[block])
            found += pickle.load(self._file)  # noqa: S301 - what append() wrote
        skipped = start // _IN_A_BLOCK * _IN_A_BLOCK
        lines = found[start - skipped : stop - skipped]
        return tuple(self._headings.get(number, line) for number, line in enumerate(lines, start=start))

    def group_before(self, number):
        """The name of the group that goes on when the line of this number begins; empty without groups."""
        numbers = list(self._headings)
        place = bisect_left(numbers, number)
        return self._headings[numbers[place - 1]].name if place else ""

    def close(self):
        self._file.close()

    def _write(self):
        self._places.append(self._file.seek(0, 2))
        pickle.dump(self._block, self._file, pickle.HIGHEST_PROTOCOL)
        self._block = []
