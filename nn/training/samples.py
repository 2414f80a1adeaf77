"""A sample, and its loss: the mean of the losses of its rows, each with its weight."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_lite import Tensor
from nn.checks import checked_sample
from nn.losses import checked_loss
from nn.module import Module
from nn.tables import finite, numbers
from nn.types import ArrayLike, Loss


@dataclass(frozen=True)
class Sample:
    """Observations x, their targets y, and their weights w, (n,); or None if all count the same."""

    x: np.ndarray
    y: np.ndarray
    w: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, rows: Any) -> Sample:
        """Some of the rows, with their weights as they are."""
        return Sample(self.x[rows], self.y[rows], None if self.w is None else self.w[rows])

    def scaled(self) -> Sample:
        """The same with weights of mean 1. This is done once, for all rows that are trained: a
        mini-batch divided by the sum of its own weights would be biased.
        """
        if self.w is None:
            return self
        w = self.w / self.w.max()  # first, so that no sum overflows; equal weights are exactly 1
        return Sample(self.x, self.y, (w / w.mean()).astype(self.x.dtype))

    def loss(self, model: Module, loss: Loss) -> Any:
        """L = (1/n) Σ w_i l_i; without weights what the loss gives."""
        if self.w is None:
            return loss(model(self.x), self.y)
        losses: Any = loss(model(self.x), self.y, reduction="none")
        if not isinstance(losses, Tensor) or losses.shape[:1] != self.w.shape:
            raise ValueError(
                f"sample_weight needs a loss that gives a Tensor with {len(self)} rows for "
                f'reduction="none", one for each observation; got {type(losses).__name__} of shape '
                f"{np.shape(losses)}."
            )
        return (self.w.reshape(-1, *[1] * (losses.ndim - 1)) * losses).mean()


def sample_of(
    model: Module, x: ArrayLike, y: ArrayLike, w: ArrayLike | None, loss: Loss, who: str
) -> Sample:
    """A checked Sample, without the rows whose weight is 0.

    who: the name of the function, for its errors.

    Raises ValueError as `checked_sample` does; for weights that are not of shape (n,), negative,
    not finite or all 0; and for weights with a loss that has no reduction="none". TypeError for a
    loss that is no function.
    """
    checked_loss(loss, who)
    sample = Sample(*checked_sample(model, x, y, who))
    if w is None:
        return sample
    weights = checked_weights(w, len(sample), who)
    if not _reduces(loss):
        raise ValueError(
            f"{who} cannot weigh the rows of the loss {getattr(loss, '__name__', loss)}: it has to "
            'be called with reduction="none", to take the weighted mean then. Use a loss of nn, or '
            'define yours as loss(prediction, target, reduction="mean").'
        )
    kept = weights > 0
    return Sample(sample.x[kept], sample.y[kept], weights[kept])


def checked_weights(w: ArrayLike, n: int, who: str) -> np.ndarray:
    """The weights of n observations as an array, (n,). ValueError for another shape, and for
    weights that are negative, not finite or all 0.

    who: the name of the function, for its errors.
    """
    weights = numbers(w, who, "sample_weight")
    if weights.shape != (n,):
        raise ValueError(
            f"{who} needs a sample_weight of shape ({n},), one number for each observation; got "
            f"{weights.shape}."
        )
    finite(weights, w, who, "sample_weight")
    if weights.min() < 0 or weights.max() == 0:
        raise ValueError(
            f"{who} needs a sample_weight of at least 0, not zero everywhere; got numbers from "
            f"{weights.min():.4g} to {weights.max():.4g}."
        )
    return weights.astype(float)


def _reduces(loss):
    """Whether this is a mean that can be taken later: the loss has a reduction, by default the
    mean.
    """
    try:
        reduction = inspect.signature(loss).parameters.get("reduction")
    except (TypeError, ValueError):
        return False
    return reduction is not None and reduction.default == "mean"
