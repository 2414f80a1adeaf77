"""Vanishing gradients and dead neurons, as in section 6 of the lecture."""

import numpy as np
import pytest

import nn

SLOPES = {
    nn.Sigmoid: lambda s: np.exp(-s) / (1 + np.exp(-s)) ** 2,
    nn.ReLU: lambda s: (s > 0) * 1.0,
    nn.ELU: lambda s: np.where(s > 0, 1.0, np.exp(s)),
}
x, y = np.array([[1.5]]), np.array([[0.0]])


def chain(depth, activation):
    """One feature, `depth` hidden layers of one neuron, weights 1, biases 0."""
    model = nn.MLP([1] * (depth + 2), activation)
    nn.unvec(model, np.r_[np.ones(depth + 1), np.zeros(depth + 1)])
    return model


def factors(model, depth, activation):
    """(∂h_j/∂s_j) ω_1(j+1) for every hidden layer, by hand."""
    h, found = x, []
    for j in range(depth):
        s = model[2 * j].weight.data * h + model[2 * j].bias.data
        h = model[2 * j + 1](s)
        found.append((SLOPES[activation](s) * model[2 * j + 2].weight.data).item())
    return np.array(found)


def gradient(model):
    """∂l/∂ω₁₁, backpropagated, and ∂l/∂o."""
    model.zero_grad()
    o = model(x)
    nn.mse_loss(o, y).backward()
    return model[0].weight.grad.item(), 2 * (o.item() - y.item())


@pytest.mark.parametrize("activation", SLOPES)
@pytest.mark.parametrize("depth", range(2, 21))
def test_the_first_weights_gradient_is_the_product_of_the_factors(activation, depth):
    model = chain(depth, activation)
    first, by_output = gradient(model)
    expected = by_output * np.prod(factors(model, depth, activation)) * x.item()
    assert first == pytest.approx(expected, rel=1e-12)


def test_with_the_sigmoid_it_shrinks_geometrically():
    found = factors(chain(20, nn.Sigmoid), 20, nn.Sigmoid)
    assert (found < 0.25).all()
    gradients = np.array([gradient(chain(depth, nn.Sigmoid))[0] for depth in range(2, 21)])
    ratios = gradients[1:] / gradients[:-1]
    assert (ratios < 0.25).all()
    # H tends to h = σ(h), the factor to σ'(h)
    np.testing.assert_allclose(ratios[5:], found[-1], rtol=1e-3)
    assert gradients[-1] < 1e-10 * gradients[0]


@pytest.mark.parametrize("activation", [nn.ReLU, nn.ELU])
def test_with_relu_and_elu_it_does_not(activation):
    np.testing.assert_array_equal(factors(chain(20, activation), 20, activation), 1)
    assert {gradient(chain(depth, activation))[0] for depth in range(2, 21)} == {2 * 1.5 * 1.5}


def test_dead_neurons_are_counted():
    model = nn.MLP([2, 4, 3, 1], nn.ReLU, rng=0)
    sample = np.random.default_rng(0).uniform(0, 1, (50, 2))
    model[0].bias.data[:] = [0, -100, 0, -100]
    model[0].weight.data[:] = np.abs(model[0].weight.data)
    model[2].weight.data[:] = np.abs(model[2].weight.data)
    model[2].bias.data[:] = [5, -100, 5]
    first, second = nn.dead_neurons(model, sample)
    np.testing.assert_array_equal(first, [False, True, False, True])
    np.testing.assert_array_equal(second, [False, True, False])
    nn.mse_loss(model(sample), np.ones((50, 1))).backward()
    assert (model[0].weight.grad[first] == 0).all() and (model[2].weight.grad[second] == 0).all()
    history = nn.fit(
        model,
        sample,
        np.ones((50, 1)),
        nn.mse_loss,
        nn.SGD(model.parameters(), lr=1e-6),
        1,
        progress=False,
    )
    assert history[0]["dead"] == [1 / 2, 1 / 3]


def test_one_living_observation_is_enough():
    model = nn.MLP([1, 2, 1], nn.ReLU)
    model[0].weight.data[:], model[0].bias.data[:] = [[1.0], [1.0]], [0, -2.5]
    np.testing.assert_array_equal(
        nn.dead_neurons(model, np.array([[1.0], [2.0]]))[0], [False, True]
    )
    np.testing.assert_array_equal(
        nn.dead_neurons(model, np.array([[1.0], [3.0]]))[0], [False, False]
    )


@pytest.mark.parametrize("living", [0, 70, 199])
def test_one_living_observation_of_many_is_found_wherever_it_stands(living):
    model = nn.MLP([1, 3, 1], nn.ReLU)
    model[0].weight.data[:], model[0].bias.data[:] = 1, [0, -2.5, -9]
    sample = np.ones((200, 1))
    sample[living] = 3
    np.testing.assert_array_equal(nn.dead_neurons(model, sample)[0], [False, False, True])


class Centred(nn.Module):
    """Its rows depend on each other, and it does not promise otherwise."""

    def forward(self, h):
        return h - np.mean(h, axis=0)


def test_rows_that_depend_on_each_other_are_looked_at_together():
    """Of the first rows, some are far above their mean; none is far above the mean of all."""
    model = nn.Sequential(Centred(), nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 1))
    nn.unvec(model, [1, 1, -0.3, 0])  # the weights, then the biases
    sample = np.r_[np.arange(64) / 64, np.ones(100)].reshape(-1, 1)
    assert not nn.dead_neurons(model, sample[:64])[0]
    assert nn.dead_neurons(model, sample)[0]


def test_elu_has_no_dead_neurons_and_mixed_layers_are_counted_together():
    sample = np.full((5, 1), -3.0)
    for activation, expected in [
        (nn.ELU, [0, 0]),
        (lambda: nn.Mixed((nn.ReLU(), 1), (nn.ELU(), 1)), [1, 0]),
    ]:
        model = nn.MLP([1, 2, 1], activation, output=nn.Sigmoid)
        model[0].weight.data[:], model[0].bias.data[:] = 1, 0
        (dead,) = nn.dead_neurons(model, sample)
        np.testing.assert_array_equal(dead, expected)


def test_the_count_leaves_the_model_in_its_mode():
    model = nn.MLP([1, 4, 1], nn.ReLU, keep=0.5, batchnorm=True)
    model[2].eval()
    before = model.state_dict()
    nn.dead_neurons(model, np.ones((3, 1)))
    assert [layer.training for layer in model] == [True, True, False, True, True] and model[
        3
    ].mask is None
    assert all(np.array_equal(value, before[name]) for name, value in model.state_dict().items())
