"""Derivatives of functions that reduce axes: every entry of a slice gets its share of the slice's gradient.

Of equal maxima (minima) each gets an equal share, as in PyTorch; where the standard deviation is 0, so is its gradient.
"""

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.kinds import constant


def restore(g, axis, keepdims):
    """Put the reduced axes back, as axes of length 1, so that the result broadcasts against the argument."""
    if keepdims or axis is None:
        return g
    return g.reshape((1, *g.shape)) if axis == 0 else np.expand_dims(g, axis)  # the commonest axis the quick way


def count(a, y):
    """How many entries of `a` went into each entry of `y`."""
    return a.size / max(y.size, 1)


derivative(np.sum, lambda g, y, a, axis=None, keepdims=False: restore(g, axis, keepdims))
derivative(np.mean, lambda g, y, a, axis=None, keepdims=False: restore(g, axis, keepdims) / count(a, y))
derivative(
    np.var,
    lambda g, y, a, axis=None, ddof=0, keepdims=False: (
        restore(g, axis, keepdims) * 2 * (a - np.mean(a, axis, keepdims=True)) / (count(a, y) - ddof)
    ),
)
derivative(
    np.std,
    lambda g, y, a, axis=None, ddof=0, keepdims=False: (
        restore(g / np.where(y == 0, 1, y), axis, keepdims)
        * (a - np.mean(a, axis, keepdims=True))
        / (count(a, y) - ddof)
    ),
)


def winners(a, y, axis, keepdims):
    """Where the extremum `y` is attained; k equal entries get 1/k each."""
    equal = a == restore(y, axis, keepdims)
    return equal / np.sum(equal, axis=axis, keepdims=True)


for extremum in (np.max, np.min, np.amax, np.amin):
    derivative(extremum, lambda g, y, a, axis=None, keepdims=False: restore(g, axis, keepdims) * winners(a, y, axis, keepdims))
constant(np.argmax, np.argmin, np.any, np.all, np.count_nonzero)


def product_of_others(a, y, axis, keepdims):
    """For each entry the product of all other entries of its slice, exact where some of them are 0."""
    if np.all(a != 0):
        return restore(y, axis, keepdims) / a
    axes = range(np.ndim(a)) if axis is None else np.atleast_1d(axis)
    last = range(-len(axes), 0)
    rows = np.moveaxis(a, axes, last)
    others = _others_along_last(np.reshape(rows, (*np.shape(rows)[: np.ndim(a) - len(axes)], -1)))
    return np.moveaxis(np.reshape(others, np.shape(rows)), last, axes)


def _others_along_last(rows):
    """The same along the last axis: halve it; an entry's others are those in its half, times the whole other half."""
    n = np.shape(rows)[-1]
    if n == 1:
        return np.ones_like(rows)
    left, right = rows[..., : n // 2], rows[..., n // 2 :]
    return np.concatenate(
        [
            _others_along_last(left) * np.prod(right, -1, keepdims=True),
            _others_along_last(right) * np.prod(left, -1, keepdims=True),
        ],
        axis=-1,
    )


derivative(
    np.prod, lambda g, y, a, axis=None, keepdims=False: restore(g, axis, keepdims) * product_of_others(a, y, axis, keepdims)
)
