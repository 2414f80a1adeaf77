"""Functions that NumPy lacks, each with its derivative. All are stable for any argument."""

import math

import numpy as np

from autograd_lite.arrays import as_array
from autograd_lite.broadcasting import column_sums
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


@differentiable(
    lambda g, y, x, negative_slope=0.01: g * np.where(x > 0, 1, negative_slope),
    lambda g, y, x, negative_slope=0.01: g * np.where(x > 0, 0, x),
)
def leaky_relu(x, negative_slope=0.01):
    """x for x > 0, else negative_slope · x, which may be a trained parameter (PReLU); at 0 the
    slope is negative_slope.
    """
    return np.where(np.greater(x, 0), x, np.multiply(negative_slope, x))


@differentiable(
    lambda g, y, x, alpha=1.0: g * np.where(x > 0, 1, y + alpha),
    lambda g, y, x, alpha=1.0: g * np.where(x > 0, 0, np.expm1(np.minimum(x, 0))),
)
def elu(x, alpha=1.0):
    """x for x > 0, else α (e^x − 1); α may be a trained parameter. Lecture, section 2; Clevert et
    al. 2015.
    """
    return np.where(np.greater(x, 0), x, alpha * np.expm1(np.minimum(x, 0)))


@differentiable(lambda g, y, x: g * sigmoid(x))
def softplus(x):
    """ln(1 + e^x), a smooth relu."""
    return np.logaddexp(x, 0)


@differentiable(
    lambda g, y, x, axis=None, keepdims=False: (
        restore(g, axis, keepdims) * np.exp(x - restore(y, axis, keepdims))
    )
)
def logsumexp(x, axis=None, keepdims=False):
    """ln Σ e^x over an axis, several axes, or all (axis=None)."""
    largest = np.max(x, axis=axis, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0)  # all −∞, or one +∞: nothing to shift by
    result = np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True)) + largest
    return result if keepdims else np.squeeze(result, axis)[()]


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


@differentiable(lambda g, y, x: g * np.exp(-x * x / 2) / math.sqrt(2 * math.pi))
def normal_cdf(x):
    """Φ(x), the distribution function of the standard normal: a probit model's output. Lecture,
    section 2.

    Φ(x) = erfc(−x/√2) / 2, accurate in the lower tail too.
    """
    x = as_array(x)
    return np.divide(_erfc(-x / math.sqrt(2)), 2).astype(
        x.dtype if x.dtype.kind == "f" else np.float64
    )[()]


@differentiable(
    lambda g, y, x, weight, bias=None: np.dot(g, weight),
    lambda g, y, x, weight, bias=None: np.dot(rows(g).T, rows(x)),
    lambda g, y, x, weight, bias=None: column_sums(rows(g)),
)
def linear(x, weight, bias=None):
    """s = x weightᵀ + bias. x: (…, m), weight: (k, m), bias: (k,) or None; result: (…, k). Lecture,
    section 8.

    Raises ValueError where the shapes do not fit.
    """
    x, weight, bias = as_array(x), as_array(weight), None if bias is None else as_array(bias)
    if x.shape[-1:] != weight.shape[1:] or x.ndim == 0:
        raise ValueError(
            f"linear needs x of shape (..., m) and weight of shape (k, m), got {x.shape} and "
            f"{weight.shape}: the features of x are its last axis, and weight has a row for each "
            "neuron."
        )
    s = np.dot(x, weight.T)
    if bias is None:
        return s
    if bias.shape != weight.shape[:1] and bias.shape not in ((), (1,)):
        raise ValueError(
            f"linear needs a bias of shape {weight.shape[:1]}, one for each row of weight, got "
            f"{bias.shape}."
        )
    return np.add(s, bias, s if s.dtype is bias.dtype else None)


_erfc = np.frompyfunc(math.erfc, 1, 1)  # NumPy has none


def rows(a):
    """(…, m) as a matrix of rows, (n, m)."""
    return a if a.ndim == 2 else np.reshape(a, (math.prod(a.shape[:-1]), a.shape[-1]))
