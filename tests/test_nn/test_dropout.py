"""Dropout as section 5 of the lecture has it, and exact expectations over all thinned networks."""

import numpy as np
import pytest

import autograd_lite as ag
import nn

x = np.random.default_rng(0).normal(size=(6, 3))
y = np.random.default_rng(1).normal(size=(6, 1))


@pytest.mark.parametrize(
    "wrong", [lambda: nn.Dropout(0.5), lambda: nn.Dropout(0.5, keep=0.5), lambda: nn.Dropout()]
)
def test_a_positional_number_is_refused_with_the_reason(wrong):
    with pytest.raises(
        TypeError,
        match=r"Dropout\(keep=0.8\).*PyTorch's Dropout\(0.2\) gives the probability that it goes",
    ):
        wrong()


@pytest.mark.parametrize(
    "options", [{"keep": 0}, {"keep": 1.5}, {"keep": float("nan")}, {"keep": 0.5, "per": "neuron"}]
)
def test_options_out_of_range(options):
    with pytest.raises(ValueError, match=r"Dropout (needs 0 < keep <= 1|draws a mask)"):
        nn.Dropout(**options)


def test_one_thinned_network_serves_the_whole_batch_and_the_next_gets_a_new_one():
    dropout, h = nn.Dropout(keep=0.5, rng=0), np.ones((5, 40))
    first = dropout(h)
    assert dropout.mask.shape == (40,)
    assert set(np.unique(first)) == {0, 2}
    assert (first == first[0]).all()
    np.testing.assert_array_equal(first[0] > 0, dropout.mask)
    before = dropout.mask
    dropout(h)
    assert not np.array_equal(before, dropout.mask)


def test_per_observation_as_in_pytorch():
    dropout = nn.Dropout(keep=0.5, per="observation", rng=0)
    h = dropout(np.ones((5, 40)))
    assert dropout.mask.shape == (5, 40) and not (h == h[0]).all()


def test_share_that_stays_is_keep():
    dropout = nn.Dropout(keep=0.8, rng=0)
    dropout(np.ones((1, 100_000)))
    assert abs(dropout.mask.mean() - 0.8) < 0.005


def test_the_two_forms():
    h = np.ones((2, 50))
    inverted, original = nn.Dropout(keep=0.8, rng=0), nn.Dropout(keep=0.8, inverted=False, rng=0)
    np.testing.assert_allclose(inverted(h), 1 / 0.8 * inverted.mask * h)
    np.testing.assert_array_equal(original(h), original.mask * h)
    np.testing.assert_array_equal(inverted.eval()(h), h)
    np.testing.assert_array_equal(original.eval()(h), 0.8 * h)


def test_float32_stays_float32():
    h = ag.Tensor(np.ones((2, 5), np.float32), requires_grad=True)
    for options in ({}, {"inverted": False}, {"per": "observation"}):
        dropout = nn.Dropout(keep=0.5, **options)
        assert dropout(h).dtype == dropout.eval()(h).dtype == np.float32


def test_gradients_by_weights_into_and_out_of_excluded_neurons_are_exactly_zero():
    model = nn.MLP([3, 8, 5, 1], nn.Tanh, keep=0.5, rng=5)
    nn.mse_loss(model(x), y).backward()
    first, second = model[2].mask, model[5].mask
    assert 0 < first.sum() < 8 and 0 < second.sum() < 5
    for layer, mask_in, mask_out in (
        (model[0], None, first),
        (model[3], first, second),
        (model[6], second, None),
    ):
        if mask_out is not None:
            assert (layer.weight.grad[~mask_out] == 0).all() and (
                layer.bias.grad[~mask_out] == 0
            ).all()
        if mask_in is not None:
            assert (layer.weight.grad[:, ~mask_in] == 0).all()
        assert np.any(layer.weight.grad != 0)


def test_with_all_neurons_off_only_the_bias_goes_on():
    model = nn.MLP([3, 2, 1], keep=0.001, rng=0)
    o = model(x)
    assert not model[2].mask.any()
    np.testing.assert_array_equal(o.data, np.broadcast_to(model[3].bias.data, (6, 1)))


@pytest.mark.parametrize("inverted", [True, False])
def test_prediction_is_the_exact_expectation_over_thinned_networks(inverted):
    dropout = nn.Dropout(keep=0.7, inverted=inverted)
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), dropout, nn.Linear(4, 1, rng=1))
    walked = [(probability, network(x).data) for network, probability in nn.thinned_networks(model)]
    assert len(walked) == 16
    assert abs(sum(probability for probability, _ in walked) - 1) < 1e-12
    expectation = sum(probability * output for probability, output in walked)
    np.testing.assert_allclose(expectation, model.eval()(x).data, rtol=0, atol=1e-12)


def test_exact_expectation_of_an_updated_weight_is_what_simulation_tends_to():
    model = nn.MLP([3, 3, 1], nn.Sigmoid, keep=0.6, rng=0)
    weight, start = model[0].weight, model.state_dict()

    def updated(network):
        model.load_state_dict(start)
        model.zero_grad()
        nn.mse_loss(network(x), y).backward()
        nn.SGD(model.parameters(), lr=0.5).step()
        return weight.data.copy()

    exact = sum(
        probability * updated(network) for network, probability in nn.thinned_networks(model)
    )
    draws = np.array([updated(model) for _ in range(3000)])
    error = draws.std(axis=0) / np.sqrt(len(draws))
    assert (np.abs(draws.mean(axis=0) - exact) < 4.5 * error).all()


def test_thinned_networks_share_parameters_and_leave_the_model_alone():
    model = nn.MLP([3, 2, 2, 1], keep=0.5, batchnorm=True, rng=0)
    before, masks = model.state_dict(), [model[3].mask, model[7].mask]
    networks = [network for network, _ in nn.thinned_networks(model)]
    assert len(networks) == 16
    for network in networks:
        assert all(p is q for p, q in zip(network.parameters(), model.parameters(), strict=True))
        network(x)
    assert [model[3].mask, model[7].mask] == masks == [None, None]
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[name])
    fixed = networks[3][3].mask
    networks[3](x), networks[3].eval()(x)
    assert networks[3][3].mask is fixed


def test_keep_1_has_one_network_and_the_mask_of_a_model_of_ones_own_tells_its_width():
    assert [p for _, p in nn.thinned_networks(nn.MLP([3, 30, 1], keep=1.0))] == [1]
    assert [p for _, p in nn.thinned_networks(nn.MLP([3, 2, 1]))] == [1]
    model = nn.Sequential(nn.Dropout(keep=0.5), nn.Linear(3, 1))
    with pytest.raises(ValueError, match="Pass one batch through the model in training first"):
        nn.thinned_networks(model)
    model(x)
    assert len(list(nn.thinned_networks(model))) == 8


def test_absurd_counts_are_refused_at_once():
    with pytest.raises(ValueError, match=r"2\*\*17 networks \(17 neurons"):
        nn.thinned_networks(nn.MLP([3, 17, 1], keep=0.5))
    nn.thinned_networks(nn.MLP([3, 16, 1], keep=0.5))


def test_repr():
    assert repr(nn.Dropout(keep=0.5)) == "Dropout(keep=0.5)"
    assert (
        repr(nn.Dropout(keep=0.5, inverted=False, per="observation"))
        == 'Dropout(keep=0.5, inverted=False, per="observation")'
    )
