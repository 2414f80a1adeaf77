"""Gradients of many observations in one walk, and the losses' rules on many gradients at once."""

import numpy as np
import pytest

import autograd_lite as ag
import nn
from autograd_lite import batching
from autograd_lite.derivatives import RULES, name_of
from nn import losses

rng = np.random.default_rng(0)
x, y = rng.normal(size=(150, 3)), rng.normal(size=(150, 2))
o, p, target = rng.normal(size=(4, 3)), rng.uniform(0.1, 0.9, (4, 3)), rng.uniform(0.1, 0.9, (4, 3))
DECLARED = {
    losses.squared_error: (o, target),
    losses.absolute_error: (o, target),
    losses.log_loss: (p, target),
    losses.log_loss_of_logits: (o, target),
    losses.negative_log_likelihood: (np.log(p), target),
}


@pytest.fixture
def no_loop(monkeypatch):
    """No walk for a single seed."""

    def fail(*_):
        raise AssertionError("the seeds were walked one by one")

    monkeypatch.setattr(batching, "fill_one_by_one", fail)


def loop(f, *inputs):
    value, pullback = ag.vjp(f, *inputs)
    rows = [pullback(seed) for seed in np.eye(value.size).reshape(-1, *value.shape)]
    return [
        np.stack(column).reshape(*value.shape, *column[0].shape)
        for column in zip(*rows, strict=True)
    ]


@pytest.mark.parametrize("function", DECLARED, ids=name_of)
def test_rules_of_losses_run_on_many_gradients_at_once(function, no_loop):
    inputs = DECLARED[function]
    weights = rng.normal(size=function(*inputs).shape)
    first = lambda o, y: 2 * function(o, y) * weights
    slopes = lambda o, y: np.stack(ag.grad(lambda *a: np.sum(first(*a) ** 2), (0, 1))(o, y))
    for f in (first, slopes):
        found = ag.jacobian(f, (0, 1))(*inputs)
        for ours, expected in zip(found, loop(f, *inputs), strict=True):
            np.testing.assert_allclose(ours, expected, rtol=1e-12, atol=1e-12)


def test_no_rule_is_left_out():
    theirs = [f for f in RULES if (getattr(f, "__module__", "") or "").split(".")[0] == "nn"]
    assert set(theirs) == set(DECLARED)


class Residual(nn.Module):
    def __init__(self, dtype=None):
        self.inner = nn.Linear(3, 3, rng=0, dtype=dtype)
        self.outer = nn.Linear(3, 2, rng=1, dtype=dtype)

    def forward(self, x):
        return self.outer(x + np.tanh(self.inner(x)))


def one_by_one(model, loss, x, y):
    rows = []
    for i in range(len(x)):
        model.zero_grad()
        loss(model(x[i : i + 1]), y[i : i + 1]).backward()
        rows.append(nn.gradient_vector(model))
    model.zero_grad()
    return np.array(rows)


def test_any_model_is_walked_back_for_many_observations_together(no_loop):
    model, loss = Residual(), lambda o, y: np.sum(np.abs(o - y) ** 1.5)
    ours = nn.observation_gradients(model, x, y, loss)
    assert all(w.grad is None for w in model.parameters())
    with ag.no_grad():
        np.testing.assert_array_equal(nn.observation_gradients(model, x, y, loss), ours)
    np.testing.assert_allclose(ours, one_by_one(model, loss, x, y), rtol=1e-12, atol=1e-12)


def test_a_loss_may_use_the_parameters_themselves(no_loop):
    model = Residual()
    loss = lambda o, y: nn.mse_loss(o, y) + np.sum(y) * np.sum(model.inner.weight**2)
    ours = nn.observation_gradients(model, x, y, loss)
    np.testing.assert_allclose(ours, one_by_one(model, loss, x, y), rtol=1e-12, atol=1e-12)


def test_float32_and_frozen_parameters(no_loop):
    model = Residual(dtype=np.float32)
    model.inner.bias.requires_grad = False
    ours = nn.observation_gradients(model, x, y, nn.mse_loss)
    assert ours.dtype == np.float32
    assert ours.shape == (150, 9 + 8)
    expected = one_by_one(model, nn.mse_loss, np.float32(x), np.float32(y))
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5)


def test_a_model_without_a_record_is_named():
    class Lost(Residual):
        def forward(self, x):
            return super().forward(x).data

    with pytest.raises(TypeError, match="needs Tensors, got ndarray"):
        nn.observation_gradients(Lost(), x, y, lambda o, y: np.sum(o * y))
