"""Sums of exponentials, lengths, deviations, products and remainders where numbers are huge, tiny
or infinite.
"""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.derivatives import name_of

INF = np.inf
PRECISIONS = [np.float16, np.float32, np.float64]


def hessian(f, *inputs):
    return ag.jacobian(ag.grad(f))(*inputs)


# Shares in ln Σ e^x.


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("magnitude", [-3e8, -3e5, -100.0, 0.0, 100.0, 3e4, 1e8])
def test_shares_sum_to_1_in_every_precision(dtype, magnitude):
    """e^(a − y) has lost the digits of a − y where a and y are large."""
    if abs(magnitude) > np.finfo(dtype).max:
        return
    a = dtype(magnitude)
    eps = float(np.finfo(dtype).eps)
    for distance in (0.0, 0.5, 3.0):
        b = np.nextafter(a, dtype(INF)) if a + dtype(distance) == a else a + dtype(distance)
        for f, base in ((np.logaddexp, np.e), (np.logaddexp2, 2.0)):
            of_a, of_b = ag.grad(f, (0, 1))(a, b)
            assert float(of_a) + float(of_b) == pytest.approx(1, abs=4 * eps)
            right = 1 / (1 + base ** (float(b) - float(a)))
            assert float(of_a) == pytest.approx(right, rel=64 * eps)
        shares = ag.grad(ag.logsumexp)(np.array([a, b, a]))
        right = np.exp(np.array([a, b, a], float) - float(b))
        np.testing.assert_allclose(shares, right / right.sum(), rtol=64 * eps)


def test_a_long_chain_in_single_precision_keeps_its_gradient():
    """A hidden Markov model: at the end, ln P is about −300,000."""
    rng = np.random.default_rng(0)
    emissions = rng.normal(size=(3000, 2)) - 100
    transitions = np.log([[0.9, 0.1], [0.2, 0.8]])

    def log_likelihood(theta, dtype):
        p, q, (stay, leave), (enter, remain) = theta, 0 * theta, *transitions.astype(dtype)
        for l in emissions.astype(dtype):
            p, q = (
                np.logaddexp(p + stay, q + enter) + l[0] + theta * dtype(0.01),
                np.logaddexp(p + leave, q + remain) + l[1],
            )
        return np.logaddexp(p, q)

    double, single = (
        float(ag.grad(lambda theta, dtype=dtype: log_likelihood(theta, dtype))(dtype(0.1)))
        for dtype in (np.float64, np.float32)
    )
    assert single == pytest.approx(double, rel=0.02)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("f", [np.logaddexp, np.logaddexp2], ids=str)
def test_where_both_are_minus_infinity_none_has_a_share(f, dtype):
    a = dtype(-INF)
    assert ag.grad(f, (0, 1))(a, a) == (0, 0)
    for i in (0, 1):
        assert ag.grad(lambda a, b, i=i: ag.grad(f, i)(a, b), (0, 1))(a, a) == (0, 0)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("f", [np.logaddexp, np.logaddexp2], ids=str)
@pytest.mark.parametrize(
    ("a", "b", "of_a", "of_b"),
    [
        (-INF, 1.0, 0, 1),
        (1.0, -INF, 1, 0),
        (INF, 1.0, 1, 0),
        (1.0, INF, 0, 1),
        (INF, -INF, 1, 0),
        (-INF, INF, 0, 1),
        (INF, INF, 0.5, 0.5),
    ],
)
def test_shares_of_infinities(f, dtype, a, b, of_a, of_b):
    a, b = dtype(a), dtype(b)
    assert ag.grad(f, (0, 1))(a, b) == (of_a, of_b)
    for i in (0, 1):
        assert ag.grad(lambda a, b, i=i: ag.grad(f, i)(a, b), (0, 1))(a, b) == (0, 0)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize(
    ("x", "shares"),
    [
        ([-INF, -INF], [0, 0]),
        ([-INF], [0]),
        ([-INF, 2.0], [0, 1]),
        ([INF, 2.0, -INF], [1, 0, 0]),
        ([INF, INF, 2.0], [0.5, 0.5, 0]),
    ],
)
def test_logsumexp_of_infinities(x, shares, dtype):
    x = np.array(x, dtype)
    with np.errstate(all="raise", under="ignore"):
        assert ag.logsumexp(x) == x.max()
        assert ag.grad(ag.logsumexp)(x).tolist() == shares
        assert not hessian(ag.logsumexp, x).any()
    for axis in (0, (0,), -1, None):
        rows = lambda x, axis=axis: np.sum(ag.logsumexp(x, axis, keepdims=True))
        assert ag.grad(rows)(x).tolist() == shares


def test_an_axis_with_an_impossible_row_leaves_the_others_alone():
    x = np.array([[-INF, -INF], [0.0, np.log(3.0)], [INF, 1.0], [-INF, 5.0]])
    expected = [[0, 0], [0.25, 0.75], [1, 0], [0, 1]]
    np.testing.assert_allclose(ag.grad(lambda x: ag.logsumexp(x, 1).sum())(x), expected)
    second = ag.jacobian(ag.grad(lambda x: ag.logsumexp(x, 1).sum()))(x)
    assert np.isfinite(second).all()
    np.testing.assert_allclose(second[1, :, 1], [[0.1875, -0.1875], [-0.1875, 0.1875]])


def test_impossible_transitions_have_no_part_in_a_likelihood():
    """The forward algorithm of a hidden Markov model with ln 0 = −∞ among its transitions."""
    with np.errstate(divide="ignore"):
        transitions = np.log([[0.7, 0.3, 0.0], [0.0, 0.6, 0.4], [0.0, 0.0, 1.0]])
        start = np.log([1.0, 0.0, 0.0])

    def loss(theta):
        p = ag.sigmoid(theta)
        of_each = np.stack([np.log(p), np.log(1 - p)], 1)
        forward = start + of_each[:, 0]
        for observed in (1, 1, 0, 1):
            from_all = np.expand_dims(forward, 1) + transitions
            forward = ag.logsumexp(from_all, axis=0) + of_each[:, observed]
        return -ag.logsumexp(forward)

    ag.check_gradient(loss, np.array([0.1, -0.2, 0.3]))
    ag.check_gradient(loss, np.array([0.1, -0.2, 0.3]), order=2)


def test_softmax_with_masked_entries_has_second_derivatives():
    x = np.array([-INF, 0.0, np.log(3.0), -INF])
    for f in (ag.softmax, lambda x: np.exp(ag.log_softmax(x))):
        second = hessian(lambda x, f=f: np.sum(f(x) ** 2), x)
        assert np.isfinite(second).all() and not second[[0, 3]].any()
        rest = hessian(lambda x: np.sum(ag.softmax(x) ** 2), x[1:3])
        np.testing.assert_allclose(second[1:3, 1:3], rest, rtol=1e-12)


# Lengths and deviations.

SCALES = [1e-310, 1e-200, 1e-160, 1e-3, 1.0, 1e160, 1e200, 1e300]


@pytest.mark.parametrize("scale", SCALES)
def test_lengths_have_a_direction_at_any_scale(scale):
    """x/|x|, also where Σx² overflows or vanishes."""
    x, direction = np.array([3.0, 0.0, -4.0]) * scale, [0.6, 0, -0.8]
    with np.errstate(over="ignore"):
        for f in (np.linalg.norm, np.linalg.vector_norm):
            np.testing.assert_allclose(ag.grad(f)(x), direction, rtol=1e-12)
        of_matrix = ag.grad(lambda x: np.linalg.norm(x, "fro"))(np.diag(x))
    np.testing.assert_allclose(of_matrix, np.diag(direction), rtol=1e-12)


@pytest.mark.parametrize("scale", SCALES[1:-1])
def test_a_second_derivative_of_a_length_is_one_over_the_length(scale):
    x, u = np.array([3.0, 0.0, -4.0]) * scale, np.array([0.6, 0, -0.8])
    with np.errstate(over="ignore"):
        second = hessian(np.linalg.norm, x)
    np.testing.assert_allclose(
        second, (np.eye(3) - np.outer(u, u)) / (5 * scale), atol=1e-12 / scale
    )


@pytest.mark.parametrize("scale", SCALES[:-1])
@pytest.mark.parametrize("f", [np.std, np.nanstd], ids=name_of)
def test_deviations_have_a_direction_at_any_scale(f, scale):
    x = np.array([1.0, 2.0, 6.0])
    with np.errstate(over="ignore"):
        slope = ag.grad(f)(x * scale)
    np.testing.assert_allclose(slope, (x - 3) / (3 * x.std()), rtol=1e-12)


@pytest.mark.parametrize("scale", SCALES[1:-1])
def test_the_variance_is_differentiated_at_any_scale(scale):
    x = np.array([1.0, 2.0, 6.0])
    with np.errstate(over="ignore"):
        slope = ag.grad(np.var)(x * scale)
        of_nan = ag.grad(np.nanvar)(x * scale)
    np.testing.assert_allclose(slope, 2 * (x - 3) * scale / 3, rtol=1e-12)
    np.testing.assert_allclose(of_nan, slope, rtol=1e-12)


def test_more_degrees_of_freedom_than_numbers_give_what_numpy_gives():
    """Nothing divided by 0, and no number from a negative count."""
    x = np.array([1.0, 2.0])
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        for f in (np.var, np.std):
            assert not np.isfinite(ag.grad(lambda x, f=f: f(x, ddof=3))(x)).any()
        for f in (np.nanvar, np.nanstd):
            t = ag.Tensor(x, requires_grad=True)
            assert np.isnan(f(t, ddof=3).data) and np.isnan(f(x, ddof=3))


# Products.


def others(x):
    return np.array([np.prod(np.delete(x, i)) for i in range(len(x))])


@pytest.mark.parametrize(
    "x",
    [
        [1e-200, 1e-200],  # the product vanishes, its derivatives do not
        [1e-200, 1e-200, 1e100],
        [1e200, 1e200],
        [1e-160, 1e-160, 3.0],  # a subnormal product has few digits
        [0.0, 1e-300],
        [2.0, 0.0, 0.0, 3.0],
        [1e-310, 2.0],
        [5.0],
    ],
)
def test_a_product_is_not_divided_by_its_factors_where_that_loses_digits(x):
    x = np.array(x)
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(ag.grad(np.prod)(x), others(x), rtol=1e-12)
        np.testing.assert_allclose(ag.grad(np.nanprod)(x), others(x), rtol=1e-12)
        np.testing.assert_allclose(ag.grad(lambda x: np.cumprod(x)[-1])(x), others(x), rtol=1e-12)
        np.testing.assert_allclose(ag.grad(lambda x: np.cumprod(x)[0])(x), np.eye(len(x))[0])


# What was not chosen.


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.maximum(x, 0),
        lambda x: np.fmax(x, 0),
        lambda x: -np.minimum(-x, 0),
        lambda x: -np.fmin(-x, 0),
        lambda x: np.clip(x, 0, None),
        lambda x: np.clip(x, 0, INF),
        lambda x: np.max(np.stack([x, np.zeros(2)]), axis=0),
        lambda x: -np.min(np.stack([-x, np.zeros(2)]), axis=0),
        lambda x: np.where(x > 0, x, 0),
        lambda x: np.nan_to_num(np.where(x > 0, x, INF), posinf=0.0),
    ],
)
def test_an_infinite_gradient_passes_by_what_was_not_chosen(f):
    """√max(x, 0) does not change with x < 0, although √ has an infinite slope at 0."""
    with np.errstate(divide="ignore"):
        assert ag.grad(lambda x: np.sum(np.sqrt(f(x))))(np.array([-1.0, 4.0])).tolist() == [0, 0.25]


@pytest.mark.parametrize("bounds", [(-INF, INF), (-INF, None), (None, INF)])
def test_infinite_bounds_of_clip_are_none(bounds):
    assert ag.grad(lambda x: np.sum(np.clip(x, *bounds)))(np.array([-1e300, 2.0])).tolist() == [
        1,
        1,
    ]


@pytest.mark.parametrize("f", [np.remainder, np.fmod], ids=str)
@pytest.mark.parametrize(
    ("a", "b", "times"),
    [(1.0, 0.1, 9), (5.0, 5 / 3, 2), (0.3, 0.1, 2), (6.0, 2.0, 3), (1e300, 7e299, 1)],
)
def test_the_quotient_of_a_remainder_is_the_one_that_was_taken(f, a, b, times):
    """0.1 is a little more than 1/10: it is in 1 only nine times, although 1/0.1 rounds to 10."""
    assert ag.grad(f, 1)(a, b) == -times
    assert f(a, b) == pytest.approx(a - times * b, abs=1e-15 * a)
    assert ag.grad(f, 1)(np.float32(a) if a < 1e30 else a, b) <= 0


def test_remainders_of_either_sign():
    for a, b in ((-1.0, 0.1), (1.0, -0.1), (-1.0, -0.1), (-7.5, 2.0), (7.5, -2.0)):
        for f in (np.remainder, np.fmod):
            assert ag.grad(f, 1)(a, b) == -round((a - f(a, b)) / b)
