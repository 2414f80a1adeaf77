"""Many gradients in one walk: a Stack stands for n arrays of one shape.

A Jacobian has a row for each entry of the value, and a row is what the walk makes of a seed. The
walks differ in their seeds alone, so one walk is made with a Stack of many seeds. Neither the walk
nor a rule notices. A Stack has the shape of one of its arrays, NumPy hands it over as it does a
Tensor, and what is computed of it is computed of all n.

The n arrays are held as one, with an axis in front: n | shape. NumPy goes by axes, so a Stack must
see to it that the n stays in front, and by itself:

1. Entry by entry, NumPy aligns arrays at their last axes. Axes of length 1 are put behind the n
   until both have equally many. Of 5 gradients g of shape (3,), and an array x of shape (2, 3):

        g        5 |    3    →    5 | 1  3
        x             2  3            2  3
        g * x                     5 | 2  3

2. An axis that is counted from the front is one further behind; one counted from the end is not.
   The table BATCHED has a line for each function that goes by axes.
3. Any other function is called for one array after the other: right, if not quick. So is a rule
   that was declared elsewhere: it may ask, count or draw what ours may not.

Rules are linear in g. So what a Stack meets are sums, products with plain arrays, and moves of
entries. A question about numbers (`if g > 0`, float(g), np.asarray(g)) would have n answers: it
raises, and `fill` walks for one seed after the other.
"""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_lite.arrays import StandIn
from autograd_lite.derivatives import RULES
from autograd_lite.derivatives.indexing import getitem, scatter
from autograd_lite.nested import leaves, mapped

# How many seeds walk together. They share what a walk takes beside NumPy's computing, and from some
# dozens on there is little left to share. What NumPy computes should stay in the processor's cache,
# so each result on the way is held only as often as fits into these bytes. Where one alone is
# larger, seeds walk one by one, and no more memory is needed than for a gradient.
SEEDS, BYTES = 64, 2**20
# Where rules are declared that are plain NumPy, and tested on Stacks.
OURS = ("autograd_lite", "nn")


class Stack(StandIn, NDArrayOperatorsMixin):
    """n arrays of one shape, which the Stack has itself.

    array: all of them, n | shape.
    """

    def __init__(self, array):
        self.array = array

    shape = property(lambda self: self.array.shape[1:])
    ndim = property(lambda self: self.array.ndim - 1)
    size = property(lambda self: self.array.size // len(self.array))
    dtype = property(lambda self: self.array.dtype)

    # What the operators, which are the mixin's, and all functions of NumPy come to.

    def __array_ufunc__(self, ufunc, method, *arguments, **options):
        entry_by_entry = ufunc.signature is None and ufunc.nout == 1
        if entry_by_entry and method == "__call__" and not options:
            return Stack(ufunc(*aligned(*arguments)))
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        return self.__array_function__(function, (), arguments, options)

    def __array_function__(self, function, types, arguments, options):
        if options.get("out") is not None:
            raise TypeError("There are n results, and one array to write them into.")
        if function in OF_ONE:
            return OF_ONE[function](*arguments)
        batched = BATCHED.get(function)
        result = batched(*arguments, **options) if batched else NotImplemented
        if result is NotImplemented:
            return one_by_one(function)(*arguments, **options)
        return [Stack(part) for part in result] if isinstance(result, list) else Stack(result)

    # What would have n answers.

    def __bool__(self):
        raise TypeError("A Stack has no truth value: its arrays may differ in it.")

    def __array__(self, dtype=None, copy=None):
        raise TypeError("A Stack is many arrays, not one.")

    # What rules and the walk take of an array.

    T = property(lambda self: np.transpose(self))

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, index):
        return getitem(self, index)

    def astype(self, dtype, copy=True):
        return Stack(self.array.astype(dtype, copy=copy))

    def reshape(self, *shape, order="C"):
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def sum(self, axis=None, keepdims=False):
        return np.sum(self, axis=axis, keepdims=keepdims)


# Axes.


def aligned(*arrays):
    """Stacks and plain arrays, with axes of length 1 where they are missing: see 1 above."""
    ndim = max([a.ndim if isinstance(a, Stack) else np.ndim(a) for a in arrays])
    return [with_axes(a, ndim) if isinstance(a, Stack) else a for a in arrays]


def with_axes(stack, ndim):
    """n | shape, with axes of length 1 behind the n until there are ndim."""
    n, *shape = stack.array.shape
    missing = ndim - len(shape)
    return stack.array.reshape(n, *(1,) * missing, *shape) if missing > 0 else stack.array


def behind(axis, ndim=None):
    """The place in n | shape of an axis, or of several, of an array of ndim axes; None: of all."""
    if axis is None:
        return tuple(range(1, ndim + 1))
    if np.ndim(axis):
        return tuple([behind(i) for i in axis])
    return axis if axis < 0 else axis + 1


def n_last(array):
    """n | shape as shape | n."""
    return np.moveaxis(array, 0, -1)


def n_first(array):
    """shape | n as n | shape."""
    return np.moveaxis(array, -1, 0)


# Functions that go by axes: each gives n | shape, or NotImplemented.


def along(function):
    """A function of an array and its axis, or axes."""
    return lambda a, axis=None, **options: function(a.array, axis=behind(axis, a.ndim), **options)


def sums(a, axis=None, keepdims=False):
    """Over the rows of matrices as 1ᵀa, which is quicker, as in `column_sums`."""
    if axis == 0 and a.ndim == 2 and a.dtype.kind == "f" and not keepdims:
        return np.ones(len(a), a.dtype) @ a.array
    return a.array.sum(axis=behind(axis, a.ndim), keepdims=keepdims)


def reshape(a, shape, order="C"):
    """In the order "C" the first axis changes slowest, in the order "F" the last."""
    n, shape = len(a.array), (shape,) if np.ndim(shape) == 0 else tuple(shape)
    if order.upper() == "C":
        return a.array.reshape(n, *shape)
    if order.upper() == "F":
        return n_first(n_last(a.array).reshape(*shape, n, order="F"))
    return NotImplemented


def transpose(a, axes=None):
    """The axes behind the n, in another order."""
    return a.array.transpose(0, *(range(a.ndim, 0, -1) if axes is None else behind(axes)))


def broadcast_to(a, shape):
    """Axes that are new, or longer, stand behind the n."""
    return np.broadcast_to(with_axes(a, len(shape)), (len(a.array), *shape))


def matmul(a, b):
    """Of matrices: there may be any axes in front of theirs."""
    return np.matmul(*aligned(a, b)) if min(np.ndim(a), np.ndim(b)) >= 2 else NotImplemented


def dot(a, b):
    """Of two matrices it is np.matmul."""
    return matmul(a, b) if np.ndim(a) == np.ndim(b) == 2 else NotImplemented


def indexed(a, index):
    """An index goes by the first axes, so the n is the last."""
    return n_first(getitem(n_last(a.array), leaving_last(index)))


def put_at(values, index, shape):
    """The same for the values that `scatter` puts at an index."""
    shape = (*shape, len(values.array))
    return n_first(scatter(n_last(values.array), leaving_last(index), shape))


def leaving_last(index):
    """The index, so that the last axis is left as it is: only a `...` would reach it."""
    parts = index if isinstance(index, tuple) else (index,)
    return (*parts, slice(None)) if any(part is Ellipsis for part in parts) else index


def alike(arrays):
    """Stacks and plain arrays, each as n | shape."""
    n = next(len(a.array) for a in arrays if isinstance(a, Stack))
    return [
        a.array if isinstance(a, Stack) else np.broadcast_to(a, (n, *np.shape(a))) for a in arrays
    ]


BATCHED = {
    np.sum: sums,
    **{f: along(f) for f in (np.cumsum, np.flip, np.expand_dims, np.squeeze)},
    np.swapaxes: lambda a, axis1, axis2: a.array.swapaxes(behind(axis1), behind(axis2)),
    np.moveaxis: lambda a, axis, to: np.moveaxis(a.array, behind(axis), behind(to)),
    np.transpose: transpose,
    np.reshape: reshape,
    np.ravel: lambda a: reshape(a, -1),
    np.broadcast_to: broadcast_to,
    np.concatenate: lambda arrays, axis=0: np.concatenate(alike(arrays), behind(axis)),
    np.split: lambda a, places, axis=0: np.split(a.array, places, behind(axis)),
    np.where: lambda condition, a, b: np.where(*aligned(condition, a, b)),
    np.matmul: matmul,
    np.dot: dot,
    np.copy: lambda a: a.array.copy(),
    getitem: indexed,
    scatter: put_at,
}
# What is the same for all n.
OF_ONE = {
    np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim,
    np.size: lambda a: a.size,
    np.iscomplexobj: lambda a: a.dtype.kind == "c",
    np.isrealobj: lambda a: a.dtype.kind != "c",
    np.result_type: lambda *a: np.result_type(*[x.dtype if isinstance(x, Stack) else x for x in a]),
}


# One array after the other.


def one_by_one(function):
    """The function, or the rule, called n times, with one array in the place of each Stack."""

    def each(*arguments, **options):
        call = (arguments, options)
        n = next((len(stack.array) for stack in leaves(call, Stack)), None)
        if n is None:
            return function(*arguments, **options)
        calls = [mapped(call, array_number(i)) for i in range(n)]
        results = [function(*arguments, **options) for arguments, options in calls]
        if results[0] is None:
            raise TypeError("What gives nothing writes into an array, of which there is but one.")
        return stacked(results)

    return each


def array_number(i):
    """What puts the i-th array in the place of a Stack."""
    return lambda leaf: leaf.array[i] if isinstance(leaf, Stack) else leaf


def stacked(results):
    """n results as a Stack; n lists of them as a list of Stacks."""
    if isinstance(results[0], list | tuple):
        return [stacked(parts) for parts in zip(*results, strict=True)]
    if isinstance(results[0], dict):
        return {key: stacked([result[key] for result in results]) for key in results[0]}
    return None if results[0] is None else Stack(np.stack(results))


# The walk.


def rules_on(paths):
    """{function: its rules as they are run on Stacks}, of all that was recorded on the paths."""

    def run(rule):
        ours = rule is None or (getattr(rule, "__module__", "") or "").split(".")[0] in OURS
        return rule if ours else one_by_one(rule)

    rules = {tensor.function: RULES[tensor.function] for tensor in paths if tensor.function}
    return {f: run(r) if callable(r) else tuple(map(run, r)) for f, r in rules.items()}


def seeds_at_once(tensors):
    """How many seeds may walk together past these tensors."""
    largest = max([bytes_of(tensor._array) for tensor in tensors])
    return min(SEEDS, max(1, BYTES // max(largest, 1)))


def bytes_of(array):
    """Of an array, or of a list of them."""
    return sum(map(bytes_of, array)) if isinstance(array, list) else array.size * array.itemsize


def fill(rows, walk, seeds, n):
    """Put into rows[k][i], for all i and k, the k-th array that walk(seed i) gives: n seeds at a
    time if that can be done, else one after the other.

    seeds: seeds(start, stop) gives these seeds as one array, start … stop | shape.

    Whatever goes wrong with a Stack is done again without: then it goes right, or it goes wrong as
    it would have anyway.
    """
    count, together = len(rows[0]), n > 1
    for start in range(0, count, n):
        block = slice(start, min(start + n, count))
        some = seeds(block.start, block.stop)
        together = together and filled_together(rows, block, walk, some)
        if not together:
            fill_one_by_one(rows, block, walk, some)


def filled_together(rows, block, walk, seeds):
    """Whether one walk filled the block."""
    try:
        gradients = walk(Stack(seeds))
    except Exception:
        return False
    for row, gradient in zip(rows, gradients, strict=True):
        row[block] = gradient.array if isinstance(gradient, Stack) else gradient
    return True


def fill_one_by_one(rows, block, walk, seeds):
    """A walk for each of the seeds."""
    for i, seed in enumerate(seeds, block.start):
        for row, gradient in zip(rows, walk(seed), strict=True):
            row[i] = gradient
