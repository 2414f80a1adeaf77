"""W in the lecture's order, its gradient, the gradient of every observation, and SciPy's
optimizers.
"""

import numpy as np
import pytest

import autograd_lite as ag
import nn

rng = np.random.default_rng(0)
x, y = rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
labels, binary = rng.integers(0, 2, 7), rng.integers(0, 2, (7, 2))


def test_vec_stacks_columns_weights_before_biases():
    model = nn.MLP([2, 3, 2, 1], rng=0)
    model[0].weight.data = np.array([[-0.1, 0.2], [0.3, -0.4], [-0.5, 0.6]])
    W = nn.vec(model)
    np.testing.assert_array_equal(W[:6], [-0.1, 0.3, -0.5, 0.2, -0.4, 0.6])
    np.testing.assert_array_equal(W[6:12], model[2].weight.data.T.ravel())
    np.testing.assert_array_equal(W[14:], np.concatenate([model[i].bias.data for i in (0, 2, 4)]))
    assert W.shape == (6 + 6 + 2 + 3 + 2 + 1,)


def test_after_the_biases_come_tau_and_alpha_by_layer():
    model = nn.MLP([1, 1, 1, 1], lambda: nn.ELU(learnable=True), batchnorm=True, rng=0)
    for i, p in enumerate(model.parameters()):
        p.data = np.full(p.shape, float(i))
    names = [name for name, _ in model.named_parameters()]
    expected = [
        "0.weight", "3.weight", "6.weight", "0.bias", "3.bias", "6.bias",
        "1.alpha", "2.weight", "2.bias", "4.alpha", "5.weight", "5.bias",
    ]  # fmt: skip
    assert [names[int(i)] for i in nn.vec(model)] == expected


def test_unvec_is_the_inverse_and_keeps_the_dtype():
    model = nn.MLP([3, 4, 2], nn.PReLU, rng=0, dtype=np.float32)
    W = nn.vec(model)
    nn.unvec(model, 2 * W.astype(float))
    np.testing.assert_array_equal(nn.vec(model), 2 * W)
    assert nn.vec(model).dtype == np.float32
    with pytest.raises(
        ValueError,
        match=r"unvec needs the 27 parameters of the MLP in a W of shape \(27,\), got \(3,\)",
    ):
        nn.unvec(model, W[:3])


def test_gradient_vector_has_the_order_of_vec():
    model = nn.MLP([3, 4, 2], nn.PReLU, rng=0)
    with pytest.raises(ValueError, match=r"Call loss.backward\(\) first"):
        nn.gradient_vector(model)
    nn.mse_loss(model(x), y).backward()
    W, gradient, h = nn.vec(model), nn.gradient_vector(model), 1e-6
    for i in range(len(W)):
        sides = []
        for sign in (1, -1):
            nn.unvec(model, W + sign * h * (np.arange(len(W)) == i))
            sides.append(nn.mse_loss(model(x), y).item())
        assert abs((sides[0] - sides[1]) / (2 * h) - gradient[i]) < 1e-8


class Residual(nn.Module):
    def __init__(self):
        self.inner = nn.Linear(3, 3, rng=0)
        self.outer = nn.Linear(3, 2, rng=1)

    def forward(self, x):
        return self.outer(x + np.tanh(self.inner(x)))


def shared():
    layer = nn.Linear(3, 3, rng=0)
    return nn.Sequential(layer, nn.Tanh(), layer, nn.Linear(3, 2, rng=1))


def mixed():
    return nn.Sequential(
        nn.Standardize(x),
        nn.Linear(3, 5, rng=0),
        nn.Mixed((nn.PReLU(3), 3), (nn.ELU(learnable=True), 2)),
        nn.Linear(5, 2, rng=1),
    )


def fixed_batchnorm():
    model = nn.MLP([3, 4, 2], nn.PReLU, keep=0.5, batchnorm=True, rng=0)
    model(x)
    return model.eval()


MODELS = {
    "MLP": lambda: nn.MLP([3, 4, 5, 2], rng=0),
    "no bias, output": lambda: nn.MLP([3, 4, 2], nn.ReLU, output=nn.Sigmoid, bias=False, rng=0),
    "linear": lambda: nn.Linear(3, 2, rng=0),
    "trained activations": lambda: nn.MLP([3, 4, 2], nn.PReLU, output=lambda: nn.PReLU(2), rng=0),
    "mixed": mixed,
    "nested": lambda: nn.Sequential(
        nn.MLP([3, 4, 3], rng=0), nn.Sequential(nn.ReLU(), nn.Linear(3, 2, rng=1))
    ),
    "batch normalization in prediction": fixed_batchnorm,
    "shared layer": shared,
    "a layer of one's own": Residual,
}


def one_by_one(model, loss, target):
    rows = []
    for i in range(len(x)):
        model.zero_grad()
        loss(model(x[i : i + 1]), target[i : i + 1]).backward()
        rows.append(nn.gradient_vector(model))
    return np.array(rows)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(
    "loss, target",
    [
        (nn.mse_loss, y),
        (nn.l1_loss, y),
        (nn.binary_cross_entropy_with_logits, binary),
        (nn.cross_entropy, labels),
        (lambda o, t: nn.mse_loss(o, t, "sum"), y),
    ],
)
def test_observation_gradients_are_those_of_the_observations_one_by_one(name, loss, target):
    model = MODELS[name]()
    ours = nn.observation_gradients(model, x, target, loss)
    np.testing.assert_allclose(ours, one_by_one(model, loss, target), rtol=1e-9, atol=1e-12)


def test_their_mean_is_the_gradient():
    model = nn.MLP([3, 4, 2], nn.Tanh, rng=0)
    ours = nn.observation_gradients(model, x, y, nn.mse_loss)
    assert all(p.grad is None for p in model.parameters())
    nn.mse_loss(model(x), y).backward()
    np.testing.assert_allclose(ours.mean(axis=0), nn.gradient_vector(model), rtol=1e-12)


def test_with_batch_normalization_in_training_each_loss_depends_on_the_whole_batch():
    model = nn.MLP([3, 4, 2], nn.Tanh, batchnorm=True, rng=0)
    ours = nn.observation_gradients(model, x, y, nn.mse_loss)
    model.zero_grad()
    nn.mse_loss(model(x), y).backward()
    np.testing.assert_allclose(ours.mean(axis=0), nn.gradient_vector(model), rtol=1e-9, atol=1e-14)


def test_dropout_thins_all_observations_alike():
    model = nn.MLP([3, 6, 2], nn.Tanh, keep=0.5, rng=1)
    ours = nn.observation_gradients(model, x, y, nn.mse_loss)
    # Columns first: neuron by neuron within a feature.
    into_dropped = np.repeat(~model[2].mask[None], 3, axis=0).ravel()
    assert into_dropped.any() and (ours[:, :18][:, into_dropped] == 0).all()


def test_frozen_parameters_are_no_part_of_W():
    model = nn.MLP([3, 4, 2], nn.Tanh, rng=0)
    model[0].weight.requires_grad = model[0].bias.requires_grad = False
    assert nn.vec(model).shape == (10,)
    ours = nn.observation_gradients(model, x, y, nn.mse_loss)
    np.testing.assert_allclose(ours, one_by_one(model, nn.mse_loss, y), rtol=1e-9, atol=1e-12)
    with pytest.raises(ValueError, match="W of the Tanh is empty"):
        nn.vec(nn.Tanh())


def test_one_pass_serves_all_observations():
    """At least 20 times faster than a pass for each: counted in records, not by a clock, no loop is
    left.
    """
    model = nn.MLP([10, 16, 16, 1], rng=0)
    data, calls = rng.normal(size=(500, 10)), []
    original = model[0].forward
    model[0].forward = lambda x: calls.append(len(x)) or original(x)
    assert nn.observation_gradients(model, data, data[:, :1], nn.mse_loss).shape == (500, 465)
    assert calls == [500]


class TestMinimize:
    def test_least_squares(self):
        data = rng.normal(size=(50, 3))
        target = data @ [[1.0], [2.0], [3.0]] + rng.normal(size=(50, 1))
        model = nn.MLP([3, 1], rng=0)
        result = nn.minimize(model, data, target, nn.mse_loss)
        exact = np.linalg.lstsq(np.c_[data, np.ones(50)], target, rcond=None)[0][:, 0]
        np.testing.assert_allclose(nn.vec(model), exact, rtol=1e-7)
        assert result.success and result.gradient_norm < 1e-7
        np.testing.assert_array_equal(result.x, nn.vec(model))

    @pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "CG", "Newton-CG", "SLSQP", "TNC"])
    def test_methods_of_scipy(self, method):
        pytest.importorskip("scipy")
        model = nn.MLP([3, 2, 1], rng=0)
        before = nn.mse_loss(model(x), y[:, :1]).item()
        result = nn.minimize(
            model, x, y[:, :1], nn.mse_loss, method=method, penalty=nn.Ridge(model, 0.01)
        )
        assert result.fun < before and result.gradient_norm < 1e-3

    def test_precision_loss_at_a_tiny_gradient_is_convergence(self):
        model = nn.MLP([3, 3, 2], rng=0)
        result = nn.minimize(
            model, x, y, nn.mse_loss, tolerance=1e-30, penalty=nn.Ridge(model, 0.01)
        )
        assert result.success and result.gradient_norm < 1e-5
        assert "Converged" in result.message and f"{result.gradient_norm:.1e}" in result.message

    def test_stopping_early_is_no_convergence(self):
        model = nn.MLP([3, 3, 2], rng=0)
        assert not nn.minimize(model, x, y, nn.mse_loss, options={"maxiter": 1}).success

    def test_what_is_refused(self):
        model = nn.MLP([3, 3, 2], keep=0.5, rng=0)
        with pytest.raises(ValueError, match="cannot take Lasso: BFGS needs a smooth loss"):
            nn.minimize(model, x, y, nn.mse_loss, penalty=nn.Lasso(model, 0.1))
        with pytest.raises(
            ValueError, match=r"Dropout is random in training. Call model.eval\(\) first"
        ):
            nn.minimize(model, x, y, nn.mse_loss)
        assert nn.minimize(model.eval(), x, y, nn.mse_loss).fun < 1


def test_minimize_under_no_grad_and_with_a_shared_layer():
    with ag.no_grad():
        assert nn.minimize(shared(), x, y, nn.mse_loss).gradient_norm < 1e-4
