"""A network's Program: at any numbers it gives what the engine gives for a model with these
numbers, under the names that pictures and pages use.
"""

import copy

import numpy as np
import pytest
from network_samples import SEEDS, other_numbers, random_network

import autograd_lite as ag
import nn
from autograd_lite.entries import as_data, by_entries
from autograd_lite.tracing import OtherBranch, Untraceable
from nn.dropout import FixedDropout
from viz.reading.program import network_program, trace


def layers_of(model):
    """[(K, module)], where the Linear layers begin a new K."""
    layer, found = 0, []
    for module in model:
        layer += isinstance(module, nn.Linear)
        found.append((layer, module))
    return found


def slopes_of(module, layer):
    """{name: the place of its number} of an activation's slopes."""
    parts, first = [], 1
    mixed = isinstance(module, nn.Mixed)
    layers, widths = (module.layers, module.widths) if mixed else ([module], [0])
    for part, width in zip(layers, widths, strict=True):
        alpha = getattr(part, "weight" if isinstance(part, nn.PReLU) else "alpha", None)
        if isinstance(alpha, ag.Tensor):
            parts.append((alpha, first))
        first += width
    if len(parts) == 1 and parts[0][0].size == 1:
        return {f"slope-{layer}": (parts[0][0], (0,) * parts[0][0].ndim)}
    return {
        f"slope-{layer}-{first + j}": (alpha, (j,) * alpha.ndim)
        for alpha, first in parts
        for j in range(alpha.size)
    }


def places(model):
    """{name: (tensor, index)} of everything in the model."""
    found = {}
    for k, module in layers_of(model):
        if isinstance(module, nn.Linear):
            for j, i in np.ndindex(module.weight.shape):
                found[f"weight-{k}-{j + 1}-{i + 1}"] = (module.weight, (j, i))
            for j in range(0 if module.bias is None else module.bias.size):
                found[f"weight-{k}-{j + 1}-0"] = (module.bias, (j,))
        elif isinstance(module, nn.BatchNorm1d):
            for kind in ("weight gain", "bias shift", "running_mean mean", "running_var variance"):
                attribute, name = kind.split()
                tensor = getattr(module, attribute)
                found |= {f"{name}-{k}-{j + 1}": (tensor, (j,)) for j in range(tensor.size)}
        elif isinstance(module, nn.Activation):
            found |= slopes_of(module, k)
    return found


def with_numbers(model, given):
    """A copy of the model with the given numbers in it."""
    model = copy.deepcopy(model)
    for name, (tensor, place) in places(model).items():
        data = np.array(tensor.data)
        data[place] = given[name]
        tensor.data = data
    for k, module in layers_of(model):
        if isinstance(module, FixedDropout):
            module.mask = np.array([given[f"mask-{k}-{j + 1}"] for j in range(len(module.mask))])
    return model


def numbers_of(prefix, tensor):
    """{name: number, name/gradient: number} of a Tensor of one row."""
    rows = {"": tensor.data[0], "/gradient": tensor.grad[0]}
    return {f"{prefix}-{j + 1}{what}": n for what, row in rows.items() for j, n in enumerate(row)}


def backpropagated(model, given, loss, trained):
    """{name: number}, by the model's own forward pass, backward() and nn.SGD. trained: names."""
    numbered = lambda letter: [v for name, v in given.items() if name.startswith(f"{letter}-")]
    x, y = (ag.Tensor([numbered(letter)], requires_grad=True) for letter in "xy")
    tensors, tensor, held = {}, x, places(model)
    for parameter, _ in held.values():
        parameter.requires_grad = True  # frozen or not, running or not: it has a gradient
    for k, module in layers_of(model):
        if isinstance(module, nn.Linear):
            tensors["passed-" + str(k - 1) if k > 1 else "neuron-0"] = tensor
        tensor = module(tensor)
        if isinstance(module, nn.Linear | nn.Activation):
            tensors[f"neuron-{k}"] = tensor
        if isinstance(module, nn.Linear):
            tensors[f"sum-{k}"] = tensor
    tensors |= {f"passed-{k}": tensor, "x": x, "y": y}
    for tensor in tensors.values():
        tensor.retain_grad()
    l = loss(tensors[f"passed-{k}"], y)
    l.backward()
    found = {"loss": l.item(), "loss/gradient": 1.0}
    for prefix, tensor in tensors.items():
        found |= numbers_of(prefix, tensor)
    found |= {f"{name}/gradient": tensor.grad[place] for name, (tensor, place) in held.items()}
    parameters = list(dict.fromkeys(held[name][0] for name in trained))
    if parameters:
        nn.SGD(parameters, lr=given["lr"]).step()
    found |= {f"{name}/new": held[name][0].data[held[name][1]] for name in trained}
    found["loss/new"] = loss(model(x), y).item()
    return found | given


def trained_names(model):
    return [name for name, (tensor, _) in places(model).items() if tensor.requires_grad]


def assert_equal(found, expected):
    for name, number in found.items():
        assert number == pytest.approx(expected[name], rel=1e-12, abs=1e-12), name


@pytest.mark.parametrize("seed", SEEDS)
def test_a_program_is_the_engine_at_any_numbers(seed):
    model, x, y, loss = random_network(seed)
    trained = trained_names(model)
    program = network_program(model, x, y, loss, lr=0.3)
    given = other_numbers(program.given, seed)
    expected = backpropagated(with_numbers(model, given), given, loss, trained)
    assert_equal(program.run(given), expected)
    here = backpropagated(with_numbers(model, program.given), program.given, loss, trained)
    assert_equal(program.run(), here)
    assert_equal(trace(model, x, y, loss, lr=0.3).program.run(given), expected)


def test_all_of_it_was_met():
    modules, losses = set(), set()
    for seed in SEEDS:
        model, *_, loss = random_network(seed)
        losses.add(loss)
        modules |= {type(module) for module in model.modules()}
    activations = {kind for kind in vars(nn).values() if isinstance(kind, type)}
    activations = {kind for kind in activations if issubclass(kind, nn.Activation)}
    assert activations - {nn.Activation} <= modules
    assert {nn.Standardize, nn.BatchNorm1d, nn.Dropout, FixedDropout} <= modules
    assert len(losses) == 6


@pytest.mark.parametrize("seed", range(0, 40, 5))
def test_the_steps_are_the_same_whatever_the_numbers(seed):
    model, x, y, loss = random_network(seed)
    program = network_program(model, x, y, loss)
    numbers = dict.fromkeys(program.given, 0.0)
    numbers |= {name: 1.0 for name in numbers if name.startswith("variance")}
    zeros = with_numbers(model, numbers)
    again = network_program(zeros, np.zeros_like(x), y, loss)
    assert as_data(again) | {"given": 0} == as_data(program) | {"given": 0}


def test_the_names():
    layers = [nn.Linear(2, 2), nn.PReLU(2), nn.BatchNorm1d(2), nn.Dropout(keep=0.5, rng=0)]
    model = nn.Sequential(*layers, nn.Linear(2, 3, bias=False), nn.ELU(learnable=True)).eval()
    layers[-1].train()
    program = network_program(model, [1.0, 2.0], 2, nn.cross_entropy)
    two = lambda kind: [f"{kind}-1-1", f"{kind}-1-2"]
    trained = ["weight-1-1-1", "weight-1-1-2", "weight-1-2-1", "weight-1-2-2", "weight-1-1-0"]
    trained += ["weight-1-2-0", *two("slope"), *two("gain"), *two("shift")]
    trained += [f"weight-2-{j}-{i}" for j in (1, 2, 3) for i in (1, 2)] + ["slope-2"]
    observed = ["x-1", "x-2", "y-1", "y-2", "y-3", *two("mean"), *two("variance")]
    assert set(program.given) == {*trained, *observed, "lr", *two("mask")}
    computed = ["neuron-0-1", "neuron-0-2", *two("sum"), *two("neuron"), *two("passed"), "loss"]
    computed += [f"{kind}-2-{j}" for kind in ("sum", "neuron") for j in (1, 2, 3)]
    gradients = {f"{name}/gradient" for name in trained + observed + computed}
    new = {f"{name}/new" for name in [*trained, "loss"]}
    assert set(program.names) == {*computed, *gradients, *new}
    assert [program.given[f"y-{j}"] for j in (1, 2, 3)] == [0, 0, 1]


def test_in_training_the_mask_is_the_one_that_is_drawn():
    model = nn.MLP([2, 6, 1], keep=0.5, rng=3)
    program = network_program(model, [1.0, 2.0], [0.5], nn.mse_loss)
    assert model[2].mask is None  # the model is not touched
    mask = copy.deepcopy(model)[2].draw((6,))
    assert [program.given[f"mask-1-{j + 1}"] for j in range(6)] == mask.tolist()
    fixed = nn.Sequential(*model[:2], FixedDropout(model[2], mask), model[3])
    assert program.run()["loss"] == pytest.approx(nn.mse_loss(fixed([[1.0, 2.0]]), [[0.5]]).item())


def test_the_model_is_not_touched():
    model, x, y, loss = random_network(5)
    before, held = copy.deepcopy(model.state_dict()), [t.data for t in model.parameters()]
    network_program(model, x, y, loss)
    assert all(t.data is array for t, array in zip(model.parameters(), held, strict=True))
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_what_is_not_trained_has_a_gradient_and_stays():
    model = nn.MLP([1, 1, 1], rng=0)
    model[0].weight.requires_grad = False
    program = network_program(model, [1.0], [2.0], nn.mse_loss, lr=0.5)
    assert "weight-1-1-1/gradient" in program.names and "weight-1-1-1/new" not in program.names
    for parameter in model.parameters():
        parameter.requires_grad = False
    found = network_program(model, [1.0], [2.0], nn.mse_loss, lr=0.5).run()
    assert found["loss/new"] == found["loss"]


def test_numbers_of_a_float32_network_are_in_double_precision():
    model = nn.MLP([2, 2, 1], rng=0, dtype=np.float32)
    found = network_program(model, [1.0, 2.0], [0.5], nn.mse_loss).run()
    doubled = copy.deepcopy(model).astype(np.float64)
    assert found["loss"] == pytest.approx(nn.mse_loss(doubled([[1.0, 2.0]]), [[0.5]]).item(), 1e-14)


def test_a_guard_that_breaks_is_said():
    model = nn.MLP([1, 1])
    nn.unvec(model, [0.2, 0.5])
    program = network_program(model, [0.5], [1.0], nn.binary_cross_entropy, lr=0)
    for prediction in (0.2, 0.0, 1.0):
        program.run({"x-1": 0.0, "weight-1-1-0": prediction})
    for prediction in (-0.1, 1.1):
        with pytest.raises(OtherBranch, match=r"neuron-1-1|sum-1-1"):
            program.run({"x-1": 0.0, "weight-1-1-0": prediction})


def test_a_loss_of_ones_own_that_asks():
    def huber(o, y):
        error = np.abs(o - y).sum()
        return error**2 / 2 if error < 1 else error - 0.5

    model = nn.MLP([1, 1], rng=0)
    program = network_program(model, [0.0], [0.5], huber)
    given = program.given | {"weight-1-1-0": 0.3}
    assert program.run(given)["loss"] == pytest.approx(0.02)
    with pytest.raises(OtherBranch, match="less"):
        program.run(given | {"weight-1-1-0": 3.0})


@pytest.mark.parametrize(
    "loss",
    [
        lambda o, y: o.sum() * float(np.abs(o.data).max()),
        lambda o, y: o.sum() * np.asarray(o.data).max(),
        lambda o, y: o.sum() * o.item(),
        lambda o, y: np.sort(np.concatenate([o, y], axis=1))[0, 0],
    ],
)
def test_a_loss_that_cannot_be_written_down_is_refused(loss):
    with pytest.raises(Untraceable):
        network_program(nn.MLP([1, 1], rng=0), [0.5], [0.5], loss)


def test_what_the_model_or_the_loss_refuses_is_refused_in_their_words():
    model = nn.MLP([2, 2], rng=0)
    with pytest.raises(ValueError, match="x has the shape"):
        network_program(model, [1.0], [1.0, 2.0], nn.mse_loss)
    with pytest.raises(ValueError, match="mse_loss needs equal shapes"):
        network_program(model, [1.0, 2.0], 1, nn.mse_loss)
    with pytest.raises(ValueError, match="labels from 0 to 1"):
        network_program(model, [1.0, 2.0], 2, nn.cross_entropy)
    with pytest.raises(ValueError, match="at least 2 observations in training"):
        network_program(nn.MLP([1, 1, 1], batchnorm=True), [1.0], [1.0], nn.mse_loss)


def test_a_number_that_has_no_name_is_refused():
    class Scaled(nn.Activation):
        def __init__(self):
            self.factor = ag.Tensor(2.0, requires_grad=True)

        def forward(self, s):
            return self.factor * s

    with pytest.raises(TypeError, match="'factor' of Scaled"):
        network_program(nn.MLP([1, 1, 1], Scaled), [1.0], [1.0], nn.mse_loss)
    linear = nn.Linear(1, 1)
    with pytest.raises(ValueError, match="a weight is shared"):
        network_program(nn.Sequential(linear, linear), [1.0], [1.0], nn.mse_loss)


def test_an_activation_of_ones_own():
    class Sine(nn.Activation):
        def forward(self, s):
            return np.sin(s)

    model = nn.MLP([2, 2, 1], Sine, rng=0)
    program = network_program(model, [1.0, 2.0], [0.5], nn.mse_loss)
    given = other_numbers(program.given, 1)
    expected = backpropagated(with_numbers(model, given), given, nn.mse_loss, trained_names(model))
    assert_equal(program.run(given), expected)


def test_the_functions_that_a_reader_of_the_data_has_to_know():
    functions = set()
    for seed in SEEDS:
        functions |= {step[0] for step in as_data(network_program(*random_network(seed)))["steps"]}
    assert functions == {
        *("add", "subtract", "multiply", "divide", "negative", "square", "sqrt", "absolute"),
        *("sign", "exp", "expm1", "log", "log1p", "logaddexp", "tanh", "erfc"),
        *("maximum", "minimum", "where", "less", "greater", "greater_equal"),
        *("less_equal", "power"),
    }


def test_more_numbers_can_be_named():
    model = nn.MLP([2, 3, 1], rng=0)
    traced = trace(model, [1.0, 2.0], [0.5], nn.mse_loss)
    x, o = traced.observed.tensors[0], traced.observed.tensors[-1]
    traced.program.name("o by x-2", ag.gradients(o, [x])[0][0, 1])
    given = {"x-1": -0.5, "x-2": 0.25, "weight-1-2-2": 1.5}
    other = with_numbers(model, traced.program.given | given)
    x = ag.Tensor([[-0.5, 0.25]], requires_grad=True)
    other(x).backward()
    assert by_entries(traced.program).run(given)["o by x-2"] == pytest.approx(x.grad[0, 1])


def test_noise_is_a_constant_of_the_program():
    model = nn.Sequential(nn.GaussianNoise(1.0, rng=0), nn.Linear(1, 1, rng=0))
    found = network_program(model, [1.0], [0.5], nn.mse_loss, lr=0).run({"x-1": 3.0})
    noise = np.random.default_rng(0).standard_normal()
    assert found["neuron-0-1"] == 3 + noise and found["loss/new"] == found["loss"]
