"""Derivatives of functions that reduce axes: every entry of a slice gets its share of the slice's gradient.

Of equal maxima (minima) each gets an equal share, as in PyTorch; where the standard deviation is 0, so is its gradient, and
that has no derivative.
"""

import numpy as np

from autograd_lite.derivatives import derivative, differentiable
from autograd_lite.derivatives.elementwise import masked
from autograd_lite.derivatives.kinds import constant


def restore(g, axis, keepdims):
    """Put the reduced axes back, as axes of length 1, so that the result broadcasts against the argument."""
    if keepdims or axis is None:
        return g
    return g.reshape((1, *g.shape)) if axis == 0 else np.expand_dims(g, axis)  # the commonest axis the quick way


def count(a, y, ddof=0):
    """How many entries of `a` went into each entry of `y`, less ddof; as in NumPy, not below 0."""
    return max(a.size / max(y.size, 1) - ddof, 0)


derivative(np.sum, lambda g, y, a, axis=None, keepdims=False: restore(g, axis, keepdims))
derivative(np.mean, lambda g, y, a, axis=None, keepdims=False: restore(g, axis, keepdims) / count(a, y))
derivative(
    np.var,
    lambda g, y, a, axis=None, ddof=0, keepdims=False: (
        restore(g, axis, keepdims) * 2 * (a - np.mean(a, axis, keepdims=True)) / count(a, y, ddof)
    ),
)
derivative(
    np.std,
    lambda g, y, a, axis=None, ddof=0, keepdims=False: (
        restore(g, axis, keepdims) * unit(deviations(a, y, axis), axis) / count(a, y, ddof) ** 0.5
    ),
)


def deviations(a, y, axis):
    """a − mean. Of a single entry this is 0 whatever it is, so its derivatives are 0, and not those of a convention."""
    return np.where(count(a, y) > 1, a - np.mean(a, axis, keepdims=True), 0)


@differentiable(lambda g, y, x, axis: (g - y * np.sum(g * y, axis, keepdims=True)) / length_or_nan(x, y, axis))
def unit(x, axis):
    """x / √Σx², the direction of the vectors along the axes, however long; 0 for the vector 0, by convention."""
    largest = np.max(np.abs(x), axis, keepdims=True, initial=0)
    scaled = x / np.where(largest == 0, 1, largest)  # so that no square overflows or vanishes
    return scaled / np.sqrt(np.maximum(np.sum(scaled * scaled, axis, keepdims=True), 1))


def length_or_nan(x, unit, axis):
    """√Σx² = Σ x · unit, but NaN for the vector 0, whose direction has no derivative."""
    length = np.sum(x * unit, axis, keepdims=True)
    return np.where(length == 0, np.nan, length)


def winners(a, y, axis, keepdims):
    """Where the extremum `y` is attained; k equal entries get 1/k each."""
    equal = a == restore(y, axis, keepdims)
    return equal / np.sum(equal, axis=axis, keepdims=True)


for extremum in (np.max, np.min, np.amax, np.amin):
    derivative(extremum, lambda g, y, a, axis=None, keepdims=False: masked(restore(g, axis, keepdims), winners(a, y, axis, keepdims)))
constant(np.argmax, np.argmin, np.any, np.all, np.count_nonzero)


def divisible(y):
    """Whether products can be divided by their factors: none is 0, ∞, or so small that it lost digits."""
    return not np.any((np.abs(y) < np.finfo(y.dtype).tiny) | np.isinf(y))


def product_of_others(a, axis):
    """For each entry of a slice the product of all before it, times that of all after it: exact where some of them are 0."""
    axes = range(np.ndim(a)) if axis is None else np.atleast_1d(axis)
    last = range(-len(axes), 0)
    rows = np.moveaxis(a, axes, last)
    # the axes last, and as one: (…, n)
    row = np.reshape(rows, (*np.shape(rows)[: np.ndim(a) - len(axes)], -1))
    others = product_before(row) * np.flip(product_before(np.flip(row, -1)), -1)
    return np.moveaxis(np.reshape(others, np.shape(rows)), last, axes)


def product_before(a):
    """1, a₀, a₀a₁, …: for each entry along the last axis the product of all before it."""
    return np.cumprod(np.concatenate([np.ones_like(a[..., :1]), a[..., :-1]], -1), -1)


derivative(
    np.prod,
    lambda g, y, a, axis=None, keepdims=False: (
        restore(g, axis, keepdims) * (restore(y, axis, keepdims) / a if divisible(y) else product_of_others(a, axis))
    ),
)
