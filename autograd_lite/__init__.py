"""A NumPy array that remembers where it came from, and the chain rule on what it remembers.

    import autograd_lite as ag
    import numpy as np

    x = ag.Tensor([1.0, 2.0], requires_grad=True)
    y = np.sum(np.tanh(x) ** 2)
    y.backward()
    x.grad  # 2 tanh(x) (1 − tanh(x)²): array([0.63970001, 0.13621869])

To read the source, in this order: `tiny.py` (the whole idea on one page),
`derivatives/__init__.py` (what a rule is), `derivatives/elementwise.py` and
`derivatives/reductions.py` (what the derivative of each function is), `tensor.py` (what is
recorded), `backpropagation.py` (the chain rule), `broadcasting.py` (its shapes).
"""

from autograd_lite import namesakes
from autograd_lite.anomaly import detect_anomaly
from autograd_lite.checking import check_gradient
from autograd_lite.declaring import derivative, differentiable
from autograd_lite.derivatives import (  # noqa: F401 (they fill the table)
    choosing,
    decompositions,
    elementwise,
    floating_point,
    fourier,
    indexing,
    joining,
    linear_algebra,
    misfits,
    pairs,
    queries,
    rearranging,
    reduction_options,
    reductions,
    sequences,
    shaping,
    statistics,
    ufunc_methods,
)
from autograd_lite.functions import log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd_lite.layers import elu, leaky_relu, linear, normal_cdf
from autograd_lite.recording import enable_grad, no_grad
from autograd_lite.tensor import Tensor
from autograd_lite.transforms import (
    ancestors,
    grad,
    gradients,
    hessian,
    jacobian,
    value_and_grad,
    vjp,
)
from autograd_lite.version import __version__ as __version__

namesakes.warn()

__all__ = [
    "Tensor",
    "ancestors",
    "check_gradient",
    "derivative",
    "detect_anomaly",
    "differentiable",
    "elu",
    "enable_grad",
    "grad",
    "gradients",
    "hessian",
    "jacobian",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsumexp",
    "no_grad",
    "normal_cdf",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "value_and_grad",
    "vjp",
]
