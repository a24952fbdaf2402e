import numpy as np


class Coded:
    """A column of few different values: these, each once, and for each row which one it has."""

    def __init__(self, values, codes, in_order):
        self.values = values
        self.codes = codes
        # So many of the values stand in order; what has come since stands behind them.
        self._in_order = in_order

    @classmethod
    def of(cls, column):
        values, codes = np.unique(column, return_inverse=True)
        return cls(values, codes.astype(np.int32), len(values))

    def __len__(self):
        return len(self.values)

    def sorted_by(self, order):
        return Coded(self.values, self.codes[order], self._in_order)

    def spliced(self, gone, places, column):
        """The column without the rows ``gone`` and with further ones before the ``places`` of the rest."""
        found, codes = self._codes_of(column)
        values = self.values if len(found) == 0 else np.concatenate([self.values, found])
        return Coded(values, spliced(self.codes, gone, places, codes), self._in_order)

    def _codes_of(self, column):
        """(values that are new, the codes of the column)."""
        if self._in_order:
            known = self.values[: self._in_order]
            codes = np.searchsorted(known, column).clip(max=self._in_order - 1)
            is_new = known[codes] != column
        else:
            codes, is_new = np.zeros(len(column), np.intp), np.ones(len(column), bool)
        # One that has come before is told once more: nothing asks that a value stands there only once.
        found, new_codes = np.unique(column[is_new], return_inverse=True)
        codes[is_new] = new_codes + len(self.values)
        return found, codes.astype(np.int32)


def spliced(column, gone, places, others):
    """A column without the rows ``gone`` and with others before the ``places`` of the rest."""
    return np.insert(np.delete(column, gone), places, others)
