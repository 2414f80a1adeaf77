"""np.add.reduce, np.multiply.accumulate, np.subtract.outer, …: methods that every function of two numbers has.

Most of them are functions that have names of their own. The others are written out: (a₀ ∘ a₁) ∘ (a₂ ∘ a₃) …
"""

import itertools
import math
from functools import partial

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd_lite.derivatives import RULES, derivative
from autograd_lite.derivatives.joining import laid_along
from autograd_lite.derivatives.kinds import complex_too, formula, left_out
from autograd_lite.derivatives.rearranging import numbered, put_back
from autograd_lite.derivatives.reduction_options import reduced
from autograd_lite.derivatives.shaping import normal

for ufunc in [f for f in RULES if isinstance(f, np.ufunc) and f.nin == 2 and f.signature is None]:
    formula(ufunc.outer, lambda A, B, /, *, ufunc=ufunc: ufunc(np.reshape(A, np.shape(A) + (1,) * np.ndim(B)), B))

for ufunc, total, accumulation in ((np.add, np.sum, np.cumsum), (np.multiply, np.prod, np.cumprod)):
    formula(
        ufunc.reduce,
        lambda array, /, axis=0, dtype=None, *, keepdims=False, initial=np._NoValue, where=True, total=total: (
            total(array, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)
        ),
    )
    formula(
        ufunc.accumulate,
        lambda array, /, axis=0, dtype=None, *, accumulation=accumulation: (
            accumulation(array, axis=only_axis(axis, array), dtype=dtype)
        ),
    )
for ufunc, extreme in ((np.maximum, np.max), (np.minimum, np.min)):
    formula(
        ufunc.reduce,
        lambda array, /, axis=0, *, keepdims=False, initial=np._NoValue, where=True, extreme=extreme: (
            extreme(array, axis=axis, keepdims=keepdims, initial=initial, where=where)
        ),
    )
    derivative(ufunc.accumulate, lambda g, y, array, axis=0: put_back(g, holders(array, y, axis), array))
    complex_too(ufunc.accumulate)
for ufunc in (np.logaddexp, np.logaddexp2, np.fmax, np.fmin):
    formula(
        ufunc.reduce,
        lambda array, /, axis=0, *, keepdims=False, initial=np._NoValue, where=True, ufunc=ufunc: (
            reduced(partial(folded, ufunc), ufunc, array, axis, keepdims, initial, where)
        ),
    )
    formula(ufunc.accumulate, lambda array, /, axis=0, *, ufunc=ufunc: running(ufunc, array, axis))

left_out("write functools.reduce({f}, x), which goes along the first axis (np.moveaxis brings another one there).", "reduce")
left_out("write np.stack(list(itertools.accumulate(x, {f}))), which goes along the first axis.", "accumulate")
left_out("write np.stack([functools.reduce({f}, part) for part in np.split(x, indices[1:])]).", "reduceat")
left_out("it writes into its argument. For np.add.at(a, i, x) write a + np.bincount(i, x, len(a)); else build a new array.", "at")
left_out("write {f}(x.reshape(-1, 1), y).", "outer")


def folded(ufunc, a, axis, keepdims):
    """a₀ ∘ a₁ ∘ a₂ ∘ …, along one axis or over all entries of several: of an associative function, half with half."""
    ufunc.resolve_dtypes((a.dtype, a.dtype, None))  # refuses what NumPy refuses, where nothing is computed
    if np.ndim(a) == 0 and axis in (None, 0, -1, ()):
        return +a
    axes = list(range(np.ndim(a))) if axis is None else normal(axis, a)
    rest = [n for i, n in enumerate(np.shape(a)) if i not in axes]
    # the axes first, and as one: (n, the other axes)
    rows = np.reshape(np.moveaxis(a, axes, range(len(axes))), (math.prod(np.shape(a)[i] for i in axes), *rest))
    while len(rows) > 1:
        half = len(rows) // 2
        joined = ufunc(rows[:half], rows[half : 2 * half])
        rows = np.concatenate([joined, rows[2 * half :]]) if len(rows) % 2 else joined
    return np.expand_dims(rows[0], axes) if keepdims else rows[0]


def only_axis(axis, a):
    """The axis along which something accumulates: there is one, which need not be named if `a` has no other."""
    return normalize_axis_index(0 if axis is None and np.ndim(a) == 1 else axis, np.ndim(a))


def running(ufunc, a, axis):
    """a₀, a₀ ∘ a₁, (a₀ ∘ a₁) ∘ a₂, … along the axis."""
    ufunc.resolve_dtypes((a.dtype, a.dtype, None))
    axis = only_axis(axis, a)
    rows = np.moveaxis(a, axis, 0)
    return np.moveaxis(np.stack(list(itertools.accumulate(rows, ufunc))), 0, axis) if len(rows) else +a


def holders(a, y, axis):
    """The numbers of those entries that were the last to reach the extremum as it stands at each place."""
    place = laid_along(axis, np.arange(np.shape(a)[axis]), np.ndim(a))
    last = np.maximum.accumulate(np.where((a == y) | np.isnan(a), place, 0), axis)
    return np.take_along_axis(numbered(a), last, axis)
