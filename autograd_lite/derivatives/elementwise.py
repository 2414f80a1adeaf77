"""Derivatives of functions that work entry by entry.

Where a function has a corner, PyTorch's convention holds: abs'(0) = 0. A convention has no derivative of its own: differentiated
once more, it is NaN.
"""

import numpy as np

from autograd_lite.derivatives import derivative, differentiable
from autograd_lite.derivatives.kinds import constant

# Arithmetic. (a ** b is in `pairs.py`.)
derivative(np.add, lambda g, y, a, b: g, lambda g, y, a, b: g)
derivative(np.subtract, lambda g, y, a, b: g, lambda g, y, a, b: -g)
derivative(np.multiply, lambda g, y, a, b: g * b, lambda g, y, a, b: g * a)
derivative(np.divide, lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b)
derivative(np.positive, lambda g, y, x: g)
derivative(np.negative, lambda g, y, x: -g)
derivative(np.reciprocal, lambda g, y, x: -g * y * y)
derivative(np.square, lambda g, y, x: 2 * g * x)
derivative(np.absolute, lambda g, y, x: g * direction(x, y))
derivative(np.fabs, lambda g, y, x: g * sign(x))


@differentiable(lambda g, y, x: 0 * g / y)
def sign(x):
    """|x|' of real x, and 0 at 0 by convention, where its derivative is 0/0."""
    return np.sign(x)


@differentiable(lambda g, y, a, b: g / b, lambda g, y, a, b: -g * y / b)
def quotient(a, b):
    """a / b, and 0 for 0/0 by convention."""
    return a / np.where((a == 0) & (b == 0), 1, b)


def direction(x, y):
    """x/|x|, the sign. (Of a complex number in a spectrum, the conjugate of its direction: see `fourier.py`.)"""
    return sign(x) if np.isrealobj(x) else quotient(np.conjugate(x), y)


@differentiable(lambda g, y, a, part: masked(g, part), None)
def masked(a, part):
    """a · part, but 0 where part is 0, also of a = ∞, not 0 · ∞: √max(x, 0) does not change with x < 0, although √'(0) = ∞."""
    return a * part if np.isfinite(a).all() else np.where(part, a, 0) * part


# Roots, exponentials and logarithms.
derivative(np.sqrt, lambda g, y, x: g / (2 * y))
derivative(np.cbrt, lambda g, y, x: g / (3 * y * y))
derivative(np.exp, lambda g, y, x: g * y)
derivative(np.exp2, lambda g, y, x: g * y * np.log(2))
derivative(np.expm1, lambda g, y, x: g * np.exp(x))
derivative(np.log, lambda g, y, x: g / x)
derivative(np.log2, lambda g, y, x: g / (x * np.log(2)))
derivative(np.log10, lambda g, y, x: g / (x * np.log(10)))
derivative(np.log1p, lambda g, y, x: g / (1 + x))

# Trigonometric and hyperbolic functions.
derivative(np.sin, lambda g, y, x: g * np.cos(x))
derivative(np.cos, lambda g, y, x: -g * np.sin(x))
derivative(np.tan, lambda g, y, x: g * (1 + y * y))
derivative(np.arcsin, lambda g, y, x: g / np.sqrt(one_less_square(x)))
derivative(np.arccos, lambda g, y, x: -g / np.sqrt(one_less_square(x)))
derivative(np.arctan, lambda g, y, x: g / (1 + x * x))
derivative(np.sinh, lambda g, y, x: g * np.cosh(x))
derivative(np.cosh, lambda g, y, x: g * np.sinh(x))
derivative(np.tanh, lambda g, y, x: g * (1 - y * y))
derivative(np.arcsinh, lambda g, y, x: g / np.hypot(x, 1))  # √(x² + 1), which overflows for large x
derivative(np.arccosh, lambda g, y, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)))  # √(x² − 1), which loses digits near 1
derivative(np.arctanh, lambda g, y, x: g / one_less_square(x))
for to_radians in (np.deg2rad, np.radians):
    derivative(to_radians, lambda g, y, x: g * (np.pi / 180))
for to_degrees in (np.rad2deg, np.degrees):
    derivative(to_degrees, lambda g, y, x: g * (180 / np.pi))


@differentiable(lambda g, y, x: -2 * g * x)
def one_less_square(x):
    """1 − x², with the digits that 1 − x·x would lose near 1."""
    return (1 - x) * (1 + x)


# Flat wherever it is smooth, or True and False: the results are plain values.
constant(np.sign, np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.signbit)
constant(np.less, np.less_equal, np.equal, np.not_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not, np.isnan, np.isinf, np.isfinite)
