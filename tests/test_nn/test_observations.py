"""Who works row by row says so, keeps its word, and is then served in one pass; who is silent is
served rightly.
"""

import inspect

import numpy as np
import pytest

import autograd_lite as ag
import nn
from nn.module import works_row_by_row

rng = np.random.default_rng(0)
x, y = rng.normal(size=(7, 4)), rng.normal(size=(7, 2))
LAYERS = {
    "Activation": nn.Activation,
    "BatchNorm1d": lambda: nn.BatchNorm1d(4),
    "Dropout": lambda: nn.Dropout(keep=0.5, rng=0),
    "Dropout per observation": lambda: nn.Dropout(keep=0.5, per="observation", rng=0),
    "ELU": lambda: nn.ELU(learnable=True),
    "FixedDropout": lambda: next(nn.thinned_networks(nn.MLP([4, 4, 2], keep=0.5)))[0][2],
    "GaussianNoise": lambda: nn.GaussianNoise(0.1, rng=0),
    "Identity": nn.Identity,
    "LeakyReLU": nn.LeakyReLU,
    "Linear": lambda: nn.Linear(4, 3, rng=0),
    "LogSoftmax": nn.LogSoftmax,
    "MLP": lambda: nn.MLP([4, 3, 2], nn.PReLU, keep=0.5, rng=0),
    "MLP with BatchNorm1d": lambda: nn.MLP([4, 3, 2], batchnorm=True, rng=0),
    "Mixed": lambda: nn.Mixed((nn.ReLU(), 2), (nn.PReLU(2), 2)),
    "Mixed with Softmax": lambda: nn.Mixed((nn.ReLU(), 2), (nn.Softmax(0), 2)),
    "Module": nn.Module,
    "NormalCDF": nn.NormalCDF,
    "PReLU": lambda: nn.PReLU(4),
    "ReLU": nn.ReLU,
    "Sequential": lambda: nn.Sequential(nn.Linear(4, 3, rng=0), nn.Tanh()),
    "Sequential with Softmax": lambda: nn.Sequential(nn.Linear(4, 3, rng=0), nn.Softmax(0)),
    "Sigmoid": nn.Sigmoid,
    "Softmax": nn.Softmax,
    "Softplus": nn.Softplus,
    "Standardize": lambda: nn.Standardize(x),
    "Tanh": nn.Tanh,
}
# Which axis of Softmax counts the observations depends on its options and on the shape of s.
SILENT = {
    "Activation", "LogSoftmax", "Mixed with Softmax", "Module", "Sequential with Softmax", "Softmax"
}  # fmt: skip
ONLY_IN_PREDICTION = {"BatchNorm1d", "MLP with BatchNorm1d"}
LOSSES = {
    name: loss
    for name, loss in vars(nn).items()
    if inspect.isfunction(loss) and "reduction" in inspect.signature(loss).parameters
}


def test_the_table_holds_every_layer():
    public = {name for name, value in vars(nn).items() if inspect.isclass(value)}
    layers = {name for name in public if issubclass(getattr(nn, name), nn.Module)}
    assert layers <= LAYERS.keys()


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", LAYERS)
def test_who_works_row_by_row_says_so(name, training):
    silent = name in SILENT or (training and name in ONLY_IN_PREDICTION)
    assert works_row_by_row(LAYERS[name]().train(training)) is not silent


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", LAYERS)
def test_whoever_says_so_keeps_the_promise(name, training):
    layer, again = (LAYERS[name]().train(training) for _ in range(2))  # with equal random numbers
    if works_row_by_row(layer):
        other = x.copy()
        other[[0, 2, 3]] = rng.normal(size=(3, 4))
        kept = [1, 4, 5, 6]
        h, changed = (np.array(getattr(value, "data", value)) for value in (layer(x), again(other)))
        np.testing.assert_array_equal(h[kept], changed[kept])


def test_there_are_losses():
    assert {"mse_loss", "l1_loss", "cross_entropy", "nll_loss"} < LOSSES.keys()


@pytest.mark.parametrize("name", LOSSES)
def test_losses_say_that_they_are_means_over_rows_and_are(name):
    loss = LOSSES[name]
    prediction, target = rng.uniform(0.1, 0.9, (5, 3)), rng.uniform(0, 1, (5, 3))
    rows = [loss(prediction[i : i + 1], target[i : i + 1]) for i in range(5)]
    assert loss.mean_over_rows
    np.testing.assert_allclose(loss(prediction, target), np.mean(rows), rtol=1e-12)


class Swish(nn.Activation):
    def forward(self, s):
        return s * ag.sigmoid(s)


class Idle(Swish):
    """A parameter that the loss does not depend on."""

    def __init__(self):
        self.unused = ag.Tensor([1.0, 2.0], requires_grad=True)


class Scale(nn.Module):
    """Parameters of several shapes, one that is reduced first, and one that is not used."""

    def __init__(self):
        self.number = ag.Tensor(0.7, requires_grad=True)
        self.slopes = ag.Tensor(np.linspace(0.1, 1, 3), requires_grad=True)
        self.reduced = ag.Tensor(np.linspace(1, 2, 4), requires_grad=True)
        self.unused = ag.Tensor(np.ones((2, 2)), requires_grad=True)

    def forward(self, s):
        return np.tanh(s * self.slopes) * np.square(self.reduced).mean() + self.number


class Dense(nn.Module):
    """A linear layer of one's own, with its weight the other way round."""

    def __init__(self):
        self.matrix = ag.Tensor(np.arange(9.0).reshape(3, 3) / 9, requires_grad=True)

    def forward(self, x):
        return x @ self.matrix


class Blurred(nn.Module):
    """Random and trained: the gradient must be that of the numbers that were drawn."""

    def __init__(self):
        self.factor = ag.Tensor(2.0, requires_grad=True)
        self.noise = nn.GaussianNoise(0.5, rng=0)

    def forward(self, s):
        return self.factor * np.tanh(self.noise(s)) * self.factor


class Residual(nn.Module):
    def __init__(self):
        self.inner, self.activation = nn.Linear(3, 3, rng=0), nn.PReLU(3)

    def forward(self, s):
        return s + self.activation(self.inner(s))


class Folded(nn.Module):
    """Rows of another number of axes, through a Linear: (n, 3) → (n, 3, 1) → (n, 3, 2) → (n, 3)."""

    def __init__(self):
        self.slope = nn.Linear(1, 2, rng=0)

    def forward(self, s):
        return self.slope(np.reshape(s, (-1, 3, 1))).sum(axis=-1)


class Unfold(nn.Module):
    def forward(self, s):
        return np.reshape(s, (-1, 3, 1))


class Fold(nn.Module):
    def forward(self, s):
        return np.reshape(s, (-1, 6))[:, :3]


class First(nn.Module):
    """The first three features."""

    def forward(self, x):
        return x[:, :3]


class Centred(nn.Activation):
    """Rows that meet."""

    def forward(self, s):
        return np.tanh(s - s.mean(axis=0))


class CentredReLU(nn.ReLU):
    """Its base works row by row; this does not, and has not said that it does."""

    def forward(self, s):
        return super().forward(s - s.mean(axis=0))


class Centring:
    def forward(self, s):
        return super().forward(s - s.mean(axis=0))


class MixedIn(Centring, nn.Tanh):
    pass


class CentredLinear(nn.Linear):
    def forward(self, x):
        return super().forward(x - x.mean(axis=0))


class Skipping(nn.Sequential):
    def forward(self, x):
        return super().forward(x) + x.mean(axis=0)


ROW_BY_ROW = [Swish, Idle, Scale, Dense, Blurred, Residual, Folded]
MEETING = [
    Centred, CentredReLU, MixedIn, lambda: CentredLinear(3, 3, rng=0), lambda: Skipping(nn.Tanh()),
    lambda: nn.Mixed((Centred(), 1), (nn.ReLU(), 2)), lambda: nn.Mixed((CentredReLU(), 3)),
    lambda: nn.Softmax(axis=0), lambda: nn.BatchNorm1d(3),
]  # fmt: skip


def around(*layers):
    return nn.Sequential(nn.Linear(4, 3, rng=0), *layers, nn.Linear(3, 2, rng=1))


def promising(kind):
    return type(kind.__name__, (kind,), {"row_by_row": True})()


class Counted:
    """A loss that counts how often it is asked, and says that it is a mean over rows, or not."""

    def __init__(self, mean_over_rows=True, loss=nn.mse_loss):
        self.calls, self.loss = 0, loss
        if mean_over_rows:
            self.mean_over_rows = True

    def __call__(self, prediction, target):
        self.calls += 1
        return self.loss(prediction, target)


def expected(make, loss=nn.mse_loss):
    """A backward pass for each observation, through a model with the same random numbers."""
    model, rows = make(), []
    prediction = model(x)
    for i in range(len(x)):
        model.zero_grad()
        loss(prediction[i : i + 1], y[i : i + 1]).backward()
        rows.append(nn.gradient_vector(model))
    return np.array(rows)


def check(make, calls, **options):
    loss = Counted(**options)
    ours = nn.observation_gradients(make(), x, y, loss)
    assert loss.calls == calls
    np.testing.assert_allclose(ours, expected(make, loss.loss), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", ROW_BY_ROW)
@pytest.mark.parametrize("place", ["between", "first"])
def test_a_layer_of_ones_own_is_served_in_one_pass_when_it_says_so(kind, place):
    def model(layer):
        if place == "between":
            return around(layer)
        return nn.Sequential(promising(First), layer, nn.Linear(3, 2, rng=0))

    check(lambda: model(promising(kind)), calls=1)
    check(lambda: model(kind()), calls=7)


@pytest.mark.parametrize("kind", [Swish, Scale, Dense])
def test_in_the_dtype_of_the_model(kind):
    model = around(promising(kind)).astype(np.float32)
    ours = nn.observation_gradients(model, x, y, nn.mse_loss)
    theirs = nn.observation_gradients(model.astype(float), x, y, nn.mse_loss)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_what_is_said_by_the_layer_alone():
    def make():
        layer = Swish()
        layer.row_by_row = True
        return around(layer)

    check(make, calls=1)


def test_rows_may_have_several_axes():
    def make():
        linear = nn.Linear(1, 2, rng=0)
        return around(promising(Unfold), linear, nn.Tanh(), promising(Fold))

    check(make, calls=1)


@pytest.mark.parametrize("make", MEETING)
def test_where_observations_meet_the_gradients_are_right(make):
    check(lambda: around(make()), calls=7)


@pytest.mark.parametrize("mean_over_rows", [True, False])
def test_a_loss_of_ones_own(mean_over_rows):
    huber = lambda o, t: np.mean(np.sqrt(1 + np.square(o - t)))
    check(around, calls=1 if mean_over_rows else 7, mean_over_rows=mean_over_rows, loss=huber)


def test_a_loss_that_is_silent_may_be_anything():
    check(around, calls=7, mean_over_rows=False, loss=lambda o, t: nn.mse_loss(o, t, "sum"))


def test_a_parameter_in_several_places():
    def held_twice():
        linear = nn.Linear(3, 3, rng=0)
        return around(linear, nn.Tanh(), linear)

    def made_from_another():
        first, second = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
        second.weight = first.weight.T
        return around(first, nn.Tanh(), second)

    check(held_twice, calls=7)
    check(made_from_another, calls=7)


def test_a_parameter_beside_the_layers():
    def make():
        model = around()
        model.unused = ag.Tensor([1.0, 2.0], requires_grad=True)
        return model

    check(make, calls=7)
