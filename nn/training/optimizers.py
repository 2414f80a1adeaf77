"""Optimizers: how a gradient changes the parameters. Formulas, names and defaults are PyTorch's."""

import math

import numpy as np

from autograd_lite import Tensor
from nn.checks import not_negative
from nn.module import Module


class Optimizer:
    """What all have in common. `step()` subtracts from each parameter what the optimizer's `change`
    makes of its gradient.

    parameters: model.parameters(), or another list of tensors that require a gradient.
    lr: the learning rate α, at least 0, where 0 changes nothing; it may be assigned between steps.

    Raises TypeError for anything else than such tensors, ValueError for none, and for a learning
    rate that is negative or NaN.
    """

    def __init__(self, parameters, lr):
        if isinstance(parameters, Module | Tensor):
            raise TypeError(
                f"{type(self).__name__} needs a list of parameters, got a "
                f"{type(parameters).__name__}. "
                + ("Write model.parameters()." if isinstance(parameters, Module) else "Write [p].")
            )
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError(
                f"{type(self).__name__} got no parameters: nothing here has requires_grad=True."
            )
        for p in self.parameters:
            if not isinstance(p, Tensor) or p.function is not None or not p.requires_grad:
                raise TypeError(
                    f"{type(self).__name__} can change leaves with requires_grad=True only, got "
                    f"{p!r}. model.parameters() lists those of a model."
                )
        self.parameters = list(dict.fromkeys(self.parameters))  # each once
        self.lr = not_negative(lr, f"{type(self).__name__} needs a learning rate")
        # What is remembered of former steps, for each parameter.
        self.state = [{} for _ in self.parameters]

    def zero_grad(self):
        """Forget all gradients: without it, `backward()` adds the new ones to the old."""
        for p in self.parameters:
            p.grad = None

    def step(self):
        """Change all parameters that have a gradient."""
        for p, state in zip(self.parameters, self.state, strict=True):
            if p.grad is not None:
                w = p.data
                w -= self.change(w, p.grad, state)
                p.data = w

    def change(self, w, g, state):
        """What to subtract from the parameter w, whose gradient is g."""
        raise NotImplementedError(
            f"{type(self).__name__} does not say how it steps. Define change(self, w, g, state)."
        )


class SGD(Optimizer):
    """Gradient descent: w ← w − α ∇L. Whether GD, SGD or mini-batch is decided by the observations
    in L. Lecture, section 4.

    weight_decay λ: ∇L + λ w takes the place of ∇L.
    momentum μ, dampening τ: v ← μ v + (1 − τ) ∇L (at first ∇L itself), and w ← w − α v; with
    nesterov, w ← w − α (∇L + μ v). Raises ValueError for nesterov without momentum, or with
    dampening.
    """

    def __init__(self, parameters, lr, momentum=0, dampening=0, weight_decay=0, nesterov=False):
        super().__init__(parameters, lr)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                f"SGD needs a momentum and no dampening for nesterov, got {momentum=} and "
                f"{dampening=}."
            )
        self.momentum, self.dampening = momentum, dampening
        self.weight_decay, self.nesterov = weight_decay, nesterov

    def change(self, w, g, state):
        if type(g) is np.ndarray and not g.ndim:
            g = g[()]  # with a number NumPy is quicker than with the array of one
        if self.weight_decay:
            g = g + self.weight_decay * w
        if self.momentum:
            v = state["v"] = (
                self.momentum * state["v"] + (1 - self.dampening) * g if "v" in state else g.copy()
            )
            g = g + self.momentum * v if self.nesterov else v
        return self.lr * g


class RMSprop(Optimizer):
    """v ← α v + (1 − α) g², w ← w − lr · g / (√v + ε): a learning rate for each weight. Hinton
    2012.

    centered: √(v − ḡ²) takes the place of √v, where ḡ ← α ḡ + (1 − α) g: the variance of the
        gradient.
    momentum μ: b ← μ b + g / (√v + ε), w ← w − lr · b. weight_decay λ: g = ∇L + λ w.
    """

    def __init__(
        self, parameters, lr=0.01, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False
    ):
        super().__init__(parameters, lr)
        self.alpha, self.eps, self.weight_decay = alpha, eps, weight_decay
        self.momentum, self.centered = momentum, centered

    def change(self, w, g, state):
        if self.weight_decay:
            g = g + self.weight_decay * w
        v = _average(state, "v", self.alpha, g * g)
        if self.centered:
            v = v - _average(state, "mean", self.alpha, g) ** 2
        direction = g / (np.sqrt(v) + self.eps)
        if self.momentum:
            direction = state["b"] = self.momentum * state.get("b", 0.0) + direction
        return self.lr * direction


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − lr · m̂ / (√v̂ + ε). Kingma & Ba 2015.

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) undo that m and v begin at 0. weight_decay λ: g = ∇L +
    λ w.
    """

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0):
        super().__init__(parameters, lr)
        self.betas, self.eps, self.weight_decay = betas, eps, weight_decay

    def change(self, w, g, state):
        return self.adapted(g + self.weight_decay * w if self.weight_decay else g, state)

    def adapted(self, g, state):
        """lr · m̂ / (√v̂ + ε)"""
        beta1, beta2 = self.betas
        t = state["t"] = state.get("t", 0) + 1
        m = _average(state, "m", beta1, g)
        v = _average(state, "v", beta2, g * g)
        return self.lr / (1 - beta1**t) * m / (np.sqrt(v) / math.sqrt(1 - beta2**t) + self.eps)


class AdamW(Adam):
    """Adam whose weight decay λ does not pass through m and v: w ← w − lr λ w − lr · m̂ / (√v̂ +
    ε). Loshchilov & Hutter 2019.
    """

    def __init__(self, parameters, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(parameters, lr, betas, eps, weight_decay)

    def change(self, w, g, state):
        return self.lr * self.weight_decay * w + self.adapted(g, state)


def _average(state, name, beta, new):
    """The moving average state[name] ← β · state[name] + (1 − β) · new, which begins at 0."""
    state[name] = beta * state.get(name, 0.0) + (1 - beta) * new
    return state[name]
