"""Derivatives of functions that choose: each entry of the result is an entry of one argument, and its gradient goes there.

As in PyTorch, each of two equal maxima (minima) gets half, and clip passes the gradient on at its bounds.
"""

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.elementwise import masked


def share(chosen, tie):
    """1 where an argument was chosen, ½ where it was a tie, else 0."""
    return np.where(tie, 0.5, chosen)


derivative(
    np.maximum,
    lambda g, y, a, b: masked(g, share(a > b, a == b)),
    lambda g, y, a, b: masked(g, share(b > a, a == b)),
)
derivative(
    np.minimum,
    lambda g, y, a, b: masked(g, share(a < b, a == b)),
    lambda g, y, a, b: masked(g, share(b < a, a == b)),
)
derivative(  # like np.maximum, but a NaN is passed over
    np.fmax,
    lambda g, y, a, b: masked(g, share((a > b) | np.isnan(b), a == b)),
    lambda g, y, a, b: masked(g, share((b > a) | np.isnan(a), a == b)),
)
derivative(
    np.fmin,
    lambda g, y, a, b: masked(g, share((a < b) | np.isnan(b), a == b)),
    lambda g, y, a, b: masked(g, share((b < a) | np.isnan(a), a == b)),
)
derivative(
    np.clip,
    lambda g, y, a, min=None, max=None: masked(g, np.logical_not(np.logical_or(at_min(a, min, max), at_max(a, min, max)))),
    lambda g, y, a, min=None, max=None: masked(g, at_min(a, min, max)),
    lambda g, y, a, min=None, max=None: masked(g, at_max(a, min, max)),
)
derivative(np.where, None, lambda g, y, c, a, b: np.where(c, g, 0), lambda g, y, c, a, b: np.where(c, 0, g))
derivative(np.heaviside, None, lambda g, y, x, at_zero: np.where(x == 0, g, 0))
derivative(np.nan_to_num, lambda g, y, x, nan=0.0, posinf=None, neginf=None: masked(g, np.isfinite(x)))


def at_min(a, min, max):
    """Where np.clip gives `min`: below it, unless `max` is lower still."""
    return False if min is None else np.logical_and(a < min, True if max is None else max >= min)


def at_max(a, min, max):
    """Where np.clip gives `max`."""
    return False if max is None else (a if min is None else np.maximum(a, min)) > max
