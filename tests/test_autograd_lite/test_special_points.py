"""SciPy's special functions at their boundaries and at extreme points: first and second derivatives
against differences with hundreds of digits, and each guard at the point that it protects.
"""

import math
import pathlib
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pytest

pytest.importorskip("scipy")
pytest.importorskip("mpmath")

import mpmath as mp
from oracle import agrees, derivative, points
from protected_points import NAN, At, check, guards_in, none, pair, same, third, total
from scipy import special

import autograd_lite as ag
import autograd_lite.scipy_special as declared
from autograd_lite.derivatives import RULES, name_of

INF = math.inf
FLAT = {INF: (0, 0), -INF: (0, 0)}


class One(NamedTuple):
    """A function of one number."""

    function: object
    f: object  # the same in mpmath
    low: float = -INF  # where it is compared, the ends excluded
    high: float = INF
    at: dict = MappingProxyType({})  # both derivatives at other points
    rounded: tuple = ()  # the orders of derivatives that are right to a rounding of 1 only


def of_x(function, *before):
    """The function of its last argument."""
    return lambda x: function(*before, x)


def expit(x):
    return 1 / (1 + mp.exp(-x))


def log_ndtr(x):
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2) if x > -20 else log_tail(-x)


def log_tail(t):
    """ln (1 − Φ(t)), by the continued fraction of its hazard."""
    return -t * t / 2 - mp.log(2 * mp.pi) / 2 - mp.log(hazard(t))


def hazard(t):
    fraction = mp.mpf(0)
    for k in range(300, 0, -1):
        fraction = k / (t + fraction)
    return t + fraction


def erfcx(x):
    tail = lambda t: mp.sqrt(2 / mp.pi) / hazard(t)
    return mp.exp(x * x) * mp.erfc(x) if x < 15 else tail(x * mp.sqrt(2))


FUNCTIONS = {
    "expit": One(special.expit, expit, at=FLAT, rounded=(1, 2)),
    "logit": One(
        special.logit, lambda x: mp.log(x / (1 - x)), 0, 1, {0: (INF, NAN), 1: (INF, NAN)}
    ),
    "log_expit": One(
        special.log_expit,
        lambda x: -mp.log1p(mp.exp(-x)),
        at={INF: (0, 0), -INF: (1, 0)},
        rounded=(2,),
    ),
    "ndtr": One(
        special.ndtr, lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, -45, 45, FLAT | {1e20: (0, 0)}
    ),
    "log_ndtr": One(
        special.log_ndtr, log_ndtr, -1e200, 30, {40: (0, 0), INF: (0, 0), -INF: (INF, NAN)}
    ),
    "erf": One(special.erf, mp.erf, -30, 30, FLAT | {1e20: (0, 0)}),
    "erfc": One(special.erfc, mp.erfc, -30, 30, FLAT | {1e20: (0, 0)}),
    "erfcx": One(special.erfcx, erfcx, -9, 1e200, {INF: (0, 0)}),
    "erfi": One(special.erfi, mp.erfi, -9, 9, {INF: (INF, INF)}),
    "dawsn": One(
        special.dawsn,
        lambda x: mp.exp(-x * x) * mp.erfi(x) * mp.sqrt(mp.pi) / 2,
        -9,
        9,
        rounded=(1, 2),
    ),
    "entr": One(special.entr, lambda x: -x * mp.log(x), 0, 1e200, {0: (INF, -INF)}),
    "gamma": One(special.gamma, mp.gamma, 0.01, 30),
    "rgamma": One(special.rgamma, mp.rgamma, 0.01, 30, {0: (1, 2 * np.euler_gamma)}),
    "gammaln": One(special.gammaln, mp.loggamma, 0.01, 30, {0: (-INF, INF), INF: (INF, 0)}),
    "digamma": One(special.digamma, mp.digamma, 0.01, 30, {INF: (0, 0)}),
    "j0": One(special.j0, of_x(mp.besselj, 0), -20, 20),
    "j1": One(special.j1, of_x(mp.besselj, 1), -20, 20),
    "jv 0": One(of_x(special.jv, 0), of_x(mp.besselj, 0), -20, 20),
    "jv 1": One(of_x(special.jv, 1), of_x(mp.besselj, 1), 0, 20, {0: (0.5, 0)}),
    "jv 2": One(of_x(special.jv, 2), of_x(mp.besselj, 2), 0, 20, {0: (0, 0.25)}),
    "i0": One(special.i0, of_x(mp.besseli, 0), 1e-100, 20, {0: (0, 0.5)}),
    "np.i0": One(np.i0, of_x(mp.besseli, 0), 1e-100, 20, {0: (0, 0.5)}),
    "i1": One(special.i1, of_x(mp.besseli, 1), 1e-100, 20, {0: (0.5, 0)}),
    "iv 0": One(of_x(special.iv, 0), of_x(mp.besseli, 0), 1e-100, 20, {0: (0, 0.5)}),
    "iv 2": One(of_x(special.iv, 2), of_x(mp.besseli, 2), 1e-100, 20, {0: (0, 0.25)}),
    "i0e": One(
        special.i0e, lambda x: mp.besseli(0, x) * mp.exp(-x), 0.01, 100, {0: (0, NAN)}, (2,)
    ),
    "i1e": One(
        special.i1e, lambda x: mp.besseli(1, x) * mp.exp(-x), 0.01, 100, {0: (0.5, NAN)}, (2,)
    ),
    "k0": One(special.k0, of_x(mp.besselk, 0), 0.01, 12, {0: (-INF, NAN), INF: (0, 0)}),
    "exp1": One(special.exp1, mp.e1, 1e-9, 100, {0: (-INF, INF), INF: (0, 0)}),
    "expi": One(special.expi, mp.ei, -100, 100, {0: (INF, NAN), -INF: (0, 0)}, (2,)),
    "expn 0": One(of_x(special.expn, 0), lambda x: mp.exp(-x) / x, 1e-9, 100),
    "expn 1": One(of_x(special.expn, 1), mp.e1, 1e-9, 100),
    "expn 3": One(of_x(special.expn, 3), of_x(mp.expint, 3), 1e-9, 100, {0: (-1, INF)}),
    "expn 4": One(of_x(special.expn, 4), of_x(mp.expint, 4), 1e-9, 100, {0: (-0.5, 1)}),
    "ellipk": One(special.ellipk, mp.ellipk, -1e7, 1 - 1e-6, {1: (INF, INF)}),
    "ellipe": One(special.ellipe, mp.ellipe, -1e7, 1 - 1e-6, {1: (-INF, -INF)}),
    "hyp2f1": One(of_x(special.hyp2f1, 1, 0.5, 2), lambda z: 2 / (1 + mp.sqrt(1 - z)), -100, 0.9),
    "exp10": One(special.exp10, lambda x: mp.mpf(10) ** x, -300, 300, {-INF: (0, 0)}),
    "exp2": One(special.exp2, lambda x: mp.mpf(2) ** x, -1000, 1000, {-INF: (0, 0)}),
    "expm1": One(special.expm1, mp.expm1, -1e6, 700, {-INF: (0, 0)}),
    "log1p": One(special.log1p, mp.log1p, -1, at={-1: (INF, -INF), INF: (0, 0)}),
    "cbrt": One(special.cbrt, mp.cbrt, 0, at={0: (INF, NAN)}),
    "cosm1": One(special.cosm1, mp.cos, -1e6, 1e6),
    "boxcox 0": One(lambda x: special.boxcox(x, 0.0), mp.log, 0, at={0: (INF, -INF)}),
    "boxcox ½": One(
        lambda x: special.boxcox(x, 0.5), lambda x: 2 * mp.sqrt(x), 0, at={0: (INF, -INF)}
    ),
    "boxcox 1": One(lambda x: special.boxcox(x, 1.0), lambda x: x, 1e-30, at={0: (1, 0)}),
    "boxcox 2": One(lambda x: special.boxcox(x, 2.0), lambda x: x * x / 2, 0, 1e150, {0: (0, 1)}),
    "boxcox1p 2": One(
        lambda x: special.boxcox1p(x, 2.0), lambda x: (1 + x) ** 2 / 2, -1, 1e150, {-1: (0, 1)}
    ),
    "gammainc 1": One(
        of_x(special.gammainc, 1.0), lambda x: -mp.exp(-x), 0, at={0: (1, -1), INF: (0, 0)}
    ),
    "gammainc 2": One(
        of_x(special.gammainc, 2.0),
        lambda x: -(1 + x) * mp.exp(-x),
        0,
        1e3,
        {0: (0, 1), INF: (0, 0)},
        (2,),
    ),
    "gammainc 3": One(
        of_x(special.gammainc, 3.0),
        lambda x: -(1 + x + x * x / 2) * mp.exp(-x),
        0,
        1e3,
        {0: (0, 0), INF: (0, 0)},
        (2,),
    ),
    "gammaincc 2": One(
        of_x(special.gammaincc, 2.0),
        lambda x: (1 + x) * mp.exp(-x),
        0,
        1e3,
        {0: (0, -1), INF: (0, 0)},
        (2,),
    ),
    "gammainc ½": One(
        of_x(special.gammainc, 0.5),
        lambda x: mp.erf(mp.sqrt(x)),
        1e-9,
        100,
        {0: (INF, -INF), INF: (0, 0)},
    ),
    "betainc 1 1": One(of_x(special.betainc, 1.0, 1.0), lambda x: x, 0, 1, {0: (1, 0), 1: (1, 0)}),
    "betainc 1 2": One(
        of_x(special.betainc, 1.0, 2.0), lambda x: 2 * x - x * x, 0, 1, {0: (2, -2), 1: (0, -2)}
    ),
    "betainc 2 2": One(
        of_x(special.betainc, 2.0, 2.0),
        lambda x: 3 * x**2 - 2 * x**3,
        0,
        1,
        {0: (0, 6), 1: (0, -6)},
    ),
    "betainc ½ ½": One(
        of_x(special.betainc, 0.5, 0.5),
        lambda x: mp.asin(mp.sqrt(x)) * 2 / mp.pi,
        1e-300,
        1 - 1e-6,
        {0: (INF, -INF), 1: (INF, INF)},
    ),
    "huber": One(
        of_x(special.huber, 1.75),
        lambda r: r * r / 2 if abs(r) < 1.75 else 1.75 * abs(r),
        at={INF: (1.75, 0)},
    ),
    "pseudo_huber": One(
        of_x(special.pseudo_huber, 1.75),
        lambda r: 1.75**2 * mp.sqrt(1 + (r / 1.75) ** 2),
        -1e100,
        1e100,
    ),
    "pseudo_huber δ": One(
        lambda d: special.pseudo_huber(d, 1.75),
        lambda d: d * (mp.sqrt(d * d + mp.mpf(1.75) ** 2) - d),
        0,
        1e70,
        {0: (1.75, -2)},
    ),
    "erfinv": One(special.erfinv, mp.erfinv, -0.9, 0.9, {1: (INF, INF), -1: (INF, -INF)}),
    "ndtri": One(
        special.ndtri,
        lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1),
        0.01,
        0.99,
        {0: (INF, -INF), 1: (INF, INF)},
    ),
}


def disagreements(one, dtype):
    """What is found and what is right, wherever they differ."""
    wrong = []
    inside = [x for x in points(dtype) if one.low < x < one.high and x not in one.at]
    first = ag.grad(lambda x: np.sum(one.function(x)))
    second = ag.grad(lambda x: np.sum(first(x)))
    with np.errstate(all="ignore"):
        at = np.array([*inside, *one.at], dtype)
        for order, found in enumerate([first(at), second(at)], 1):
            right = [derivative(one.f, (float(x),), (order,)) for x in inside]
            right += [values[order - 1] for values in one.at.values()]
            wrong += [
                (order, x, y, expected)
                for x, y, expected in zip(at, found, right, strict=True)
                if not agrees(y, expected, dtype, scale=order in one.rounded)
            ]
    return wrong


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_one_number(name, dtype):
    assert disagreements(FUNCTIONS[name], dtype) == []


@pytest.mark.parametrize(
    ("function", "rule", "name"),
    [
        (
            special.log_ndtr,
            lambda g, y, x: g * np.exp(-x * x / 2 - y) / np.sqrt(2 * np.pi),
            "log_ndtr",
        ),
        (special.erfcx, lambda g, y, x: g * 2 * (x * y - 1 / np.sqrt(np.pi)), "erfcx"),
        (special.erf, lambda g, y, x: g * np.exp(-x * x) * 2 / np.sqrt(np.pi), "erf"),
        (special.rgamma, lambda g, y, x: -g * y * special.digamma(x), "rgamma"),
        (special.ellipe, lambda g, y, m: g * (y - special.ellipk(m)) / (2 * m), "ellipe"),
        (special.i0e, lambda g, y, x: g * (special.i1e(x) - np.sign(x) * y), "i0e"),
        (special.expi, lambda g, y, x: g * np.exp(x) / x, "expi"),
        (special.expm1, lambda g, y, x: g * (y + 1), "expm1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_rule_that_is_wrong_at_an_extreme_point_is_found(function, rule, name, monkeypatch):
    monkeypatch.setitem(RULES, function, (rule,))
    assert any(disagreements(FUNCTIONS[name], dtype) for dtype in (np.float64, np.float32))


EULER = np.euler_gamma
GUARDS = {
    "fraction": [
        At(pair(special.xlogy), [0.0, 0.0], [0, 0], none(2)),
        At(pair(special.xlogy), [0.0, 2.0], [np.log(2), 0], [[0, 0.5], [0.5, 0]]),
        At(pair(special.xlogy), [1.0, 0.0], [-INF, INF], none(2)),
        At(pair(special.xlog1py), [0.0, -1.0], [0, 0], none(2)),
        At(pair(special.xlog1py), [0.0, 0.0], [0, 0], [[0, 1], [1, 0]]),
        At(pair(special.rel_entr), [0.0, 0.0], [NAN, 0], none(2)),
        At(pair(special.rel_entr), [0.0, 2.0], [-INF, 0], [[NAN, -0.5], [NAN, 0]]),
        At(pair(special.rel_entr), [2.0, 2.0], [1, -1], [[0.5, -0.5], [-0.5, 0.5]]),
        At(pair(special.kl_div), [0.0, 0.0], [NAN, 1], none(2)),
        At(pair(special.kl_div), [0.0, 2.0], [-INF, 1], [[NAN, -0.5], [NAN, 0]]),
        At(pair(special.kl_div), [2.0, 2.0], [0, 0], [[0.5, -0.5], [-0.5, 0.5]]),
        # No successes in five trials, where their probability is 0.
        At(lambda p: special.xlogy(0.0, p[0]) + special.xlog1py(5.0, -p[0]), [0.0], [-5], [[-5]]),
        At(lambda p: special.xlogy(5.0, p[0]) + special.xlog1py(0.0, -p[0]), [1.0], [5], [[-5]]),
    ],
    "special.xlogy": "fraction has it",
    "special.xlog1py": "fraction has it",
    "log_ratio": [
        At(pair(special.rel_entr), [1e-300, 1e10], [-310 * np.log(10) + 1, 0], None),
        At(pair(special.kl_div), [1e300, 1e-300], [600 * np.log(10), -INF], None),
    ],
    "special.i0e": [At(total(special.i0e), [0.0], [0], none(1))],
    "special.i1e": [At(total(special.i1e), [0.0], [0.5], none(1))],
    "special.ive": [At(total(lambda x: special.ive(0, x)), [0.0], [0], none(1))],
    "gamma_term": [
        At(lambda x, a=a: special.gammainc(a, x[0]), [0.0], [first], [[second]])
        for a, first, second in ((1, 1, -1), (2, 0, 1), (3, 0, 0), (0.5, INF, -INF))
    ],
    "beta_term": [
        At(lambda x: special.betainc(1.0, 3.0, x[0]), [0.0], [3], [[-6]]),
        At(lambda x: special.betainc(3.0, 1.0, x[0]), [1.0], [3], [[6]]),
        At(lambda x: special.betainc(2.0, 2.0, x[0]), [0.0], [0], [[6]]),
    ],
    "exponential_integral": [
        At(lambda x: special.expn(3, x[0]), [0.0], [-1], none(1)),
        At(lambda x: special.expn(4, x[0]), [0.0], [-0.5], [[1]]),
        At(
            lambda x: np.sum(special.expn(np.array([0, 1, 2, 4]), x)),
            [1.0, 1.0, 1.0, 1.0],
            [-2 / np.e, -1 / np.e, -special.exp1(1.0), -special.expn(3, 1.0)],
            np.diag([5 / np.e, 2 / np.e, 1 / np.e, special.expn(2, 1.0)]),
        ),
    ],
    "special.huber": [
        At(pair(special.huber), [1.0, 0.0], [0, 0], [[0, 0], [0, 1]]),
        At(pair(special.huber), [0.0, 2.0], [2, 0], [[-1, 1], [1, 0]]),
        At(pair(special.pseudo_huber), [0.0, 2.0], [2, 0], [[-2, 1], [1, 0]]),
        At(pair(special.pseudo_huber), [0.0, 0.0], [NAN, NAN], none(2)),
    ],
    "special.poch": [At(pair(special.poch), [0.0, 1.0], [1, 0], [[0, -EULER], [-EULER, 0]])],
    "hazard": [
        At(
            total(special.log_ndtr),
            [40.0, INF, 0.0],
            [0, 0, 2 / np.sqrt(2 * np.pi)],
            np.diag([0, 0, -2 / np.pi]),
        ),
    ],
    # At −10 the continued fraction takes over.
    "excess": [
        At(total(special.log_ndtr), [x], [slope], [[-slope * (slope + x)]])
        for x in (-10.0, -9.0, -11.0)
        for slope in [float(mp.npdf(x) / mp.ncdf(x))]
    ],
}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{name}-{i}")
        for name, cases in GUARDS.items()
        if not isinstance(cases, str)
        for i, case in enumerate(cases)
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_both_derivatives_at_the_protected_point(case):
    check(case)


def test_every_guard_has_its_cases():
    found = set(guards_in(pathlib.Path(declared.__file__).read_text()))
    assert [name for name in found if name not in GUARDS] == []


def test_every_function_of_one_argument_is_here():
    """Those of several are in GUARDS where they have a boundary with a finite derivative."""
    here = {one.function for one in FUNCTIONS.values()}
    theirs = [
        f for f in RULES if isinstance(f, np.ufunc) and getattr(special, f.__name__, None) is f
    ]
    missing = [
        f for f in theirs if f.nin == 1 and f not in here and getattr(np, f.__name__, 0) is not f
    ]
    assert {name_of(f) for f in missing} == {*INFINITE}


# At their only boundary the derivative is infinite; test_scipy_special.py has them elsewhere.
INFINITE = ["y0", "y1", "k1", "k0e", "k1e", "loggamma", "erfcinv", "ndtri_exp"]


@pytest.mark.parametrize("name", INFINITE)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_infinite_derivatives_are_no_numbers(name):
    at = {"ndtri_exp": 0.0, "erfcinv": 0.0}.get(name, 0.0)
    assert not np.isfinite(ag.grad(getattr(special, name))(at))


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (total(special.ellipk), [0.0], [75 * np.pi / 256]),
        (total(special.ellipe), [0.0], [-15 * np.pi / 256]),
        (total(lambda x: special.gammainc(2.0, x)), [0.0], [-2]),
        (total(lambda x: special.gammainc(3.0, x)), [0.0], [1]),
        (total(lambda x: special.betainc(2.0, 2.0, x)), [0.0], [-12]),
        (total(special.ndtr), [INF], [0]),
        (total(special.log_ndtr), [-1e8], [0]),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_third_derivatives_at_a_boundary(f, x, expected):
    same(third(f, x).ravel(), expected)


def test_the_inverse_of_a_tiny_probability():
    """y ≈ −√(−2x), so the slope is about 1/√(−2x); e^(x + y²/2) would be rounding alone."""
    x = -np.logspace(3, 20, 18)
    y = special.ndtri_exp(x)
    expected = [float(1 / hazard(-mp.mpf(value))) for value in y]
    np.testing.assert_allclose(
        ag.grad(lambda x: np.sum(special.ndtri_exp(x)))(x), expected, rtol=1e-12
    )
