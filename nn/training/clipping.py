"""Clipping: gradients that explode are cut to size, in place, between `backward()` and `step()`.
Lecture, section 6.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from autograd_lite import Tensor


def clip_grad_norm_(parameters: Iterable[Tensor], max_norm: float) -> float:
    """If the norm of all gradients together, ‖∇L‖₂, is above max_norm, multiply all of them by
    max_norm / (‖∇L‖₂ + 1e-6), as PyTorch does. Lecture, section 6; Pascanu et al. 2013.

    parameters: model.parameters().
    max_norm: the largest norm allowed.

    Returns the norm that they had before.

        >>> w = ag.Tensor([3.0, 4.0], requires_grad=True)
        >>> np.sum(w * w / 2).backward()  # ∂/∂w = w, of norm 5
        >>> nn.clip_grad_norm_([w], max_norm=1.0)
        5.0
        >>> w.grad.round(4)
        array([0.6, 0.8])
    """
    return clipped(_gradients(parameters), max_norm)


def clipped(gradients: list[np.ndarray], max_norm: float) -> float:
    """The same for the gradients themselves."""
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients))
    if norm + 1e-6 > max_norm:
        for g in gradients:
            g *= max_norm / (norm + 1e-6)
    return norm


def clip_grad_value_(parameters: Iterable[Tensor], clip_value: float) -> None:
    """Cut each entry of each gradient to the interval from −clip_value to clip_value. Lecture,
    section 6.

    parameters: model.parameters().
    clip_value: the largest absolute value allowed.
    """
    for g in _gradients(parameters):
        np.clip(g, -clip_value, clip_value, out=g)


def _gradients(parameters):
    return [p.grad for p in parameters if p.grad is not None]
