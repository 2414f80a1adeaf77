"""check_gradient at points that are awkward for differences: numbers that are tiny or huge by
nature, functions that are flat, noisy, or nearly not defined. What is right must pass there, and
what is wrong by a ten-thousandth must not.
"""

import warnings

import numpy as np
import pytest

import autograd_lite as ag
import nn

rng = np.random.default_rng(0)
A = np.array
SAMPLE = rng.normal(size=1000)
MANY = rng.normal(size=1_000_000)
RETURNS = 0.01 * rng.normal(size=60)
X = rng.normal(size=(50, 3))
PROBABILITIES = np.maximum(rng.dirichlet(np.full(40, 0.05)), 1e-9)


def garch(theta):
    """The negative loglikelihood of a GARCH(1, 1); omega is of the size of a squared return."""
    omega, alpha, beta = theta[0], theta[1], theta[2]
    variance, total = omega / (1 - alpha - beta), 0
    for r in RETURNS:
        total = total + 0.5 * (np.log(variance) + r * r / variance)
        variance = omega + alpha * r * r + beta * variance
    return total


entropy = lambda p: -np.sum(p * np.log(p))
total = lambda f: lambda x: np.sum(f(x))

# The function, and its inputs. Each has a derivative that is not 0.
STEEP = {
    "log of 1e-3": (np.log, 1e-3),
    "log of 1e-8": (np.log, 1e-8),
    "log of 1e-30": (np.log, 1e-30),
    "log of 1e-300": (np.log, 1e-300),
    "log of 1e300": (np.log, 1e300),
    "log from 1e-12 to 1e12": (total(np.log), A([1e-12, 1e-3, 1.0, 1e6, 1e12])),
    "entropy": (entropy, A([1e-4, 0.3, 0.6999])),
    "entropy of a sparse distribution": (entropy, PROBABILITIES),
    "sqrt of 1e-4": (np.sqrt, 1e-4),
    "sqrt of 1e-12": (np.sqrt, 1e-12),
    "sqrt of 1e-200": (np.sqrt, 1e-200),
    "cbrt of 1e-9": (np.cbrt, 1e-9),
    "1/x at 1e-5": (lambda x: 1 / x, 1e-5),
    "1/x at 1e-100": (lambda x: 1 / x, 1e-100),
    "x⁻³ at 1e-6": (lambda x: x**-3.0, 1e-6),
    "an omega": (lambda t: np.log(t[0] + t[1] * 1e-4), A([1e-6, 0.1])),
    "GARCH": (garch, A([1e-6, 0.1, 0.85])),
    "power": (lambda x, y: x**y, 1e-4, 2.5),
    "a scale of 1e-3": (
        lambda m, s: np.sum(np.log(s) + ((1e-3 * SAMPLE - m) / s) ** 2 / 2),
        1e-5,
        1e-3,
    ),
    "arccos near 1": (np.arccos, 0.999999999),
    "arctanh near 1": (np.arctanh, 1 - 1e-10),
    "log1p near −1": (np.log1p, -1 + 1e-9),
    "expm1 at 1e-12": (np.expm1, 1e-12),
    "tan near π/2": (np.tan, 1.5707),
    "norm of tiny numbers": (np.linalg.norm, A([1e-8, 1e-9])),
    "norm of huge numbers": (np.linalg.norm, A([1e150, 1e149])),
    "hypot": (np.hypot, 1e-9, 1e-12),
    "|x| at 1e-9": (np.abs, 1e-9),
    "relu near 0": (total(ag.relu), A([1e-7, 1e-5, 1e-9])),
    "1 + relu near 0": (lambda x: 1 + np.sum(ag.relu(x)), A([1e-5, 1e-3])),
    "beside a jump": (lambda x: x + np.floor(x.data), 0.5),
    "exp of 700": (np.exp, 700.0),
    "exp of −700": (np.exp, -700.0),
    "exp of 300, 1 and −300": (np.exp, A([300.0, 1.0, -300.0])),
    "sin at 1e5": (np.sin, 1e5),
    "sin at 1e9": (np.sin, 1e9),
    "sin(1e6 x)": (lambda x: np.sin(1e6 * x), 1.0),
    "sin(1e9 x) at 0": (lambda x: np.sin(1e9 * x), 0.0),
    "sin(x/1e9) at 0": (lambda x: np.sin(x / 1e9), 0.0),
    "1 + sin(x/1e9)": (lambda x: 1 + np.sin(x / 1e9), 2.0),
    "sin(2πx), of period 1": (lambda x: np.sin(2 * np.pi * x), A([0.0, 1.0, 0.3])),
    "1e300 x": (lambda x: 1e300 * x, 2.0),
    "1e-300 x²": (lambda x: 1e-300 * x * x, 2.0),
    "1e-20 Σx²": (lambda x: 1e-20 * np.sum(x**2), A([1.0, 2.0])),
    "1e12 + Σx²": (lambda x: 1e12 + np.sum(x**2), A([1e3, 2.0])),
    "Σx² from 1 to 1e6": (lambda x: np.sum(x**2), A([1e6, 1.0])),
    "outputs from 1e-10 to 1e10": (lambda x: x * A([1e10, 1.0, 1e-10]), A([1.0, 2.0, 3.0])),
    "a sum of a million terms": (lambda x: np.sum(np.tanh(x * MANY)), 0.3),
    "a mean of many terms": (lambda x: np.mean(np.log1p(np.exp(x * MANY[:100_000]))), 1e-3),
    "a logistic regression in small units": (
        lambda b: np.sum(np.log1p(np.exp(-1e3 * (X @ b)))),
        A([1e-3, -2e-3, 1e-4]),
    ),
    "x + 1e8 − 1e8": (lambda x: (1e8 + x) - 1e8, 0.3),
    "variance beside 1e6": (np.var, 1e6 + A([0.1, 0.2, 0.5])),
    "std beside 1e4": (np.std, 1e4 + A([0.1, 0.2, 0.5])),
    "product": (np.prod, A([1e-5, 1e5, 1e-3, 2.0])),
    "cumprod": (np.cumprod, A([1e-3, 1e3, 1e-6])),
    "inverse of a nearly singular matrix": (np.linalg.inv, A([[1.0, 1.0], [1.0, 1 + 1e-6]])),
    "slogdet": (lambda a: np.linalg.slogdet(a)[1], np.diag([1e-6, 1.0, 1e6]) + 1e-7),
    "sigmoid of −40": (ag.sigmoid, A([-40.0, 2.0])),
    "softplus of −40": (ag.softplus, A([-40.0, 50.0])),
    "normal_cdf of −30": (ag.normal_cdf, A([-30.0, 1.0])),
    "logsumexp beside 1e3": (ag.logsumexp, A([1e3, 1e3 + 1])),
    "longdouble": (total(np.log), np.longdouble([1e-6, 2])),
    "longdouble at 1e6": (total(np.sin), np.longdouble([1e6, 2])),
    "an integer": (lambda x: x**2, 3),
    "infinity beside 1": (lambda x: np.exp(-x), A([np.inf, 1.0])),
    "NaN beside 1": (np.nansum, A([1.0, np.nan, 2.0])),
}
# Flat, rounded away, or infinite: there is nothing to be wrong by a factor. Or less precise.
FLAT = {
    "x² at 0": (lambda x: x**2, 0.0),
    "x³ at 0": (lambda x: x**3, 0.0),
    "1 + x³ at 0": (lambda x: 1 + x**3, 0.0),
    "5 + Σx⁴": (lambda x: np.sum(x**4) + 5, A([0.0, 1e-3])),
    "(x − 1)² at 1": (lambda x: (x - 1) ** 2, 1.0),
    "cos at 0": (np.cos, 0.0),
    "a constant": (lambda x: np.sum(0 * x) + 3, A([1.0, 2.0])),
    "x/x": (lambda x: x / x, A([3.0, 7.0, 1e5, 1e-5])),
    "sin² + cos²": (lambda x: np.sin(x) ** 2 + np.cos(x) ** 2, A([0.3, 1e-4, 1e3])),
    "the sum of softmax": (lambda x: np.sum(ag.softmax(x)), A([1.0, 2.0, 3.0])),
    "the sum of softmax at 0": (lambda x: np.sum(ag.softmax(x)), np.zeros(3)),
    "Σ(x − mean)": (lambda x: np.sum(x - np.mean(x)), A([1.0, 2.0, 4.0])),
    "relu left of 0": (total(ag.relu), A([-1e-7, -1e-5, 1.0])),
    "sigmoid of 800": (ag.sigmoid, A([800.0, -800.0])),
    "tanh of 20": (np.tanh, A([20.0, -15.0])),
    "x^1.5 at 0": (lambda x: x**1.5, 0.0),
    "sqrt at 0": (np.sqrt, 0.0),
    "arcsin at 1": (np.arcsin, 1.0),
    "cbrt at 0": (np.cbrt, 0.0),
    "1e15 + x": (lambda x: 1e15 + np.sum(x), A([3.0, 2.0])),
    "1e-310 x²": (lambda x: 1e-310 * x * x, 2.0),
    "Σx² with tiny ones": (lambda x: np.sum(x**2), A([1e6, 1.0, 1e-3, 1e-9, 0.0])),
    "float32": (total(np.log), np.float32([1e-6, 1e-3, 1])),
    "float32, saturated": (ag.sigmoid, np.float32([20, -20])),
    "float32 log_softmax": (lambda x: np.sum(ag.log_softmax(x)[:2]), np.float32([10, -20, 3])),
    "float32 inside": (lambda x: np.sum(np.tanh(x.astype(np.float32))), A([0.3, -2.0])),
    "float16": (total(np.exp), np.float16([0.1, 2])),
    "float16 log": (total(np.log), np.float16([1e-3, 2])),
}
NOT_FINITE_TWICE = {"sqrt at 0", "arcsin at 1", "cbrt at 0", "x^1.5 at 0", "float16 log"}


def is_right(f, *inputs, **options):
    """Whether check_gradient passes it, where NumPy may warn: of what is out of f's domain."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ag.check_gradient(f, *inputs, **options)
        except AssertionError:
            return False
    return True


def with_factor(f, factor, only=None):
    """f with the same numbers, and derivatives `factor` times what they are; by one entry of the
    first input, if `only` is its index.
    """

    def wrong(*inputs):
        extra = []
        for x in inputs:
            size = np.full(x.shape, factor - 1.0)
            if only is not None:
                size = np.zeros(x.shape)
                size[only] = factor - 1
            extra.append((x - x.data) * np.where(np.isfinite(x.data), size, 0))
        return f(
            *[np.where(np.isfinite(x.data), x + e, x) for x, e in zip(inputs, extra, strict=True)]
        )

    return wrong


@pytest.mark.parametrize("case", {**STEEP, **FLAT})
def test_what_is_right_passes(case):
    f, *inputs = {**STEEP, **FLAT}[case]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ag.check_gradient(f, *inputs).agrees


@pytest.mark.parametrize("case", STEEP)
def test_what_is_wrong_by_a_ten_thousandth_does_not(case):
    f, *inputs = STEEP[case]
    assert is_right(with_factor(f, 1.0), *inputs)
    assert not is_right(with_factor(f, 1.0001), *inputs)
    assert not is_right(with_factor(f, -1.0), *inputs)


@pytest.mark.parametrize("case", STEEP)
def test_nor_what_is_wrong_in_one_entry(case):
    f, x, *others = STEEP[case]
    for index in list(np.ndindex(np.shape(x)))[:5] if not others else ():
        if np.isfinite(np.asarray(x)[index]):
            assert not is_right(with_factor(f, 1.001, index), x), index


@pytest.mark.parametrize("case", [name for name in FLAT if name not in NOT_FINITE_TWICE])
def test_a_slope_where_there_is_none_is_found(case):
    """A term too much, which the derivation forgot to cancel."""
    f, x = FLAT[case]
    x = np.asarray(x)
    extra = lambda t: 3 * np.sum(t - t.data)
    assert not is_right(lambda t: f(t) + extra(t), x)


@pytest.mark.parametrize(
    "case", [name for name in {**STEEP, **FLAT} if name not in NOT_FINITE_TWICE]
)
def test_second_derivatives_that_are_right_pass(case):
    f, *inputs = {**STEEP, **FLAT}[case]
    assert is_right(f, *inputs, order=2)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_networks_whatever_the_scale_of_their_data(seed, dtype):
    random = np.random.default_rng(seed)
    activation = [nn.ReLU, nn.Tanh, nn.ELU, nn.PReLU][seed % 4]
    model = nn.MLP([4, 8, 3], activation, rng=seed, batchnorm=seed % 3 == 0, dtype=dtype)
    x = (random.normal(size=(20, 4)) * 10 ** random.uniform(-2, 2)).astype(dtype)
    y = random.integers(0, 3, 20)
    ag.check_gradient(model, x, y, loss=nn.cross_entropy)


@pytest.mark.parametrize("seed", range(12))
def test_sums_that_hide_a_small_term(seed):
    """A sum of many terms, a large constant beside it, parameters of all sizes."""
    random = np.random.default_rng(seed)
    data = random.normal(size=[10, 1000, 30_000][seed % 3]) * 10 ** random.uniform(-3, 3)
    constant, factor = 10 ** random.uniform(-3, 8), 10 ** random.uniform(-3, 3)
    bend = [np.sin, np.tanh, ag.softplus, np.square][seed % 4]

    def f(x):
        return factor * np.sum(bend(x[0] * data)) + constant + x[1] * x[2] + np.exp(-x[2])

    x = A([random.normal() / np.abs(data).max(), 10 ** random.uniform(-6, 3), random.normal()])
    gradient = ag.grad(f)(x)
    assert is_right(f, x, analytic=gradient)
    assert not is_right(f, x, analytic=gradient * A([1.001, 1, 1]))
    assert not is_right(f, x, analytic=-gradient)
