"""Dropout: a thinned network for every mini-batch. Lecture, section 5; Srivastava et al. 2014."""

import numpy as np

from nn.module import Module


class Dropout(Module):
    """Each neuron stays with probability `keep`, the lecture's p, and is excluded otherwise: h* = h
    · mask.

    keep: in (0, 1], given by its name: PyTorch's number is the probability 1 − keep to be excluded.
    inverted: True: training gives h · mask / keep, prediction h. False, the original form: training
        gives h · mask, prediction h · keep. What is scaled is the weights OUT of the neurons;
        biases are not.
    per: "batch": one thinned network serves the whole mini-batch, as in the lecture; "observation":
        each observation has its own, as in PyTorch.
    .mask: the mask that was drawn last, True for the neurons that stay, (m,) or (n, m); None before
        the first.

    h: (n, m). If no neuron stays, only the bias goes on to the next layer. Raises TypeError for a
    positional number, ValueError for a keep outside of (0, 1] and an unknown `per`.
    """

    mask = None
    row_by_row = True

    def __init__(self, *positional, keep=None, inverted=True, per="batch", rng=None):
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

    def forward(self, h):
        if self.training:
            self.mask = self.draw(h.shape if self.per == "observation" else h.shape[-1:])
            return self.thin(h)
        return h if self.inverted else h * self.keep

    def draw(self, shape):
        return self.rng.random(shape, dtype=np.float32) < self.keep

    def thin(self, h):
        return h * np.multiply(self.mask, 1 / self.keep if self.inverted else 1, dtype=h.dtype)

    def extra_repr(self):
        shown = f"keep={self.keep}"
        if not self.inverted:
            shown += ", inverted=False"
        if self.per != "batch":
            shown += f', per="{self.per}"'
        return shown


class FixedDropout(Dropout):
    """A Dropout with its mask fixed for good, in training and prediction alike: a layer of one
    thinned network.
    """

    row_by_row = True

    def __init__(self, dropout, mask):
        super().__init__(keep=dropout.keep, inverted=dropout.inverted, rng=dropout.rng)
        self.mask = mask

    def forward(self, h):
        return self.thin(h)

    def extra_repr(self):
        return f"keep={self.keep}, mask={self.mask.astype(int).tolist()}"
