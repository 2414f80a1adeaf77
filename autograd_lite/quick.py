"""What is there for speed alone: NumPy's functions, quicker for small arrays, the same numbers."""

from functools import lru_cache

import numpy as np

from autograd_lite.derivatives import COMPUTE


def filled_with(number, shape):
    """np.broadcast_to of a NumPy scalar: with strides of 0 all entries are this one number."""
    return np.ndarray(shape, number.dtype, number, 0, (0,) * len(shape))


def stretched(a, shape):
    """np.broadcast_to, which takes five times as long for small arrays; of a plain array, one of
    its own.
    """
    if type(a) is not np.ndarray:
        return np.broadcast_to(a, shape)
    result = np.empty(shape, a.dtype)
    result[...] = a
    return result


def column_sums(a):
    """The sums over the rows of a matrix: of a plain one as 1ᵀa, quicker than along an axis."""
    if type(a) is not np.ndarray or a.dtype.kind not in "fc":
        return a.sum(axis=0)
    ones = _ones if len(a) < 10_000 else np.ones  # no long ones are kept
    return ones(len(a), a.dtype).dot(a)


_ones = lru_cache(maxsize=8)(np.ones)


def mean(a):
    """Σ a / n: np.mean's numbers in half its time. (Half precision is left to np.mean, which sums
    it in single precision.)
    """
    return np.add.reduce(a, None) / a.size if a.size and a.itemsize > 2 else np.mean(a)


COMPUTE[np.mean] = mean
