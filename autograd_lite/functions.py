"""The sigmoid and its kin, which NumPy lacks, each with its derivative. They are methods of a
Tensor, too, and neither overflow nor lose digits, whatever the argument.
"""

import numpy as np

from autograd_lite.derivatives import differentiable
from autograd_lite.derivatives.reductions import restore


@differentiable(lambda g, y, x: g * y * (1 - y))
def sigmoid(x):
    """σ(x) = 1 / (1 + e^−x), entry by entry: a number between 0 and 1. Lecture, section 2.

    x: any shape; the result has the same.

    σ'(x) = σ(x) (1 − σ(x)), at most 1/4.

        >>> ag.sigmoid(np.array([-1000.0, 0.0, 1000.0]))
        array([0. , 0.5, 1. ])
        >>> ag.grad(ag.sigmoid)(0.0)
        array(0.25)
    """
    e = np.exp(-np.abs(x))  # never overflows
    return np.where(np.greater_equal(x, 0), 1, e) / (1 + e)


@differentiable(lambda g, y, x: g * (x > 0))
def relu(x):
    """max(0, x), entry by entry. Lecture, section 2.

    x: any shape; the result has the same.

    The derivative is 1 for x > 0, else 0. At 0 there is none; it is taken as 0, as in PyTorch.

        >>> ag.relu(np.array([-1.0, 0.0, 2.0]))
        array([0., 0., 2.])
    """
    return np.maximum(x, 0)


@differentiable(lambda g, y, x: g * sigmoid(x))
def softplus(x):
    """ln(1 + e^x), entry by entry: a smooth relu. Dugas et al. 2001.

    x: any shape; the result has the same.

    The derivative is σ(x).

        >>> ag.softplus(np.array([-1000.0, 0.0, 1000.0])).round(4)
        array([0.000e+00, 6.931e-01, 1.000e+03])
    """
    return np.logaddexp(x, 0)


@differentiable(
    lambda g, y, x, axis=None, keepdims=False: shared_out(
        restore(g, axis, keepdims), restore(y, axis, keepdims), x, axis
    )
)
def logsumexp(x, axis=None, keepdims=False):
    """ln Σ e^x over an axis, which does not overflow where e^x would. (torch.logsumexp.)

    x: any shape.
    axis: a number, a tuple of numbers, or None: over all entries.
    keepdims: whether the axes stay, with length 1, as in np.sum.

    The derivative is softmax(x): each entry's share in the sum. −∞ where all entries are −∞.

        >>> ag.logsumexp(np.array([[1000.0, 1000.0], [0.0, -np.inf]]), axis=1)  # 1000 + ln 2, 0
        array([1000.69314718,    0.        ])
    """
    largest = np.maximum.reduce(x, axis=axis, keepdims=True)
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
    """e^x / Σ e^x along an axis: positive numbers that sum to 1. Bridle 1990.

    x: any shape; the result has the same.
    axis: a number. (PyTorch calls it dim.)

    ∂y_i/∂x_j = y_i ([i = j] − y_j).

        >>> ag.softmax(np.array([0.0, np.log(3.0)])).round(4)
        array([0.25, 0.75])
    """
    e = np.exp(x - np.maximum.reduce(x, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@differentiable(lambda g, y, x, axis=-1: g - np.exp(y) * g.sum(axis=axis, keepdims=True))
def log_softmax(x, axis=-1):
    """ln softmax(x) = x − ln Σ e^x along an axis. Finite where softmax(x) itself is too small a
    number and becomes 0.

    x: any shape; the result has the same.
    axis: a number. (PyTorch calls it dim.)

        >>> ag.log_softmax(np.array([0.0, 1000.0]))
        array([-1000.,     0.])
    """
    shifted = x - np.maximum.reduce(x, axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
