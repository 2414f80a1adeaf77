"""Penalties and constraints on the weights, never on biases, τ or α. Lecture, section 5.

Each has a value, `penalty()`, to be added to any loss, and `penalty.step(lr)`, what it does to the
weights after an optimizer's step. `nn.fit` uses the one or the other: a smooth penalty is added to
the loss that is differentiated, the others step.
"""

import numpy as np

from autograd_lite import Tensor
from nn.checks import not_negative
from nn.lecture.vectors import weights


class Penalty:
    """What all have in common: the weight matrices of the model, .weights, and whether the gradient
    can do it all, .smooth.
    """

    smooth = False

    def __init__(self, model):
        self.weights = weights(model)
        if not self.weights:
            raise ValueError(
                f"{type(self).__name__} finds no weight matrix that is trained in the "
                f"{type(model).__name__}."
            )

    def __call__(self):
        raise NotImplementedError(
            f"{type(self).__name__} has no value. Define __call__(self) in its class."
        )

    def step(self, lr):
        """Change the weights after an optimizer's step with the learning rate lr."""


class Ridge(Penalty):
    """strength · Σ w². Its gradient, 2 · strength · w, goes the way of the loss's; `step` does
    nothing.

    Raises ValueError for a negative strength and a model without weights.
    """

    smooth = True

    def __init__(self, model, strength):
        super().__init__(model)
        self.strength = not_negative(strength, "Ridge needs a strength")

    def __call__(self):
        return self.strength * sum(np.sum(np.square(w)) for w in self.weights)


class Lasso(Penalty):
    """strength · Σ |w|. `step` makes the least important weights EXACTLY zero: w ← sign(w) ·
    max(|w| − lr · strength, 0).

    After a step of plain gradient descent this is the exact proximal step (Parikh & Boyd 2014).
    With momentum, Adam or RMSprop, whose steps differ from weight to weight, it is not: weights
    still become zero, yet not those of the minimum. As a summand of a loss, |w| is differentiated,
    with 0 at 0, and hardly ever gives exact zeros. Raises ValueError for a negative strength and a
    model without weights.
    """

    def __init__(self, model, strength):
        super().__init__(model)
        self.strength = not_negative(strength, "Lasso needs a strength")

    def __call__(self):
        return self.strength * sum(np.sum(np.abs(w)) for w in self.weights)

    def step(self, lr):
        threshold = lr * self.strength
        for w in self.weights:
            # + 0.0 makes 0 of −0
            w.data = np.sign(w.data) * np.maximum(np.abs(w.data) - threshold, 0) + 0.0


class MaxNorm(Penalty):
    """The constraint ‖w‖₂ ≤ c. Its value is 0; `step` scales weights that are too long down to the
    length c.

    per: "neuron": w are the weights into each neuron (Srivastava et al. 2014); "layer": all weights
        of each layer; "network": all weights.
    Raises ValueError for another `per`, a c that is not positive and a model without weights.
    """

    def __init__(self, model, c, per="neuron"):
        super().__init__(model)
        if not c > 0:
            raise ValueError(f"MaxNorm needs a positive bound, got c={c!r}.")
        if per not in ("neuron", "layer", "network"):
            raise ValueError(
                f'MaxNorm bounds the weights per="neuron", "layer" or "network", got {per!r}.'
            )
        self.c, self.per = float(c), per

    def __call__(self):
        return Tensor(0.0)

    def step(self, lr):
        # Of each neuron: (out, in) → (out, 1).
        squares = [
            np.sum(w.data**2, axis=tuple(range(1, w.ndim)), keepdims=True) for w in self.weights
        ]
        if self.per != "neuron":
            squares = [np.sum(square) for square in squares]
        if self.per == "network":
            squares = [sum(squares)] * len(squares)
        for w, square in zip(self.weights, squares, strict=True):
            w.data *= self.c / np.maximum(np.sqrt(square), self.c)


def penalties(penalty):
    """None, a penalty or several, as a list."""
    found = (
        [] if penalty is None else list(penalty) if isinstance(penalty, list | tuple) else [penalty]
    )
    for one in found:
        if not isinstance(one, Penalty):
            raise TypeError(
                f"A penalty is made for a model, nn.Lasso(model, strength=0.01); got {one!r}."
            )
    return found
