"""Module, Linear, Sequential, MLP: what they hold, are called, and look like when printed."""

import copy
import pickle

import numpy as np
import pytest

import autograd_lite as ag
import nn


class Everything(nn.Module):
    """Holds parameters in every way a student may think of."""

    def __init__(self):
        self.own = ag.Tensor([1.0, 2.0], requires_grad=True)
        self.constant = ag.Tensor(3.0)
        self.branches = [
            nn.Linear(2, 1),
            {"inner": (nn.Linear(1, 1, bias=False), ag.Tensor(0.5, requires_grad=True))},
        ]
        self.same = self.branches[0]
        self.result = self.own * 2
        self.note = "no tensor"

    def forward(self, x):
        return self.branches[0](x * self.own)


def test_parameters_are_found_in_attributes_lists_and_dicts_each_once():
    names = [name for name, _ in Everything().named_parameters()]
    assert names == [
        "own",
        "branches.0.weight",
        "branches.0.bias",
        "branches.1.inner.0.weight",
        "branches.1.inner.1",
    ]


def test_state_has_buffers_and_shared_names_but_no_results():
    state = Everything().state_dict()
    assert "constant" in state and "same.weight" in state and "result" not in state
    state["own"][:] = 0  # a copy
    assert Everything().own.data[0] == 1


def test_a_module_that_knows_its_parent_is_no_endless_loop():
    outer, inner = nn.Module(), nn.Linear(1, 1)
    outer.inner, inner.outer = inner, outer
    assert len(outer.parameters()) == 2
    assert "(above)" in repr(outer)


def test_train_and_eval_reach_everything():
    model = Everything()
    assert model.training
    assert model.eval() is model
    assert not any(module.training for module in model.modules())
    assert all(module.training for module in model.train().modules())


def test_astype_reaches_everything_and_stays():
    model = nn.MLP([3, 4, 2], nn.PReLU, dtype=np.float32)
    x = np.ones((5, 3), np.float32)
    l = nn.cross_entropy(model(x), np.zeros(5, int))
    l.backward()
    nn.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1).step()
    assert l.dtype == np.float32
    assert (
        {p.dtype for p in model.parameters()}
        == {np.dtype(np.float32)}
        == {p.grad.dtype for p in model.parameters()}
    )
    assert model.astype(np.float64)(x).dtype == np.float64


def test_loading_is_all_or_nothing():
    model = nn.MLP([2, 3, 1], rng=0)
    before = model.state_dict()
    for change, message in [
        (lambda s: s.pop("0.bias"), "0.bias is missing"),
        (lambda s: s.update(extra=1.0), "extra is unknown here"),
        (
            lambda s: s.update({"2.weight": np.zeros((3, 1))}),
            r"2.weight has the shape \(3, 1\) and needs \(1, 3\)",
        ),
        (lambda s: s.update({"2.bias": np.array(["a"])}), "no real numbers"),
    ]:
        state = {name: value + 1 for name, value in before.items()}
        change(state)
        with pytest.raises(ValueError, match=message):
            model.load_state_dict(state)
        for name, value in model.state_dict().items():
            np.testing.assert_array_equal(value, before[name])


def test_loading_keeps_the_dtype():
    model = nn.MLP([2, 3, 1], dtype=np.float32)
    model.load_state_dict(nn.MLP([2, 3, 1], rng=1).state_dict())
    assert {p.dtype for p in model.parameters()} == {np.dtype(np.float32)}


def test_copies_and_pickles_are_models_of_their_own():
    model = nn.MLP([2, 3, 1], nn.PReLU, rng=0)
    x = np.ones((4, 2))
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(other(x).data, model(x).data)
        other(x).sum().backward()
        nn.SGD(other.parameters(), lr=1).step()
        assert not np.array_equal(other(x).data, model(x).data)


def test_repr_is_pytorchs():
    assert repr(nn.MLP([3, 2, 1], nn.Sigmoid, output=lambda: nn.ELU(0.5))) == (
        "MLP(\n  (0): Linear(3, 2)\n  (1): Sigmoid()\n  (2): Linear(2, 1)\n  (3): ELU(alpha=0.5)\n)"
    )
    assert repr(nn.Mixed((nn.ReLU(), 3), (nn.Tanh(), 2))) == "Mixed((ReLU(), 3), (Tanh(), 2))"
    assert repr(nn.Linear(1, 2, bias=False)) == "Linear(1, 2, bias=False)"


def test_same_rng_same_weights_and_within_bounds():
    a, b = nn.MLP([4, 5, 1], rng=7), nn.MLP([4, 5, 1], rng=7)
    for p, q in zip(a.parameters(), b.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)
    assert np.abs(a[0].weight.data).max() <= 0.5
    assert not np.array_equal(nn.Linear(4, 5).weight.data, nn.Linear(4, 5).weight.data)


def test_sequential_is_a_sequence():
    model = nn.MLP([3, 2, 1])
    assert len(model) == 3 and list(model)[1] is model[1]
    assert model[:2][0] is model[0] and model[-1] is model[2]


def test_an_example_of_an_activation_is_copied_for_every_layer():
    model = nn.MLP([3, 2, 2, 1], nn.PReLU())
    assert model[1].weight is not model[3].weight


def test_mixed_is_each_activation_on_its_neurons():
    s = ag.Tensor(np.linspace(-2, 2, 10).reshape(2, 5), requires_grad=True)
    h = nn.Mixed((nn.ReLU(), 3), (nn.Tanh(), 2))(s)
    np.testing.assert_array_equal(h.data[:, :3], np.maximum(s.data[:, :3], 0))
    np.testing.assert_array_equal(h.data[:, 3:], np.tanh(s.data[:, 3:]))
    h.sum().backward()
    np.testing.assert_allclose(s.grad[:, 3:], 1 - np.tanh(s.data[:, 3:]) ** 2)


def test_a_forward_pass_may_take_several_inputs_and_options():
    class Sum(nn.Module):
        def forward(self, a, b, sign=1):
            return a + sign * b

    assert Sum()(1, 2) == 3 and Sum()(1, 2, sign=-1) == -1


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        (lambda: nn.Linear(0, 2), ValueError, "Linear's in_features is a whole number"),
        (
            lambda: nn.Linear(2, 1.5),
            ValueError,
            "Linear's out_features is a whole number, at least 1; got 1.5",
        ),
        (
            lambda: nn.Linear(3, 2)(np.ones((4, 2))),
            ValueError,
            r"linear needs x of shape \(..., m\).* got \(4, 2\) and \(2, 3\)",
        ),
        (
            lambda: nn.Linear(3, 2, dtype=int),
            TypeError,
            "floating-point numbers, np.float64 or np.float32; got dtype int64",
        ),
        (lambda: nn.BatchNorm1d(0), ValueError, "num_features is a whole number"),
        (
            lambda: nn.Mixed((nn.ReLU(), 2.7)),
            ValueError,
            "number of neurons is a whole number, at least 0; got 2.7",
        ),
        (
            lambda: nn.MLP([3, 2, 1], "tanh"),
            TypeError,
            "activations that are layers: nn.Tanh, .* got 'tanh'",
        ),
        (lambda: nn.MLP([3, 2, 1], np.tanh), TypeError, "activations that are layers"),
        (lambda: nn.SGD([np.ones(3)], lr=1), TypeError, "leaves with requires_grad=True"),
        (lambda: nn.MLP([3]), ValueError, "the number of features and of outputs"),
        (
            lambda: nn.MLP([3, 2, 1], [nn.Tanh, nn.ReLU]),
            ValueError,
            "1 hidden layers, got 2 activations",
        ),
        (lambda: nn.Sequential(nn.Linear(1, 1), nn.Tanh), TypeError, "write brackets"),
        (lambda: nn.Sequential([nn.Tanh()]), TypeError, r"Sequential\(\*layers\)"),
        (lambda: nn.Mixed(nn.ReLU(), nn.Tanh()), TypeError, r"pairs .*\(nn.ReLU\(\), 3\)"),
        (
            lambda: nn.Mixed((nn.ReLU(), 3))(np.ones((2, 4))),
            ValueError,
            r"3 = 3 neurons, got an s of shape \(2, 4\)",
        ),
        (lambda: nn.Module()(1), NotImplementedError, "Define forward"),
        (lambda: nn.SGD(nn.Linear(1, 1), lr=1), TypeError, r"model.parameters\(\)"),
        (lambda: nn.SGD([], lr=1), ValueError, "no parameters"),
        (lambda: nn.SGD([ag.Tensor(1.0)], lr=1), TypeError, "leaves with requires_grad=True"),
    ],
)
def test_errors_say_what_to_do(wrong, error, message):
    with pytest.raises(error, match=message):
        wrong()


OPTIMIZERS = [nn.SGD, nn.RMSprop, nn.Adam, nn.AdamW]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_learning_rate_of_0_changes_nothing(kind):
    """As in PyTorch: a schedule that ends at 0, a learning rate in a grid that begins there."""
    model = nn.MLP([3, 4, 1], nn.PReLU, rng=0)
    before = nn.vec(model)
    optimizer = kind(model.parameters(), lr=0)
    x = np.random.default_rng(0).normal(size=(5, 3))
    nn.fit(model, x, x[:, :1], nn.mse_loss, optimizer, epochs=3, progress=False)
    assert np.any(nn.gradient_vector(model))
    np.testing.assert_array_equal(nn.vec(model), before)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("lr", [-0.1, float("nan"), float("-inf"), np.float32("nan")])
def test_a_learning_rate_below_0_or_nan_is_refused(kind, lr):
    with pytest.raises(
        ValueError, match=f"^{kind.__name__} needs a learning rate of at least 0, got .*(-|nan)"
    ):
        kind(nn.Linear(1, 1).parameters(), lr=lr)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("lr", [0, -0.0, 0.1, 5, float("inf"), -0.1])
def test_pytorch_takes_the_same_learning_rates(kind, lr):
    """But NaN, which PyTorch's SGD takes and its Adam does not."""
    torch = pytest.importorskip("torch")
    theirs = getattr(torch.optim, kind.__name__)
    taken = []
    for make, parameters in (
        (kind, nn.Linear(1, 1).parameters()),
        (theirs, torch.nn.Linear(1, 1).parameters()),
    ):
        try:
            make(parameters, lr=lr)
            taken.append(True)
        except ValueError:
            taken.append(False)
    assert taken[0] == taken[1]
