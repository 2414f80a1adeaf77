"""Joining and splitting, written with np.concatenate, np.stack and np.split, and bringing arrays to shapes and types that fit."""

import numpy as np

from autograd_lite.derivatives.indexing import astype
from autograd_lite.derivatives.kinds import formula
from autograd_lite.derivatives.shaping import normal

formula(np.vstack, lambda tup: np.concatenate([at_least(2, a) for a in tup], 0))
formula(np.hstack, lambda tup: np.concatenate([at_least(1, a) for a in tup], 0 if np.ndim(tup[0]) < 2 else 1))
formula(np.dstack, lambda tup: np.concatenate([np.atleast_3d(a) for a in tup], 2))
formula(np.column_stack, lambda tup: np.concatenate([np.reshape(a, (-1, 1)) if np.ndim(a) < 2 else a for a in tup], 1))
formula(np.append, lambda arr, values, axis=None: appended(arr, values, axis))
formula(np.block, lambda arrays: blocks(arrays))
formula(np.hsplit, lambda ary, indices_or_sections: np.split(ary, indices_or_sections, 0 if np.ndim(ary) == 1 else 1))
formula(np.vsplit, lambda ary, indices_or_sections: np.split(ary, indices_or_sections, -2 if np.ndim(ary) < 2 else 0))
formula(np.dsplit, lambda ary, indices_or_sections: np.split(ary, indices_or_sections, 2))
if hasattr(np, "unstack"):  # from NumPy 2.1
    formula(np.unstack, lambda x, /, *, axis=0: tuple(np.moveaxis(x, axis, 0)))

formula(np.atleast_1d, lambda *arys: one_or_all([at_least(1, a) for a in arys]))
formula(np.atleast_2d, lambda *arys: one_or_all([at_least(2, a) for a in arys]))
formula(np.atleast_3d, lambda *arys: one_or_all([np.expand_dims(at_least(2, a), 2) if np.ndim(a) < 3 else array(a) for a in arys]))
formula(np.broadcast_arrays, lambda *args: tuple(np.broadcast_to(a, np.broadcast_shapes(*map(np.shape, args))) for a in args))
formula(np.meshgrid, lambda *xi, indexing="xy", sparse=False, copy=True: grids(xi, indexing, sparse))
formula(
    np.apply_along_axis,
    lambda func1d, axis, arr, *args, **kwargs: applied(lambda row: func1d(row, *args, **kwargs), axis, arr),
)
formula(np.full_like, lambda a, fill_value: filled(a, fill_value))
formula(np.astype, lambda x, dtype, /, *, copy=True: astype(x, dtype))


def as_dtype(a, dtype):
    """`a` in that type, if one is given; without a step where it has it already."""
    a = a if hasattr(a, "dtype") else np.asarray(a)
    if dtype is None or a.dtype == dtype:
        return a
    if np.dtype(dtype).kind not in ("c" if a.dtype.kind == "c" else "fc"):
        raise TypeError(f"Numbers of dtype {a.dtype} as {np.dtype(dtype)} would lose parts. Take np.real or np.round before.")
    return astype(a, dtype)


def array(a):
    """A list as an array: NumPy takes one wherever it takes an array. What has a shape, and a number, as it is."""
    return a if hasattr(a, "shape") or np.isscalar(a) else np.asarray(a)


def appended(arr, values, axis):
    """The entries of arr, then those of values; without an axis, of both in a row."""
    return np.concatenate([np.ravel(arr), np.ravel(values)]) if axis is None else np.concatenate([arr, values], axis)


def at_least(n, a):
    """`a` with axes of length 1 put before its own until there are n."""
    return np.reshape(a, (1,) * (n - np.ndim(a)) + np.shape(a)) if np.ndim(a) < n else array(a)


def one_or_all(arrays):
    """The array itself if there is only one, else a tuple."""
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


def blocks(arrays):
    """The innermost lists are joined along the last axis, the lists of these along the axis before it, and so on."""
    levels = depth(arrays)
    ndim = max(levels, largest_ndim(arrays))
    join = lambda part, level: np.concatenate([join(p, level - 1) for p in part], -level) if level else at_least(ndim, part)
    return join(arrays, levels)


def depth(arrays):
    """How many lists stand in each other around each array."""
    if isinstance(arrays, tuple):
        raise TypeError("np.block takes lists of arrays, not tuples.")
    if not isinstance(arrays, list):
        return 0
    (levels,) = {depth(part) for part in arrays}  # a ValueError, if they differ
    return 1 + levels


def largest_ndim(arrays):
    """max np.ndim(a) over all arrays a in the lists."""
    return max(map(largest_ndim, arrays)) if isinstance(arrays, list) else np.ndim(arrays)


def filled(a, value):
    """An array like `a`, and of its type, with the value everywhere."""
    if np.broadcast_shapes(np.shape(a), np.shape(value)) != np.shape(a):
        raise ValueError(f"np.full_like cannot fill shape {np.shape(a)} with {np.shape(value)}.")
    return as_dtype(np.zeros_like(a) + value, a.dtype)


def laid_along(axis, vector, ndim):
    """The vector as an array of ndim dimensions, all of length 1 but one."""
    return np.reshape(vector, [-1 if i == axis % ndim else 1 for i in range(ndim)])


def grids(vectors, indexing, sparse):
    """Each vector along an axis of its own; for "xy" the first two axes change places."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"np.meshgrid knows the indexings 'xy' and 'ij', got {indexing!r}.")
    places = [1, 0, *range(2, len(vectors))][: len(vectors)] if indexing == "xy" and len(vectors) > 1 else range(len(vectors))
    lines = [laid_along(place, v, len(vectors)) for v, place in zip(vectors, places, strict=True)]
    return tuple(lines) if sparse else np.broadcast_arrays(*lines)


def applied(function, axis, a):
    """function(row) for each row along the axis; the axes of its results take that axis's place."""
    rows = np.moveaxis(a, axis, -1)
    results = np.stack([function(rows[index]) for index in np.ndindex(*np.shape(rows)[:-1])])
    # (number of rows, axes of a result) → (the other axes of a, axes of a result)
    results = np.reshape(results, np.shape(rows)[:-1] + np.shape(results)[1:])
    new = np.ndim(results) - np.ndim(a) + 1
    (place,) = normal(axis, a)
    return np.moveaxis(results, range(np.ndim(a) - 1, np.ndim(results)), range(place, place + new))
