"""Clipping: gradients that explode are cut to size, in place, between `backward()` and `step()`.
Lecture, section 6.
"""

import math

import numpy as np


def clip_grad_norm_(parameters, max_norm):
    """Scale all gradients down together until their common norm is at most max_norm. Pascanu et al.
    2013.

    Returns the norm before, ‖∇L‖₂, a float. As in PyTorch the factor is max_norm / (‖∇L‖₂ + 1e-6).
    """
    gradients = _gradients(parameters)
    norm = math.sqrt(sum(float(np.vdot(g, g)) for g in gradients))
    if norm + 1e-6 > max_norm:
        for g in gradients:
            g *= max_norm / (norm + 1e-6)
    return norm


def clip_grad_value_(parameters, clip_value):
    """Cut every entry of every gradient to [−clip_value, clip_value]."""
    for g in _gradients(parameters):
        np.clip(g, -clip_value, clip_value, out=g)


def _gradients(parameters):
    return [p.grad for p in parameters if p.grad is not None]
