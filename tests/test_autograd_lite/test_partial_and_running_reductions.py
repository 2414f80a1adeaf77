"""Reductions of some of the entries, in another type, from a start; running ones; windows.

Their gradients are compared with closed forms and with PyTorch's.
"""

import numpy as np
import pytest

import autograd_lite as ag

windows = np.lib.stride_tricks.sliding_window_view
x = np.array([0.3, 1.2, 2.5, -0.7])
e = np.exp(x)
mask = np.array([True, False, True, True])

CLOSED_FORMS = [
    (lambda x: np.logaddexp.reduce(x), e / e.sum()),
    (lambda x: np.logaddexp.reduce(x, where=mask), mask * e / e[mask].sum()),
    (lambda x: np.logaddexp.reduce(x, initial=1.0), e / (e.sum() + np.e)),
    (
        lambda x: np.sum(np.logaddexp.accumulate(x)),
        [sum(e[i] / e[:k].sum() for k in range(i + 1, 5)) for i in range(4)],
    ),
    (lambda x: np.sum(np.maximum.accumulate(x)), [1, 1, 2, 0]),
    (lambda x: np.sum(np.minimum.accumulate(x)), [3, 0, 0, 1]),
    (lambda x: np.sum(windows(x, 2) ** 2), 2 * x * [1, 2, 2, 1]),
    (lambda x: np.sum(np.diff(x, prepend=0.0) ** 2), [-0.6 * 2, -0.8, 9.0, -6.4]),
    (lambda x: np.sum(x**2, where=mask), 2 * x * mask),
    (lambda x: np.sum(x, initial=5.0) ** 2, [16.6] * 4),
    (lambda x: np.prod(x, where=mask), np.prod(x[mask]) / x * mask),
    (lambda x: np.mean(x, where=mask), mask / 3),
    (lambda x: np.var(x, where=mask), 2 / 3 * (x - x[mask].mean()) * mask),
    (lambda x: np.max(x, where=x < 2, initial=-1.0), [0, 1, 0, 0]),
    (lambda x: np.max(x, initial=9.0), [0, 0, 0, 0]),
    (lambda x: np.std(x, correction=1), (x - x.mean()) / 3 / np.std(x, ddof=1)),
    (lambda x: np.var(x, mean=1.0), (x - 1) / 2),
    (lambda x: np.sum(x, dtype=np.longdouble), [1] * 4),
    (lambda x: np.nanmean(np.where(mask, x, np.nan)), mask / 3),
]


@pytest.mark.parametrize(("f", "gradient"), CLOSED_FORMS)
def test_closed_forms(f, gradient):
    np.testing.assert_allclose(ag.grad(f)(x), gradient, rtol=1e-12, atol=1e-12)


def test_a_mean_that_is_a_tensor_has_a_gradient_too():
    """Σ(x − m)² / n by m is −2 Σ(x − m) / n, which is 0 at the mean itself."""
    by_mean = ag.grad(lambda x, m: np.var(x, mean=m), 1)
    assert by_mean(x, 1.0) == pytest.approx(-2 * np.mean(x - 1))
    assert by_mean(x, np.mean(x)) == pytest.approx(0)


def test_where_leaves_out_what_is_no_number():
    gradient = ag.grad(lambda x: np.sum(np.log(x), where=[False, True]))(np.array([1.0, 2.0]))
    assert gradient.tolist() == [0, 0.5]
    hole = ag.grad(lambda x: np.sum(x * x, where=~np.isnan([np.nan, 2.0])))(np.array([np.nan, 2.0]))
    assert hole[1] == 4


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_running_reductions_agree_with_pytorch(axis):
    torch = pytest.importorskip("torch")
    a = np.random.default_rng(axis).normal(size=(3, 4, 2))
    uneven = lambda y: np.cos(np.arange(np.prod(y.shape))).reshape(y.shape)
    for ours, theirs in (
        (np.logaddexp.accumulate, torch.logcumsumexp),
        (np.logaddexp.reduce, torch.logsumexp),
        (np.maximum.accumulate, lambda a, axis: torch.cummax(a, axis).values),
        (np.minimum.accumulate, lambda a, axis: torch.cummin(a, axis).values),
        (lambda a, axis: np.var(a, axis, correction=1), torch.var),
        (lambda a, axis: windows(a, 2, axis), lambda a, axis: a.unfold(axis, 2, 1)),
    ):
        leaf = torch.tensor(a, requires_grad=True)
        value = theirs(leaf, axis)
        (value * torch.tensor(uneven(value))).sum().backward()
        gradient = ag.grad(lambda a, f=ours: np.sum(f(a, axis) * uneven(f(a, axis))))(a)
        np.testing.assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_of_equal_entries_the_latest_holds_the_running_maximum():
    """As in PyTorch's cummax."""
    by_entries = ag.grad(lambda x: np.sum(np.maximum.accumulate(x) * [1.0, 10.0, 100.0]))
    assert by_entries(np.array([2.0, 2.0, 1.0])).tolist() == [1, 110, 0]


def test_a_plain_call_is_recorded_as_one_step_and_options_as_several():
    t = ag.Tensor(x, requires_grad=True)
    assert np.sum(t, axis=0).function is np.sum and np.sum(t, axis=0).arguments == (t,)
    assert np.sum(t, where=np._NoValue, initial=np._NoValue, dtype=None).arguments == (t,)
    assert np.sum(t, where=mask).arguments[0].function is np.where


def test_the_deviation_of_a_single_entry_is_0_whatever_it_is():
    """So its derivatives are 0 as well: there is no corner, as where several entries are equal."""
    for deviation in (
        lambda x: np.std(x, where=[False, True, False]),
        lambda x: np.nanstd(np.where([False, True, False], x, np.nan)),
    ):
        assert ag.grad(deviation)(x[:3]).tolist() == [0, 0, 0]
        assert ag.hessian(deviation)(x[:3]).tolist() == [[0, 0, 0]] * 3
