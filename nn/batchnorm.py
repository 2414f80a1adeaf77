"""Batch normalization. Lecture, section 7; Ioffe & Szegedy 2015."""

from __future__ import annotations

import numpy as np

from autograd_lite import Tensor
from nn.checks import whole
from nn.module import Module
from nn.types import Array, DTypeLike


class BatchNorm1d(Module):
    """h* = τ₁ (h − mean) / √(variance + ε) + τ₀, neuron by neuron, recorded step by step. Lecture,
    section 7.

    num_features: the number of neurons, m.
    eps: ε.
    momentum: how far each mini-batch moves the running mean and variance towards its own, from 0
        (not at all) to 1 (all the way). None: they are the plain average over all mini-batches.
    dtype: by default float64. (PyTorch: float32.)
    .weight: τ₁, of shape (m,), trained; it begins with 1.
    .bias: τ₀, of shape (m,), trained; it begins with 0.
    .running_mean: a buffer of shape (m,).
    .running_var: a buffer of shape (m,).
    .num_batches_tracked: a buffer, the number of mini-batches that have moved them.

    h: (n, m), with n ≥ 2 in training; h* has the same shape.

    In training, mean and variance are those of the mini-batch; the variance is a sum divided by n.
    In prediction, they are the running ones; there the variance of a mini-batch is a sum divided by
    n − 1, as in PyTorch. Raises ValueError for another shape, and in training for n = 1.

        >>> layer = nn.BatchNorm1d(2)
        >>> layer(np.array([[1.0, 10.0], [3.0, 50.0]])).data.round(3)
        array([[-1., -1.],
               [ 1.,  1.]])
        >>> layer.running_mean.data  # 0.9 · 0 + 0.1 · mean
        array([0.2, 3. ])
    """

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        dtype: DTypeLike | None = None,
    ):
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
    def row_by_row(self) -> bool:
        return not self.training

    def forward(self, h: Array) -> Array:
        if h.ndim != 2 or h.shape[1] != self.num_features:
            raise ValueError(
                f"BatchNorm1d({self.num_features}) needs an h of shape (n, {self.num_features}), "
                f"got {h.shape}."
            )
        if self.training:
            if len(h) < 2:
                raise ValueError(
                    "BatchNorm1d needs at least 2 observations in training, got h of shape "
                    f"{h.shape}: a single one has no variance. Choose a batch size that leaves no "
                    "batch of one (batches=m cuts evenly), or call model.eval() to predict."
                )
            mean = np.mean(h, axis=0)  # (m,)
            centred = h - mean  # (n, m)
            variance = np.mean(np.square(centred), axis=0)  # (m,)
            self.track(mean, variance, len(h))
        else:
            centred, variance = h - self.running_mean, self.running_var
        return self.weight * (centred / np.sqrt(variance + self.eps)) + self.bias

    def track(self, mean: Array, variance: Array, n: int) -> None:
        """Move the running mean and variance towards those of a mini-batch of n observations.

        mean: of each feature in the mini-batch.
        variance: of each feature in the mini-batch, the biased one.
        n: the number of observations.
        """
        self.num_batches_tracked.data += 1
        factor = 1 / self.num_batches_tracked.data if self.momentum is None else self.momentum
        for running, batch in (
            (self.running_mean, _plain(mean)),
            (self.running_var, _plain(variance) * (n / (n - 1))),
        ):
            running.data += factor * (batch - running.data)

    def extra_repr(self) -> str:
        return f"{self.num_features}, eps={self.eps}, momentum={self.momentum}"


def _plain(values):
    return values.data if isinstance(values, Tensor) else values
