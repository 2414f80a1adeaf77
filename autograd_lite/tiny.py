"""The whole idea on one page: an array remembers, a table knows, a walk multiplies.

Nothing here is checked or quick, and there are no methods, indices or lists of Tensors, as in
w.sum(), w[0] and np.stack([w, w]). `tensor.py` and `backpropagation.py` do all that, on the same
tables, and a test holds their gradients equal to these. Reading begins here.

    >>> from autograd_lite import tiny
    >>> w = tiny.Tensor([0.5, -1.0])
    >>> loss = np.sum(np.tanh(w) ** 2)
    >>> tiny.gradients(loss, [w])  # 2 tanh(w) (1 − tanh(w)²)
    [array([ 0.72686198, -0.63970001])]
"""

import itertools

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_lite.broadcasting import conform
from autograd_lite.derivatives import RULES

births = itertools.count()


class Tensor(NDArrayOperatorsMixin):  # the mixin makes np.add(a, b) of a + b, and so on
    """An array that remembers which function made it, and from what."""

    __hash__ = object.__hash__  # tensors are told apart by identity, not by their numbers

    def __init__(self, data, function=None, arguments=(), options=None):
        self.data = np.asarray(data, float)
        self.function, self.arguments, self.options = function, arguments, options or {}
        self.born = next(births)

    # NumPy asks every argument whether it wants to compute the function itself. We do.

    def __array_ufunc__(self, ufunc, method, *arguments, **options):  # np.tanh(x), np.add(a, b)
        return record(ufunc, arguments, options)

    def __array_function__(
        self, function, types, arguments, options
    ):  # np.sum(x), np.where(c, x, 0)
        return record(function, arguments, options)


def record(function, arguments, options):
    """Forward: compute on the plain arrays, and remember."""
    return Tensor(function(*plain(arguments), **options), function, arguments, options)


def plain(arguments):
    """The arguments with the array in place of each Tensor."""
    return [a.data if isinstance(a, Tensor) else a for a in arguments]


def gradients(output, inputs):
    """Backward: ∂output/∂input for each input, by the chain rule from the output back.

    The adjoint of a tensor y is ∂output/∂y. It is `pending` as long as paths may be missing in it.
    """
    pending, complete = {output: np.ones_like(output.data)}, {}
    while pending:
        # The tensor that was made last: whatever was made from it was made later, and has had its
        # turn. So all paths from the output to it are in its adjoint.
        y = max(pending, key=lambda tensor: tensor.born)
        g = complete[y] = pending.pop(y)
        rules = RULES[y.function] if y.function else ()  # one for each argument; then come options
        for a, rule in zip(y.arguments, rules, strict=False):
            if isinstance(a, Tensor) and rule:
                pulled_back = rule(g, y.data, *plain(y.arguments), **y.options)  # g · ∂y/∂a
                pulled_back = conform(pulled_back, a.data, y.function)  # in the shape of a
                pending[a] = pending[a] + pulled_back if a in pending else pulled_back
    return [complete.get(x, np.zeros_like(x.data)) for x in inputs]
