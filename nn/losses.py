"""Losses. Each is the lecture's l_i, the loss of one observation, as a function with its
derivative; then the l_i are reduced to one number. Lecture, sections 2 and 4.

reduction: "mean" (the default) gives L = (1/n) Σ l_i; "sum" gives Σ l_i; "none" gives the l_i.

If the output has several columns, the mean is over all entries, as in PyTorch. A loss is a Tensor;
if prediction and target are plain arrays, it is a plain number. How a target is checked is in
`targets.py`.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from autograd_lite import Tensor, differentiable, log_softmax, sigmoid
from nn.targets import alike, classes, shares
from nn.types import ArrayLike

F = TypeVar("F", bound=Any)  # a function, which may be given attributes


@differentiable(
    lambda g, l, o, y: 2 * g * (o - y),
    lambda g, l, o, y: 2 * g * (y - o),
)
def squared_error(o, y):
    """l = (o − y)²"""
    return np.square(o - y)


@differentiable(
    lambda g, l, o, y: g * np.sign(o - y),
    lambda g, l, o, y: g * np.sign(y - o),
)
def absolute_error(o, y):
    """l = |o − y|"""
    return np.abs(o - y)


@differentiable(
    lambda g, l, o, y: g * (o - y) / np.maximum(o * (1 - o), _FLOOR),
    lambda g, l, o, y: g * (_log(1 - o) - _log(o)),
)
def log_loss(o, y):
    """l = −y ln o − (1 − y) ln(1 − o)"""
    return -(y * _log(o) + (1 - y) * _log(1 - o))


@differentiable(
    lambda g, l, q, y: g * (sigmoid(q) - y),
    lambda g, l, q, y: -g * q,
)
def log_loss_of_logits(q, y):
    """l = −y ln σ(q) − (1 − y) ln(1 − σ(q)) = max(q, 0) − q y + ln(1 + e^−|q|), which never
    overflows
    """
    return np.maximum(q, 0) - q * y + np.log1p(np.exp(-np.abs(q)))


@differentiable(
    lambda g, l, log_p, y: -g[..., None] * y,  # (n, 1) · (n, k)
    lambda g, l, log_p, y: -g[..., None] * log_p,
)
def negative_log_likelihood(log_p, y):
    """l = −Σ y_k ln p_k over the classes k. A class with y_k = 0 adds 0, even if ln p_k = −∞."""
    return -np.vecdot(y, np.where(y, log_p, 0))  # (n, k), (n, k) → (n,)


def mean_over_rows(loss: F) -> F:
    """Mark a loss that is the mean of the losses of its rows, L = (1/n) Σ l_i. Then
    `observation_gradients` needs one backward pass for all observations together.
    """
    loss.mean_over_rows = True
    return loss


@mean_over_rows
def mse_loss(prediction: ArrayLike, target: ArrayLike, reduction: str = "mean") -> Tensor:
    """Squared error, l = (prediction − target)². Lecture, section 2 (a continuous target).

    prediction: (n,) or (n, m).
    target: of the same shape.
    reduction: "mean", "sum" or "none".

    Raises ValueError if the shapes differ.

        >>> prediction = ag.Tensor([1.0, 2.0], requires_grad=True)
        >>> loss = nn.mse_loss(prediction, [1.0, 4.0])
        >>> loss.item()  # (0² + 2²) / 2
        2.0
        >>> loss.backward()
        >>> prediction.grad  # 2 (prediction − target) / n
        array([ 0., -2.])
    """
    return _reduce(squared_error(*alike(prediction, target, "mse_loss")), reduction)


@mean_over_rows
def l1_loss(prediction: ArrayLike, target: ArrayLike, reduction: str = "mean") -> Tensor:
    """Absolute error, l = |prediction − target|. Its derivative at 0 is taken as 0, as in PyTorch.

    prediction: (n,) or (n, m).
    target: of the same shape.
    reduction: "mean", "sum" or "none".

    Raises ValueError if the shapes differ.

        >>> nn.l1_loss(ag.Tensor([1.0, 2.0]), [1.0, 4.0]).item()  # (0 + 2) / 2
        1.0
    """
    return _reduce(absolute_error(*alike(prediction, target, "l1_loss")), reduction)


@mean_over_rows
def binary_cross_entropy(
    prediction: ArrayLike, target: ArrayLike, reduction: str = "mean"
) -> Tensor:
    """Minus the log-likelihood of two classes, l = −y ln o − (1 − y) ln(1 − o). Lecture, sections 2
    and 8.

    prediction: o, the probability of y = 1, (n,) or (n, m): the output of a Sigmoid.
    target: y, which is 0, 1 or a number between, of the same shape.
    reduction: "mean", "sum" or "none".

    A logarithm below −100 counts as −100, as in PyTorch, so that a probability of exactly 0 or 1
    has a finite loss and gradient. Raises ValueError if the shapes differ, and for a prediction or
    a target that is not between 0 and 1.

        >>> nn.binary_cross_entropy(ag.Tensor([0.9, 0.5]), [1, 0], reduction="none").data.round(4)
        array([0.1054, 0.6931])
    """
    o, y = shares(prediction, target, "binary_cross_entropy")
    values = o.data if isinstance(o, Tensor) else o
    if values.size and (values.min() < 0 or values.max() > 1):
        raise ValueError(
            f"binary_cross_entropy needs probabilities, got predictions from {values.min():.4g} to "
            f"{values.max():.4g}. End the network with a Sigmoid, or use "
            "binary_cross_entropy_with_logits."
        )
    return _reduce(log_loss(o, y), reduction)


@mean_over_rows
def binary_cross_entropy_with_logits(
    prediction: ArrayLike, target: ArrayLike, reduction: str = "mean"
) -> Tensor:
    """The same as binary_cross_entropy(σ(q), y), but exact for q of any size. Its derivative by q
    is σ(q) − y.

    prediction: the logits q, (n,) or (n, m): the output of a network without a Sigmoid at its end.
    target: y, which is 0, 1 or a number between, of the same shape.
    reduction: "mean", "sum" or "none".

    Raises ValueError if the shapes differ, and for a target that is not between 0 and 1.

        >>> logit = ag.Tensor([-800.0], requires_grad=True)  # σ(−800) is 0 as a float
        >>> loss = nn.binary_cross_entropy_with_logits(logit, [1])
        >>> loss.backward()
        >>> loss.item(), logit.grad  # −ln σ(−800) = 800, and σ(−800) − 1
        (800.0, array([-1.]))
    """
    return _reduce(
        log_loss_of_logits(*shares(prediction, target, "binary_cross_entropy_with_logits")),
        reduction,
    )


@mean_over_rows
def cross_entropy(prediction: ArrayLike, target: ArrayLike, reduction: str = "mean") -> Tensor:
    """Minus the log-likelihood of several classes, l_i = −ln softmax(prediction_i)[target_i].

    prediction: the logits, (n, k) for k ≥ 2 classes: the output of a network without a Softmax at
        its end. The classes are the last axis; in PyTorch, the second.
    target: labels, whole numbers from 0 to k − 1, of shape (n,). Or one-hot rows, or probabilities,
        of shape (n, k).
    reduction: "mean", over the n observations; "sum" or "none".

    Raises ValueError if the shapes do not fit, and for a label that is not from 0 to k − 1.

        >>> logits = ag.Tensor([[2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])  # 2 observations, 3 classes
        >>> nn.cross_entropy(logits, [0, 2], reduction="none").data.round(4)
        array([0.2395, 1.0986])
    """
    q, y = classes(prediction, target, "cross_entropy")
    return _reduce(negative_log_likelihood(log_softmax(q), y), reduction)


@mean_over_rows
def nll_loss(prediction: ArrayLike, target: ArrayLike, reduction: str = "mean") -> Tensor:
    """Minus the log-likelihood of several classes, l_i = −prediction_i[target_i].

    prediction: log-probabilities, (n, k): the output of LogSoftmax.
    target: labels of shape (n,), or one-hot rows of shape (n, k), as for `cross_entropy`.
    reduction: "mean", over the n observations; "sum" or "none".

    Raises ValueError as `cross_entropy` does.

        >>> log_p = np.log([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6]])  # 2 observations, 3 classes
        >>> nn.nll_loss(ag.Tensor(log_p), [0, 2], reduction="none").data  # −ln 0.5, −ln 0.6
        array([0.69314718, 0.51082562])
    """
    return _reduce(negative_log_likelihood(*classes(prediction, target, "nll_loss")), reduction)


def checked_loss(loss: F, who: str) -> F:
    """The loss, if it can be one: a function. TypeError otherwise, which says what to do.

    who: the name of the function, for its error.
    """
    makers = (loss, *type(loss).__mro__)
    home = {str(getattr(maker, "__module__", "")).split(".")[0] for maker in makers}
    if callable(loss) and not isinstance(loss, type) and "torch" not in home:
        return loss
    raise TypeError(
        f"{who} needs a loss, a function of prediction and target such as nn.mse_loss, got "
        + (f"the class {loss.__name__}." if isinstance(loss, type) else f"{loss!r:.60}.")
        + (
            " PyTorch's do not know nn's Tensors; nn has those of the same names in "
            "torch.nn.functional."
            if "torch" in home
            else ""
        )
    )


_REDUCTIONS = {
    "mean": lambda losses: losses.mean(),
    "sum": lambda losses: losses.sum(),
    "none": lambda losses: losses,
}
_TINY = math.exp(-100)
_FLOOR = float(np.float32(1e-12))  # PyTorch's number, which it holds in float32


def _reduce(losses, reduction):
    if reduction not in _REDUCTIONS:
        raise ValueError(f'reduction is "mean", "sum" or "none", got {reduction!r}.')
    return _REDUCTIONS[reduction](losses)


def _log(p):
    return np.log(np.maximum(p, _TINY))
