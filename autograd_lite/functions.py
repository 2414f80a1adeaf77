"""The sigmoid and its kin, which NumPy lacks, each with its derivative; methods of a Tensor, too.
All are stable for any argument.
"""

import numpy as np

from autograd_lite.derivatives import differentiable
from autograd_lite.derivatives.reductions import restore


@differentiable(lambda g, y, x: g * y * (1 - y))
def sigmoid(x):
    """σ(x) = 1 / (1 + e^−x), entry by entry. Lecture, section 2."""
    e = np.exp(-np.abs(x))  # never overflows
    return np.where(np.greater_equal(x, 0), 1, e) / (1 + e)


@differentiable(lambda g, y, x: g * (x > 0))
def relu(x):
    """max(0, x), entry by entry; the derivative at 0 is taken as 0, as in PyTorch. Lecture, section
    2.
    """
    return np.maximum(x, 0)


@differentiable(lambda g, y, x: g * sigmoid(x))
def softplus(x):
    """ln(1 + e^x), a smooth relu."""
    return np.logaddexp(x, 0)


@differentiable(
    lambda g, y, x, axis=None, keepdims=False: shared_out(
        restore(g, axis, keepdims), restore(y, axis, keepdims), x, axis
    )
)
def logsumexp(x, axis=None, keepdims=False):
    """ln Σ e^x over an axis, several axes, or all (axis=None)."""
    largest = np.max(x, axis=axis, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0)  # all −∞, or one +∞: nothing to shift by
    with np.errstate(divide="ignore"):
        result = np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True)) + largest
    return result if keepdims else np.squeeze(result, axis)[()]


def shared_out(g, y, x, axis):
    """g · e^x / Σ e^x, where y = ln Σ e^x. Entries of +∞ share it all; where all are −∞, none has a
    share.
    """
    finite = np.where(np.isinf(y), np.where(x == y, 0, -np.inf), x)
    return np.where(y == -np.inf, 0, g) * softmax(finite, axis)


@differentiable(lambda g, y, x, axis=-1: y * (g - (g * y).sum(axis=axis, keepdims=True)))
def softmax(x, axis=-1):
    """e^x / Σ e^x along an axis: positive numbers that sum to 1."""
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@differentiable(lambda g, y, x, axis=-1: g - np.exp(y) * g.sum(axis=axis, keepdims=True))
def log_softmax(x, axis=-1):
    """ln softmax(x) = x − ln Σ e^x along an axis, without the underflow of taking the logarithm
    afterwards.
    """
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
