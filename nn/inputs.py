"""Layers for the data on its way into the network: normalization, and noise. Lecture, sections 5
and 7.
"""

import numpy as np

from autograd_lite import Tensor
from nn.checks import not_negative
from nn.module import Module


class Standardize(Module):
    """(x − mean) / standard deviation, feature by feature, as they were in the sample the layer was
    made from.

    x: (n, m), the training sample. .mean and .std are buffers of shape (m,), so they are saved with
    the model. A feature that is constant in the sample is only shifted. Raises ValueError for a
    sample that is no table of finite numbers. Lecture, section 7.
    """

    row_by_row = True

    def __init__(self, x):
        x = np.asarray(x)
        if x.ndim != 2 or len(x) == 0 or x.dtype.kind not in "fiub":
            raise ValueError(
                f"Standardize needs a sample of shape (n, m) with n > 0, got {x.shape} of dtype "
                f"{x.dtype}."
            )
        if not np.all(np.isfinite(x)):
            raise ValueError(
                "Standardize needs a sample without NaN and infinity: its mean would be none. "
                "Leave such rows out."
            )
        std = x.std(axis=0)
        self.mean, self.std = Tensor(x.mean(axis=0)), Tensor(np.where(std > 0, std, 1))

    def forward(self, x):
        return (x - self.mean) / self.std

    def extra_repr(self):
        return f"{self.mean.size}"


class GaussianNoise(Module):
    """x + normal noise of standard deviation `std` in training, x in prediction: a regularization.
    Lecture, section 5.

    x: any shape. Raises ValueError for a negative std.
    """

    row_by_row = True

    def __init__(self, std, rng=None):
        self.std = not_negative(std, "GaussianNoise needs a standard deviation")
        self.rng = np.random.default_rng(rng)

    def forward(self, x):
        return x + noise(self.rng, self.std, x) if self.training else x

    def extra_repr(self):
        return f"std={self.std}"


def noise(rng, std, like):
    """Normal random numbers with the shape and dtype of `like`."""
    dtype = like.dtype if like.dtype == np.float32 else float
    return (std * rng.standard_normal(like.shape, dtype=dtype)).astype(like.dtype, copy=False)
