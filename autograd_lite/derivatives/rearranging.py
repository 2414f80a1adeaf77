"""Derivatives of functions that move, repeat, drop and choose entries.

Most of them need no formula at all. Number the entries of the argument 1, 2, 3, … and send the numbers through the function
itself: the result says of each of its entries where it came from (0: from nowhere). The gradient goes back that way, and where
an entry was repeated, its gradients add up.
"""

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.indexing import scatter
from autograd_lite.derivatives.joining import array, as_dtype
from autograd_lite.derivatives.kinds import complex_too, constant, formula


def moves(*functions):
    """Declare functions whose first argument's entries are moved, and nothing else is done to them."""
    for function in functions:
        derivative(function, lambda g, y, a, *, function=function, **options: put_back(g, function(numbered(a), **options), a))
    complex_too(*functions)


def numbered(a):
    """1, 2, 3, … in the shape of a."""
    return np.arange(1, np.size(a) + 1).reshape(np.shape(a))


def put_back(g, numbers, a):
    """Each entry of g to the entry of `a` that has its number; what has the number 0 is dropped."""
    # at the places 0, 1, …, size of a; without the first, in the shape of a
    return np.reshape(scatter(np.ravel(g), np.ravel(numbers), (np.size(a) + 1,))[1:], np.shape(a))


moves(np.flip, np.fliplr, np.flipud, np.roll, np.rot90, np.rollaxis, np.matrix_transpose, np.linalg.matrix_transpose)
moves(np.repeat, np.tile, np.resize, np.delete, np.take, np.take_along_axis)
moves(np.diag, np.diagflat, np.diagonal, np.linalg.diagonal, np.tril, np.triu, np.lib.stride_tricks.sliding_window_view)
derivative(np.compress, None, lambda g, y, condition, a, axis=None: put_back(g, np.compress(condition, numbered(a), axis), a))
derivative(np.extract, None, lambda g, y, condition, arr: put_back(g, np.extract(condition, numbered(arr)), arr))
derivative(
    np.sort,
    lambda g, y, a, axis=-1, kind=None, stable=None: put_back(
        g, in_order(numbered(a), np.argsort(a, axis, kind, stable=stable), axis), a
    ),
)
derivative(np.partition, lambda g, y, a, kth, axis=-1: put_back(g, in_order(numbered(a), np.argpartition(a, kth, axis), axis), a))
derivative(
    np.insert,
    lambda g, y, arr, obj, values, axis=None: put_back(g, np.insert(numbered(arr), obj, 0, axis), arr),
    None,
    lambda g, y, arr, obj, values, axis=None: put_back(g, np.insert(0 * numbered(arr), obj, numbered(values), axis), values),
)

formula(np.pad, lambda array, pad_width, mode="constant", *, constant_values=None: padded(array, pad_width, mode, constant_values))
formula(np.choose, lambda a, choices, *, mode="raise": numbered_choice(a, list(choices), mode))
formula(np.select, lambda condlist, choicelist, default=0: first_that_holds(list(condlist), list(choicelist), default))

# Sets: each entry of the result is one of the arguments' entries. (A second set only says which, where it is None.)
derivative(
    np.unique,
    lambda g, y, ar, return_index=False, return_inverse=False, return_counts=False, axis=None: (
        found_again(values_of(g), values_of(y), ar)[0]
        if axis is None
        else put_back(values_of(g), np.take(numbered(ar), np.unique(ar, return_index=True, axis=axis)[1], axis), ar)
    ),
)
for distinct in (np.unique_values, np.unique_counts, np.unique_inverse, np.unique_all):
    derivative(distinct, lambda g, y, x: found_again(values_of(g), values_of(y), x)[0])
derivative(
    np.intersect1d,
    lambda g, y, ar1, ar2, assume_unique=False, return_indices=False: found_again(values_of(g), values_of(y), ar1)[0],
    None,
)
derivative(np.setdiff1d, lambda g, y, ar1, ar2, assume_unique=False: found_again(g, y, ar1)[0], None)
derivative(
    np.union1d,
    lambda g, y, ar1, ar2: found_again(g, y, ar1, ar2)[0],
    lambda g, y, ar1, ar2: found_again(g, y, ar1, ar2)[1],
)
derivative(
    np.setxor1d,
    lambda g, y, ar1, ar2, assume_unique=False: found_again(g, y, ar1, ar2)[0],
    lambda g, y, ar1, ar2, assume_unique=False: found_again(g, y, ar1, ar2)[1],
)

constant(np.argpartition, np.argwhere, np.flatnonzero, np.searchsorted, np.digitize, np.lexsort, np.isin)


def in_order(a, order, axis):
    """a[order] along the axis; without one, of all entries in a row."""
    return np.ravel(a)[order] if axis is None else np.take_along_axis(a, order, axis)


def padded(array, pad_width, mode, constant_values):
    """Entries taken by their numbers, and a constant where the number is 0."""
    if mode not in ("constant", "edge", "wrap", "reflect", "symmetric"):
        raise TypeError(f"np.pad has a derivative for the modes constant, edge, wrap, reflect and symmetric, got {mode!r}.")
    if mode != "constant" and constant_values is not None:
        raise ValueError(f"np.pad knows constant_values in the mode 'constant' only, got mode={mode!r}.")
    zero = np.zeros(1, array.dtype)
    taken = np.concatenate([zero, np.ravel(array)])[np.pad(numbered(array), pad_width, mode)]
    if constant_values is None:
        return taken
    return taken + np.pad(np.zeros(array.shape, array.dtype), pad_width, constant_values=constant_values)


def found_again(g, y, *arrays):
    """The gradient of each array, some of whose entries are those of y: it goes to the first entry that is equal."""
    entries = np.concatenate([np.ravel(a) for a in arrays])
    order = np.argsort(entries, kind="stable")
    gradient = scatter(g, order[np.searchsorted(entries[order], y)], (np.size(entries),))
    parts = np.split(gradient, np.cumsum([np.size(a) for a in arrays])[:-1])
    return [np.reshape(part, np.shape(a)) for part, a in zip(parts, arrays, strict=True)]


def values_of(results):
    """The values themselves; beside them stand, if asked for, their places and how often they occur."""
    return results[0] if isinstance(results, list) else results


def numbered_choice(numbers, choices, mode):
    """At each place the choice with the number that stands there; numbers outside 0, …, n − 1 are refused, wrapped or clipped."""
    numbers, n = np.asarray(numbers).astype(int, casting="same_kind"), len(choices)
    if mode == "wrap":
        numbers = numbers % n
    elif mode == "clip":
        numbers = np.clip(numbers, 0, n - 1)
    elif mode != "raise":
        raise ValueError(f"np.choose knows the modes 'raise', 'wrap' and 'clip', got {mode!r}.")
    elif np.any((numbers < 0) | (numbers >= n)):
        raise ValueError(f"np.choose got a number outside 0, …, {n - 1}, of which each stands for one of the {n} choices.")
    return np.select([numbers == i for i in range(n)], choices)


def first_that_holds(conditions, choices, default):
    """At each place the choice whose condition is the first to hold there, and the default where none does."""
    if not conditions or any(np.asarray(condition).dtype != bool for condition in conditions):
        raise TypeError("np.select needs at least one condition, and conditions are arrays of booleans.")
    *choices, default = [array(choice) for choice in (*choices, default)]
    result = default
    for condition, choice in zip(conditions[::-1], choices[::-1], strict=True):
        result = np.where(condition, choice, result)
    return as_dtype(result, np.result_type(*choices, default))  # two plain numbers are more precise than float32
