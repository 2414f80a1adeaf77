"""Which likelihood a loss is: L = (1/n) Σ l_i, and l_i is minus the log-likelihood of observation
i, but for a scale. And the checks, where no standard error can be given.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

import autograd_lite as ag
from nn.lecture.vectors import weights
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    l1_loss,
    mse_loss,
    nll_loss,
)

BINARY = (binary_cross_entropy, binary_cross_entropy_with_logits)
CLASSES = (cross_entropy, nll_loss)
KNOWN = (*BINARY, *CLASSES, mse_loss)
SEPARATED = 1e-5  # a mean loss of classes that features tell apart without an error


def check_loss(loss: Any, prediction: Any, who: str) -> None:
    """Raise ValueError for a loss that is known to be no likelihood here."""
    inner = loss
    while isinstance(inner, partial):
        inner = inner.func
    if inner is not loss and inner in (*KNOWN, l1_loss):
        raise ValueError(f"{who} needs to know the loss: give nn.{inner.__name__} itself.")
    if loss is l1_loss:
        raise ValueError(
            f"{who} cannot take l1_loss: its second derivative is 0 wherever there is one, so that "
            "it says nothing of the precision of a median. Use mse_loss, or a bootstrap."
        )
    if loss is mse_loss and prediction.size != len(prediction):
        raise ValueError(
            f"{who} needs one output with mse_loss, got a prediction of shape {prediction.shape}. "
            "Fit each output by itself: the regressions are the same."
        )


def entries(loss: Any, prediction: Any) -> int:
    """Over how many l_i the loss is a mean: of a binary loss, over those of all columns."""
    return prediction.size if loss in BINARY else len(prediction)


def check_mean(loss: Any, prediction: Any, y: np.ndarray, who: str) -> None:
    """Raise ValueError for a loss of the user's own that is no mean over observations."""
    if loss in KNOWN:
        return
    n, half = len(y), len(y) // 2
    with ag.no_grad():
        whole = n * np.asarray(ag.Tensor(loss(prediction, y)).data)
        parts = [(half, slice(None, half)), (n - half, slice(half, None))] if half else []
        summed = sum(k * ag.Tensor(loss(prediction[rows], y[rows])).data for k, rows in parts)
    if half and not np.allclose(whole, summed, rtol=1e-6):
        raise ValueError(
            f"{who} takes a loss of one's own as the mean of the observations' minus "
            f"log-likelihoods, and {getattr(loss, '__name__', loss)} is no mean: n times the loss "
            f"of all {n} is {float(whole):.6g}, and that of two halves together {summed:.6g}."
        )


def check_no_hidden_layer(model: Any, prediction: Any, who: str) -> None:
    """Raise ValueError if the output of one weight matrix enters another one."""
    matrices, reached = set(weights(model)), set()
    for tensor in ag.ancestors(prediction):
        given = [t for t in _tensors(tensor.record.arguments) if t in matrices or t in reached]
        if len(given) == 1 and given[0] in matrices and _is_alone(tensor, given[0]):
            matrices.add(tensor)  # such as ωᵀ
        elif given:
            reached.add(tensor)
            if any(t in matrices for t in given) and len(given) > 1:
                raise ValueError(
                    f"{who}: standard errors are not identified in a network with hidden layers. "
                    "Its neurons can change places, and scale or sign, without a change of any "
                    "prediction, so no single weight is estimated. Use a network without hidden "
                    "layers; or bootstrap what is identified, the predictions."
                )


def _tensors(arguments):
    """The Tensors among the arguments of a recorded function, also those in lists."""
    found = []
    for argument in arguments:
        if isinstance(argument, list | tuple):
            found += _tensors(argument)
        elif isinstance(argument, ag.Tensor):
            found.append(argument)
    return found


def _is_alone(tensor, matrix):
    """Whether this is made of the matrix and nothing else that has entries."""
    return all(argument is matrix or np.ndim(argument) == 0 for argument in tensor.record.arguments)
