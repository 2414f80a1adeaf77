"""Optimizers: how a gradient changes the parameters. Formulas, names and defaults are PyTorch's."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from autograd_lite import Tensor
from nn.checks import not_negative
from nn.module import Module

F = TypeVar("F", bound=Callable[..., Any])
BLOCK = 32768  # so many numbers are changed at once: more would not stay in the processor's cache


def entrywise(change: F) -> F:
    """Mark a `change` that goes entry by entry: what it returns and remembers for an entry of w
    depends on this entry of w, of g and of the arrays in `state`, and on numbers. A large parameter
    is then changed block by block, and w, g and these arrays are given as vectors.

    The mark belongs to this function: whoever defines `change` anew says it anew.
    """
    change.entrywise = True  # pyright: ignore[reportFunctionMemberAccess]
    return change


class Optimizer:
    """The base class of all optimizers. An optimizer of your own defines `change`, what to subtract
    from a parameter:

        >>> class SignDescent(nn.Optimizer):
        ...     def change(self, w, g, state):
        ...         return self.lr * np.sign(g)
        >>> w = ag.Tensor([1.0, -2.0], requires_grad=True)
        >>> optimizer = SignDescent([w], lr=0.5)
        >>> np.sum(w * w).backward()
        >>> optimizer.step()
        >>> w.data
        array([ 0.5, -1.5])

    parameters: model.parameters(), or another list of tensors with requires_grad=True.
    lr: the learning rate α, 0 or more. With 0 nothing changes.
    .lr: the same; assign to it to change the learning rate between two steps.

    Raises TypeError for anything but such tensors; ValueError for an empty list, and for a learning
    rate that is negative or NaN.
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float):
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
                    f"{type(self).__name__} can change only leaves with requires_grad=True, got "
                    f"{p!r}. A leaf is a tensor that was given, not computed; model.parameters() "
                    "lists those of a model."
                )
        self.parameters = list(dict.fromkeys(self.parameters))  # each once
        self.lr = not_negative(lr, f"{type(self).__name__} needs a learning rate")
        # What is remembered of former steps, for each parameter.
        self.state: list[dict[str, Any]] = [{} for _ in self.parameters]

    def zero_grad(self) -> None:
        """Set the gradients of all parameters to None. Otherwise `backward()` adds the new
        gradients to the old ones.
        """
        for p in self.parameters:
            p.grad = None

    def step(self) -> None:
        """Change each parameter that has a gradient."""
        for p, state in zip(self.parameters, self.state, strict=True):
            if p.grad is not None:
                w = p.data
                if w.size > BLOCK:
                    descend(self, w, p.grad, state)
                else:  # the same without a question more
                    w -= self.change(w, p.grad, state)
                p.data = w

    def change(self, w: np.ndarray, g: np.ndarray, state: dict[str, Any]) -> np.ndarray:
        """What `step` subtracts from a parameter.

        w: the parameter.
        g: its gradient, of the same shape.
        state: what is remembered from step to step for this parameter; empty at first. Its arrays
            may be changed in place.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not say how it steps. Define change(self, w, g, state)."
        )


class SGD(Optimizer):
    """Gradient descent: w ← w − α ∇L. Lecture, section 4.

    The observations in L make it GD (all), SGD (one) or mini-batch gradient descent (some).

    parameters: model.parameters().
    lr: the learning rate α.
    momentum: μ. With it, v ← μ v + (1 − τ) ∇L and w ← w − α v, where the first v is ∇L.
    dampening: τ.
    weight_decay: λ. ∇L + λ w takes the place of ∇L.
    nesterov: True: w ← w − α (∇L + μ v).

    Raises ValueError for nesterov without momentum or with dampening.

        >>> w = ag.Tensor(1.0, requires_grad=True)
        >>> optimizer = nn.SGD([w], lr=0.1)
        >>> (w * w).backward()  # ∂(w²)/∂w = 2 w = 2
        >>> optimizer.step()
        >>> w.item()  # 1 − 0.1 · 2
        0.8
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
    ):
        super().__init__(parameters, lr)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                f"SGD needs a momentum and no dampening for nesterov, got {momentum=} and "
                f"{dampening=}."
            )
        self.momentum, self.dampening = momentum, dampening
        self.weight_decay, self.nesterov = weight_decay, nesterov

    @entrywise
    def change(self, w: np.ndarray, g: np.ndarray, state: dict[str, Any]) -> np.ndarray:
        if type(g) is np.ndarray and not g.ndim:
            g = g[()]  # NumPy is quicker with a number than with an array of one number
        if self.weight_decay:
            g = g + self.weight_decay * w
        if self.momentum:
            if "v" in state:
                v = _decayed(state, "v", self.momentum, (1 - self.dampening) * g)
            else:
                v = state["v"] = g.copy()
            g = g + self.momentum * v if self.nesterov else v
        return self.lr * g


class RMSprop(Optimizer):
    """v ← α v + (1 − α) g² and w ← w − lr · g / (√v + ε), where g = ∇L: in effect a learning rate
    for each weight. Hinton 2012.

    parameters: model.parameters().
    lr: the learning rate.
    alpha: α.
    eps: ε.
    weight_decay: λ. Then g = ∇L + λ w.
    momentum: μ. Then b ← μ b + g / (√v + ε) and w ← w − lr · b.
    centered: True: √(v − ḡ²) takes the place of √v, where ḡ ← α ḡ + (1 − α) g; v − ḡ² is the
        variance of the gradient.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
    ):
        super().__init__(parameters, lr)
        self.alpha, self.eps, self.weight_decay = alpha, eps, weight_decay
        self.momentum, self.centered = momentum, centered

    @entrywise
    def change(self, w: np.ndarray, g: np.ndarray, state: dict[str, Any]) -> np.ndarray:
        if self.weight_decay:
            g = g + self.weight_decay * w
        v = _average(state, "v", self.alpha, g * g)
        if self.centered:
            mean = _average(state, "mean", self.alpha, g)
            v = v - mean * mean
        direction = g / (np.sqrt(v) + self.eps)
        if self.momentum:
            direction = _decayed(state, "b", self.momentum, direction)
        return self.lr * direction


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − lr · m̂ / (√v̂ + ε), where g = ∇L.
    Kingma & Ba 2015.

    In step t, m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ); this makes up for m and v beginning at 0.

    parameters: model.parameters().
    lr: the learning rate.
    betas: (β₁, β₂).
    eps: ε.
    weight_decay: λ. Then g = ∇L + λ w.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
    ):
        super().__init__(parameters, lr)
        self.betas, self.eps, self.weight_decay = betas, eps, weight_decay

    @entrywise
    def change(self, w: np.ndarray, g: np.ndarray, state: dict[str, Any]) -> np.ndarray:
        return _adapted(self, g + self.weight_decay * w if self.weight_decay else g, state)


class AdamW(Adam):
    """Adam with another weight decay λ, outside of m and v: w ← w − lr λ w − lr · m̂ / (√v̂ + ε).
    Loshchilov & Hutter 2019.

    parameters: model.parameters().
    lr: the learning rate.
    betas: (β₁, β₂).
    eps: ε.
    weight_decay: λ.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ):
        super().__init__(parameters, lr, betas, eps, weight_decay)

    @entrywise
    def change(self, w: np.ndarray, g: np.ndarray, state: dict[str, Any]) -> np.ndarray:
        return self.lr * self.weight_decay * w + _adapted(self, g, state)


def _adapted(adam, g, state):
    """lr · m̂ / (√v̂ + ε). (No method: a class that defined it anew would inherit a mark that is no
    longer true.)
    """
    beta1, beta2 = adam.betas
    t = state["t"] = state.get("t", 0) + 1
    m = _average(state, "m", beta1, g)
    v = _average(state, "v", beta2, g * g)
    return adam.lr / (1 - beta1**t) * m / (np.sqrt(v) / math.sqrt(1 - beta2**t) + adam.eps)


def _average(state, name, beta, new):
    """The moving average state[name] ← β · state[name] + (1 − β) · new, which begins at 0."""
    return _decayed(state, name, beta, (1 - beta) * new)


def _decayed(state, name, beta, new):
    """state[name] ← β · state[name] + new, which begins at 0: in place, unless that would change
    the dtype of a number.
    """
    old = state.get(name, 0.0)
    alike = type(old) is np.ndarray and (old.shape, old.dtype) == (new.shape, new.dtype)
    if alike and isinstance(beta, int | float) and not isinstance(beta, np.generic):
        old *= beta
        old += new
        return old
    state[name] = beta * old + new
    return state[name]


# Block by block.


def descend(
    optimizer: Optimizer, w: np.ndarray, g: np.ndarray, state: dict[str, Any]
) -> np.ndarray:
    """w ← w − change(w, g, state), in place, but of a number; a large w block by block."""
    if w.size > BLOCK and in_blocks(optimizer, w, g):
        change_blocks(optimizer, w, g, state)
    else:
        w -= optimizer.change(w, g, state)
    return w


def in_blocks(optimizer: Optimizer, w: np.ndarray, g: np.ndarray) -> bool:
    """Whether a parameter may be changed block by block: where `change` is marked `entrywise`, and
    what it reads of the optimizer itself are numbers.
    """
    return (
        getattr(optimizer.change, "entrywise", False)
        and w.flags.c_contiguous
        and g.flags.c_contiguous
        and not any(isinstance(value, np.ndarray) for value in vars(optimizer).values())
    )


def change_blocks(
    optimizer: Optimizer, w: np.ndarray, g: np.ndarray, state: dict[str, Any]
) -> None:
    """w ← w − change(w, g, state), block by block."""
    flat = {key: v.reshape(-1) if isinstance(v, np.ndarray) else v for key, v in state.items()}
    w_flat, g_flat, remembered = w.reshape(-1), g.reshape(-1), []
    for start in range(0, w.size, BLOCK):
        cut = slice(start, start + BLOCK)
        part = {key: v[cut] if isinstance(v, np.ndarray) else v for key, v in flat.items()}
        w_flat[cut] -= optimizer.change(w_flat[cut], g_flat[cut], part)
        remembered.append(part)
    for key, value in remembered[0].items():
        if not isinstance(value, np.ndarray):
            state[key] = value
        elif key not in flat or not np.may_share_memory(value, flat[key]):  # arrays of its own
            state[key] = np.concatenate([part[key] for part in remembered]).reshape(w.shape)
