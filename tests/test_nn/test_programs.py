"""A step of training, written down as a Program: forward pass in training, backward() and the
optimizer's step. At other numbers it is the same step to the last bit.
"""

import copy

import numpy as np
import pytest

import autograd_lite as ag
import nn
from autograd_lite.tracing import Program

OPTIMIZERS = {
    "SGD": lambda parameters: nn.SGD(parameters, 0.1),
    "momentum": lambda parameters: nn.SGD(parameters, 0.1, 0.9, weight_decay=0.1, nesterov=True),
    "RMSprop": lambda parameters: nn.RMSprop(parameters, momentum=0.5, centered=True),
    "Adam": nn.Adam,
    "AdamW": nn.AdamW,
}
ACTIVATIONS = [
    *(nn.Tanh, nn.ReLU, nn.PReLU, nn.NormalCDF, nn.Softplus),
    lambda: nn.ELU(learnable=True),
    lambda: nn.Mixed((nn.LeakyReLU(), 1), (nn.Sigmoid(), 3)),
]
LOSSES = [
    (nn.mse_loss, None),
    (nn.l1_loss, None),
    (nn.binary_cross_entropy, nn.Sigmoid),
    (nn.binary_cross_entropy_with_logits, None),
    (nn.cross_entropy, None),
    (nn.nll_loss, nn.LogSoftmax),
]


def tensors(model):
    """All parameters and buffers."""
    held = [vars(module).values() for module in model.modules()]
    return [t for values in held for t in values if isinstance(t, ag.Tensor)]


def step(model, optimizer, x, y, loss):
    """What training does, by the book: {name: array}."""
    optimizer.zero_grad()
    l = loss(model(x), y)
    l.backward()
    optimizer.step()
    found = {"loss": l.data}
    found |= {f"gradient {i}": t.grad for i, t in enumerate(model.parameters())}
    return found | {f"new {i}": t.data for i, t in enumerate(tensors(model))}


def written(model, optimizer, x, y, loss):
    """The Program of such a step, on a copy of the model."""
    program, model = Program(), copy.deepcopy(model)
    for i, tensor in enumerate(tensors(model)):
        tensor.data = program.symbol(f"old {i}", tensor.data)
    x, y = (ag.Tensor(program.symbol(name, array)) for name, array in (("x", x), ("y", y)))
    for name, value in step(model, optimizer(model.parameters()), x, y, loss).items():
        program.name(name, value)
    return program


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_step_of_training_is_a_program(optimizer, dtype):
    rng = np.random.default_rng(0)
    for i, activation in enumerate(ACTIVATIONS):
        loss, end = LOSSES[(i + list(OPTIMIZERS.values()).index(optimizer)) % len(LOSSES)]
        options = {"output": end, "batchnorm": True, "rng": 1, "dtype": dtype}
        model = nn.MLP([3, 5, 4, 3], [nn.Tanh, activation], **options)
        x, y = rng.normal(size=(6, 3)).astype(dtype), rng.random((6, 3)).astype(dtype)
        program = written(model, optimizer, x, y, loss)
        x, y = rng.normal(size=(6, 3)).astype(dtype), rng.random((6, 3)).astype(dtype)
        for tensor in tensors(model):
            tensor.data = (tensor.data * 1.3 + 0.05).astype(dtype)
        given = {f"old {i}": np.array(tensor.data) for i, tensor in enumerate(tensors(model))}
        found = program.run(given | {"x": x, "y": y})
        for name, array in step(model, optimizer(model.parameters()), x, y, loss).items():
            assert found[name].dtype == array.dtype
            np.testing.assert_array_equal(found[name], array, err_msg=name)
        # (whether the probabilities, and the ys, are from 0 to 1)
        asked = {nn.binary_cross_entropy: 4, nn.binary_cross_entropy_with_logits: 2}
        assert len(program.guards) == asked.get(loss, 0)


def test_the_step_is_the_same_program_whatever_the_numbers():
    model = nn.MLP([2, 3, 1], nn.ReLU, batchnorm=True, rng=0)
    x, y = np.random.default_rng(0).normal(size=(2, 5, 2)), np.ones((5, 1))
    one = written(model, nn.Adam, x[0], y, nn.l1_loss)
    for parameter in model.parameters():
        parameter.data = 0 * parameter.data
    other = written(model, nn.Adam, 0 * x[1], 0 * y, nn.l1_loss)
    lines = [str(program).splitlines()[len(program.given) :] for program in (one, other)]
    assert lines[0] == lines[1]
