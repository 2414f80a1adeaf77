"""No function whose result depends smoothly on a Tensor gives a plain value. By differences, over
the whole table of constants: arguments shifted a little leave all numbers as they were.
"""

import numpy as np
import pytest
from samples import CONSTANT_SAMPLES, Sample, call, spread

import autograd_lite as ag
from autograd_lite.derivatives import name_of
from autograd_lite.derivatives.kinds import CONSTANTS, LEFT_OUT
from autograd_lite.transforms import _flatten

v, w, A = spread(3), spread(3)[::-1] * 0.97, spread(2, 3)
# Calls that suit many functions: each constant is tried on those that NumPy takes.
TRIED = [
    *(call(v), call(A), call(A, 0), call(v, w), call(A, v), call((v, w)), call([v, w], 2)),
    *(call(v, weights=w), call(v, bins=2, weights=w), call(v, density=True), call(A, axis=0)),
    *(
        call(v, w, weights=v),
        call(v, bins=np.sort(w), density=True, weights=v),
        call(A, weights=w[:2]),
    ),
    *(call(np.array([0, 1, 1]), v), call(v, np.sort(w)), call(v, np.sort(w), w), call(v, 2)),
]


def numbers(result):
    """All arrays of floating-point numbers in a result, in a row."""
    arrays = [leaf for leaf in _flatten(result)[0] if isinstance(leaf, np.ndarray | np.number)]
    arrays = [a for a in arrays if a.dtype.kind in "fc"]
    return np.concatenate([np.ravel(a) for a in arrays]) if arrays else np.zeros(0)


def moved_by(function):
    """The calls, as text, in which a number in the plain result moves with an argument."""
    found = []
    for calls in (*CONSTANT_SAMPLES.get(function, []), *TRIED):
        sample = Sample(function, *calls)
        shifted = [x + 1e-6 * np.cos(np.arange(x.size)).reshape(x.shape) for x in sample.inputs]
        try:
            here, there = (
                sample(*[ag.Tensor(x, requires_grad=True) for x in inputs])
                for inputs in (sample.inputs, shifted)
            )
        except Exception:  # no call of this function; or it is refused
            continue
        if not np.array_equal(numbers(here), numbers(there), equal_nan=True):
            found.append(str(sample))
    return found


@pytest.mark.parametrize(
    "function", sorted(CONSTANTS - {np.empty_like}, key=name_of), ids=name_of
)  # np.empty_like: whatever the memory holds
def test_a_constant_is_flat(function):
    assert moved_by(function) == []


@pytest.mark.parametrize(
    "function",
    [
        *(np.histogram, np.histogram2d, np.histogramdd, np.histogram_bin_edges, np.unique),
        *(np.unique_values, np.union1d, np.setdiff1d, np.setxor1d, np.frexp, np.modf, np.nextafter),
        *(np.ix_, np.copysign, np.real, np.remainder, np.bincount, np.interp, np.average, np.sort),
    ],
    ids=name_of,
)
def test_what_is_not_flat_would_be_noticed(function, monkeypatch):
    monkeypatch.setattr("autograd_lite.tensor.CONSTANTS", {*CONSTANTS, function})
    monkeypatch.delitem(ag.tensor.RULES, function, raising=False)
    assert moved_by(function)


@pytest.mark.parametrize(
    "refused",
    [
        lambda x: np.histogram(x),
        lambda x: np.histogram([0.5, 1.5, 2.5], bins=2, weights=x),
        lambda x: np.histogram2d(x, x),
        lambda x: np.histogramdd(x),
        lambda x: np.histogram_bin_edges(x),
    ],
)
def test_a_histogram_of_tensors_names_what_to_do(refused):
    with pytest.raises(TypeError, match=r"np\.bincount\(np\.digitize.* call it with x\.data"):
        refused(ag.Tensor([1.0, 2.0, 4.0], requires_grad=True))


def test_the_remedy_sums_weights_between_edges():
    x, edges = np.array([0.2, 1.7, 2.5, 2.9]), np.array([0.0, 1.0, 2.0, 3.0])
    weights = ag.Tensor([0.5, 1.0, 2.0, 3.0], requires_grad=True)
    sums = np.bincount(np.digitize(x, edges[1:-1]), weights)
    np.testing.assert_array_equal(sums.data, np.histogram(x, edges, weights=weights.data)[0])
    np.sum(sums * [1.0, 10.0, 100.0]).backward()
    assert weights.grad.tolist() == [1, 10, 100, 100]


def test_choices_of_entries_pass_the_gradient_to_the_chosen():
    v = np.array([3.0, 1.0, 2.0])
    slopes = ag.grad(lambda v: np.sum(np.unique(v) * np.arange(3.0)) + np.sum(v**2))(v)
    assert slopes.tolist() == [8, 2, 5]
    a, b = ag.grad(lambda a, b: np.sum(np.union1d(a, b) * np.arange(4.0)), (0, 1))(
        v, np.array([2.5, 1.0])
    )
    assert (a.tolist(), b.tolist()) == ([3, 0, 1], [2, 0])  # of equal entries, to the first
    values, places = np.unique(ag.Tensor(v, requires_grad=True), return_index=True)
    assert values.requires_grad and type(places) is np.ndarray and places.tolist() == [1, 2, 0]
    assert LEFT_OUT.keys().isdisjoint(CONSTANTS)
