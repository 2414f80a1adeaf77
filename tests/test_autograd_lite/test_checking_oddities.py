"""check_gradient where there is no derivative, or a convention: it says what is odd, in words."""

import numpy as np
import pytest

import autograd_lite as ag

A = np.array


def verdict(f, *inputs, **options):
    """What check_gradient says: of what agrees, and of what does not."""
    try:
        with np.errstate(all="ignore"):
            return ag.check_gradient(f, *inputs, **options).verdict()
    except AssertionError as error:
        return str(error).splitlines()[0]


first_of = lambda x: x[int(np.argmax(x.data))]
CORNERS = {
    "relu at 0": (ag.relu, A([0.0, 1.0]), "0 on the left and 1 on the right"),
    "1 + relu at 0": (lambda x: 1 + np.sum(ag.relu(x)), A([0.0, 2.0]), "0 on the left and 1"),
    "relu elsewhere": (lambda x: np.sum(ag.relu(x - 3)), A([3.0, 7.0]), "0 on the left and 1"),
    "an index of the largest": (first_of, A([1.0, 1.0, 0.0]), "0 on the left and 1 on the right"),
    "clip at its bound": (lambda x: np.clip(x, 0, 1), A([0.0, 0.5]), "0 on the left and 1"),
    "sort of equal numbers": (np.sort, A([1.0, 1.0]), "1 on the left and 0.54"),
    "leaky relu in float32": (ag.leaky_relu, np.float32([0, 1]), "0.01 on the left and 1 on"),
}


@pytest.mark.parametrize("case", CORNERS)
def test_a_corner_is_called_one(case):
    f, x, slopes = CORNERS[case]
    said = verdict(f, x)
    assert said.startswith("They cannot be compared by x1[0]: f has a corner there, with the slope")
    assert slopes in said and "The backpropagated gradient is " in said
    assert ag.check_gradient(f, x + A([0.1, 0.3, 0.5])[: len(x)].astype(x.dtype))


@pytest.mark.parametrize(
    ("f", "x", "slopes"),
    [
        (np.abs, 0.0, "-1 on the left and 1 on the right"),
        (np.max, [1.0, 1.0, 0.0], "0 on the left and 1 on the right"),
        (lambda x: np.maximum(0, 1 - x), 1.0, "-1 on the left and 0 on the right"),
        (np.linalg.norm, [0.0, 0.0], "-1 on the left and 1 on the right"),
    ],
)
def test_a_corner_is_mentioned_where_all_agree_by_symmetry(f, x, slopes):
    said = verdict(f, x)
    assert (
        said.startswith("They agree") and f"f has a corner there, with the slope {slopes}" in said
    )


def test_by_hand_another_number_at_a_corner_is_no_mistake_but_a_convention():
    said = verdict(np.abs, 0.0, analytic=lambda x: 1.0)
    assert "f has a corner" in said and "The gradient by hand is 1" in said


def test_what_is_wrong_elsewhere_is_said_before_a_corner():
    said = verdict(ag.relu, A([0.0, 2.0]), analytic=lambda x: np.diag([0.0, 1.001]))
    assert said.startswith("They differ: by x1[1] of f[1] the gradient by hand is 1.001")


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.mod(x, 1.0), 2.0),
        (lambda x: np.where(x > 1, x + 1, x), 1.0),
        (lambda y: np.arctan2(y, -1.0), 0.0),
        (lambda x: x + np.floor(x.data), 3.0),
    ],
)
def test_a_jump_is_called_one(f, x):
    assert verdict(f, x).startswith("They cannot be compared by x1: f jumps there.")
    ag.check_gradient(f, x + 0.3)


def test_a_step_function_by_hand():
    f = lambda x: float(np.floor(np.asarray(x)))
    assert "f jumps there" in verdict(f, 2.0, analytic=0.0)
    ag.check_gradient(f, 2.5, analytic=0.0)


@pytest.mark.parametrize(
    ("f", "x", "side"),
    [(np.sqrt, 0.0, "right"), (np.arcsin, 1.0, "left"), (np.arccosh, 1.0, "right")],
)
def test_an_infinite_slope_at_the_edge_of_the_domain(f, x, side):
    said = verdict(f, x)
    assert said.startswith("They agree") and f"so the slope is the one on the {side}" in said
    wrong = lambda x: f(x.data) + 2 * (x - x.data)
    assert verdict(wrong, x).startswith(
        "They cannot be compared by x1: f is NaN or infinite on the"
    )


def test_a_finite_slope_at_the_edge_of_the_domain():
    f = lambda x: np.sqrt(x) ** 3 + 2 * x
    by_hand = lambda x: 1.5 * np.sqrt(x) + 2
    plain = lambda x: float(f(np.asarray(x)))
    assert verdict(plain, 0.0, analytic=by_hand).startswith("They agree")
    assert "so the slope is the one on the right" in verdict(plain, 0.0, analytic=2.001)


def test_a_slope_that_is_infinite_on_both_sides():
    assert verdict(np.cbrt, 0.0).startswith("They agree")
    cusp = lambda x: float(np.sqrt(abs(np.asarray(x))))
    assert "the slope of f grows beyond all bounds" in verdict(cusp, 0.0, analytic=0.0)


def test_nan_is_called_nan():
    said = verdict(lambda x: np.where(x > 0, np.sqrt(x), 0.0), A([-1.0, 1.0]))
    assert said.startswith("They differ: by x1[0] the backpropagated gradient is nan, the num")
    assert "detect_anomaly" in said
    said = verdict(np.sum, A([1.0, 2.0]), analytic=[1.0, np.nan])
    assert said.startswith("They differ: by x1[1] the gradient by hand is nan, the numerical")
    assert "division by 0" in said


@pytest.mark.parametrize(
    ("f", "x", "order", "message"),
    [
        (np.log, -1.0, 1, "log is nan at these inputs themselves"),
        (np.log, 0.0, 1, "log is -inf at these inputs themselves"),
        (np.sqrt, 0.0, 2, "the gradient of sqrt is inf at these inputs themselves"),
    ],
)
def test_inputs_at_which_there_is_nothing_to_differentiate(f, x, order, message):
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        ag.check_gradient(f, x, order=order)


def test_a_function_that_is_defined_at_one_point_alone():
    f = lambda x: 1.0 if float(np.asarray(x)) == 1 else np.nan
    assert "f is NaN or infinite on either side" in verdict(f, 1.0, analytic=0.0)


@pytest.mark.parametrize(
    ("f", "name"),
    [
        (lambda a: np.sum(np.linalg.eigh(a)[0] * np.arange(3)), "np.linalg.eigh"),
        (lambda a: np.sum(np.linalg.eigvalsh(a) * np.arange(3)), "np.linalg.eigh"),
        (lambda a: np.sum(np.linalg.cholesky(a)), "np.linalg.cholesky"),
    ],
)
def test_the_convention_for_symmetric_matrices_is_mentioned_where_it_matters(f, name):
    a = A([[2.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 1.0]])
    said = verdict(f, a)
    assert said.startswith("They differ") and f"{name} reads one triangle of its matrix" in said
    assert "(a + a.T) / 2" in said
    said = verdict(lambda a: f((a + a.T) / 2), a)
    assert said.startswith("They agree") and "triangle" not in said
    assert "triangle" not in verdict(lambda a: np.sum(a**2), a, analytic=a)


def test_the_step_may_be_given():
    cube = lambda x: x**3
    assert ag.check_gradient(cube, 1.0, step=0.01, tolerance=1e-3).columns["numerical"] == (
        pytest.approx((1.01**3 - 0.99**3) / 0.02, rel=1e-12)
    )
    ag.check_gradient(cube, 1.0, step=0.1)  # smaller ones follow where it is too large
    for step in (0.1, 1e-3):
        assert verdict(cube, 1.0, step=step, analytic=3.001).startswith("They differ")
    for step in (0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="needs a step above 0, got step="):
            ag.check_gradient(cube, 1.0, step=step)


def test_it_says_what_rounding_leaves_open():
    said = verdict(lambda x: 1e15 + np.sum(x), A([3.0, 2.0]))
    assert "(In 2 of 2 rows the differences leave more open: at most ±" in said


def test_what_is_wrong_is_found_among_many_corners():
    x = np.r_[np.zeros(30), 1.0]
    wrong = np.r_[np.zeros(30), 1.001]
    assert "f has a corner" in verdict(lambda x: np.sum(ag.relu(x)), x)
    assert "f has a corner" in verdict(lambda x: np.sum(np.abs(x)), x)
    said = verdict(lambda x: np.sum(np.abs(x)), x, analytic=wrong)
    assert said.startswith("They differ: by x1[30] the gradient by hand is 1.001")
