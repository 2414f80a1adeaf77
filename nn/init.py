"""Initial weights. Each function fills a tensor in place, under PyTorch's name:
nn.init.xavier_uniform_(layer.weight).

Good initial weights keep the variance of h, and of gradients, about the same from layer to layer,
so that neither vanishes nor explodes. For a weight of shape (out, in) each neuron has `in` incoming
and each input `out` outgoing weights.
"""

import math

import numpy as np


def xavier_uniform_(tensor, gain=1.0, rng=None):
    """Uniform on ±gain · √(6 / (in + out)), for tanh and sigmoid. Glorot & Bengio 2010."""
    return _uniform(tensor, gain * math.sqrt(6 / sum(_sides(tensor))), rng)


def xavier_normal_(tensor, gain=1.0, rng=None):
    """Normal with standard deviation gain · √(2 / (in + out)), for tanh and sigmoid. Glorot &
    Bengio 2010.
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(_sides(tensor))), rng)


def kaiming_uniform_(tensor, a=0, rng=None):
    """Uniform on ±√(6 / ((1 + a²) in)), for ReLU; a is the slope of a leaky one. He et al. 2015."""
    return _uniform(tensor, math.sqrt(6 / ((1 + a * a) * _sides(tensor)[1])), rng)


def kaiming_normal_(tensor, a=0, rng=None):
    """Normal with standard deviation √(2 / ((1 + a²) in)), for ReLU; a is the slope of a leaky one.
    He et al. 2015.
    """
    return normal_(tensor, 0.0, math.sqrt(2 / ((1 + a * a) * _sides(tensor)[1])), rng)


def normal_(tensor, mean=0.0, std=1.0, rng=None):
    """Normal with the given mean and standard deviation."""
    return _fill(tensor, np.random.default_rng(rng).normal(mean, std, tensor.shape))


def constant_(tensor, value):
    """The same number everywhere. (Equal weights into all neurons of a layer stay equal: use it for
    biases.)
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
