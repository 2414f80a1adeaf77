"""Derivatives of functions that move, repeat, drop and choose entries.

Most of them need no formula at all. Number the entries of the argument 1, 2, 3, … and send the numbers through the function
itself: the result says of each of its entries where it came from (0: from nowhere). The gradient goes back that way, and where
an entry was repeated, its gradients add up.
"""

import numpy as np

from autograd_lite.derivatives import constant, derivative, formula
from autograd_lite.derivatives.shaping import scatter


def moves(*functions):
    """Declare functions whose first argument's entries are moved, and nothing else is done to them."""
    for function in functions:
        derivative(function, lambda g, y, a, *, function=function, **options: put_back(g, function(numbered(a), **options), a))


def numbered(a):
    """1, 2, 3, … in the shape of a."""
    return np.arange(1, np.size(a) + 1).reshape(np.shape(a))


def put_back(g, numbers, a):
    """Each entry of g to the entry of `a` that has its number; what has the number 0 is dropped."""
    return np.reshape(scatter(np.ravel(g), np.ravel(numbers), (np.size(a) + 1,))[1:], np.shape(a))


moves(np.flip, np.fliplr, np.flipud, np.roll, np.rot90, np.rollaxis, np.matrix_transpose, np.linalg.matrix_transpose)
moves(np.repeat, np.tile, np.resize, np.delete, np.take, np.take_along_axis)
moves(np.diag, np.diagflat, np.diagonal, np.linalg.diagonal, np.tril, np.triu)
derivative(np.compress, None, lambda g, y, condition, a, axis=None: put_back(g, np.compress(condition, numbered(a), axis), a))
derivative(np.extract, None, lambda g, y, condition, arr: put_back(g, np.extract(condition, numbered(arr)), arr))
derivative(np.sort, lambda g, y, a, axis=-1, kind=None: put_back(g, in_order(numbered(a), np.argsort(a, axis, kind), axis), a))
derivative(np.partition, lambda g, y, a, kth, axis=-1: put_back(g, in_order(numbered(a), np.argpartition(a, kth, axis), axis), a))
derivative(
    np.insert,
    lambda g, y, arr, obj, values, axis=None: put_back(g, np.insert(numbered(arr), obj, 0, axis), arr),
    None,
    lambda g, y, arr, obj, values, axis=None: put_back(g, np.insert(0 * numbered(arr), obj, numbered(values), axis), values),
)

formula(np.pad, lambda array, pad_width, mode="constant", constant_values=0: padded(array, pad_width, mode, constant_values))
formula(np.choose, lambda a, choices: np.select([np.equal(a, i) for i in range(len(choices))], list(choices)))
formula(np.select, lambda condlist, choicelist, default=0: first_that_holds(list(condlist), list(choicelist), default))

constant(np.argpartition, np.argwhere, np.flatnonzero, np.searchsorted, np.digitize, np.lexsort)
constant(np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values)
constant(np.intersect1d, np.union1d, np.setdiff1d, np.setxor1d, np.isin)


def in_order(a, order, axis):
    """a[order] along the axis; without one, of all entries in a row."""
    return np.ravel(a)[order] if axis is None else np.take_along_axis(a, order, axis)


def padded(array, pad_width, mode, constant_values):
    """Entries taken by their numbers, and a constant where the number is 0."""
    if mode not in ("constant", "edge", "wrap", "reflect", "symmetric"):
        raise TypeError(f"np.pad has a derivative for the modes constant, edge, wrap, reflect and symmetric, got {mode!r}.")
    zero = np.zeros(1, array.dtype)
    taken = np.concatenate([zero, np.ravel(array)])[np.pad(numbered(array), pad_width, mode)]
    border = np.pad(np.zeros(array.shape, array.dtype), pad_width, constant_values=constant_values) if mode == "constant" else 0
    return taken + border


def first_that_holds(conditions, choices, default):
    """At each place the choice whose condition is the first to hold there, and the default where none does."""
    result = default
    for condition, choice in zip(conditions[::-1], choices[::-1], strict=True):
        result = np.where(condition, choice, result)
    return result
