"""First and second derivatives of every elementwise function at extreme points, in single and
double precision, against differences with hundreds of digits.

What is allowed to be less than right stands in a list, with its reason: ROUNDED and NOT_A_NUMBER.
"""

import math
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

pytest.importorskip("mpmath")

import mpmath as mp
from oracle import agrees, derivative, points

import autograd_lite as ag
from autograd_lite.derivatives import RULES, name_of

INF, NAN = math.inf, math.nan
FLAT = {INF: (0, 0), -INF: (0, 0)}  # both derivatives at ±∞
PRECISIONS = [np.float64, np.float32]


class One(NamedTuple):
    """A function of one number."""

    f: object  # the same in mpmath
    low: float = -INF  # where it is smooth, the ends excluded
    high: float = INF
    # Both derivatives at other points: at its ends, at ±∞, and what is a convention.
    at: dict = MappingProxyType({})


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return x + mp.log1p(mp.exp(-x)) if x > 0 else mp.log1p(mp.exp(x))


def normal_cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2 if abs(x) < 60 else mp.mpf(x > 0)


UNARY = {
    np.positive: One(lambda x: x, at={INF: (1, 0), -INF: (1, 0)}),
    np.negative: One(lambda x: -x, at={INF: (-1, 0), -INF: (-1, 0)}),
    np.square: One(lambda x: x * x, at={INF: (INF, 2), -INF: (-INF, 2)}),
    np.reciprocal: One(lambda x: 1 / x, at={0: (-INF, NAN)} | FLAT),
    np.absolute: One(abs, at={0: (0, NAN), INF: (1, 0), -INF: (-1, 0)}),
    np.fabs: One(abs, at={0: (0, NAN), INF: (1, 0), -INF: (-1, 0)}),
    np.sqrt: One(mp.sqrt, 0, at={0: (INF, -INF), INF: (0, 0)}),
    np.cbrt: One(lambda x: mp.sign(x) * mp.cbrt(abs(x)), at={0: (INF, NAN)} | FLAT),
    np.exp: One(mp.exp, high=1e8, at={-INF: (0, 0), INF: (INF, INF)}),
    np.exp2: One(lambda x: mp.mpf(2) ** x, high=1e8, at={-INF: (0, 0), INF: (INF, INF)}),
    np.expm1: One(mp.expm1, high=1e8, at={-INF: (0, 0), INF: (INF, INF)}),
    np.log: One(mp.log, 0, at={0: (INF, -INF), INF: (0, 0)}),
    np.log2: One(lambda x: mp.log(x) / mp.log(2), 0, at={0: (INF, -INF), INF: (0, 0)}),
    np.log10: One(lambda x: mp.log(x) / mp.log(10), 0, at={0: (INF, -INF), INF: (0, 0)}),
    np.log1p: One(mp.log1p, -1, at={-1: (INF, -INF), INF: (0, 0)}),
    np.sin: One(mp.sin, -1e200, 1e200),
    np.cos: One(mp.cos, -1e200, 1e200),
    np.tan: One(mp.tan, -1e200, 1e200),
    np.arcsin: One(mp.asin, -1, 1, at={1: (INF, INF), -1: (INF, -INF)}),
    np.arccos: One(mp.acos, -1, 1, at={1: (-INF, -INF), -1: (-INF, INF)}),
    np.arctan: One(mp.atan, at=FLAT),
    np.sinh: One(mp.sinh, -1e4, 1e4, at={INF: (INF, INF), -INF: (INF, -INF)}),
    np.cosh: One(mp.cosh, -1e4, 1e4, at={INF: (INF, INF), -INF: (-INF, INF)}),
    np.tanh: One(mp.tanh, at=FLAT),
    np.arcsinh: One(mp.asinh, at=FLAT),
    np.arccosh: One(mp.acosh, 1, at={1: (INF, -INF), INF: (0, 0)}),
    np.arctanh: One(mp.atanh, -1, 1, at={1: (INF, INF), -1: (INF, -INF)}),
    np.deg2rad: One(mp.radians, at={INF: (np.pi / 180, 0)}),
    np.radians: One(mp.radians, at={INF: (np.pi / 180, 0)}),
    np.rad2deg: One(mp.degrees, at={INF: (180 / np.pi, 0)}),
    np.degrees: One(mp.degrees, at={INF: (180 / np.pi, 0)}),
    np.sinc: One(mp.sincpi, -1e9, 1e9),
    np.nan_to_num: One(lambda x: x, at=FLAT | {NAN: (0, 0)}),
    ag.sigmoid: One(sigmoid, at=FLAT),
    ag.softplus: One(softplus, at={INF: (1, 0), -INF: (0, 0)}),
    ag.relu: One(lambda x: max(x, 0), at={0: (0, 0), INF: (1, 0), -INF: (0, 0)}),
    ag.leaky_relu: One(
        lambda x: x if x > 0 else 0.01 * x, at={0: (0.01, 0), INF: (1, 0), -INF: (0.01, 0)}
    ),
    ag.elu: One(lambda x: x if x > 0 else mp.expm1(x), at={0: (1, 1), INF: (1, 0), -INF: (0, 0)}),
    ag.normal_cdf: One(normal_cdf, at=FLAT),
}


def truncated(x):
    return mp.sign(x) * mp.floor(abs(x))


# Functions of two numbers in mpmath. Where they have a corner or a pole, None.
BINARY = {
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
    np.divide: lambda a, b: a / b if b else None,
    np.power: (power := lambda a, b: a**b if a > 0 else None),
    np.float_power: power,
    np.hypot: lambda a, b: mp.hypot(a, b) if a or b else None,
    np.arctan2: lambda a, b: mp.atan2(a, b) if a else None,
    np.logaddexp: lambda a, b: max(a, b) + mp.log1p(mp.exp(-abs(a - b))),
    np.logaddexp2: lambda a, b: max(a, b) + mp.log1p(mp.mpf(2) ** -abs(a - b)) / mp.log(2),
    np.remainder: lambda a, b: a - b * mp.floor(a / b) if a / b != mp.floor(a / b) else None,
    np.fmod: lambda a, b: a - b * truncated(a / b) if a / b != mp.floor(a / b) else None,
    np.maximum: (larger := lambda a, b: max(a, b) if a != b else None),
    np.fmax: larger,
    np.minimum: (smaller := lambda a, b: min(a, b) if a != b else None),
    np.fmin: smaller,
    np.copysign: lambda a, b: abs(a) * mp.sign(b) if a and b else None,
    ag.leaky_relu: lambda a, b: (a if a > 0 else a * b) if a else None,
    ag.elu: lambda a, b: (a if a > 0 else b * mp.expm1(a)) if a else None,
}
SIZES = {np.float64: [1e-310, 1e-200, 1.0, 3.0, 1e200], np.float32: [1e-37, 1e-20, 1.0, 3.0, 1e20]}
EXPONENTS = [-300.0, -0.5, 0.0, 1e-10, 0.5, 1.0, 2.0, 3.0]
LOGARITHMS = [-3e5, -40.0, 0.0, 1e-10, 1.5, 700.0]
NUMBERS = {  # by default both numbers are of all sizes, the first one of either sign
    np.power: (None, EXPONENTS),
    np.float_power: (None, EXPONENTS),
    np.logaddexp: (LOGARITHMS, LOGARITHMS),
    np.logaddexp2: (LOGARITHMS, LOGARITHMS),
    ag.leaky_relu: (None, [0.0, 0.01, 2.0]),
    ag.elu: (None, [0.5, 2.0]),
}

ELSEWHERE = {
    np.imag: "of a real number, 0",
    np.heaviside: "flat in x but for its jump at 0",
    np.ldexp: "its derivative is 2^exponent, a number of the format",
    np.modf: "the slope of its first result is 1",
    np.conjugate: "of a real number, the number itself",
    np.nextafter: "its slope is 1",
}

# Derivatives of the orders named are right to a rounding of 1, not to nearly all of their digits.
ROUNDED = {
    np.tanh: ((1, 2), "1 − tanh², where tanh is near ±1: the lecture's form, and the quickest"),
    ag.sigmoid: ((1, 2), "σ (1 − σ), where σ is near 1, and 1 − 2σ near 0: the same"),
    ag.softplus: ((2,), "its first derivative is the sigmoid"),
}

# NaN, although there is a number: (function, order) -> where, why.
NOT_A_NUMBER = {
    (np.arctan, 2): (lambda x: np.isinf(x), "−2x / (1 + x²)² is computed as 0 · ∞"),
    (np.arccosh, 2): (lambda x: np.isinf(x), "−x / √(x² − 1)³ is computed as 0 · ∞"),
    (np.cbrt, 2): (lambda x: np.isinf(x), "the derivative of 3y² is computed as 0 · ∞"),
}


def slopes(f, x):
    """The first and the second derivative at each of the points."""
    first = ag.grad(lambda x: np.sum(f(x)))
    return first(x), ag.grad(lambda x: np.sum(first(x)))(x)


def disagreements(function, dtype):
    """What is found and what is right, wherever they differ."""
    one, wrong = UNARY[function], []
    inside = [x for x in points(dtype) if one.low < x < one.high and x not in one.at]
    with np.errstate(all="ignore"):
        at = np.array([*inside, *one.at], dtype)
        for order, found in enumerate(slopes(function, at), 1):
            right = [derivative(one.f, (float(x),), (order,)) for x in inside]
            right += [values[order - 1] for values in one.at.values()]
            scale = 1 if order in ROUNDED.get(function, [()])[0] else 0
            unknown = NOT_A_NUMBER.get((function, order), [lambda x: False])[0]
            wrong += [
                (order, x, y, expected)
                for x, y, expected in zip(at, found, right, strict=True)
                if not (np.isnan(y) if unknown(x) else agrees(y, expected, dtype, scale))
            ]
    return wrong


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("function", UNARY, ids=name_of)
def test_functions_of_one_number(function, dtype):
    assert disagreements(function, dtype) == []


def pairs(function, dtype):
    """Pairs of numbers of all sizes."""
    first, second = NUMBERS.get(function, (None, None))
    signed = [sign * x for x in SIZES[dtype] for sign in (1, -1)]
    rows, columns = np.array(first or signed, dtype), np.array(second or SIZES[dtype], dtype)
    return [x.ravel() for x in np.meshgrid(rows, columns)]


def pair_disagreements(function, dtype):
    """The same for functions of two numbers: both first and all four second derivatives."""
    f, (a, b), wrong = BINARY[function], pairs(function, dtype), []
    gradient = ag.grad(lambda a, b: np.sum(function(a, b)), (0, 1))
    of_slope = lambda i: ag.grad(lambda a, b: np.sum(gradient(a, b)[i]), (0, 1))
    with np.errstate(all="ignore"):
        found = [*gradient(a, b), *of_slope(0)(a, b), *of_slope(1)(a, b)]
    for orders, numbers in zip(
        [(1, 0), (0, 1), (2, 0), (1, 1), (1, 1), (0, 2)], found, strict=True
    ):
        for x, y, number in zip(a, b, numbers, strict=True):
            if f(mp.mpf(float(x)), mp.mpf(float(y))) is not None:
                expected = derivative(f, (float(x), float(y)), orders)
                if not (agrees(number, expected, dtype) or allowed(function, orders, x, y, number)):
                    wrong.append((orders, x, y, number, expected))
    return wrong


def allowed(function, orders, a, b, found):
    """Where a power overflows on the way, no number; and a rounding of 1/(a² + b²)."""
    with np.errstate(all="ignore"):
        if function in (np.power, np.float_power):
            return np.isinf(a ** (b - sum(orders))) and not np.isfinite(found)
        if function is np.arctan2 and sum(orders) == 2:
            size = 1 / np.hypot(a, b) ** 2
            return (
                abs(found) <= np.finfo(a.dtype).eps * size if size < INF else not np.isfinite(found)
            )
    return False


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("function", BINARY, ids=name_of)
def test_functions_of_two_numbers(function, dtype):
    assert pair_disagreements(function, dtype) == []


def entry_by_entry(function):
    """Whether a public function makes of each number of an array another one, by its own."""
    alike = lambda a, b: np.array_equal(a, b, equal_nan=True)
    for last in (0.2, np.nan):
        x = np.array([0.3, 0.7, -1.2, 0.9, 1.1, -0.3, last])
        try:
            y, backwards, some = function(x), function(x[::-1]), function(x[1:3])
        except (TypeError, ValueError, IndexError, np.linalg.LinAlgError):  # it needs more
            return False
        if not isinstance(y, np.ndarray) or y.shape != x.shape:
            return False
        if not (alike(backwards[::-1], y) and alike(some, y[1:3])):
            return False
    return not alike(x, y)  # a copy


@pytest.mark.filterwarnings("ignore")
def test_every_elementwise_function_is_here():
    public = {f for f in RULES if f in (getattr(np, f.__name__, 0), getattr(ag, f.__name__, 0))}
    public -= {np.i0}  # whose rule comes with scipy_special, and is tested there
    elementwise = {f for f in public if isinstance(f, np.ufunc) and f.signature is None}
    elementwise |= set(filter(entry_by_entry, public))
    assert {np.sinc, np.nan_to_num, ag.sigmoid, ag.leaky_relu} < elementwise
    missing = list(map(name_of, elementwise - {*UNARY, *BINARY, *ELSEWHERE}))
    assert missing == [], "each needs its formula in UNARY or BINARY, or a reason in ELSEWHERE"
    assert {*UNARY, *BINARY, *ELSEWHERE} <= elementwise


# Rules that look right and are not, each where the walk above must find it.
@pytest.mark.parametrize(
    ("function", "rules", "dtype"),
    [
        (np.expm1, [lambda g, y, x: g * (y + 1)], np.float32),
        (np.arcsin, [lambda g, y, x: g / np.sqrt(1 - x * x)], np.float64),
        (np.arctanh, [lambda g, y, x: g / (1 - x * x)], np.float64),
        (np.arcsinh, [lambda g, y, x: g / np.sqrt(1 + x * x)], np.float64),
        (np.arccosh, [lambda g, y, x: g / np.sqrt(x * x - 1)], np.float64),
        (np.absolute, [lambda g, y, x: g * np.sign(x)], np.float64),
        (np.sinc, [lambda g, y, x: g * (np.cos(np.pi * x) - y) / x], np.float64),
        (ag.softplus, [lambda g, y, x: g * np.exp(x) / (1 + np.exp(x))], np.float64),
        (ag.elu, [lambda g, y, x: g * np.where(x > 0, 1, y + 1)], np.float32),
        (ag.normal_cdf, [lambda g, y, x: g * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)], np.float64),
    ],
    ids=lambda value: name_of(value) if callable(value) else None,
)
def test_an_unstable_rule_is_found(function, rules, dtype, monkeypatch):
    monkeypatch.setitem(RULES, function, tuple(rules))
    assert disagreements(function, dtype)


@pytest.mark.parametrize(
    ("function", "rules"),
    [
        (
            np.logaddexp,
            [lambda g, y, a, b: g * np.exp(a - y), lambda g, y, a, b: g * np.exp(b - y)],
        ),
        (
            np.hypot,
            [lambda g, y, a, b: g * a / y, lambda g, y, a, b: g * (b / np.sqrt(b * b + a * a))],
        ),
        (
            np.arctan2,
            [
                lambda g, y, a, b: g * b / np.hypot(a, b) ** 2,
                lambda g, y, a, b: -g * a / np.hypot(a, b) ** 2,
            ],
        ),
        (np.remainder, [lambda g, y, a, b: g, lambda g, y, a, b: -g * np.trunc(a / b)]),
    ],
    ids=lambda value: name_of(value) if callable(value) else None,
)
def test_an_unstable_rule_of_two_numbers_is_found(function, rules, monkeypatch):
    monkeypatch.setitem(RULES, function, tuple(rules))
    assert any(pair_disagreements(function, dtype) for dtype in PRECISIONS)
