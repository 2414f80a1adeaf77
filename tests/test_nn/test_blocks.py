"""Large parameters are changed block by block, and nobody can tell."""

import numpy as np
import pytest

import autograd_lite as ag
import nn
from nn.training import optimizers

KINDS = {
    "SGD": lambda p: nn.SGD(p, lr=0.1),
    "decay": lambda p: nn.SGD(p, lr=0.1, weight_decay=0.1),
    "momentum": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.1),
    "nesterov": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "NumPy's numbers": lambda p: nn.SGD(p, lr=0.1, momentum=np.float64(0.9)),
    "RMSprop": nn.RMSprop,
    "centered": lambda p: nn.RMSprop(p, momentum=0.5, centered=True, weight_decay=0.1),
    "Adam": nn.Adam,
    "Adam, decay": lambda p: nn.Adam(p, weight_decay=0.1, betas=(np.float64(0.9), 0.99)),
    "AdamW": nn.AdamW,
}


def steps(kind, block, monkeypatch, between=lambda optimizer, i: None, dtype=np.float32):
    """The parameters and what is remembered, after some steps in blocks of a size."""
    monkeypatch.setattr(optimizers, "BLOCK", block)
    rng = np.random.default_rng(0)
    shapes = [(7, 31), (), (50,), (3, 4, 5)]
    parameters = [
        ag.Tensor(np.asarray(rng.normal(size=s), dtype), requires_grad=True) for s in shapes
    ]
    optimizer = kind(parameters)
    for i in range(4):
        for p in parameters:
            p.grad = np.asarray(rng.normal(size=p.shape), p.dtype)
        between(optimizer, i)
        optimizer.step()
    remembered = [value for state in optimizer.state for value in state.values()]
    return [*(p.data for p in parameters), *remembered], optimizer


def assert_same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert np.asarray(a).dtype == np.asarray(b).dtype
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blocks_change_no_bit(kind, dtype, monkeypatch):
    whole, _ = steps(kind, 10**6, monkeypatch, dtype=dtype)
    for block in (10, 64):
        assert_same(steps(kind, block, monkeypatch, dtype=dtype)[0], whole)


def new_momentum(optimizer, i):
    optimizer.momentum = 0.5 * i


def new_dtype(optimizer, i):
    for p in optimizer.parameters:
        grad, p.data = p.grad, p.data.astype([np.float32, np.float64][i % 2])
        p.grad = grad.astype(p.dtype)


@pytest.mark.parametrize("change", [new_momentum, new_dtype])
@pytest.mark.parametrize("kind", ["SGD", "momentum", "centered"])
def test_what_changes_between_two_steps_is_seen(kind, change, monkeypatch):
    whole, _ = steps(KINDS[kind], 10**6, monkeypatch, change)
    assert_same(steps(KINDS[kind], 10, monkeypatch, change)[0], whole)


class Normalized(nn.Adam):
    """What it subtracts from an entry depends on all of them."""

    def change(self, w, g, state):
        return self.lr * g / np.linalg.norm(g)


def test_a_change_of_ones_own_is_not_cut(monkeypatch):
    whole, _ = steps(Normalized, 10**6, monkeypatch)
    found, optimizer = steps(Normalized, 10, monkeypatch)
    assert_same(found, whole)
    w = np.ones(100)
    assert not optimizers.in_blocks(optimizer, w, w)
    assert optimizers.in_blocks(nn.Adam(optimizer.parameters), w, w)
    marked, _ = steps(
        type(
            "Wrong",
            (Normalized,),
            {"change": optimizers.entrywise(lambda *a: Normalized.change(*a))},
        ),
        10,
        monkeypatch,
    )  # marked wrongly, it would be another one
    assert not np.array_equal(marked[0], whole[0])


def test_rates_that_are_no_numbers_and_other_layouts_are_not_cut():
    w = ag.Tensor(np.ones((200, 200)), requires_grad=True)
    optimizer = nn.SGD([w], lr=0.1)
    assert optimizers.in_blocks(optimizer, w.data, w.data)
    assert not optimizers.in_blocks(optimizer, w.data, w.data.T)
    optimizer.lr = np.linspace(0, 1, 200)
    w.grad = np.ones((200, 200))
    optimizer.step()
    np.testing.assert_array_equal(w.data, 1 - optimizer.lr * w.grad)


def test_every_optimizer_of_nn_goes_entry_by_entry():
    found = [
        kind
        for kind in vars(nn).values()
        if isinstance(kind, type) and issubclass(kind, nn.Optimizer) and kind is not nn.Optimizer
    ]
    assert len(found) == 4
    assert all(kind.change.entrywise for kind in found)
    assert not hasattr(nn.Optimizer.change, "entrywise")
