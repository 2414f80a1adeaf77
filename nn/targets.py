"""Targets: a loss checks here that the target fits the prediction.

prediction: floating-point numbers, (n,) or (n, m).
target: of the same shape, or labels of shape (n,).
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from autograd_lite import Tensor
from nn.types import Array

_ARRAYS = (np.ndarray, Tensor)  # made once: losses ask at each step of training


def alike(prediction: Any, target: Any, name: str) -> tuple[Array, Array]:
    """Both as arrays of the same dtype, if they have the same shape. ValueError otherwise: other
    shapes would broadcast, to a wrong loss.

    name: of the loss, for its errors.
    """
    prediction, target = _floating(prediction), _array(target)
    if target.shape == prediction.shape:
        return prediction, _like(prediction, target)
    message = (
        f"{name} needs equal shapes, got prediction {prediction.shape} and target {target.shape}"
    )
    try:
        together = np.broadcast_shapes(prediction.shape, target.shape)
        message += (
            f": subtracting them would make a {together} "
            f"{'matrix' if len(together) == 2 else 'array'}."
        )
    except ValueError:
        message += "."
    if target.size == prediction.size:
        message += _reshape(prediction.shape)
    else:
        message += " Give one target for each prediction."
    raise ValueError(message)


def shares(prediction: Any, target: Any, name: str) -> tuple[Array, Array]:
    """The same for a target that says which share of an observation is of class 1: 0, 1 or a number
    between. ValueError for any other, as in PyTorch: with classes that are coded 1 and 2, or −1 and
    1, the loss would have no minimum.
    """
    prediction, target = alike(prediction, target, name)
    values = target.data if isinstance(target, Tensor) else target
    if values.size and not (values.min() >= 0 and values.max() <= 1):
        raise ValueError(
            f"{name} needs targets from 0 to 1, got targets from {values.min():.4g} to "
            f"{values.max():.4g}. Code the two classes as 0 and 1: (target == a), where a is the "
            "class whose probability is predicted."
        )
    return prediction, target


def classes(prediction: Any, target: Any, name: str) -> tuple[Array, Array]:
    """The prediction, (n, k), and the target as one-hot rows, (n, k). Labels, (n,), are turned into
    such rows.

    name: of the loss, for its errors.

    Raises ValueError if the shapes do not fit, and for a label that is not from 0 to k − 1.
    """
    prediction, target = _floating(prediction), _array(target)
    shape = prediction.shape
    if len(shape) == 0 or shape[-1] < 2:
        raise ValueError(
            f"{name} needs a column for each class, at least 2, got prediction {shape}. "
            f"For two classes and one output there is binary_cross_entropy."
        )
    if target.shape == shape:
        return prediction, _like(prediction, target)
    if target.shape != shape[:-1]:
        raise ValueError(
            f"{name} needs labels of shape {shape[:-1]} or one-hot rows of shape {shape} for "
            f"prediction {shape}, got target {target.shape}."
            + (_reshape(shape[:-1]) if target.size == math.prod(shape[:-1]) else "")
        )
    return prediction, one_hot(
        target.data if isinstance(target, Tensor) else target, shape[-1], prediction.dtype, name
    )


def _reshape(shape):
    """What to write. −1, not the number of rows: these may be those of a mini-batch."""
    call = f"reshape({', '.join(map(str, (-1, *shape[1:]))) if shape else '()'})"
    return f" Write target.{call}; of a pandas object, target.to_numpy().{call}."


def one_hot(labels, k, dtype, name):
    """Labels 0 … k − 1, (n,), as rows of zeros with a single 1, (n, k)."""
    if labels.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} needs labels that are numbers, from 0 to {k - 1}, got dtype {labels.dtype}. "
            f"np.unique(target, return_inverse=True)[1] numbers any labels from 0."
        )
    numbers = labels.dtype.kind in "iu"
    if labels.size and (
        labels.min() < 0 or labels.max() >= k or not (numbers or np.all(labels == np.floor(labels)))
    ):
        wrong = labels[(labels < 0) | (labels >= k) | (labels != np.floor(labels))]
        raise ValueError(
            f"{name} needs whole labels from 0 to {k - 1} for {k} columns, got {wrong[0]}. "
            f"np.unique(target, return_inverse=True)[1] numbers any labels from 0."
        )
    return _identity(k, np.dtype(dtype)).take(labels if numbers else labels.astype(np.intp), axis=0)


@cache
def _identity(k, dtype):
    return np.eye(k, dtype=dtype)


def _like(prediction, target):
    """The target in the prediction's dtype, so that float32 stays float32."""
    return target if target.dtype == prediction.dtype else target.astype(prediction.dtype)


def _floating(prediction):
    prediction = _array(prediction)
    return prediction if prediction.dtype.kind == "f" else prediction.astype(float)


def _array(values):
    return values if isinstance(values, _ARRAYS) else np.asarray(values)
