"""Sums of large whole numbers, exact: of a million of them more than one number of the machine holds."""

import numpy as np

# The sums of each half of their digits do fit.
HALF = 10**8


def total(numbers, times=1):
    """The sum of whole numbers, each so many times, as one of Python's own, which have no end."""
    upper, lower = (int((half * times).sum()) for half in np.divmod(numbers, HALF))
    return joined(upper, lower)


def added(codes, numbers, size):
    """The sum of the numbers of each code."""
    # Numbers with a point are the only ones that are added by code quickly.
    upper, lower = (
        np.bincount(codes, half, minlength=size).astype(np.int64) for half in np.divmod(numbers, HALF)
    )
    return joined(upper, lower)


def joined(upper, lower):
    return upper * HALF + lower
