"""float(), int() and complex() of a tensor that needs a gradient raise, whoever calls them: the
gradient would be lost without a word.
"""

import array
import cmath
import datetime
import decimal
import fractions
import math
import operator
import random
import statistics
import struct
import warnings

import numpy as np
import pytest

import autograd_lite as ag

t = ag.Tensor(2.0, requires_grad=True, name="t")
v = ag.Tensor([1.0, 2.0], requires_grad=True, name="v")


def stored(into, index, value):
    into[index] = value
    return into


def chain(error):
    """An error, and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__


# Python's own conversions, and the functions of its library that ask for a number.
PYTHON = {
    "float": float,
    "int": int,
    "complex": complex,
    "complex(1, t)": lambda t: complex(1, t),
    "%": lambda t: "%.3f" % t,  # noqa: UP031 (which calls float)
    "math.exp": math.exp,
    "math.floor": math.floor,
    "math.ceil": math.ceil,
    "math.isnan": math.isnan,
    "math.isclose": lambda t: math.isclose(t, 2),
    "math.hypot": lambda t: math.hypot(t, 1),
    "math.dist": lambda t: math.dist([t], [1.0]),
    "math.fsum": lambda t: math.fsum([t, t]),
    "cmath.exp": cmath.exp,
    "statistics.fmean": lambda t: statistics.fmean([t, t]),
    "array.array": lambda t: array.array("d", [t]),
}
# These find that it is no number at all.
NO_NUMBER = {
    "operator.index": operator.index,
    "range": range,
    "list[t]": lambda t: [1, 2, 3][t],
    "str * t": lambda t: "ab" * t,
    "round": round,
    "math.trunc": math.trunc,
    "math.comb": lambda t: math.comb(t, 1),
    "statistics.mean": lambda t: statistics.mean([t, t]),
    "statistics.stdev": lambda t: statistics.stdev([t, 2 * t]),
    "Decimal": decimal.Decimal,
    "Fraction": fractions.Fraction,
    "timedelta": lambda t: datetime.timedelta(days=t),
    "struct.pack": lambda t: struct.pack("d", t),
    "np.zeros": np.zeros,
    "str array": lambda t: stored(np.zeros(3, "U9"), 1, t),
    "record array": lambda t: stored(np.zeros(2, [("a", float)]), 0, t),
}
# NumPy asks for float(), and raises an error of its own from ours; or for an array.
NUMPY = {
    **{
        f"{dtype} array": lambda t, dtype=dtype: stored(np.zeros(3, dtype), 1, t)
        for dtype in ("f2", "f4", "f8", np.longdouble, "i4", "i8", "u1", "c8", "c16")
    },
    "matrix entry": lambda t: stored(np.zeros((2, 2)), (0, 1), t),
    "slice": lambda t: stored(np.zeros(3), slice(0, 2), t),
    "list in a slice": lambda t: stored(np.zeros(3), slice(0, 2), [t, t]),
    "mask": lambda t: stored(np.zeros(2), np.array([True, False]), t),
    "entry of a field": lambda t: stored(np.zeros(2, [("a", float)])["a"], 0, t),
    "masked array": lambda t: stored(np.ma.zeros(3), 1, t),
    "fill": lambda t: np.zeros(3).fill(t),
    "put": lambda t: np.zeros(3).put(0, t),
    "np.place": lambda t: np.place(np.zeros(2), [True, False], [t]),
    "np.full": lambda t: np.full(3, t),
    "np.full float": lambda t: np.full(3, t, dtype=float),
    "np.full_like": lambda t: np.full_like(np.ones(3), t),
    "np.array": lambda t: np.array([t, t]),
    "np.array nested": lambda t: np.array([[t, 1.0], [1.0, t]]),
    "np.array object": lambda t: np.array([t, t], dtype=object),
    "np.float64": np.float64,
    "np.arange": np.arange,
    "np.fromiter": lambda t: np.fromiter([t, t], float),
    "np.apply_along_axis": lambda t: np.apply_along_axis(lambda row: t, 0, np.ones((2, 2))),
    "normal": lambda t: np.random.default_rng(0).normal(t, 1.0),
    "normal, many": lambda t: np.random.default_rng(0).normal(0.0, t, 3),
    "integers": lambda t: np.random.default_rng(0).integers(t),
    "legacy normal": lambda t: np.random.RandomState(0).normal(t),
    "Polynomial": lambda t: np.polynomial.Polynomial([1, t])(2.0),
}
# These compute with it first, so that within no_grad there is nothing to lose.
COMPUTED = {
    "random.betavariate": lambda t: random.betavariate(t, 1),
    "random.choices": lambda t: random.choices([1, 2], weights=[t, t]),
    "np.vectorize": lambda t: np.vectorize(lambda x: x * t)(np.ones(2)),
    "np.array": lambda t: np.array([2 * t, t + 1]),
    "vector of one entry": lambda t: stored(np.zeros(3), 1, t.reshape(1)),
}
# What needs no gradient stays quiet, and so does what says that none is meant.
QUIET = {
    "item": lambda t: t.item(),
    "bool": bool,
    "comparison": lambda t: t > 1,
    "print": str,
    "repr": repr,
    "f-string": lambda t: f"{t:.3f} {t}",
    "format": "{:.2e}".format,
    "%s": lambda t: "%s" % t,  # noqa: UP031
    "np.isclose": lambda t: np.isclose(t, 2),
    "np.allclose": lambda t: np.allclose(t, 2),
    "np.isnan": np.isnan,
    "np.sign": np.sign,
    "sum": lambda t: sum([t, t]),
    "math.prod": lambda t: math.prod([t, t]),
    "max": lambda t: max(t, 2 * t),
    "sorted": lambda t: sorted([2 * t, t]),
    "statistics.median": lambda t: statistics.median([t, t]),
    "list * t": lambda t: [1, 2] * t,
    "bool array": lambda t: stored(np.zeros(3, bool), 1, t),
    "object array": lambda t: stored(np.empty(3, object), 1, t),
    "detach": lambda t: float(t.detach()) + int(t.detach()) + complex(t.detach()),
    "data": lambda t: float(t.data),
}


def each(cases):
    return pytest.mark.parametrize("call", cases.values(), ids=cases)


@each({**PYTHON, **NUMPY, **COMPUTED})
def test_a_plain_number_is_refused_and_the_remedy_named(call):
    with pytest.raises((TypeError, ValueError)) as caught:
        call(t)
    told = " ".join(map(str, chain(caught.value)))
    remedies = ("np.ones",) if told.startswith("A plain array") else (".item()", "np.stack")
    assert all(remedy in told for remedy in remedies), told


@each({**PYTHON, **NUMPY})
def test_so_it_is_within_no_grad(call):
    with ag.no_grad(), pytest.raises((TypeError, ValueError)):
        call(t)


@each(NO_NUMBER)
def test_what_cannot_take_a_tensor_raises(call):
    with pytest.raises((TypeError, ValueError, struct.error)):
        call(t)


@each(QUIET)
def test_what_loses_no_gradient_stays_quiet(call):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call(t)


@each(PYTHON)
def test_a_tensor_without_gradient_is_a_number(call):
    plain = ag.Tensor(0.75)
    np.testing.assert_equal(call(plain), call(0.75))


def test_results_under_no_grad_are_numbers():
    with ag.no_grad():
        result = t * 3
    assert float(result) == 6.0 and int(result) == 6 and complex(result) == 6
    assert stored(np.zeros(2), 0, result)[0] == 6.0


def test_a_complex_result_keeps_its_imaginary_part():
    spectrum = np.fft.fft(ag.Tensor([1.0, 2.0, 4.0]))
    assert complex(spectrum[1]) == np.fft.fft([1.0, 2.0, 4.0])[1]
    with pytest.raises(TypeError, match=r"would be lost in a plain number"):
        complex(np.fft.fft(v)[1])


def test_where_numpy_asks_its_error_is_raised_from_ours():
    with pytest.raises(ValueError) as caught:
        np.zeros(3)[1] = t
    assert isinstance(caught.value.__cause__, TypeError)
    assert all(remedy in str(caught.value.__cause__) for remedy in (".item()", "np.stack", "list"))


def test_a_recursion_into_an_array_raises_and_into_a_list_is_right():
    """A GARCH(1,1) likelihood; the gradient by central differences."""
    y = np.array([0.5, -1.2, 0.3, 2.0, -0.4, 0.9])

    def negative_log_likelihood(p, s):
        e = y - p[0]
        for i in range(1, len(y)):
            new = p[1] + p[2] * e[i - 1] ** 2 + p[3] * s[i - 1]
            if isinstance(s, list):
                s.append(new)
            else:
                s[i] = new
        return 0.5 * np.sum(np.log(np.stack(s)) + e**2 / np.stack(s))

    p = np.array([0.1, 0.2, 0.1, 0.7])
    with pytest.raises(ValueError) as caught:
        ag.grad(lambda p: negative_log_likelihood(p, np.ones(len(y))))(p)
    assert isinstance(caught.value.__cause__, TypeError)
    ag.check_gradient(lambda p: negative_log_likelihood(p, [1.0]), p)


def test_scipy_raises_from_ours_or_hands_ours_on():
    integrate = pytest.importorskip("scipy.integrate")
    optimize = pytest.importorskip("scipy.optimize")
    calls = {
        "brentq": lambda: optimize.brentq(lambda x: x - t, 0, 5),
        "quad": lambda: integrate.quad(lambda x: x * t, 0, 1),
        "quad's limit": lambda: integrate.quad(lambda x: x, 0, t),
        "minimize": lambda: optimize.minimize(lambda x: (x[0] - t) ** 2, [0.0]),
        "minimize_scalar": lambda: optimize.minimize_scalar(lambda x: (x - t) ** 2),
        "least_squares": lambda: optimize.least_squares(lambda x: x - t, [0.0]),
        "solve_ivp": lambda: integrate.solve_ivp(lambda s, y: y * t, (0, 1), [1.0]),
        "simpson": lambda: integrate.simpson(v),
    }
    for name, call in calls.items():
        with pytest.raises((TypeError, ValueError, SystemError)) as caught:
            call()
        ours = list(chain(caught.value))[-1]
        assert isinstance(ours, TypeError) and "gradient" in str(ours), name


def test_item_takes_a_place_as_numpys_does():
    x = ag.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    assert x.item(3) == x.item(1, 1) == x.item((1, 1)) == 4.0
    assert type(x.item(0)) is float
    with pytest.raises(ValueError):
        x.item()
    with pytest.raises(IndexError):
        x.item(4)
