"""Derivatives of functions that work entry by entry.

Where a function has a corner, PyTorch's convention holds: abs'(0) = 0; of equal maxima (minima) each gets half; clip passes
the gradient on at its bounds. The power rule is exact at base 0, where a naive b·a^(b−1) would give 0·∞.
"""

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.kinds import constant


def direction(x, y):
    """x/|x|, the sign. (Of a complex number in a spectrum, the conjugate of its direction: see `fourier.py`.)"""
    return np.sign(x) if np.isrealobj(x) else np.conjugate(x) / np.where(y == 0, 1, y)


def base(a, b):
    """a; but 1 where a = b = 0, since b·a^(b−1) would be 0·∞ there."""
    zero = b == 0  # False, if b is a plain number such as 2
    return np.where((a == 0) & zero, 1, a) if zero is not False and np.any(zero) else a


# Arithmetic.
derivative(np.add, lambda g, y, a, b: g, lambda g, y, a, b: g)
derivative(np.subtract, lambda g, y, a, b: g, lambda g, y, a, b: -g)
derivative(np.multiply, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a)
derivative(np.divide, lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b)
derivative(np.remainder, lambda g, y, a, b: g, lambda g, y, a, b: -g * np.floor(a / b))
derivative(np.fmod, lambda g, y, a, b: g, lambda g, y, a, b: -g * np.trunc(a / b))
derivative(np.positive, lambda g, y, x: g)
derivative(np.negative, lambda g, y, x: -g)
derivative(np.reciprocal, lambda g, y, x: -g * y * y)
derivative(np.square, lambda g, y, x: 2 * g * x)
derivative(np.absolute, lambda g, y, x: g * direction(x, y))
derivative(np.fabs, lambda g, y, x: g * np.sign(x))

# Powers. (1.0, since a small integer type would wrap around. In a^b·ln a, too, a is replaced where it is 0.)
for power in (np.power, np.float_power):
    derivative(
        power,
        lambda g, y, a, b: g * (b * base(a, b) ** (b - 1.0)),
        lambda g, y, a, b: g * y * np.log(np.where((a == 0) & (b >= 0), 1.0, a)),
    )
derivative(np.sqrt, lambda g, y, x: g / (2 * y))
derivative(np.cbrt, lambda g, y, x: g / (3 * y * y))

# Exponentials and logarithms.
derivative(np.exp, lambda g, y, x: g * y)
derivative(np.exp2, lambda g, y, x: g * y * np.log(2))
derivative(np.expm1, lambda g, y, x: g * (y + 1))
derivative(np.log, lambda g, y, x: g / x)
derivative(np.log2, lambda g, y, x: g / x / np.log(2))
derivative(np.log10, lambda g, y, x: g / x / np.log(10))
derivative(np.log1p, lambda g, y, x: g / (1 + x))
derivative(np.logaddexp, lambda g, y, a, b: g * np.exp(a - y), lambda g, y, a, b: g * np.exp(b - y))
derivative(np.logaddexp2, lambda g, y, a, b: g * np.exp2(a - y), lambda g, y, a, b: g * np.exp2(b - y))

# Trigonometric and hyperbolic functions.
derivative(np.sin, lambda g, y, x: g * np.cos(x))
derivative(np.cos, lambda g, y, x: -g * np.sin(x))
derivative(np.tan, lambda g, y, x: g * (1 + y * y))
derivative(np.arcsin, lambda g, y, x: g / np.sqrt(1 - x * x))
derivative(np.arccos, lambda g, y, x: -g / np.sqrt(1 - x * x))
derivative(np.arctan, lambda g, y, x: g / (1 + x * x))
derivative(np.arctan2, lambda g, y, a, b: g * b / np.hypot(a, b) ** 2, lambda g, y, a, b: -g * a / np.hypot(a, b) ** 2)
derivative(np.sinh, lambda g, y, x: g * np.cosh(x))
derivative(np.cosh, lambda g, y, x: g * np.sinh(x))
derivative(np.tanh, lambda g, y, x: g * (1 - y * y))
derivative(np.arcsinh, lambda g, y, x: g / np.hypot(x, 1))  # √(x² + 1), which overflows for large x
derivative(np.arccosh, lambda g, y, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)))  # √(x² − 1), which loses digits near 1
derivative(np.arctanh, lambda g, y, x: g / (1 - x * x))
derivative(np.hypot, lambda g, y, a, b: g * (a / y), lambda g, y, a, b: g * (b / y))
for to_radians in (np.deg2rad, np.radians):
    derivative(to_radians, lambda g, y, x: g * (np.pi / 180))
for to_degrees in (np.rad2deg, np.degrees):
    derivative(to_degrees, lambda g, y, x: g * (180 / np.pi))


def share(chosen, tie):
    """1 where an argument was chosen, ½ where it was a tie, else 0."""
    return np.where(tie, 0.5, chosen)


def at_min(a, min, max):
    """Where np.clip gives `min`: below it, unless `max` is lower still."""
    return False if min is None else np.logical_and(a < min, True if max is None else max >= min)


def at_max(a, min, max):
    """Where np.clip gives `max`."""
    return False if max is None else (a if min is None else np.maximum(a, min)) > max


# Choosing.
derivative(np.maximum, lambda g, y, a, b: g * share(a > b, a == b), lambda g, y, a, b: g * share(b > a, a == b))
derivative(np.minimum, lambda g, y, a, b: g * share(a < b, a == b), lambda g, y, a, b: g * share(b < a, a == b))
derivative(
    np.clip,
    lambda g, y, a, min=None, max=None: g * np.logical_not(np.logical_or(at_min(a, min, max), at_max(a, min, max))),
    lambda g, y, a, min=None, max=None: g * at_min(a, min, max),
    lambda g, y, a, min=None, max=None: g * at_max(a, min, max),
)
derivative(np.where, None, lambda g, y, c, a, b: np.where(c, g, 0), lambda g, y, c, a, b: np.where(c, 0, g))

# Flat wherever it is smooth, or no number at all: the results are plain values.
constant(np.sign, np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.signbit)
constant(np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not, np.isnan, np.isinf, np.isfinite)
