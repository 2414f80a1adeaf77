"""Wherever NumPy takes an array it takes lists, tuples and numbers; beside a Tensor they mean the
same. For every function in the tables, on the calls of `samples.py`.
"""

import numpy as np
import pytest
from samples import SAMPLES, Sample, results

import autograd_lite as ag
from autograd_lite.derivatives import RULES, name_of
from autograd_lite.derivatives.kinds import FORMULAS

NUMPYS = [f for f in dict.fromkeys((*RULES, *FORMULAS)) if f in SAMPLES and "np." in name_of(f)]

# What is said where NumPy does not look for a Tensor, so that it is asked for an array or a number.
REFUSED = ("needs a gradient", "its gradient is lost", "into its argument", "plain array")
pytestmark = pytest.mark.filterwarnings("error:.*its gradient is lost:UserWarning")


def tupled(numbers):
    return tuple(map(tupled, numbers)) if isinstance(numbers, list) else numbers


TURNED = {"lists": lambda a: a.tolist(), "tuples": lambda a: tupled(a.tolist())}


def beside(sample, place, turn):
    """The sample as a function of the array at one place, with all others turned into lists; None
    where there are no others.
    """
    others = [
        i
        for i, leaf in enumerate(sample.leaves)
        if i != place and isinstance(leaf, np.ndarray | np.number)
    ]

    def call(x):
        leaves = list(sample.leaves)
        leaves[place] = x
        for i in others:
            leaves[i] = turn(leaves[i])
        arguments, options = sample._rebuild(leaves)
        return sample.calling(*arguments, **options)

    return call if others else None


def values_and_gradient(f, x):
    """The results of f(x) as arrays, and the gradient of their uneven sum; NaN if there is none."""
    x = ag.Tensor(x, requires_grad=True)
    recorded = results(f(x))
    values = [getattr(r, "_array", r) for r in recorded]
    flat = [np.reshape(r, -1) for r in recorded if isinstance(r, ag.Tensor)]
    if not flat:
        return values, np.nan
    y = np.concatenate(flat)
    return values, ag.gradients(np.sum(y * np.cos(np.arange(y.size))), [x])[0]


@pytest.mark.parametrize("kind", TURNED)
@pytest.mark.parametrize("function", NUMPYS, ids=name_of)
def test_lists_mean_arrays(function, kind):
    for sample in [Sample(function, *call) for call in SAMPLES[function]]:
        for place in sample.places:
            x = sample.leaves[place]
            f = beside(sample, place, TURNED[kind])
            if not f or any(np.size(leaf) == 0 for leaf in sample.leaves):
                continue  # [] does not tell its shape
            try:
                plain = results(f(x))
            except Exception:  # NumPy does not take the list, nor do we
                with pytest.raises(Exception):  # noqa: B017
                    f(ag.Tensor(x, requires_grad=True))
                continue
            try:
                values, by_lists = values_and_gradient(f, x)
            except (TypeError, ValueError, UserWarning) as error:  # NumPy's, caused by ours
                assert any(words in f"{error} {error.__cause__}" for words in REFUSED)
                continue
            _, by_arrays = values_and_gradient(beside(sample, place, np.array), x)
            np.testing.assert_allclose(by_lists, by_arrays, rtol=1e-12, atol=1e-12)
            for value, right in zip(values, plain, strict=True):
                np.testing.assert_allclose(value, right, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(
    "use",
    [
        lambda t, x: np.interp(x, [0.0, t, 2.0], [1.0, 2.0, 3.0]),
        lambda t, x: np.interp(x, [0.0, 1.0, 2.0], [1.0, t, 3.0]),
        lambda t, x: np.average([t, t * t]),
        lambda t, x: np.average(x, weights=[t, 1.0]),
        lambda t, x: np.polyval([t, 1.0], x),
        lambda t, x: np.trapezoid([t, 1.0], x),
        lambda t, x: np.trapezoid(x, [t, 3.0]),
        lambda t, x: np.convolve(x, [t, 1.0]),
        lambda t, x: np.correlate([t, 1.0], x),
        lambda t, x: np.dot(x, [t, 1.0]),
        lambda t, x: np.kron(x, [t, 1.0]),
        lambda t, x: np.cov(x, [t, 1.0]),
        lambda t, x: np.gradient(x, [t, 1.0]),
        lambda t, x: np.diff(x, append=[t, 1.0]),
        lambda t, x: np.insert(x, 0, [t, 1.0]),
        lambda t, x: np.where([True, False], x, [t, 1.0]),
        lambda t, x: np.quantile(x, [t, 0.5]),
        lambda t, x: np.linspace(x, [t, 1.0]),
        lambda t, x: x * [t, 1.0],
        lambda t, x: np.add(x, (t, 1.0)),
    ],
)
def test_a_list_with_tensors_in_it_is_refused_where_it_would_become_an_array(use):
    """np.asarray would take their numbers and lose the gradient. What joins them is np.stack."""
    t, x = (ag.Tensor(data, requires_grad=True) for data in (0.3, [0.4, 0.9]))
    with pytest.raises(TypeError, match=r"np\.stack"):
        use(t, x)


def test_functions_of_lists_take_tensors_in_them():
    t = ag.Tensor(0.3, requires_grad=True)
    for join in (
        lambda t: np.stack([t, 1.0]),
        lambda t: np.hstack((t, [1.0])),
        lambda t: np.block([t, 1.0]),
        lambda t: np.select([[True, False], True], [t, 1.0]),
        lambda t: np.choose([0, 1], [t, 1.0]),
        lambda t: np.meshgrid([t.item(), 1.0], [2.0])[0][0] + t * [1, 0] - [0.3, 0.0],
    ):
        value, gradient = ag.value_and_grad(lambda t, join=join: np.sum(join(t) * [2.0, 5.0]))(t)
        assert value == pytest.approx(5.6) and gradient == pytest.approx(2.0)
