"""Derivatives by differences with as many digits as it takes: of a function only its definition in
mpmath is needed.
"""

import functools
import itertools
import math

import numpy as np
import pytest

pytest.importorskip("mpmath")

import mpmath as mp

WEIGHTS = {0: {0: 1}, 1: {-1: -0.5, 1: 0.5}, 2: {-1: 1, 0: -2, 1: 1}}  # of central differences


@functools.cache
def derivative(f, point, orders):
    """∂f at the point, by each argument as often as `orders` says, as a float.

    The number of digits, from the start enough for numbers as large and small as these, is doubled
    until two differences agree; that something is 0 is not believed below 800 digits.
    """
    digits, previous = 50 + 4 * max(math.ceil(abs(math.log10(abs(x) or 1))) for x in point), None
    while digits < 10_000:
        with mp.workdps(digits):
            found = _difference(f, [mp.mpf(x) for x in point], orders, digits)
            if abs(found) < mp.mpf(10) ** -350:
                found = mp.mpf(0)
            agree = previous is not None and abs(found - previous) <= abs(found) * mp.mpf(10) ** -18
            if agree and (found or digits > 800):
                return _as_float(found)
            previous, digits = found, 2 * digits
    raise AssertionError(f"the differences of order {orders} at {point} do not settle")


def _difference(f, point, orders, digits):
    part = digits // (2 + sum(orders))  # of the digits: so small are the steps
    steps = [(abs(x) or 1) * mp.mpf(10) ** -part for x in point]
    total = mp.mpf(0)
    for moves in itertools.product(*(WEIGHTS[order].items() for order in orders)):
        moved = [x + k * h for x, (k, _), h in zip(point, moves, steps, strict=True)]
        total += math.prod(weight for _, weight in moves) * f(*moved)
    for step, order in zip(steps, orders, strict=True):
        total /= step**order
    return total.real


def _as_float(number):
    largest = mp.mpf(float(np.finfo(float).max))
    return float(number) if abs(number) <= largest else math.copysign(math.inf, number)


def agrees(found, expected, dtype, scale=0.0):
    """Whether `found` is `expected` to nearly all digits of its type; where that is no number,
    whether it is none either.

    scale: of what size the numbers are whose rounding counts too.
    """
    info = np.finfo(dtype)
    with np.errstate(over="ignore"):
        expected = float(dtype(expected))
    if not math.isfinite(expected):
        # The largest numbers may be the rounded values of what lies a little beyond.
        return not abs(float(found)) < 0.4 * float(info.max)
    tolerance = 1e-12 if dtype is np.float64 else 2e-5
    smallest = 1e-290 if dtype is np.float64 else 1e-35  # what is below may vanish on the way
    allowed = tolerance * abs(expected) + smallest + 8 * float(info.eps) * scale
    return abs(float(found) - expected) <= allowed


def points(dtype):
    """Numbers of all sizes that the type has, of both signs, and 0."""
    ordinary = [
        0.0,
        1e-3,
        0.02,
        0.3,
        0.7,
        1.0,
        1.5,
        2.0,
        5.0,
        10.0,
        20.0,
        40.0,
        90.0,
        1e3,
        1e4,
        1e6,
    ]
    if dtype is np.float64:
        special = [1e-310, 1e-200, 1e-20, 1e-8, 1 - 1e-10, 1 - 2**-53, 1 + 1e-10]
        special += [37.0, 700.0, 745.0, 1e8, 1e16, 1e155, 1e200, 1.7e308]
    else:
        special = [1e-42, 1e-37, 1e-30, 1e-20, 1e-10, 1e-5, 1 - 2**-24, 1 + 2**-23, 15.0, 88.0]
        special += [100.0, 1e8, 1e10, 1e19, 1e20, 1e30, 3e38]
    both = {sign * dtype(x) for x in [*ordinary, *special] for sign in (1, -1)}
    return sorted(both)
