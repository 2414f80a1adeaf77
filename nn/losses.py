"""Losses. Each is the lecture's l_i, a function of the output and the target with its derivative,
and a reduction.

reduction: "mean" (the default) gives L = (1/n) Σ l_i, "sum" gives Σ l_i, "none" the l_i themselves.
As in PyTorch, the mean is over all entries if the output has several columns. Lecture, sections 2
and 4. What a target must be is said in `targets.py`.
"""

import math

import numpy as np

from autograd_lite import Tensor, differentiable, log_softmax, sigmoid
from nn.targets import alike, classes


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
    """l = −Σ y_k ln p_k over the classes k; those that did not occur, y_k = 0, add nothing, even
    with ln p_k = −∞
    """
    return -np.vecdot(y, np.where(y, log_p, 0))  # (n, k), (n, k) → (n,)


def mean_over_rows(loss):
    """Have a loss promise that it is the mean of the losses of its rows, L = (1/n) Σ l_i, so that
    `observation_gradients` may take one pass for all observations.
    """
    loss.mean_over_rows = True
    return loss


@mean_over_rows
def mse_loss(prediction, target, reduction="mean"):
    """Squared error, l = (prediction − target)². Lecture, section 2 (a continuous target).

    prediction, target: the same shape, (n,) or (n, m); shapes that differ raise ValueError.
    """
    return _reduce(squared_error(*alike(prediction, target, "mse_loss")), reduction)


@mean_over_rows
def l1_loss(prediction, target, reduction="mean"):
    """Absolute error, l = |prediction − target|; its derivative at 0 is taken as 0, as in PyTorch.

    prediction, target: the same shape, (n,) or (n, m); shapes that differ raise ValueError.
    """
    return _reduce(absolute_error(*alike(prediction, target, "l1_loss")), reduction)


@mean_over_rows
def binary_cross_entropy(prediction, target, reduction="mean"):
    """Minus the log-likelihood of two classes, l = −y ln o − (1 − y) ln(1 − o). Lecture, sections 2
    and 8.

    prediction: probabilities o = P(y = 1), (n,) or (n, m). target: y, 0 or 1 (or between), of the
        same shape.
    As in PyTorch, logarithms are bounded below by −100, so that probabilities of exactly 0 and 1
    have a loss and a gradient. Raises ValueError for shapes that differ and for predictions outside
    of [0, 1].
    """
    o, y = alike(prediction, target, "binary_cross_entropy")
    values = o.data if isinstance(o, Tensor) else o
    if values.size and (values.min() < 0 or values.max() > 1):
        raise ValueError(
            f"binary_cross_entropy needs probabilities, got predictions from {values.min():.4g} to "
            f"{values.max():.4g}. End the network with a Sigmoid, or use "
            "binary_cross_entropy_with_logits."
        )
    return _reduce(log_loss(o, y), reduction)


@mean_over_rows
def binary_cross_entropy_with_logits(prediction, target, reduction="mean"):
    """binary_cross_entropy of σ(prediction), stable for logits of any size; its derivative is σ(q)
    − y.

    prediction: logits q, the output before the sigmoid, (n,) or (n, m). target: 0 or 1 (or
        between), of the same shape.
    Shapes that differ raise ValueError.
    """
    return _reduce(
        log_loss_of_logits(*alike(prediction, target, "binary_cross_entropy_with_logits")),
        reduction,
    )


@mean_over_rows
def cross_entropy(prediction, target, reduction="mean"):
    """Minus the log-likelihood of several classes, l_i = −ln softmax(prediction_i)[target_i].

    prediction: logits, (n, k) for k ≥ 2 classes, which are the last axis (in PyTorch the second).
    target: labels 0, …, k − 1 of shape (n,), or one-hot rows (or probabilities) of shape (n, k).
    The mean is over the n observations. Raises ValueError for shapes that do not fit and labels
    that are none.
    """
    q, y = classes(prediction, target, "cross_entropy")
    return _reduce(negative_log_likelihood(log_softmax(q), y), reduction)


@mean_over_rows
def nll_loss(prediction, target, reduction="mean"):
    """Minus the log-likelihood, l_i = −prediction_i[target_i], of log-probabilities, as LogSoftmax
    gives them.

    prediction: (n, k); target: labels of shape (n,) or one-hot rows, and errors, as for
        `cross_entropy`.
    """
    return _reduce(negative_log_likelihood(*classes(prediction, target, "nll_loss")), reduction)


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
