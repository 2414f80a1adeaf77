"""Every layer against numerical differences, once and twice; and the layers for the data."""

import numpy as np
import pytest

import autograd_lite as ag
import nn

x = np.random.default_rng(0).normal(size=(6, 4))
LAYERS = {
    "Linear": lambda: nn.Linear(4, 3, rng=0),
    "Sigmoid": nn.Sigmoid,
    "Tanh": nn.Tanh,
    "ReLU": nn.ReLU,
    "LeakyReLU": nn.LeakyReLU,
    "PReLU": lambda: nn.PReLU(4),
    "ELU": nn.ELU,
    "ELU, learnable": lambda: nn.ELU(0.7, learnable=True),
    "Softplus": nn.Softplus,
    "NormalCDF": nn.NormalCDF,
    "Softmax": nn.Softmax,
    "LogSoftmax": nn.LogSoftmax,
    "Identity": nn.Identity,
    "Mixed": lambda: nn.Mixed((nn.PReLU(), 1), (nn.NormalCDF(), 2), (nn.ELU(learnable=True), 1)),
    "BatchNorm1d": lambda: nn.BatchNorm1d(4),
    "BatchNorm1d in prediction": lambda: nn.BatchNorm1d(4).eval(),
    "Standardize": lambda: nn.Standardize(3 * x + 1),
    "Dropout in prediction": lambda: nn.Dropout(keep=0.5, inverted=False).eval(),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("order", [1, 2])
def test_by_inputs_and_by_parameters(name, order):
    layer = LAYERS[name]()
    names = [key for key, _ in layer.named_parameters()]

    def output(inputs, *values):
        state = dict(zip(names, values, strict=True))
        return functional(layer, state)(inputs)

    ag.check_gradient(output, x, *[p.data for p in layer.parameters()], order=order)


def functional(layer, state):
    """The layer with other tensors in the place of its parameters."""
    for key, tensor in state.items():
        *path, last = key.split(".")
        holder = layer
        for part in path:
            holder = holder[int(part)] if isinstance(holder, list) else getattr(holder, part)
        setattr(holder, last, tensor)
    return layer


def test_normal_cdf_is_scipys():
    special = pytest.importorskip("scipy.special")
    s = np.linspace(-35, 8, 200)
    np.testing.assert_allclose(nn.NormalCDF()(ag.Tensor(s)).data, special.ndtr(s), rtol=1e-12)


def test_standardize_takes_mean_and_deviation_when_it_is_made():
    sample = np.c_[3 * x + 1, np.full(6, 7.0)]
    layer = nn.Standardize(sample)
    h = layer(sample).data
    np.testing.assert_allclose(h[:, :4].mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(h[:, :4].std(axis=0), 1)
    np.testing.assert_array_equal(h[:, 4], 0)  # a constant feature
    np.testing.assert_allclose(
        layer(np.zeros((1, 5))).data, [-sample.mean(axis=0) / np.r_[sample[:, :4].std(axis=0), 1]]
    )
    assert set(layer.state_dict()) == {"mean", "std"} and layer.parameters() == []
    assert nn.Standardize(sample.astype(np.float32))(sample.astype(np.float32)).dtype == np.float32
    for wrong in (np.ones(3), np.ones((0, 3)), np.array([["a"]])):
        with pytest.raises(
            ValueError, match=r"Standardize needs (a sample of shape \(n, m\)|numbers)"
        ):
            nn.Standardize(wrong)


def test_gaussian_noise_is_there_in_training_only():
    layer = nn.GaussianNoise(0.5, rng=0)
    many = np.zeros((1000, 50))
    assert abs(layer(many).std() - 0.5) < 0.01 and abs(layer(many).mean()) < 0.01
    assert layer.eval()(many) is many
    assert nn.GaussianNoise(0.5)(many.astype(np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match="at least 0, got -1"):
        nn.GaussianNoise(-1)


@pytest.mark.parametrize(
    "h, message",
    [
        (np.ones((1, 4)), r"at least 2 observations in training.*batches=m"),
        (np.ones((5, 3)), r"shape \(n, 4\), got \(5, 3\)"),
    ],
)
def test_batch_normalization_refuses(h, message):
    with pytest.raises(ValueError, match=message):
        nn.BatchNorm1d(4)(h)


def test_a_batch_of_one_can_be_predicted():
    assert nn.BatchNorm1d(4).eval()(np.ones((1, 4))).shape == (1, 4)


def recorded(tensor):
    """All functions in the record of a tensor."""
    functions, stack = set(), [tensor]
    while stack:
        tensor = stack.pop()
        if isinstance(tensor, ag.Tensor) and tensor.function:
            functions.add(tensor.function)
            stack.extend(tensor.arguments)
    return functions


def test_batch_normalization_and_dropout_are_recorded_from_primitives():
    h = ag.Tensor(x, requires_grad=True)
    primitives = {np.add, np.multiply, np.divide, np.subtract, np.sqrt, np.square, np.mean}
    assert recorded(nn.BatchNorm1d(4)(h)) == primitives
    assert recorded(nn.Dropout(keep=0.5)(h)) == {np.multiply}


@pytest.mark.parametrize(
    "wrong, message",
    [
        (
            lambda: nn.StepLR(nn.SGD(nn.Linear(1, 1).parameters(), lr=1), 0),
            "step_size of at least 1",
        ),
        (
            lambda: nn.CosineAnnealingLR(nn.SGD(nn.Linear(1, 1).parameters(), lr=1), 0),
            "T_max of at least 1",
        ),
        (
            lambda: nn.SGD(nn.Linear(1, 1).parameters(), lr=1, nesterov=True),
            "needs a momentum and no dampening",
        ),
    ],
)
def test_schedules_and_optimizers_refuse(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()


def test_constant_initialization():
    tensor = ag.Tensor(np.zeros(3, np.float32))
    nn.init.constant_(tensor, 0.1)
    assert tensor.dtype == np.float32 and (tensor.data == np.float32(0.1)).all()
