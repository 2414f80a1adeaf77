"""Layers for the data on their way into the network: normalization, and noise. Lecture, sections 5
and 7.
"""

from __future__ import annotations

import numpy as np

from autograd_lite import Tensor
from nn.checks import not_negative
from nn.module import Module
from nn.tables import finite, numbers
from nn.types import Array, ArrayLike, Rng


class Standardize(Module):
    """(x − mean) / standard deviation, feature by feature, where mean and standard deviation are
    those of the training sample. Lecture, section 7.

    x: the training sample, of shape (n, m), in any form that `fit` takes.
    .mean: a buffer of shape (m,).
    .std: a buffer of shape (m,), divided by n; 1 for a feature that is constant in the sample.

    As buffers, both are saved with the model. Raises ValueError for a sample that is not a table of
    finite numbers.

        >>> x = np.array([[1.0, 10.0], [3.0, 50.0]])
        >>> model = nn.Sequential(nn.Standardize(x), nn.Linear(2, 1))
        >>> model[0](x).data
        array([[-1., -1.],
               [ 1.,  1.]])
    """

    row_by_row = True

    def __init__(self, x: ArrayLike):
        sample = numbers(x, "Standardize")
        if sample.ndim != 2 or len(sample) == 0:
            raise ValueError(
                f"Standardize needs a sample of shape (n, m) with n > 0, got {sample.shape}."
            )
        finite(sample, x, "Standardize", "x")
        std = sample.std(axis=0)
        self.mean, self.std = Tensor(sample.mean(axis=0)), Tensor(np.where(std > 0, std, 1))

    def forward(self, x: Array) -> Array:
        return (x - self.mean) / self.std

    def extra_repr(self) -> str:
        return f"{self.mean.size}"


class GaussianNoise(Module):
    """In training x + noise, in prediction x: a regularization. Lecture, section 5.

    std: the standard deviation of the noise, which is normal with mean 0.
    rng: what np.random.default_rng takes, for instance a seed.

    x: any shape; the result has the same.

    Raises ValueError for a negative std.
    """

    row_by_row = True

    def __init__(self, std: float, rng: Rng = None):
        self.std = not_negative(std, "GaussianNoise needs a standard deviation")
        self.rng = np.random.default_rng(rng)

    def forward(self, x: Array) -> Array:
        return x + noise(self.rng, self.std, x) if self.training else x

    def extra_repr(self) -> str:
        return f"std={self.std}"


def noise(rng: np.random.Generator, std: float, like: Array) -> np.ndarray:
    """Normal random numbers with standard deviation std, in the shape and dtype of `like`."""
    dtype = like.dtype if like.dtype == np.float32 else float
    return (std * rng.standard_normal(like.shape, dtype=dtype)).astype(like.dtype, copy=False)
