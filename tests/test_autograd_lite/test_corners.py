"""Where a function has a corner, a tie or a pole, its derivative is a convention; where numbers are
huge, it must stay finite.

The conventions are PyTorch's: the test at the end compares them.
"""

import numpy as np
import pytest

import autograd_lite as ag

INF = np.inf


def derivative_at(f, *inputs):
    """∂ Σf/∂input for each input."""
    tensors = [ag.Tensor(x, requires_grad=True) for x in inputs]
    return [gradient.tolist() for gradient in ag.gradients(np.sum(f(*tensors)), tensors)]


@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (ag.relu, [-1.0, 0.0, -0.0, 2.0], [0, 0, 0, 1]),
        (ag.leaky_relu, [-1.0, 0.0, 2.0], [0.01, 0.01, 1]),
        (ag.elu, [-1.0, 0.0, 2.0], [np.exp(-1), 1, 1]),
        (np.abs, [-3.0, 0.0, 3.0], [-1, 0, 1]),
        (np.fabs, [-3.0, 0.0, 3.0], [-1, 0, 1]),
        (lambda x: np.maximum(x, 0), [-1.0, 0.0, 2.0], [0, 0.5, 1]),
        (lambda x: np.minimum(x, 0), [-1.0, 0.0, 2.0], [1, 0.5, 0]),
        (lambda x: np.maximum(x, x), [1.0, -1.0], [1, 1]),
        (lambda x: np.clip(x, -1, 1), [-2.0, -1.0, 0.0, 1.0, 2.0], [0, 1, 1, 1, 0]),
        (lambda x: x[(0, 0), :], [[1.0, 2.0], [3.0, 4.0]], [[2, 2], [0, 0]]),
        (lambda x: x[[0, 0, 1]], [1.0, 2.0], [2, 1]),
        (
            lambda x: np.ravel(x.T, order="A") * np.arange(4),
            [[1.0, 2.0], [3.0, 4.0]],
            [[0, 1], [2, 3]],
        ),
        (
            lambda x: np.reshape(x, -1, order="f") * np.arange(4),
            [[1.0, 2.0], [3.0, 4.0]],
            [[0, 2], [1, 3]],
        ),
        (
            lambda x: np.reshape(x.T, -1, order="A") * np.arange(4),
            [[1.0, 2.0], [3.0, 4.0]],
            [[0, 1], [2, 3]],
        ),
        (np.max, [3.0, 3.0, 1.0], [0.5, 0.5, 0]),
        (np.min, [3.0, 1.0, 1.0, 1.0], [0, 1 / 3, 1 / 3, 1 / 3]),
        (lambda x: np.max(x, axis=0), [[1.0, 5.0], [1.0, 4.0]], [[0.5, 1], [0.5, 0]]),
        (np.prod, [0.0, 2.0, 3.0], [6, 0, 0]),
        (np.prod, [0.0, 0.0, 3.0], [0, 0, 0]),
        (np.std, [2.0, 2.0, 2.0], [0, 0, 0]),
        (np.sqrt, [0.0], [INF]),
        (lambda x: x**0, [0.0, 2.0], [0, 0]),
        (lambda x: x**1, [0.0], [1]),
        (lambda x: x**2, [0.0, -3.0], [0, -6]),
        (lambda x: x**0.5, [0.0], [INF]),
        (lambda x: 0**x, [2.0, 0.0], [0, 0]),
        (lambda x: 2**x, [0.0], [np.log(2)]),
    ],
)
def test_corners_and_ties(f, x, expected):
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(derivative_at(f, x)[0], expected, rtol=1e-15)


def test_ties_between_two_arguments_are_shared():
    assert derivative_at(np.maximum, [1.0, 2.0], [1.0, 3.0]) == [[0.5, 0], [0.5, 1]]
    assert derivative_at(np.minimum, [1.0, 2.0], [1.0, 3.0]) == [[0.5, 1], [0.5, 0]]


def test_bounds_of_clip_get_the_gradient_of_what_they_replace():
    assert derivative_at(np.clip, [-2.0, 0.0, 2.0], [-1.0, 0.0, -1.0], [1.0, 1.0, 1.0]) == [
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 1],
    ]


def test_a_product_with_zeros_has_second_derivatives():
    assert ag.hessian(np.prod)(np.array([0.0, 0.0, 3.0])).tolist() == [
        [0, 3, 0],
        [3, 0, 0],
        [0, 0, 0],
    ]


def test_a_negative_base_has_no_derivative_by_its_exponent():
    with np.errstate(invalid="ignore"):
        by_base, by_exponent = derivative_at(np.power, [-2.0], [3.0])
    assert by_base == [12.0]
    assert np.isnan(by_exponent).all()


HUGE = np.array([-1000.0, -100.0, 0.0, 100.0, 1000.0])


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (ag.sigmoid, [0, np.exp(-100), 0.25, np.exp(-100), 0]),
        (np.tanh, [0, 0, 1, 0, 0]),
        (ag.softplus, [0, np.exp(-100), 0.5, 1, 1]),
        (ag.elu, [0, np.exp(-100), 1, 1, 1]),
        (ag.relu, [0, 0, 0, 1, 1]),
        (ag.leaky_relu, [0.01, 0.01, 0.01, 1, 1]),
        (ag.normal_cdf, [0, 0, 1 / np.sqrt(2 * np.pi), 0, 0]),
        (ag.logsumexp, [0, 0, 0, 0, 1]),
        (lambda x: ag.softmax(x)[-1], [0, 0, 0, 0, 0]),
        (lambda x: ag.log_softmax(x)[0], [1, 0, 0, 0, -1]),
        (lambda x: np.logaddexp(x, 0), [0, np.exp(-100), 0.5, 1, 1]),
        (
            lambda x: np.hypot(x * 1e200, 1e200),
            [-1e200, -1e200 * 0.99995000375, 0, 1e200 * 0.99995000375, 1e200],
        ),
        (np.arcsinh, [1e-3, 1e-2, 1, 1e-2, 1e-3]),
    ],
)
def test_huge_arguments_overflow_nowhere(f, expected):
    with np.errstate(all="raise", under="ignore"):
        first = derivative_at(f, HUGE)[0]
    np.testing.assert_allclose(first, expected, rtol=1e-4, atol=1e-15)
    if np.max(np.abs(expected)) < 2:
        with np.errstate(all="raise", under="ignore"):
            assert np.isfinite(ag.jacobian(ag.grad(lambda x: np.sum(f(x))))(HUGE)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_at_huge_arguments(dtype):
    x = HUGE.astype(dtype)
    with np.errstate(all="raise", under="ignore"):
        assert ag.sigmoid(x).tolist() == pytest.approx([0, 0, 0.5, 1, 1])
        assert ag.softplus(x).tolist() == pytest.approx([0, 0, np.log(2), 100, 1000])
        assert ag.elu(x).tolist() == pytest.approx([-1, -1, 0, 100, 1000])
        assert ag.normal_cdf(x).tolist() == pytest.approx([0, 0, 0.5, 1, 1])
        assert ag.logsumexp(x) == pytest.approx(1000)
        assert ag.softmax(x).tolist() == pytest.approx([0, 0, 0, 0, 1])
        assert ag.log_softmax(x).tolist() == pytest.approx([-2000, -1100, -1000, -900, 0])
    for f in (
        ag.sigmoid,
        ag.relu,
        ag.leaky_relu,
        ag.elu,
        ag.softplus,
        ag.normal_cdf,
        ag.logsumexp,
        ag.softmax,
        ag.log_softmax,
    ):
        assert f(x).dtype == dtype


def test_a_masked_score_of_minus_infinity_has_weight_and_gradient_zero():
    scores = np.array([-INF, 0.0, np.log(3.0)])
    assert ag.softmax(scores).tolist() == pytest.approx([0, 0.25, 0.75])
    assert derivative_at(ag.logsumexp, scores)[0] == pytest.approx([0, 0.25, 0.75])
    assert derivative_at(lambda x: ag.log_softmax(x)[1], scores)[0] == pytest.approx(
        [0, 0.75, -0.75]
    )


def test_the_lower_tail_of_the_normal_distribution_keeps_its_digits():
    assert ag.normal_cdf(np.array([-10.0, -30.0])).tolist() == pytest.approx(
        [7.619853024160527e-24, 4.906713927148187e-198]
    )


def test_where_does_not_undo_an_infinite_derivative():
    """0 · ∞ is NaN, here as in PyTorch: guard the argument of the logarithm, not its result."""
    x = np.array([0.0, 1.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.isnan(derivative_at(lambda x: np.where(x > 0, np.log(x), 0), x)[0][0])
    assert derivative_at(lambda x: np.where(x > 0, np.log(np.where(x > 0, x, 1)), 0), x) == [[0, 1]]


POINTS = [-1000.0, -1.0, 0.0, 1.0, 1000.0]
UNARY = [
    ag.sigmoid,
    ag.relu,
    ag.leaky_relu,
    ag.elu,
    np.tanh,
    np.abs,
    np.sqrt,
    np.exp,
    np.log,
    np.log1p,
    np.square,
]
UNARY += [np.reciprocal, np.arctan, np.arcsinh, np.sinh, np.cosh]
BINARY = [
    np.maximum,
    np.minimum,
    np.logaddexp,
    np.hypot,
    np.power,
    np.fmod,
    np.remainder,
    np.divide,
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_pytorch_has_the_same_conventions():
    torch = pytest.importorskip("torch")

    def theirs(function, *numbers):
        tensors = [
            torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in numbers
        ]
        name = {"power": "pow"}.get(function.__name__, function.__name__)
        (getattr(torch, name, None) or getattr(torch.nn.functional, name))(*tensors).backward()
        return [tensor.grad.item() for tensor in tensors]

    cases = [(f, a) for f in UNARY for a in POINTS] + [
        (f, a, b) for f in BINARY for a in POINTS for b in POINTS
    ]
    for function, *numbers in cases:
        if function not in (np.power, np.fmod, np.remainder) or max(map(abs, numbers)) == 1:
            expected = theirs(function, *numbers)
            np.testing.assert_allclose(
                derivative_at(function, *numbers),
                expected,
                rtol=1e-12,
                err_msg=f"{function}{numbers}",
            )


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_pytorch_too_gives_nothing_of_an_infinite_gradient_to_what_was_not_chosen():
    torch = pytest.importorskip("torch")
    zero = torch.zeros(3, dtype=torch.float64)
    for ours, theirs in (
        (lambda x: np.maximum(x, 0), lambda x: torch.maximum(x, zero)),
        (lambda x: -np.minimum(-x, 0), lambda x: -torch.minimum(-x, zero)),
        (lambda x: np.fmax(x, 0), lambda x: torch.fmax(x, zero)),
        (lambda x: np.clip(x, 0, None), lambda x: torch.clamp(x, min=0)),
        (lambda x: np.where(x > 0, x, 0), lambda x: torch.where(x > 0, x, zero)),
    ):
        x = torch.tensor([-1.0, 4.0, 9.0], dtype=torch.float64, requires_grad=True)
        torch.sqrt(theirs(x)).sum().backward()
        np.testing.assert_allclose(
            derivative_at(lambda x, f=ours: np.sqrt(f(x)), x.tolist())[0], x.grad
        )


def test_a_list_of_numbers_may_stand_beside_a_tensor_in_second_derivatives_too():
    np.testing.assert_allclose(
        ag.hessian(lambda x: np.sum(x ** [2.0, 3.0]))(np.ones(2)), np.diag([2.0, 6.0])
    )
    np.testing.assert_allclose(
        ag.hessian(lambda x: np.sum(np.arctan2(x, [1.0, 2.0])))(np.zeros(2)),
        np.zeros((2, 2)),
    )


def test_linear_takes_a_bias_that_is_a_number_or_a_list():
    np.testing.assert_array_equal(ag.linear([[1.0, 2.0]], [[1.0, 1.0]], 0.5), [[3.5]])
    np.testing.assert_array_equal(ag.linear([[1.0, 2.0]], [[1.0, 1.0]], [0.5]), [[3.5]])


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.arctan2(x, np.array([20], np.uint8)), [1.0]),
        (lambda x: np.arctan2(x, np.array([50_000], np.int32)), [1.0]),
        (lambda x: x ** np.array([0, 1], np.uint8), [200.0, 2.0]),
        (lambda x: x ** np.int8(-128), 1.1),
        (lambda x: np.array([20], np.uint8) ** x, [2.5]),
    ],
)
def test_small_integers_do_not_wrap_around_in_a_rule(f, x):
    ag.check_gradient(f, x)


@pytest.mark.parametrize("x", [0.0, 1.5, 3.0])
def test_clip_with_crossed_bounds_gives_the_upper_one(x):
    x, low, high = (ag.Tensor(v, requires_grad=True) for v in (x, 2.0, 1.0))
    np.clip(x, low, high).backward()
    assert [t.grad and t.grad.item() for t in (x, low, high)] == [0, 0, 1]


def test_arccosh_of_complex_numbers_takes_the_right_root():
    ag.check_gradient(lambda x: np.real(np.arccosh(x + 1j)), [-1.0])


def test_a_complex_number_may_stand_on_the_left():
    ag.check_gradient(lambda s: np.abs(1j * s + 1), 0.7)
    ag.check_gradient(lambda s: np.abs(2j - s), 0.7)


def test_arrays_without_entries_have_derivatives_without_entries():
    assert ag.jacobian(lambda a: a * 2)(np.ones(0)).shape == (0, 0)
    assert ag.jacobian(lambda a: a[:0])(np.ones(2)).shape == (0, 2)
    x, w = (
        ag.Tensor(np.ones((2, 4, 0)), requires_grad=True),
        ag.Tensor(np.ones((3, 0)), requires_grad=True),
    )
    np.sum(ag.linear(x, w)).backward()
    assert x.grad.shape == (2, 4, 0) and w.grad.shape == (3, 0)
    a, b = (
        ag.Tensor(np.ones((2, 3)), requires_grad=True),
        ag.Tensor(np.ones((0, 3, 4)), requires_grad=True),
    )
    np.sum(np.dot(a, b)).backward()
    assert a.grad.shape == (2, 3) and b.grad.shape == (0, 3, 4)


def test_a_bias_that_does_not_fit_is_refused():
    for bias in (np.ones(2), np.ones((4, 2))):
        with pytest.raises(ValueError, match=r"bias of shape \(1,\)"):
            ag.linear(np.ones((4, 3)), np.ones((1, 3)), bias)


@pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) < "2.1.0", reason="np.clip needs a bound before NumPy 2.1"
)
def test_clip_without_bounds_passes_everything_on():
    assert derivative_at(lambda x: np.clip(x, None, None), [-2.0, 3.0]) == [[1, 1]]


def test_linear_twice_where_nothing_comes_back():
    """A number's whole part has derivative 0: the adjoint that linear gets is a plain array."""
    z, weight = np.array([1.0, 2.0]), np.ones((3, 2))
    hessian = ag.hessian(lambda z: np.modf(ag.linear(z, weight * z))[1].sum())(z)
    np.testing.assert_array_equal(hessian, np.zeros((2, 2)))


def test_a_complex_number_is_refused_as_an_array_is():
    x = ag.Tensor(2.0, requires_grad=True)
    with pytest.raises(TypeError, match="complex"):
        np.var(x * 1j)


def test_none_is_no_operand():
    with pytest.raises(TypeError, match="numbers"):
        np.multiply(ag.Tensor([1.0], requires_grad=True), None)


@pytest.mark.parametrize("gradient", [np.ones((4, 3), bool), np.full((4, 3), 100, np.int8)])
def test_a_rule_may_return_booleans_and_small_integers(gradient):
    @ag.differentiable(lambda g, y, x, b: g, lambda g, y, x, b: gradient)
    def shifted(x, b):
        return x + b

    b = ag.Tensor(np.ones(3), requires_grad=True)
    np.sum(shifted(np.ones((4, 3)), b)).backward()
    np.testing.assert_array_equal(b.grad, gradient.sum(axis=0))


def test_a_mask_is_kept_where_nothing_is_recorded():
    masked = np.ma.array([1.0, 4.0], mask=[0, 1])
    assert ag.softmax(masked).tolist() == [1.0, None]
    assert ag.log_softmax(masked).tolist() == [0.0, None]
