"""Dropout: a thinned network for every mini-batch. Lecture, section 5; Srivastava et al. 2014."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.module import Module
from nn.types import Array, Rng


class Dropout(Module):
    """In training each neuron stays with probability `keep`, the lecture's p; otherwise it is
    excluded: h* = h · mask. Lecture, section 5; Srivastava et al. 2014.

    keep: the probability that a neuron stays, above 0 and up to 1. It has to be given by its name,
        because PyTorch's Dropout(0.2) means the opposite, the probability of being excluded.
    inverted: True: training gives h · mask / keep, and prediction h. False, the original form:
        training gives h · mask, and prediction h · keep. Either way training and prediction
        have the same expected h*. It is as if the weights OUT of the neurons were scaled; the
        biases are not.
    per: "batch": all observations of a mini-batch share one mask, as in the lecture. "observation":
        each has a mask of its own, as in PyTorch.
    rng: what np.random.default_rng takes, for instance a seed.
    .mask: the last mask, True for the neurons that stay; of shape (m,), or (n, m) per observation.
        None before the first.

    h: (n, m); h* has the same shape.

    If no neuron stays, only the bias of the next layer remains. Raises TypeError for a keep without
    its name, ValueError for a keep outside of (0, 1] and for another `per`.

        >>> layer = nn.Dropout(keep=0.5, rng=2)
        >>> layer(np.ones((2, 4)))
        array([[0., 2., 2., 2.],
               [0., 2., 2., 2.]])
        >>> layer.eval()(np.ones((2, 4)))
        array([[1., 1., 1., 1.],
               [1., 1., 1., 1.]])
    """

    mask: np.ndarray | Any = None
    row_by_row = True

    def __init__(
        self,
        *positional: Any,
        keep: float | None = None,
        inverted: bool = True,
        per: str = "batch",
        rng: Rng = None,
    ):
        if positional or keep is None:
            raise TypeError(
                "Dropout needs the probability that a neuron stays, by its name: "
                "Dropout(keep=0.8). (PyTorch's Dropout(0.2) gives the probability that it goes, "
                "so a bare number could mean either.)"
            )
        if not 0 < keep <= 1:
            raise ValueError(
                "Dropout needs 0 < keep <= 1, the probability that a neuron stays, got "
                f"keep={keep!r}."
            )
        if per not in ("batch", "observation"):
            raise ValueError(f'Dropout draws a mask per="batch" or per="observation", got {per!r}.')
        self.keep, self.inverted, self.per = float(keep), inverted, per
        self.rng = np.random.default_rng(rng)

    def forward(self, h: Array) -> Array:
        if self.training:
            self.mask = self.draw(h.shape if self.per == "observation" else h.shape[-1:])
            return self.thin(h)
        return h if self.inverted else h * self.keep

    def draw(self, shape: tuple[int, ...]) -> np.ndarray:
        """A new mask, True with probability keep.

        shape: of the mask: that of h, or of one row of it.
        """
        return self.rng.random(shape, dtype=np.float32) < self.keep

    def thin(self, h: Array) -> Array:
        """h with the mask that there is.

        h: of the mask's shape, or with an observation in each row.
        """
        return h * np.multiply(self.mask, 1 / self.keep if self.inverted else 1, dtype=h.dtype)

    def extra_repr(self) -> str:
        shown = f"keep={self.keep}"
        if not self.inverted:
            shown += ", inverted=False"
        if self.per != "batch":
            shown += f', per="{self.per}"'
        return shown


class FixedDropout(Dropout):
    """A Dropout whose mask is always the same, in training and in prediction: a layer of one
    thinned network.

    dropout: the Dropout whose options it takes over.
    mask: True for the neurons that stay, of shape (m,).
    """

    row_by_row = True

    def __init__(self, dropout: Dropout, mask: np.ndarray):
        super().__init__(keep=dropout.keep, inverted=dropout.inverted, rng=dropout.rng)
        self.mask = mask

    def forward(self, h: Array) -> Array:
        return self.thin(h)

    def extra_repr(self) -> str:
        return f"keep={self.keep}, mask={self.mask.astype(int).tolist()}"
