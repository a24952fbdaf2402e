from functools import cached_property

import numpy as np

_BITS_OF_A_POSITION = 64


class Grouping:
    """Which of a number of papers have which values, each pair once; a paper may have several values.

    Papers are meant by their positions, in the order of values, so that the papers of a value stand
    side by side and all values are counted in one walk. Of few values each is kept as a row of bits beside
    that, one for each paper, which is less to walk through.
    """

    def __init__(self, size, positions, values):
        codes: dict = {}
        coded = np.fromiter((codes.setdefault(each, len(codes)) for each in values), np.int64)
        self._take(size, positions, coded, codes)

    @classmethod
    def coded(cls, size, positions, coded, values):
        """From the places of values among ``values``, of which each is had by something."""
        grouping = cls.__new__(cls)
        grouping._take(size, positions, coded, {value: code for code, value in enumerate(values)})
        return grouping

    def _take(self, size, positions, coded, codes):
        pairs = np.unique(coded * size + np.asarray(positions, np.int64))
        self._size = size
        self._values = list(codes)
        self._codes = codes
        self._positions = (pairs % max(size, 1)).astype(np.intp)
        # Each value has at least one paper, so that no stretch is empty.
        self._starts = np.searchsorted(pairs, np.arange(len(codes)) * size)

    def counts(self, mask):
        """How many papers of the mask each value has; values without any are left out. Numbers in place of
        a mask say how often each paper counts."""
        if mask.dtype == bool and self._bits is not None:
            return self._said(np.bitwise_count(self._bits & _packed(mask)).sum(axis=1, dtype=np.int32))
        return self._said(self._added(mask, np.int32))

    def sums(self, numbers):
        """The sum of large whole numbers, one for each paper, by the values that have one."""
        return self._said(self._added(numbers, np.int64))

    def first(self, mask):
        """{value: the first paper of the mask that has it}, by their positions."""
        if not self._values:
            return {}
        places = np.where(mask[self._positions], self._positions, self._size)
        firsts = np.minimum.reduceat(places, self._starts).tolist()
        return {value: first for value, first in zip(self._values, firsts, strict=True) if first < self._size}

    def _added(self, numbers, kind):
        if not self._values:
            return np.zeros(0, kind)
        return np.add.reduceat(numbers.take(self._positions), self._starts, dtype=kind)

    def _said(self, added):
        found = np.flatnonzero(added)
        return dict(zip([self._values[code] for code in found], added[found].tolist(), strict=True))

    def having(self, values):
        """The mask of the papers with at least one of the values."""
        mask = np.zeros(self._size, bool)
        for value in values:
            if (code := self._codes.get(value)) is not None:
                mask[self._of(code)] = True
        return mask

    def value_at(self, position):
        """The value of the paper at a position, of which each has one."""
        return self._values[self._code_at[position]]

    @cached_property
    def _bits(self):
        """Of each value a row of bits, as words of 64; none where the positions are less to walk through."""
        if not self._values or len(self._values) * self._size > len(self._positions) * _BITS_OF_A_POSITION:
            return None
        masks = [_packed(self.having([value])) for value in self._values]
        return np.array(masks, np.uint64).reshape(len(masks), -1)

    @cached_property
    def _code_at(self):
        codes = np.empty(self._size, np.int32)
        numbers = np.diff(self._starts, append=len(self._positions))
        codes[self._positions] = np.repeat(np.arange(len(self._values), dtype=np.int32), numbers)
        return codes

    def _of(self, code):
        ends = self._starts[code + 1] if code + 1 < len(self._starts) else None
        return self._positions[self._starts[code] : ends]


def _packed(mask):
    """A mask as bits, in words of 64."""
    words = np.zeros(-(-len(mask) // 64), np.uint64)
    words.view(np.uint8)[: -(-len(mask) // 8)] = np.packbits(mask)
    return words
