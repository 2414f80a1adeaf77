"""Initial weights. Each function fills a tensor with numbers, in place, and returns it. The names
are PyTorch's.

    >>> layer = nn.Linear(3, 2)
    >>> nn.init.constant_(layer.bias, 0.1).data
    array([0.1, 0.1])
    >>> nn.init.xavier_uniform_(layer.weight, rng=0).data.round(3)
    array([[ 0.3  , -0.504, -1.006],
           [-1.059,  0.686,  0.904]])

Good initial weights keep the variance of h, and that of the gradients, about the same from layer to
layer, so that neither vanishes nor explodes. For this a weight of shape (out, in) is looked at from
both sides: `in` weights lead into each neuron, and `out` weights lead out of each input.

tensor: what is filled; all but normal_ and constant_ need a weight of shape (out, in), and raise
    ValueError for another shape.
rng: what np.random.default_rng takes, for instance a seed.
"""

from __future__ import annotations

import math

import numpy as np

from autograd_lite import Tensor
from nn.types import Rng


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Uniform on ±gain · √(6 / (in + out)), for tanh and sigmoid. Glorot & Bengio 2010."""
    return _uniform(tensor, gain * math.sqrt(6 / sum(_sides(tensor))), rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, rng: Rng = None) -> Tensor:
    """Normal with standard deviation gain · √(2 / (in + out)), for tanh and sigmoid. Glorot &
    Bengio 2010.
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(_sides(tensor))), rng)


def kaiming_uniform_(tensor: Tensor, a: float = 0, rng: Rng = None) -> Tensor:
    """Uniform on ±√(6 / ((1 + a²) · in)), for ReLU; for LeakyReLU, a is its negative_slope. He et
    al. 2015.
    """
    return _uniform(tensor, math.sqrt(6 / ((1 + a * a) * _sides(tensor)[1])), rng)


def kaiming_normal_(tensor: Tensor, a: float = 0, rng: Rng = None) -> Tensor:
    """Normal with standard deviation √(2 / ((1 + a²) · in)), for ReLU; for LeakyReLU, a is its
    negative_slope. He et al. 2015.
    """
    return normal_(tensor, 0.0, math.sqrt(2 / ((1 + a * a) * _sides(tensor)[1])), rng)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, rng: Rng = None) -> Tensor:
    """Normal with this mean and this standard deviation, for a tensor of any shape."""
    return _fill(tensor, np.random.default_rng(rng).normal(mean, std, tensor.shape))


def constant_(tensor: Tensor, value: float) -> Tensor:
    """The same number everywhere, for a tensor of any shape. Use it for biases: if all neurons of a
    layer begin with the same weights, they stay the same.
    """
    return _fill(tensor, np.full(tensor.shape, value, dtype=float))


def _uniform(tensor, bound, rng):
    return _fill(tensor, np.random.default_rng(rng).uniform(-bound, bound, tensor.shape))


def _fill(tensor, values):
    tensor.data = values.astype(tensor.dtype)
    return tensor


def _sides(tensor):
    """(out, in) of a weight matrix."""
    if tensor.ndim != 2:
        raise ValueError(
            f"This initialization needs a weight of shape (out, in), got {tensor.shape}. For a "
            "bias there is constant_."
        )
    return tensor.shape
