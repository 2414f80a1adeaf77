"""Lasso, ridge, max-norm: values, gradients, steps, and lasso's exact zeros on a network with
useless inputs.
"""

import numpy as np
import pytest

import autograd_lite as ag
import nn

rng = np.random.default_rng(0)


def model():
    return nn.MLP([3, 4, 2], nn.PReLU, batchnorm=True, rng=0)


def matrices(network):
    return [layer.weight for layer in network if isinstance(layer, nn.Linear)]


def test_values_are_of_weights_only():
    network = model()
    w = np.concatenate([weight.data.ravel() for weight in matrices(network)])
    assert nn.Lasso(network, 0.3)().item() == pytest.approx(0.3 * np.abs(w).sum())
    assert nn.Ridge(network, 0.3)().item() == pytest.approx(0.3 * (w * w).sum())
    assert nn.MaxNorm(network, 3)().item() == 0


def test_gradients_of_the_values():
    network = model()
    (nn.Ridge(network, 0.3)() + nn.Lasso(network, 0.2)()).backward()
    for weight in matrices(network):
        np.testing.assert_allclose(weight.grad, 0.6 * weight.data + 0.2 * np.sign(weight.data))
    assert all(p.grad is None for p in network.parameters() if p.ndim == 1)


def test_lasso_steps_by_soft_threshold():
    network = nn.Sequential(nn.Linear(4, 1))
    network[0].weight.data = np.array([[0.5, -0.5, 0.05, -0.05]])
    bias = network[0].bias.data.copy()
    nn.Lasso(network, 2.0).step(lr=0.05)
    np.testing.assert_allclose(network[0].weight.data, [[0.4, -0.4, 0, 0]])
    # 0, which a table does not show as −0
    assert not np.signbit(network[0].weight.data[0, 2:]).any()
    np.testing.assert_array_equal(network[0].bias.data, bias)


def test_lasso_is_solved_exactly():
    """The weights satisfy the lasso's conditions: |∂L/∂w| ≤ strength where w = 0, ∂L/∂w = −strength
    · sign(w) elsewhere.
    """
    x = rng.normal(size=(80, 6))
    y = x[:, :2] @ [[2.0], [-1.0]] + 0.1 * rng.normal(size=(80, 1))
    network = nn.MLP([6, 1], rng=0)
    nn.fit(
        network,
        x,
        y,
        nn.mse_loss,
        nn.SGD(network.parameters(), lr=0.1),
        500,
        penalty=nn.Lasso(network, 0.2),
        progress=False,
    )
    network.zero_grad()
    nn.mse_loss(network(x), y).backward()
    w, g = network[0].weight.data[0], network[0].weight.grad[0]
    np.testing.assert_array_equal(w != 0, [True, True, False, False, False, False])
    np.testing.assert_allclose(g[:2], -0.2 * np.sign(w[:2]), rtol=1e-9)
    assert (np.abs(g[2:]) < 0.2).all()


@pytest.mark.parametrize("per", ["neuron", "layer", "network"])
def test_max_norm_bounds(per):
    network = nn.MLP([5, 6, 2], rng=0)
    network[0].weight.data *= 10
    before = [weight.data.copy() for weight in matrices(network)]
    nn.MaxNorm(network, 3.0, per=per).step(lr=0.1)
    after = [weight.data for weight in matrices(network)]
    if per == "neuron":
        for old, new in zip(before, after, strict=True):
            norms = np.linalg.norm(old, axis=1, keepdims=True)
            np.testing.assert_allclose(new, old * np.minimum(1, 3 / norms))
    if per == "layer":
        np.testing.assert_allclose(
            [np.linalg.norm(w) for w in after], [min(3, np.linalg.norm(w)) for w in before]
        )
    if per == "network":
        assert np.linalg.norm([np.linalg.norm(w) for w in after]) == pytest.approx(3)
        assert np.linalg.norm(after[1]) < np.linalg.norm(before[1])
    turned = lambda w: w / np.linalg.norm(w, axis=1, keepdims=True)
    for old, new in zip(before, after, strict=True):
        np.testing.assert_allclose(turned(new), turned(old))


def test_max_norm_in_fit():
    x, y = rng.normal(size=(40, 3)), 50 * rng.normal(size=(40, 1))
    network = nn.MLP([3, 8, 1], rng=0)
    nn.fit(
        network,
        x,
        y,
        nn.mse_loss,
        nn.SGD(network.parameters(), lr=0.01),
        20,
        penalty=nn.MaxNorm(network, 3),
        progress=False,
    )
    assert (
        max(np.linalg.norm(weight.data, axis=1).max() for weight in matrices(network)) <= 3 + 1e-12
    )


def test_frozen_weights_are_left_alone():
    network = nn.MLP([3, 2, 1], rng=0)
    network[0].weight.requires_grad = False
    before = network[0].weight.data.copy()
    nn.Lasso(network, 100).step(lr=1)
    np.testing.assert_array_equal(network[0].weight.data, before)
    assert (network[2].weight.data == 0).all()


@pytest.mark.parametrize("kind", [nn.Lasso, nn.Ridge])
def test_negative_strength(kind):
    with pytest.raises(ValueError, match="strength of at least 0, got -1"):
        kind(model(), -1)


def test_what_is_refused():
    with pytest.raises(ValueError, match="no weight matrix"):
        nn.Ridge(nn.Tanh(), 1)
    with pytest.raises(ValueError, match='per="neuron", "layer" or "network", got \'row\''):
        nn.MaxNorm(model(), 3, per="row")
    with pytest.raises(ValueError, match="positive bound"):
        nn.MaxNorm(model(), 0)


def test_lasso_finds_the_useful_inputs():
    """50-8-1, 5 of 50 inputs are useful: lasso turns the others off, and predicts no worse."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(2000, 50))
    y = (
        np.tanh(x[:, :1])
        + 0.8 * x[:, 1:2]
        - np.maximum(x[:, 2:3], 0)
        + 0.7 * np.sin(x[:, 3:4])
        - 0.6 * x[:, 4:5]
    )
    y = y + 0.1 * generator.normal(size=y.shape)
    (train_x, test_x), (train_y, test_y) = np.split(x, 2), np.split(y, 2)

    def fitted(strength):
        network = nn.MLP([50, 8, 1], nn.Tanh, rng=0)
        penalty = nn.Lasso(network, strength) if strength else None
        optimizer = nn.SGD(network.parameters(), lr=0.1)
        nn.fit(
            network, train_x, train_y, nn.mse_loss, optimizer, 1500, penalty=penalty, progress=False
        )
        return network, nn.mse_loss(network(test_x), test_y).item()

    (sparse, test_loss), (_, without) = fitted(0.02), fitted(0)
    used = (sparse[0].weight.data != 0).any(axis=0)
    assert used[:5].all()
    assert (~used[5:]).sum() >= 30
    assert test_loss <= without


def test_a_penalty_joins_any_loss():
    network = nn.MLP([3, 2, 1], rng=0)
    penalty = nn.Ridge(network, 0.1)
    ag.check_gradient(
        lambda x: nn.mse_loss(network(x), np.zeros((4, 1))) + penalty(), rng.normal(size=(4, 3))
    )
