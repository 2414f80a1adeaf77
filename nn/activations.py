"""Activation functions as layers: h = a(s), entry by entry. Lecture, section 2.

Each is recorded as one function, so that its derivative ∂h/∂s is one factor of the chain rule. s
may have any shape, and h has the same shape. Nothing is raised, unless an activation says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_lite as ag
from nn.checks import whole
from nn.module import Module, works_row_by_row
from nn.types import Array


class Activation(Module):
    """The base class of all activations: s of any shape gives h of the same shape."""


class Identity(Activation):
    """h = s."""

    row_by_row = True

    def forward(self, s: Array) -> Array:
        return s


class Sigmoid(Activation):
    """h = 1 / (1 + e^−s), between 0 and 1; h' = h (1 − h) ≤ 0.25. Lecture, sections 2 and 6.

    For s of any size, without overflow.

        >>> nn.Sigmoid()(np.array([-2.0, 0.0, 2.0])).round(3)
        array([0.119, 0.5  , 0.881])
    """

    row_by_row = True

    def forward(self, s: Array) -> Array:
        return ag.sigmoid(s)


class Tanh(Activation):
    """h = (e^s − e^−s) / (e^s + e^−s), between −1 and 1; h' = 1 − h². Lecture, section 2."""

    row_by_row = True

    def forward(self, s: Array) -> Array:
        return np.tanh(s)


class ReLU(Activation):
    """h = max(0, s); h' = 1 for s > 0, else 0 (at s = 0 too, as in PyTorch). Lecture, section 2."""

    row_by_row = True

    def forward(self, s: Array) -> Array:
        return ag.relu(s)


class LeakyReLU(Activation):
    """h = s for s > 0, else negative_slope · s. Maas et al. 2013.

    negative_slope: a number; it is not trained.
    """

    row_by_row = True

    def __init__(self, negative_slope: float = 0.01):
        self.negative_slope = negative_slope

    def forward(self, s: Array) -> Array:
        return ag.leaky_relu(s, self.negative_slope)

    def extra_repr(self) -> str:
        return f"negative_slope={self.negative_slope}"


class PReLU(Activation):
    """h = s for s > 0, else α s, where α is trained. He et al. 2015.

    num_parameters: 1 for one α that all neurons share, or the number of neurons for an α each.
    init: the α to begin with.
    .weight: α, of shape (num_parameters,); the name is PyTorch's.

    Raises ValueError if num_parameters is not a whole number above 0.
    """

    row_by_row = True

    def __init__(self, num_parameters: int = 1, init: float = 0.25):
        self.weight = ag.Tensor(
            np.full(whole(num_parameters, "PReLU's num_parameters"), float(init)),
            requires_grad=True,
            name="alpha",
        )

    def forward(self, s: Array) -> Array:
        return ag.leaky_relu(s, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.weight.size}"


class ELU(Activation):
    """h = s for s > 0, else α (e^s − 1). Lecture, sections 2 and 6; Clevert et al. 2015.

    alpha: α, or the α to begin with.
    learnable: True: α is trained together with the weights (PyTorch has no such option).
    .alpha: α, a number; if it is learnable, a tensor of one number.
    """

    row_by_row = True

    def __init__(self, alpha: float = 1.0, learnable: bool = False):
        self.alpha: ag.Tensor | Any = (  # or a float: Any spares everybody the question
            ag.Tensor(float(alpha), requires_grad=True, name="alpha") if learnable else float(alpha)
        )

    def forward(self, s: Array) -> Array:
        return ag.elu(s, self.alpha)

    def extra_repr(self) -> str:
        return (
            f"alpha={self.alpha.item():.4g}, learnable=True"
            if isinstance(self.alpha, ag.Tensor)
            else f"alpha={self.alpha}"
        )


class Softplus(Activation):
    """h = ln(1 + e^s), a smooth ReLU; h' is the sigmoid of s. Dugas et al. 2001.

    PyTorch takes h = s where s > 20; here the formula holds everywhere.
    """

    row_by_row = True

    def forward(self, s: Array) -> Array:
        return ag.softplus(s)


class NormalCDF(Activation):
    """h = Φ(s), the distribution function of the standard normal distribution: the output of a
    probit model. Lecture, section 2.
    """

    row_by_row = True

    def forward(self, s: Array) -> Array:
        return ag.normal_cdf(s)


class Softmax(Activation):
    """h = e^s / Σ e^s: positive numbers that sum to 1, the probabilities of the classes. Bridle
    1990.

    axis: the axis of the classes, over which the sum is taken. (PyTorch calls it dim.)

    For training, let the network end without it and use the loss `cross_entropy`, which takes the
    softmax itself and cannot overflow.

        >>> nn.Softmax()(np.array([[0.0, np.log(3.0)]])).round(4)
        array([[0.25, 0.75]])
    """

    def __init__(self, axis: int = -1):
        self.axis = axis

    def forward(self, s: Array) -> Array:
        return ag.softmax(s, axis=self.axis)


class LogSoftmax(Softmax):
    """h = ln softmax(s), the log-probabilities that `nll_loss` takes.

    axis: as for `Softmax`.
    """

    def forward(self, s: Array) -> Array:
        return ag.log_softmax(s, axis=self.axis)


class Mixed(Activation):
    """Different activations within one layer. Lecture, section 2.

    parts: pairs of an activation and a number of neurons: Mixed((nn.ReLU(), 3), (nn.Tanh(), 2)) is
        ReLU for the first 3 neurons, tanh for the next 2.

    s: (…, m), where m is the sum of these numbers.

    Raises TypeError for a part that is not such a pair, ValueError for an s of another width.

        >>> mixed = nn.Mixed((nn.ReLU(), 1), (nn.Identity(), 2))
        >>> mixed(np.array([-1.0, -2.0, -3.0]))
        array([ 0., -2., -3.])
    """

    def __init__(self, *parts: tuple[Module, int]):
        for part in parts:
            if not (isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], Module)):
                raise TypeError(
                    "Mixed needs pairs of an activation and a number of neurons, (nn.ReLU(), 3), "
                    f"got {part!r}."
                )
        self.layers: list[Any] = [layer for layer, _ in parts]
        self.widths = [whole(width, "Mixed's number of neurons", least=0) for _, width in parts]

    @property
    def row_by_row(self) -> bool:
        return all(map(works_row_by_row, self.layers))

    def forward(self, s: Array) -> Array:
        if s.shape[-1] != sum(self.widths):
            raise ValueError(
                f"Mixed has activations for {' + '.join(map(str, self.widths))} = "
                f"{sum(self.widths)} neurons, got an s of shape {s.shape} with {s.shape[-1]}. Let "
                "the numbers add up to the width of the layer before."
            )
        ends = np.cumsum(self.widths)
        parts = [
            layer(s[..., end - width : end])  # (…, width)
            for layer, width, end in zip(self.layers, self.widths, ends, strict=True)
        ]
        return np.concatenate(parts, axis=-1)  # (…, m)

    def __repr__(self) -> str:
        parts = ", ".join(
            f"({layer!r}, {width})" for layer, width in zip(self.layers, self.widths, strict=True)
        )
        return f"Mixed({parts})"
