"""check_gradient along random directions: of inputs with many entries, in seconds."""

import time

import numpy as np
import pytest

import autograd_lite as ag
import nn

rng = np.random.default_rng(0)
f = lambda w: np.sum(np.tanh(w))
by_hand = lambda w: 1 / np.cosh(w) ** 2


def test_so_many_directions_in_place_of_every_entry():
    comparison = ag.check_gradient(f, ag.Tensor(np.linspace(-1, 1, 50), name="w"), directions=5)
    assert comparison.labels == [f"w, direction {k}" for k in range(1, 6)]
    assert "along 5 random directions of each input (seed 0)" in str(comparison)
    assert "not by each of the 50 entries" in comparison._repr_html_()


def test_the_directions_are_always_the_same():
    w = np.linspace(-1, 1, 50)
    first, second = (ag.check_gradient(f, w, directions=3).columns["numerical"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_above_some_thousand_entries_by_itself():
    w = rng.normal(size=4000)
    assert len(ag.check_gradient(f, w).labels) == 4000
    assert len(ag.check_gradient(f, np.append(w, 1.0)).labels) == 10
    assert len(ag.check_gradient(f, np.append(w, 1.0), directions=0).labels) == 4001
    for wrong in (-1, 2.5):
        with pytest.raises(ValueError, match="needs the number of directions"):
            ag.check_gradient(f, w, directions=wrong)


@pytest.mark.parametrize("size", [3, 50, 100_000])
@pytest.mark.parametrize("scale", [0, 1e-3, 1, 1e3])
def test_a_wrong_factor_is_found(size, scale):
    w = rng.normal(size=size) * scale
    bend = lambda w: np.sum(np.sqrt(1 + w * w) + w)
    right = lambda w: w / np.sqrt(1 + w * w) + 1
    ag.check_gradient(bend, w, analytic=right, directions=4)
    for factor in (1.0001, -1, 0):
        with pytest.raises(AssertionError, match="by x1, direction"):
            ag.check_gradient(bend, w, analytic=factor * right(w), directions=4)


def test_a_wrong_entry_that_is_not_small_beside_the_others_is_found():
    w = rng.normal(size=5000)
    for wrong in (-1, 0, 1.1):
        factors = np.where(np.arange(5000) == 77, wrong, 1)
        with pytest.raises(AssertionError, match="by x1, direction"):
            ag.check_gradient(f, w, analytic=factors * by_hand(w))


@pytest.mark.parametrize(
    ("f", "gradient", "inputs"),
    [
        (lambda p: -np.sum(p * np.log(p)), lambda p: -np.log(p) - 1, rng.dirichlet(np.ones(5000))),
        (lambda x: np.sum(np.log(x)), lambda x: 1 / x, 10 ** rng.uniform(-9, 9, 5000)),
        (lambda x: np.sum(x**2), lambda x: 2 * x, rng.normal(size=5000) * 1e6),
        (lambda x: np.sum(np.sqrt(x)), lambda x: 0.5 / np.sqrt(x), 10 ** rng.uniform(-12, 0, 5000)),
        (lambda x: np.sum(np.exp(x)), np.exp, np.zeros(5000)),
        (lambda x: np.sum(np.exp(x)), np.exp, rng.normal(size=5000).astype(np.float32)),
    ],
)
def test_numbers_that_are_tiny_or_huge_by_nature(f, gradient, inputs):
    ag.check_gradient(f, inputs, analytic=gradient)
    with pytest.raises(AssertionError, match="by x1, direction"):
        ag.check_gradient(f, inputs, analytic=lambda x: 1.001 * gradient(x))


class Wrong(nn.Module):
    """The gradient of one of its parameters is too large by a thousandth."""

    def __init__(self, which):
        self.first, self.second = nn.Linear(784, 128, rng=0), nn.Linear(128, 10, rng=1)
        self.which = which

    def forward(self, x):
        w1, b1, w2, b2 = [
            p + 1e-3 * (p - p.data) if i == self.which else p
            for i, p in enumerate(self.parameters())
        ]
        return ag.linear(ag.relu(ag.linear(x, w1, b1)), w2, b2)


@pytest.mark.parametrize("order", [1, 2])
def test_a_model_of_a_hundred_thousand_weights_in_seconds(order):
    images, digits = rng.normal(size=(32, 784)), rng.integers(0, 10, 32)
    model = nn.MLP([784, 128, 10], nn.ReLU, rng=0)
    began = time.process_time()
    comparison = ag.check_gradient(model, images, digits, loss=nn.cross_entropy, order=order)
    assert time.process_time() - began < 20
    assert len(comparison.labels) == 40 and comparison.labels[0] == "0.weight, direction 1"
    assert "not by each of the 101770 entries" in comparison.verdict()


@pytest.mark.parametrize("which", range(4))
def test_the_parameter_that_is_wrong_is_named(which):
    images, digits = rng.normal(size=(32, 784)), rng.integers(0, 10, 32)
    name = ["first.weight", "first.bias", "second.weight", "second.bias"][which]
    with pytest.raises(AssertionError, match=f"They differ: by {name}, direction"):
        ag.check_gradient(Wrong(which), images, digits, loss=nn.cross_entropy)
