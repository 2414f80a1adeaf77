"""Batch normalization. Lecture, section 7; Ioffe & Szegedy 2015."""

import numpy as np

from autograd_lite import Tensor
from nn.checks import whole
from nn.module import Module


class BatchNorm1d(Module):
    """h* = τ₁ (h − mean) / √(variance + ε) + τ₀, neuron by neuron, recorded step by step.

    In training, mean and (biased) variance are those of the mini-batch; in prediction, the running
    ones, which training moves by `momentum` towards those of each batch (there the unbiased
    variance, as in PyTorch). momentum=None: their plain average.

    h: (n, num_features), n ≥ 2 in training. .weight: τ₁, .bias: τ₀, both trained; buffers
    .running_mean, .running_var and .num_batches_tracked: all but the last of shape (num_features,).
    dtype: float64 unless told, unlike PyTorch.
    Raises ValueError for other shapes, and for a batch of one in training.
    """

    def __init__(self, num_features, eps=1e-5, momentum=0.1, dtype=None):
        self.num_features = whole(num_features, "BatchNorm1d's num_features")
        self.eps, self.momentum = eps, momentum
        self.weight = Tensor(np.ones(num_features), requires_grad=True, name="tau_1")
        self.bias = Tensor(np.zeros(num_features), requires_grad=True, name="tau_0")
        self.running_mean = Tensor(np.zeros(num_features))
        self.running_var = Tensor(np.ones(num_features))
        self.num_batches_tracked = Tensor(0.0)
        if dtype is not None:
            self.astype(dtype)

    @property
    def row_by_row(self):
        return not self.training

    def forward(self, h):
        if h.ndim != 2 or h.shape[1] != self.num_features:
            raise ValueError(
                f"BatchNorm1d({self.num_features}) needs an h of shape (n, {self.num_features}), "
                f"got {h.shape}."
            )
        if self.training:
            if len(h) < 2:
                raise ValueError(
                    "BatchNorm1d needs at least 2 observations in training, got h of shape "
                    f"{h.shape}: one has no variance. Choose a batch size that leaves no batch of "
                    "one (batches=m cuts evenly), or call model.eval() to predict."
                )
            mean = np.mean(h, axis=0)  # (m,)
            centred = h - mean  # (n, m)
            variance = np.mean(np.square(centred), axis=0)  # (m,)
            self.track(mean, variance, len(h))
        else:
            centred, variance = h - self.running_mean, self.running_var
        return self.weight * (centred / np.sqrt(variance + self.eps)) + self.bias

    def track(self, mean, variance, n):
        """Move the running mean and variance towards those of a batch of n observations."""
        self.num_batches_tracked.data += 1
        factor = 1 / self.num_batches_tracked.item() if self.momentum is None else self.momentum
        for running, batch in (
            (self.running_mean, _plain(mean)),
            (self.running_var, _plain(variance) * (n / (n - 1))),
        ):
            running.data += factor * (batch - running.data)

    def extra_repr(self):
        return f"{self.num_features}, eps={self.eps}, momentum={self.momentum}"


def _plain(values):
    return values.data if isinstance(values, Tensor) else values
