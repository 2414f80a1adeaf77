"""What a layer of a network computes, and NumPy lacks, each with its derivative: the combination
x weightᵀ + bias, and activations with parameters.
"""

import math

import numpy as np

from autograd_lite.arrays import as_array
from autograd_lite.derivatives import differentiable
from autograd_lite.quick import column_sums


@differentiable(
    lambda g, y, x, weight, bias=None: np.dot(g, weight),
    lambda g, y, x, weight, bias=None: np.dot(rows(g).T, rows(x)),
    lambda g, y, x, weight, bias=None: column_sums(rows(g)),
)
def linear(x, weight, bias=None):
    """s = x weightᵀ + bias: the linear combinations that enter the next neurons. Lecture,
    section 8.

    x: (…, m), m features in the last axis.
    weight: (k, m). Row j holds the weights into neuron j.
    bias: (k,), or None.

    The result has the shape (…, k). With g = ∂L/∂s of shape (n, k): ∂L/∂x = g weight,
    ∂L/∂weight = gᵀ x, ∂L/∂bias = Σ g over the rows.

    Raises ValueError where the shapes do not fit. (torch.nn.functional.linear.)

        >>> ag.linear(np.array([[1.0, 1.0], [2.0, 0.0]]), np.array([[3.0, -1.0]]), np.array([0.5]))
        array([[2.5],
               [6.5]])
    """
    if not type(x) is type(weight) is type(bias) is np.ndarray:
        x, weight, bias = as_array(x), as_array(weight), None if bias is None else as_array(bias)
    if x.shape[-1:] != weight.shape[1:] or x.ndim == 0:
        raise ValueError(
            f"linear needs x of shape (..., m) and weight of shape (k, m), got {x.shape} and "
            f"{weight.shape}: the features of x are its last axis, and weight has a row for each "
            "neuron."
        )
    s = x.dot(weight.T)
    if bias is None:
        return s
    if bias.shape != weight.shape[:1] and bias.shape not in ((), (1,)):
        raise ValueError(
            f"linear needs a bias of shape {weight.shape[:1]}, one for each row of weight, got "
            f"{bias.shape}."
        )
    return np.add(s, bias, s if s.dtype is bias.dtype else None)


def rows(a):
    """(…, m) as a matrix of rows, (n, m)."""
    return a if a.ndim == 2 else np.reshape(a, (math.prod(a.shape[:-1]), a.shape[-1]))


@differentiable(
    lambda g, y, x, negative_slope=0.01: g * np.where(x > 0, 1, negative_slope),
    lambda g, y, x, negative_slope=0.01: g * np.where(x > 0, 0, x),
)
def leaky_relu(x, negative_slope=0.01):
    """x for x > 0, else negative_slope · x, entry by entry. Maas et al. 2013.

    x: any shape; the result has the same.
    negative_slope: a number, or a Tensor that is trained (He et al. 2015), which broadcasts
        against x.

    The derivative by x at 0 is taken as negative_slope, as in PyTorch.

        >>> ag.leaky_relu(np.array([-2.0, 3.0]), 0.1)
        array([-0.2,  3. ])
    """
    return np.where(np.greater(x, 0), x, np.multiply(negative_slope, x))


@differentiable(
    lambda g, y, x, alpha=1.0: g * np.where(x > 0, 1, alpha * np.exp(np.where(x > 0, 0, x))),
    lambda g, y, x, alpha=1.0: g * np.expm1(np.where(x > 0, 0, x)),
)
def elu(x, alpha=1.0):
    """x for x > 0, else α (e^x − 1), entry by entry. Lecture, section 2; Clevert et al. 2015.

    x: any shape; the result has the same.
    alpha: α, a number, or a Tensor that is trained, which broadcasts against x.

        >>> ag.elu(np.array([-1.0, 3.0])).round(4)
        array([-0.6321,  3.    ])
    """
    return np.where(np.greater(x, 0), x, alpha * np.expm1(np.minimum(x, 0)))


@differentiable(lambda g, y, x: g * np.exp(-(cut_off(x) ** 2) / 2) / math.sqrt(2 * math.pi))
def normal_cdf(x):
    """Φ(x) = erfc(−x/√2) / 2, entry by entry: the distribution function of the standard normal, a
    probit model's output. Lecture, section 2.

    x: any shape; the result has the same.

    All digits are right in the lower tail, too. The derivative is the density e^(−x²/2) / √(2π).

        >>> ag.normal_cdf(np.array([-1.96, 0.0, 1.96])).round(3)
        array([0.025, 0.5  , 0.975])
    """
    x = as_array(x)
    return np.divide(_erfc(-x / math.sqrt(2)), 2).astype(
        x.dtype if x.dtype.kind == "f" else np.float64
    )[()]


def cut_off(x):
    """x, and ±200 beyond: e^(−x²) has long been 0, and stays it in higher derivatives, which would
    else be 0 · ∞.
    """
    return np.clip(x, -200, 200)


_erfc = np.frompyfunc(math.erfc, 1, 1)  # NumPy has none
