"""The engine on one page is the engine: its gradients are the same, to the last bit."""

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import tiny

data = np.random.default_rng(0)
A, B, C = data.normal(size=(4, 3)), data.normal(size=(3, 2)), data.uniform(0.5, 2, size=(4, 3))
ROW, NUMBER = data.normal(size=3), np.float64(0.7)

EXPRESSIONS = {
    "a number": (lambda x: x * x + 3 * x, NUMBER),
    "one tensor on several paths": (lambda x: np.sum(np.exp(x) * x - x / (1 + x * x)), A),
    "a row broadcast over a matrix": (lambda a, row: np.sum((a + row) * (row - 2 * a)), A, ROW),
    "a number broadcast over a matrix": (lambda a, b: np.mean(a * b - b), A, NUMBER),
    "a product of matrices": (lambda a, b: np.sum(np.sin(a @ b)), A, B),
    "powers and roots": (lambda c: np.sum(c**3 + np.sqrt(c) + c**-0.5), C),
    "logarithms": (lambda c: np.sum(np.log(c) * np.log1p(c)), C),
    "axes": (lambda a: np.sum(np.mean(a, axis=0) ** 2) + np.sum(np.sum(a, axis=1) ** 3), A),
    "a variance": (lambda a: np.sum(np.var(a, axis=0, keepdims=True)), A),
    "the largest, the smallest": (lambda a: np.max(a) * np.min(a) + np.sum(np.max(a, axis=1)), A),
    "a choice": (lambda a, b: np.sum(np.maximum(a, b) + np.where(A > 0, a, b * b)), A, C),
    "shapes": (lambda a: np.sum(np.transpose(np.reshape(a, (2, 6))) @ A[:2]), A),
    "what has no part in it": (lambda a, b: np.sum(a * a), A, B),
}


@pytest.mark.parametrize("f, inputs", [(f, x) for f, *x in EXPRESSIONS.values()], ids=EXPRESSIONS)
def test_expressions(f, inputs):
    _assert_equal(f, inputs)


@pytest.mark.parametrize("activation", [np.tanh, ag.sigmoid, ag.relu, ag.softplus, ag.normal_cdf])
@pytest.mark.parametrize("loss", ["squares", "likelihood"])
def test_two_layer_networks(activation, loss):
    x, y = data.normal(size=(5, 3)), data.integers(0, 2, size=(5, 1))
    weights = [data.normal(size=shape) for shape in ((3, 4), (4,), (4, 1), (1,))]

    def network(w1, b1, w2, b2):
        o = activation(x @ w1 + b1) @ w2 + b2
        if loss == "squares":
            return np.mean((o - y) ** 2)
        return -np.mean(y * np.log(ag.sigmoid(o)) + (1 - y) * np.log(1 - ag.sigmoid(o)))

    _assert_equal(network, weights)


def _assert_equal(f, inputs):
    small, large = (
        [tiny.Tensor(x) for x in inputs],
        [ag.Tensor(x, requires_grad=True) for x in inputs],
    )
    output, expected = f(*small), f(*large)
    np.testing.assert_array_equal(output.data, expected.data)
    derivatives = ag.gradients(expected, large)
    for ours, theirs in zip(tiny.gradients(output, small), derivatives, strict=True):
        np.testing.assert_array_equal(ours, theirs, strict=True)
