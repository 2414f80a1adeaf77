"""The closed world in which steps may be replayed: nothing runs in them but code of this library.

There it is known what a step reads: the tensors, the numbers and lists in the layers, penalties and
optimizer, random generators, and the batch. So everything that may change between two steps can be
looked at, and nothing can be frozen by mistake. It is checked, not assumed: one thing that is not
of nn, a layer, a loss, an attribute, a method that was replaced, and steps are recorded.
"""

from __future__ import annotations

from operator import is_
from typing import Any

import numpy as np

from autograd_lite import Tensor
from autograd_lite.derivatives import RULES
from nn import activations, losses
from nn.batchnorm import BatchNorm1d
from nn.dropout import Dropout
from nn.inputs import GaussianNoise, Standardize
from nn.layers import MLP, Linear, Sequential
from nn.module import Module
from nn.training.optimizers import SGD, Adam, AdamW, RMSprop
from nn.training.penalties import Lasso, MaxNorm, Ridge

LAYERS = {
    *(Linear, Sequential, MLP, BatchNorm1d, Dropout, GaussianNoise, Standardize),
    *(activations.Identity, activations.Sigmoid, activations.Tanh, activations.ReLU),
    *(activations.LeakyReLU, activations.PReLU, activations.ELU, activations.Softplus),
    *(activations.NormalCDF, activations.Softmax, activations.LogSoftmax, activations.Mixed),
}
LOSSES = {
    *(losses.mse_loss, losses.l1_loss, losses.binary_cross_entropy),
    *(losses.binary_cross_entropy_with_logits, losses.cross_entropy, losses.nll_loss),
}
OF_LABELS = {losses.cross_entropy, losses.nll_loss}
OPTIMIZERS = {SGD, Adam, AdamW, RMSprop}
PENALTIES = {Ridge, Lasso, MaxNorm}


def _code(kind):
    """The methods and properties that a class itself defines."""
    return {
        name: value
        for name, value in vars(kind).items()
        if callable(value) or isinstance(value, property)
    }


CODE = {
    base: _code(base)
    for kind in LAYERS | OPTIMIZERS | PENALTIES
    for base in kind.__mro__
    if base is not object
}
NUMBERS = (bool, int, float, np.floating, np.integer)


def is_known_model(model: Module, loss: Any, penalties: list[Any]) -> bool:
    """Whether loss and gradient of this model are nothing but nn's own code."""
    parts = [*model.modules(), *penalties]
    kinds = {type(part) for part in parts}
    if not kinds <= LAYERS | PENALTIES:
        return False
    penalized = {weight for penalty in penalties for weight in penalty.weights}
    return (
        loss in LOSSES
        and all(map(_is_intact, kinds))
        and all(_is_plain(value) for part in parts for value in vars(part).values())
        and {p.dtype.char for p in model.parameters()} in ({"f"}, {"d"})
        and penalized <= set(model.parameters())
    )


def is_known_optimizer(optimizer: Any, parameters: list[Tensor]) -> bool:
    """Whether this is one of nn's own, of just these parameters, and its options are numbers."""
    held = {name: v for name, v in vars(optimizer).items() if name not in ("parameters", "state")}
    return (
        type(optimizer) in OPTIMIZERS
        and _is_intact(type(optimizer))
        and set(optimizer.parameters) == set(parameters)
        and len(optimizer.parameters) == len(parameters) == len(optimizer.state)
        and all(
            isinstance(number, NUMBERS)
            for value in held.values()
            for number in (value if isinstance(value, tuple) else [value])
        )
    )


def _is_intact(kind):
    """Whether no method of nn's class, or of its bases, was replaced."""
    return all(_code(base) == CODE[base] for base in kind.__mro__ if base is not object)


def _is_plain(value):
    """Whether all that depends on an attribute can be seen by looking at it."""
    if isinstance(value, list):
        return all(isinstance(part, Module | int) or _is_leaf(part) for part in value)
    known = isinstance(value, (*NUMBERS, str, Module)) or type(value) is np.random.Generator
    return value is None or known or _is_leaf(value) or type(value) is np.ndarray


def _is_leaf(value):
    return type(value) is Tensor and value.function is None


class Watch:
    """Everything that a program was written for, but the numbers in the trained arrays: `same` says
    whether nothing of it has changed. What is looked at is compared by identity.

    model, penalties: known ones.
    constant: the tensors whose arrays are given to programs as they stand.
    """

    def __init__(self, model: Module, penalties: list[Any], constant: list[Tensor]):
        self.constant = constant
        parts = [*model.modules(), *penalties]
        self.parts = [vars(part) for part in parts if not isinstance(part, Dropout)]
        # Of these, all but the last mask, which each step leaves and no step reads.
        self.dropouts = [vars(part) for part in parts if isinstance(part, Dropout)]
        held = [value for part in parts for value in vars(part).values()]
        self.lists = [value for value in held if isinstance(value, list)]
        self.tensors = [value for value in held if isinstance(value, Tensor)]
        kinds = {type(module) for module in model.modules()} | {Module}
        self.code = [
            (kind, name)
            for kind in kinds
            for name in ("forward", "__call__", "draw", "thin", "track")
            if hasattr(kind, name)
        ]
        self.code += [(type(penalty), "__call__") for penalty in penalties]
        self.functions: set[Any] = set()  # those in the records, whose rules are looked at, too
        self.renew()

    def renew(self) -> None:
        """What there is now is what is compared from now on."""
        self.before = self.now()

    def now(self) -> list[Any]:
        """Everything, in one list."""
        found = []
        for part in self.parts:
            found += part.values()
        for part in self.dropouts:
            found += [value for name, value in part.items() if name != "mask"]
        for part in self.lists:
            found += part
        found += [tensor.requires_grad for tensor in self.tensors]
        found += [tensor.data for tensor in self.constant]
        found += [getattr(kind, name) for kind, name in self.code]
        found += map(RULES.get, self.functions)
        return found

    def same(self) -> bool:
        """Whether nothing has changed."""
        now = self.now()
        return len(now) == len(self.before) and all(map(is_, now, self.before))
