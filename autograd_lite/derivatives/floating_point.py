"""Derivatives of functions that take numbers apart, or mind their sign and the special values NaN and ∞."""

import math

import numpy as np

from autograd_lite.derivatives import derivative, differentiable
from autograd_lite.derivatives.elementwise import sign
from autograd_lite.derivatives.kinds import constant, formula

derivative(np.copysign, lambda g, y, a, b: g * np.copysign(1, b) * sign(a), None)
derivative(np.nextafter, lambda g, y, a, b: g, None)
derivative(np.ldexp, lambda g, y, x, exponent: np.ldexp(1.0, exponent) * g, None)
derivative(np.modf, lambda g, y, x: g[0])  # the other result, the whole part, is flat
derivative(np.unwrap, lambda g, y, p, discont=None, axis=-1, period=2 * np.pi: g)
derivative(np.sinc, lambda g, y, x: g * sinc_derivative(x, 1))
formula(np.frexp, lambda x: (np.ldexp(x, -np.frexp(x.data)[1]), np.frexp(x.data)[1]))
formula(np.divmod, lambda a, b: (np.floor_divide(a, b), np.remainder(a, b)))

constant(np.round, np.around, np.fix, np.spacing, np.isneginf, np.isposinf)


@differentiable(lambda g, y, x, order: g * sinc_derivative(x, order + 1))
def sinc_derivative(x, order):
    """The k-th derivative of sinc x = sin(πx)/πx, found from the k-th derivative of x · sinc x = sin(πx)/π, which is

        x · sinc⁽ᵏ⁾ x + k · sinc⁽ᵏ⁻¹⁾ x = πᵏ⁻¹ sin(πx + kπ/2).

    Below 1, where this loses its digits, by the power series Σ (−1)ⁿ (πx)²ⁿ / (2n + 1)!.
    """
    is_small, n = np.abs(x) < 1, np.rint(x)
    small, large = np.where(is_small, x, 0), np.where(is_small, 1, x)
    angle, turn = np.pi * (x - n), np.where(n % 2, -1, 1)  # without the whole turns and half turns of a large πx
    sine, cosine = turn * np.sin(angle), turn * np.cos(angle)
    value = 0.0
    for k in range(order + 1):
        value = (np.pi ** (k - 1) * (sine, cosine, -sine, -cosine)[k % 4] - k * value) / large
    coefficient = lambda n: (-1) ** n * np.pi ** (2 * n) * math.perm(2 * n, order) / math.factorial(2 * n + 1)
    series = sum(coefficient(n) * small ** (2 * n - order) for n in range((order + 1) // 2, order + 15))
    return np.where(is_small, series, value)
