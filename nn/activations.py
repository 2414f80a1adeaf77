"""Activation functions as layers: h = a(s), entry by entry. Lecture, section 2.

Each is recorded as the one function that it is, so that its derivative ∂h/∂s is one factor of the
chain rule. s may have any shape, and h has the same; nothing is raised but what an activation says
itself.
"""

import numpy as np

import autograd_lite as ag
from nn.checks import whole
from nn.module import Module, works_row_by_row


class Activation(Module):
    """The base of activations. x of any shape gives h of the same shape."""


class Identity(Activation):
    """h = s."""

    row_by_row = True

    def forward(self, s):
        return s


class Sigmoid(Activation):
    """h = 1 / (1 + e^−s), between 0 and 1; h' = h (1 − h) ≤ 0.25. Lecture, sections 2 and 6."""

    row_by_row = True

    def forward(self, s):
        return ag.sigmoid(s)


class Tanh(Activation):
    """h = (e^s − e^−s) / (e^s + e^−s), between −1 and 1; h' = 1 − h². Lecture, section 2."""

    row_by_row = True

    def forward(self, s):
        return np.tanh(s)


class ReLU(Activation):
    """h = max(0, s); h' = 1 for s > 0, else 0 (at 0 too, as in PyTorch). Lecture, section 2."""

    row_by_row = True

    def forward(self, s):
        return ag.relu(s)


class LeakyReLU(Activation):
    """h = s for s > 0, else negative_slope · s. Maas et al. 2013."""

    row_by_row = True

    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, s):
        return ag.leaky_relu(s, self.negative_slope)

    def extra_repr(self):
        return f"negative_slope={self.negative_slope}"


class PReLU(Activation):
    """h = s for s > 0, else α s, where α is trained. He et al. 2015.

    num_parameters: 1, an α for all neurons, or their number, an α for each.
    .weight: α, of shape (num_parameters,), as PyTorch calls it. Raises ValueError for a number that
        is not whole and above 0.
    """

    row_by_row = True

    def __init__(self, num_parameters=1, init=0.25):
        self.weight = ag.Tensor(
            np.full(whole(num_parameters, "PReLU's num_parameters"), float(init)),
            requires_grad=True,
            name="alpha",
        )

    def forward(self, s):
        return ag.leaky_relu(s, self.weight)

    def extra_repr(self):
        return f"num_parameters={self.weight.size}"


class ELU(Activation):
    """h = s for s > 0, else α (e^s − 1). Lecture, sections 2 and 6; Clevert et al. 2015.

    learnable: whether α is trained with the weights (PyTorch's is not). Then .alpha is a tensor of
        one number.
    """

    row_by_row = True

    def __init__(self, alpha=1.0, learnable=False):
        self.alpha = (
            ag.Tensor(float(alpha), requires_grad=True, name="alpha") if learnable else float(alpha)
        )

    def forward(self, s):
        return ag.elu(s, self.alpha)

    def extra_repr(self):
        return (
            f"alpha={self.alpha.item():.4g}, learnable=True"
            if isinstance(self.alpha, ag.Tensor)
            else f"alpha={self.alpha}"
        )


class Softplus(Activation):
    """h = ln(1 + e^s), a smooth ReLU; h' is the sigmoid. (PyTorch's says h = s above 20; ours is
    exact.) Dugas et al. 2001.
    """

    row_by_row = True

    def forward(self, s):
        return ag.softplus(s)


class NormalCDF(Activation):
    """h = Φ(s), the distribution function of the standard normal: the output of a probit model.
    Lecture, section 2.
    """

    row_by_row = True

    def forward(self, s):
        return ag.normal_cdf(s)


class Softmax(Activation):
    """h = e^s / Σ e^s over an axis (PyTorch's dim), by default the last: the probabilities of the
    classes.

    For training, leave the network's output as it is and use `cross_entropy`, which takes logits
    and is stable. Bridle 1990.
    """

    def __init__(self, axis=-1):
        self.axis = axis

    def forward(self, s):
        return ag.softmax(s, axis=self.axis)


class LogSoftmax(Softmax):
    """h = ln softmax(s), what `nll_loss` takes."""

    def forward(self, s):
        return ag.log_softmax(s, axis=self.axis)


class Mixed(Activation):
    """Different activations within one layer: Mixed((ReLU(), 3), (Tanh(), 2)) is ReLU for 3
    neurons, tanh for the next 2.

    s: (…, m) with m the sum of the numbers; h has the same shape. Lecture, section 2.
    Raises TypeError for parts that are no pairs of a layer and a number, ValueError for an s of
    another width.
    """

    def __init__(self, *parts):
        for part in parts:
            if not (isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], Module)):
                raise TypeError(
                    "Mixed needs pairs of an activation and a number of neurons, (nn.ReLU(), 3), "
                    f"got {part!r}."
                )
        self.layers = [layer for layer, _ in parts]
        self.widths = [whole(width, "Mixed's number of neurons", least=0) for _, width in parts]

    @property
    def row_by_row(self):
        return all(map(works_row_by_row, self.layers))

    def forward(self, s):
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

    def __repr__(self):
        parts = ", ".join(
            f"({layer!r}, {width})" for layer, width in zip(self.layers, self.widths, strict=True)
        )
        return f"Mixed({parts})"
