"""Derivatives of functions that take numbers apart, or mind their sign and the special values NaN and ∞."""

import numpy as np

from autograd_lite.derivatives import derivative
from autograd_lite.derivatives.elementwise import share
from autograd_lite.derivatives.kinds import constant, formula

# Like np.maximum and np.minimum, but a NaN is passed over.
derivative(np.fmax, lambda g, y, a, b: g * share(above(a, b), a == b), lambda g, y, a, b: g * share(above(b, a), a == b))
derivative(np.fmin, lambda g, y, a, b: g * share(below(a, b), a == b), lambda g, y, a, b: g * share(below(b, a), a == b))
derivative(np.nan_to_num, lambda g, y, x, nan=0.0, posinf=None, neginf=None: g * np.isfinite(x))
derivative(np.copysign, lambda g, y, a, b: g * np.copysign(1, b) * np.sign(a), None)
derivative(np.nextafter, lambda g, y, a, b: g, None)
derivative(np.heaviside, None, lambda g, y, x, at_zero: np.where(x == 0, g, 0))
derivative(np.ldexp, lambda g, y, x, exponent: np.ldexp(1.0, exponent) * g, None)
derivative(np.modf, lambda g, y, x: g[0])  # the other result, the whole part, is flat
derivative(np.unwrap, lambda g, y, p, discont=None, axis=-1, period=2 * np.pi: g)
derivative(np.sinc, lambda g, y, x: g * sinc_slope(x, y))
formula(np.frexp, lambda x: (np.ldexp(x, -np.frexp(x.data)[1]), np.frexp(x.data)[1]))
formula(np.divmod, lambda a, b: (np.floor_divide(a, b), np.remainder(a, b)))

constant(np.round, np.around, np.fix, np.spacing, np.isneginf, np.isposinf)


def above(a, b):
    """Whether a is the larger, or the only number."""
    return (a > b) | np.isnan(b)


def below(a, b):
    """Whether a is the smaller, or the only number."""
    return (a < b) | np.isnan(b)


def sinc_slope(x, y):
    """(cos πx − sinc x) / x; near 0, where this loses its digits, the first terms of its power series."""
    return np.where(
        np.abs(x) < 1e-3,
        -(np.pi**2) * x / 3 + np.pi**4 * x**3 / 30,
        (np.cos(np.pi * x) - y) / np.where(x == 0, 1, x),
    )
