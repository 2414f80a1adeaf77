"""from_torch: results and gradients are the original's; what nn lacks is refused by name."""

import numpy as np
import pytest

import nn

torch = pytest.importorskip("torch")
T = torch.nn
F = torch.nn.functional

x = np.random.default_rng(0).normal(size=(7, 4))


class Functional(T.Module):
    """Its forward calls functions, and takes its layers in another order than it holds them."""

    def __init__(self):
        super().__init__()
        self.second = T.Linear(3, 2)
        self.first = T.Linear(4, 3)
        self.last = T.Sequential(T.Tanh(), T.Linear(2, 2))

    def forward(self, x):
        h = F.relu(self.first(x))
        h = torch.tanh(self.second(h)).sigmoid()
        return F.log_softmax(self.last(h), dim=1)


def between(*layers):
    """A network of PyTorch's with these layers in the middle, in float64."""
    torch.manual_seed(0)
    return T.Sequential(T.Linear(4, 3), *layers, T.Linear(3, 2)).double()


BROUGHT = {
    "Linear": lambda: T.Linear(4, 2).double(),
    "no bias": lambda: T.Sequential(T.Linear(4, 2, bias=False)).double(),
    "Identity": lambda: between(T.Identity()),
    "Flatten": lambda: between(T.Flatten()),
    "Sigmoid": lambda: between(T.Sigmoid()),
    "Tanh": lambda: between(T.Tanh()),
    "ReLU": lambda: between(T.ReLU(inplace=True)),
    "LeakyReLU": lambda: between(T.LeakyReLU(0.2)),
    "PReLU": lambda: between(T.PReLU(), T.PReLU(3, 0.1)),
    "ELU": lambda: between(T.ELU(0.7)),
    "Softplus": lambda: between(T.Softplus()),
    "Softmax": lambda: between(T.Softmax(dim=-1)),
    "LogSoftmax": lambda: between(T.LogSoftmax(dim=1)),
    "Dropout": lambda: between(T.Dropout(0.3)).eval(),
    "BatchNorm1d": lambda: used(between(T.BatchNorm1d(3, eps=1e-3, momentum=None))),
    "BatchNorm1d in prediction": lambda: used(between(T.BatchNorm1d(3))).eval(),
    "nested": lambda: between(T.Sequential(T.Tanh(), T.Sequential(T.Linear(3, 3), T.ELU()))),
    "functions": lambda: Functional().double(),
    "inside": lambda: T.Sequential(Functional(), T.Linear(2, 1)).double(),
}


def used(module):
    """The module after two batches, so that its running statistics are not those of the start."""
    for scale in (1, 3):
        module(torch.as_tensor(scale * x))
    return module


@pytest.mark.parametrize("name", BROUGHT)
def test_results_and_gradients_are_equal(name):
    theirs = BROUGHT[name]()
    ours = nn.from_torch(theirs)
    expected, prediction = theirs(torch.as_tensor(x)), ours(x)
    np.testing.assert_allclose(prediction.data, expected.detach(), rtol=1e-10, atol=1e-10)
    expected.square().sum().backward()
    np.sum(np.square(prediction)).backward()
    names = dict(ours.named_parameters()).values()
    found = {p.name: None for p in names}  # each has a gradient
    assert found and all(p.grad is not None for p in names)
    ordered = sorted((p.grad for p in theirs.parameters()), key=_order)
    for own, other in zip(sorted((p.grad for p in names), key=_order), ordered, strict=True):
        np.testing.assert_allclose(own, other, rtol=1e-10, atol=1e-10)


def _order(gradient):
    return (tuple(gradient.shape), float(np.sum(np.asarray(gradient))))


def test_every_layer_of_the_table_is_tried():
    from nn.bringing.of_torch import LAYERS

    assert set(LAYERS) <= set(BROUGHT)


def test_the_running_statistics_go_on_alike():
    theirs = used(between(T.BatchNorm1d(3)))
    ours = nn.from_torch(theirs)
    used(theirs), ours(x), ours(3 * x)
    for name, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[name], value.numpy(), rtol=1e-12)


def test_it_is_a_copy_and_shares_nothing():
    theirs = between(T.ReLU())
    ours = nn.from_torch(theirs)
    ours[0].weight.data -= 1.0
    ours[2].bias.data = np.zeros(2)
    assert not np.allclose(theirs[0].weight.detach(), ours[0].weight.data)
    assert theirs[2].bias.detach().abs().min() > 0
    with torch.no_grad():
        theirs[2].weight.fill_(9.0)
    assert np.abs(ours[2].weight.data).max() < 1


def test_dtype_mode_and_what_is_not_trained_are_kept():
    theirs = between(T.Dropout(0.3)).float()
    theirs[0].weight.requires_grad_(False)
    theirs[1].eval()
    ours = nn.from_torch(theirs)
    assert ours[0].weight.dtype == np.float32 and not ours[0].weight.requires_grad
    assert [layer.training for layer in ours] == [True, False, True]
    assert ours[1].keep == 0.7 and ours[1].per == "observation"
    assert [name for name, _ in ours.named_parameters()] == ["0.bias", "2.weight", "2.bias"]


def test_what_is_shared_there_is_shared_here():
    layer = T.Linear(3, 3)
    tied = T.Linear(3, 3)
    tied.weight = layer.weight
    ours = nn.from_torch(T.Sequential(layer, T.Tanh(), layer, tied))
    assert ours[0] is ours[2] and ours[3].weight is ours[0].weight
    assert ours[3].bias is not ours[0].bias


class Residual(T.Module):
    def __init__(self):
        super().__init__()
        self.layer = T.Linear(4, 4)

    def forward(self, x):
        return x + self.layer(x)


class Branching(Residual):
    def forward(self, x):
        return self.layer(x) if x.sum() > 0 else x


class TwoHeads(Residual):
    def forward(self, x):
        h = self.layer(x)
        return torch.relu(h), torch.tanh(h)


class Back(Residual):
    """After a layer, it goes on with what entered this layer."""

    def forward(self, x):
        h = torch.tanh(x)
        return torch.relu(h), self.layer(h)


class Randomly(Residual):
    def forward(self, x):
        return F.dropout(self.layer(x), 0.5, self.training)


class OfLinear(T.Linear):
    """A Linear, as far as one can know, whose forward might do anything."""


REFUSED = {
    "weight, which a forward uses by itself": lambda: T.Sequential(OfLinear(4, 2)),
    "cannot bring dropout": lambda: T.Sequential(Randomly()),
    "GELU": lambda: between(T.GELU()),
    "AlphaDropout": lambda: between(T.AlphaDropout(0.1)),
    "LayerNorm": lambda: between(T.LayerNorm(3)),
    "Conv2d": lambda: T.Sequential(T.Conv2d(1, 1, 3)),
    "affine=False": lambda: between(T.BatchNorm1d(3, affine=False)),
    "track_running_stats=False": lambda: between(T.BatchNorm1d(3, track_running_stats=False)),
    "beta=2": lambda: between(T.Softplus(beta=2)),
    "start_dim=0": lambda: between(T.Flatten(0)),
    "axis": lambda: between(T.Softmax(dim=None)),
    "keep": lambda: between(T.Dropout(1.0)),
    "float16": lambda: between(T.ReLU()).half(),
    "complex128": lambda: T.Linear(2, 2, dtype=torch.complex128),
    "one after the other": Residual,
    "Write the model as a torch.nn.Sequential": Branching,
    "tanh takes .*layer, not just relu": TwoHeads,
    "layer takes tanh, not just relu": Back,
    "hooks": lambda: torch.nn.utils.spectral_norm(T.Linear(4, 2)),
    "prune.remove": lambda: _pruned(),
    "Parametrized": lambda: torch.nn.utils.parametrizations.weight_norm(T.Linear(4, 2)),
}


def _pruned():
    from torch.nn.utils import prune

    layer = T.Linear(4, 2)
    prune.random_unstructured(layer, "weight", 0.5)
    return T.Sequential(layer)


@pytest.mark.parametrize("what", REFUSED)
def test_what_nn_lacks_is_refused_by_name(what):
    with pytest.raises(ValueError, match=what):
        nn.from_torch(REFUSED[what]())


@pytest.mark.parametrize(
    ("stranger", "message"),
    [
        (T.Linear, r"Linear\(…\)"),
        (T.Linear(2, 1).state_dict(), "not its state_dict"),
        (nn.Linear(2, 1), "a model of nn already"),
        (None, "NoneType"),
        (torch.zeros(3), "Tensor"),
    ],
)
def test_what_is_no_module_is_named(stranger, message):
    with pytest.raises(TypeError, match=f"from_torch needs a torch.nn.Module.*{message}"):
        nn.from_torch(stranger)
