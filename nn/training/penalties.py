"""Penalties and constraints on the weights, never on biases, τ or α. Lecture, section 5.

Each has a value, `penalty()`, which can be added to any loss, and a step, `penalty.step(lr)`, which
changes the weights after a step of the optimizer. `nn.fit` uses one of the two: the value of a
smooth penalty, which is added to the loss before it is differentiated; the step of any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_lite import Tensor
from nn.checks import not_negative
from nn.lecture.vectors import weights
from nn.module import Module, of_nn


class Penalty:
    """The base class of all penalties. A penalty of your own defines its value, `__call__`; and
    either it is smooth, or it defines `step`:

        >>> class Sixth(nn.Penalty):
        ...     smooth = True
        ...
        ...     def __call__(self):
        ...         return sum(np.sum(w**6) for w in self.weights)
        >>> model = nn.Linear(2, 1)
        >>> nn.unvec(model, [1.0, 2.0, 3.0])
        >>> Sixth(model)().item()  # 1 + 64; a bias is not penalized
        65.0

    model: its weight matrices are penalized.
    .weights: the list of them.
    .smooth: True if the gradient can do all the work, so that `step` does nothing.

    Raises ValueError for a model without weight matrices that are trained.
    """

    smooth: bool = False

    def __init__(self, model: Module):
        self.weights = weights(of_nn(model, type(self).__name__))
        if not self.weights:
            raise ValueError(
                f"{type(self).__name__} finds no weight matrix that is trained in the "
                f"{type(model).__name__}."
            )

    def __call__(self) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} has no value. Define __call__(self) in its class."
        )

    def step(self, lr: float) -> None:
        """Change the weights after a step of the optimizer.

        lr: the learning rate of that step.
        """


class Ridge(Penalty):
    """strength · Σ w². It is smooth: its gradient, 2 · strength · w, is added to that of the loss,
    and `step` does nothing. Lecture, section 5.

    model: its weight matrices are penalized.
    strength: 0 or more.

    Raises ValueError for a negative strength and for a model without weights.
    """

    smooth = True

    def __init__(self, model: Module, strength: float):
        super().__init__(model)
        self.strength = not_negative(strength, "Ridge needs a strength")

    def __call__(self) -> Any:
        return self.strength * sum(np.sum(np.square(w)) for w in self.weights)


class Lasso(Penalty):
    """strength · Σ |w|. Its `step`, w ← sign(w) · max(|w| − lr · strength, 0), makes the weights
    that matter least EXACTLY zero. Lecture, section 5; Parikh & Boyd 2014.

    model: its weight matrices are penalized.
    strength: 0 or more.

    After a step of plain gradient descent this is the exact proximal step. With momentum, Adam or
    RMSprop it is not, because there the steps differ from weight to weight: weights still become
    zero, but not the same ones as at the minimum. If you add the value to a loss instead, |w| is
    differentiated (0 at w = 0), and hardly any weight becomes exactly zero. Raises ValueError for a
    negative strength and for a model without weights.

        >>> model = nn.Linear(3, 1, bias=False)
        >>> nn.unvec(model, [0.5, -0.05, 2.0])
        >>> lasso = nn.Lasso(model, strength=1.0)
        >>> lasso().item()
        2.55
        >>> lasso.step(lr=0.1)
        >>> model.weight.data
        array([[0.4, 0. , 1.9]])
    """

    def __init__(self, model: Module, strength: float):
        super().__init__(model)
        self.strength = not_negative(strength, "Lasso needs a strength")

    def __call__(self) -> Any:
        return self.strength * sum(np.sum(np.abs(w)) for w in self.weights)

    def step(self, lr: float) -> None:
        threshold = lr * self.strength
        for w in self.weights:
            # + 0.0 makes 0 of −0
            w.data = np.sign(w.data) * np.maximum(np.abs(w.data) - threshold, 0) + 0.0


class MaxNorm(Penalty):
    """The constraint ‖w‖₂ ≤ c. Its value is 0; its `step` shrinks a w that is too long to the
    length c. Lecture, section 5; Srivastava et al. 2014.

    model: its weight matrices are bounded.
    c: the largest length allowed, above 0.
    per: what w is. "neuron": the weights into one neuron, each neuron by itself. "layer": all
        weights of one layer. "network": all weights together.

    Raises ValueError for another `per`, for a c that is not above 0 and for a model without
    weights.

        >>> model = nn.Linear(2, 2, bias=False)
        >>> model.weight.data = np.array([[3.0, 4.0], [0.3, 0.4]])  # of length 5 and 0.5
        >>> nn.MaxNorm(model, c=1.0).step(lr=0.1)
        >>> model.weight.data
        array([[0.6, 0.8],
               [0.3, 0.4]])
    """

    def __init__(self, model: Module, c: float, per: str = "neuron"):
        super().__init__(model)
        if not c > 0:
            raise ValueError(f"MaxNorm needs a positive bound, got c={c!r}.")
        if per not in ("neuron", "layer", "network"):
            raise ValueError(
                f'MaxNorm bounds the weights per="neuron", "layer" or "network", got {per!r}.'
            )
        self.c, self.per = float(c), per

    def __call__(self) -> Tensor:
        return Tensor(0.0)

    def step(self, lr: float) -> None:
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


def penalties(penalty: Penalty | Sequence[Penalty] | None) -> list[Penalty]:
    """A list of penalties, from None, one penalty, or a list of them.

    Raises TypeError for anything else.
    """
    found: list[Any] = (
        [] if penalty is None else list(penalty) if isinstance(penalty, list | tuple) else [penalty]
    )
    for one in found:
        if not isinstance(one, Penalty):
            raise TypeError(
                f"A penalty is made for a model, nn.Lasso(model, strength=0.01); got {one!r}."
            )
    return found
