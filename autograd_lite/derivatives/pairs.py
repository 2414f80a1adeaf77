"""Derivatives of functions of two numbers that need care where these are 0, huge or infinite.

That 0^b does not change with b at b = 0 is PyTorch's convention, and has no derivative of its own.
"""

import numpy as np

from autograd_lite.derivatives import derivative, differentiable

# (1.0, since a small integer type would wrap around.)
for power in (np.power, np.float_power):
    derivative(
        power,
        lambda g, y, a, b: g * (b * base(a, b) ** (b - 1.0)),
        lambda g, y, a, b: g * np.where((a == 0) & (b == 0), 0, power_and_logs(a, b, 1)),
    )

for remainder in (np.remainder, np.fmod):
    derivative(remainder, lambda g, y, a, b: g, lambda g, y, a, b: -g * times(b, a, y))

derivative(np.hypot, lambda g, y, a, b: g * cosine(a, b), lambda g, y, a, b: g * cosine(b, a))
derivative(
    np.arctan2,
    lambda g, y, a, b: g * cosine(b, a) / np.hypot(a, b),
    lambda g, y, a, b: -g * cosine(a, b) / np.hypot(a, b),
)

# e^(a − y) loses the digits of a and y that their difference lacks; the shares e^a/e^y and e^b/e^y would not sum to 1.
derivative(
    np.logaddexp,
    lambda g, y, a, b: g * np.exp(-np.logaddexp(0, lead(b, a, y))),
    lambda g, y, a, b: g * np.exp(-np.logaddexp(0, lead(a, b, y))),
)
derivative(
    np.logaddexp2,
    lambda g, y, a, b: g * np.exp2(-np.logaddexp2(0, lead(b, a, y))),
    lambda g, y, a, b: g * np.exp2(-np.logaddexp2(0, lead(a, b, y))),
)


def base(a, b):
    """a; but 1 where a = b = 0, since b·a^(b−1) would be 0·∞ there. By b, that has no derivative at a = 0 up to b = 1."""
    special = (b == 0) | (b == 1)  # False, if b is a plain number such as 2
    return guarded_base(a, b) if special is not False and np.any(special & (a == 0)) else a


@differentiable(
    lambda g, y, a, b: np.where((a == 0) & (b == 0), 0, g),
    lambda g, y, a, b: np.where((a == 0) & (b <= 1), np.nan, 0),
)
def guarded_base(a, b):
    """The same, where it has to be told apart what is differentiated."""
    return np.where((a == 0) & (b == 0), 1, a)


@differentiable(
    lambda g, y, a, b, n: g * (b * power_and_logs(a, b - 1.0, n) + n * power_and_logs(a, b - 1.0, n - 1)),
    lambda g, y, a, b, n: g * power_and_logs(a, b, n + 1),
)
def power_and_logs(a, b, n):
    """a^b (ln a)^n, whose limit at a = 0 is 0 for positive b, and NaN at b = 0."""
    return np.power(a, b) * np.log(np.where((a == 0) & (b >= 0), np.where(b == 0, np.nan, 1), a)) ** n


def times(b, a, y):
    """How many whole times b is in a, by what remains, y: ⌊a/b⌋ is one too many where a/b is rounded up to a whole number."""
    return np.rint(np.where(b == 0, a / b, a / b - y / b))


@differentiable(
    lambda g, y, a, b: g * cosine(b, a) ** 2 / np.hypot(a, b),
    lambda g, y, a, b: -g * y * cosine(b, a) / np.hypot(a, b),
)
def cosine(a, b):
    """a / √(a² + b²), of the angle between (a, b) and the first axis; with it no square overflows or vanishes."""
    is_along = np.isinf(a) & np.isfinite(b)
    return np.where(is_along, np.sign(a), a) / np.where(is_along, 1, np.hypot(a, b))


def lead(a, b, y):
    """a − b. Where both are −∞, it is ∞, so that no one has a share in y; where both are ∞, it is 0, and each has half."""
    same = (a == b) & np.isinf(y)
    return np.where(same, np.where(y > 0, 0, np.inf), a) - np.where(same, 0, b)
