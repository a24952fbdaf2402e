import bisect
from dataclasses import dataclass

_CLASSES = 4


@dataclass(frozen=True)
class Scale:
    """Values in up to four classes from pale to dark, of about as many values each; no value, or none of
    it, is level 0. ``tops`` are the greatest values of the classes, ``lows`` the least."""

    lows: tuple
    tops: tuple

    @classmethod
    def of(cls, values):
        found = sorted(value for value in values if value)
        if not found:
            return cls((), ())
        # A value never stands in two classes: a class ends where the next greater value begins.
        ends = {found[len(found) * (number + 1) // _CLASSES - 1] for number in range(_CLASSES)}
        tops = tuple(sorted(ends | {found[-1]}))
        lows = (found[0], *(found[bisect.bisect_right(found, top)] for top in tops[:-1]))
        return cls(lows, tops)

    def level(self, value):
        """0 for nothing, 4 for the most; few classes are the dark ones."""
        if not value:
            return 0
        return _CLASSES - len(self.tops) + 1 + min(bisect.bisect_left(self.tops, value), len(self.tops) - 1)

    def legend(self, said, nothing):
        """(the level as text, the values that have it as ``said`` says them), from nothing on."""
        found = [("0", said(nothing))]
        for level, low, top in self.classes:
            found.append((str(level), "–".join(dict.fromkeys((said(low), said(top))))))
        return found

    @property
    def classes(self):
        """(level, least value, greatest value) of each class."""
        return [(self.level(top), low, top) for low, top in zip(self.lows, self.tops, strict=True)]
