"""Linear layers, and layers one after the other."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

import autograd_lite as ag
from nn.activations import Tanh
from nn.batchnorm import BatchNorm1d
from nn.checks import whole
from nn.dropout import Dropout
from nn.module import Module, works_row_by_row
from nn.types import Array, DTypeLike, Rng

# A class such as nn.ReLU, another function that makes a layer, or a layer to copy.
MakesLayer: TypeAlias = Callable[[], Module] | Module


class Linear(Module):
    """s = x ωᵀ + b: the linear combinations that enter the next neurons. Lecture, section 8.

    in_features: the number of inputs.
    out_features: the number of neurons.
    bias: False leaves b out.
    rng: what np.random.default_rng takes, for instance a seed.
    dtype: by default float64, so that checks of gradients agree to ten digits. (PyTorch: float32.)
    .weight: ω, of shape (out_features, in_features). Row j holds the weights INTO neuron j.
    .bias: b, of shape (out_features,), or None.

    x: (…, in_features), which gives s of shape (…, out_features).

    Weights and biases begin with random numbers, uniform on ±1/√in_features, as in PyTorch. Raises
    ValueError for a size that is not a whole number above 0, and for an x that does not fit;
    TypeError for a dtype that is not floating-point.

        >>> layer = nn.Linear(2, 1)
        >>> nn.unvec(layer, [3.0, -1.0, 0.5])  # weights 3 and −1, bias 0.5
        >>> layer([[1.0, 1.0], [2.0, 0.0]]).data  # 3 x₁ − x₂ + 0.5
        array([[2.5],
               [6.5]])
    """

    row_by_row = True

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        rng: Rng = None,
        dtype: DTypeLike | None = None,
    ):
        self.in_features = whole(in_features, "Linear's in_features")
        self.out_features = whole(out_features, "Linear's out_features")
        rng, bound = np.random.default_rng(rng), 1 / math.sqrt(in_features)
        uniform = lambda *shape: rng.uniform(-bound, bound, shape)
        self.weight = ag.Tensor(
            uniform(out_features, in_features), requires_grad=True, name="weight"
        )
        self.bias: ag.Tensor | Any = (  # or None: Any spares everybody the question
            ag.Tensor(uniform(out_features), requires_grad=True, name="bias") if bias else None
        )
        if dtype is not None:
            self.astype(dtype)

    def forward(self, x: Array) -> Array:
        return ag.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"{self.in_features}, {self.out_features}" + (
            "" if self.bias is not None else ", bias=False"
        )


class Sequential(Module):
    """Layers one after the other: each takes the result of the one before.

    layers: modules, any number of them.
    .layers: the list of them.

    model[0] is the first layer; model[:2] is a Sequential of the first two, the same layers, not
    copies. Parameters have PyTorch's names, "0.weight". Raises TypeError for a layer that is not a
    Module.

        >>> model = nn.Sequential(nn.Linear(3, 2), nn.Sigmoid(), nn.Linear(2, 1))
        >>> model(np.zeros((5, 3))).shape
        (5, 1)
        >>> model[0].weight.shape
        (2, 3)
        >>> [name for name, parameter in model.named_parameters()]
        ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(self, *layers: Module):
        for layer in layers:
            if not isinstance(layer, Module):
                raise TypeError(
                    f"Sequential needs layers, got {layer!r}. "
                    + (
                        f"That is a class: write brackets after its name, {layer.__name__}(…)."
                        if isinstance(layer, type)
                        else ""
                    )
                    + (
                        "Give the layers one by one: Sequential(*layers)."
                        if isinstance(layer, list | tuple)
                        else ""
                    )
                )
        self.layers: list[Any] = list(layers)  # Any: each kind of layer has attributes of its own

    @property
    def row_by_row(self) -> bool:
        return all(map(works_row_by_row, self.layers))

    def members(self) -> list[tuple[Any, Any]]:
        rest = {name: value for name, value in vars(self).items() if name != "layers"}
        return [*enumerate(self.layers), *rest.items()]

    def forward(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.layers)

    def __getitem__(self, index: int | slice) -> Any:
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]


class MLP(Sequential):
    """A multilayer perceptron: linear layers with activations between them. Lecture, sections 2, 5,
    7 and 8.

    sizes: the number of features, then of neurons in each hidden layer, then of outputs.
    activation: the activation of the hidden layers. A class, nn.Tanh; or a function that makes a
        layer, lambda: nn.ELU(0.5); or a list with one of these for each hidden layer.
    output: the activation of the output layer, a class or a function; None for no activation.
    bias: False leaves the biases out.
    keep: if given, a Dropout(keep=keep) in each hidden layer.
    batchnorm: True adds a BatchNorm1d to each hidden layer.
    rng: what np.random.default_rng takes, for the weights and for dropout.
    dtype: by default float64. (PyTorch: float32.)

    x: (…, sizes[0]), which gives a result of shape (…, sizes[-1]).

    A hidden layer is Linear, activation, BatchNorm1d (the lecture normalizes h, not s), Dropout, in
    this order; for any other order there is Sequential. Raises ValueError for fewer than two sizes
    and for a list of activations that is too short or too long; TypeError for an activation that
    makes no layer.

        >>> nn.MLP([3, 8, 1], nn.ReLU, output=nn.Sigmoid)
        MLP(
          (0): Linear(3, 8)
          (1): ReLU()
          (2): Linear(8, 1)
          (3): Sigmoid()
        )
    """

    def __init__(
        self,
        sizes: Iterable[int],
        activation: MakesLayer | Sequence[MakesLayer] = Tanh,
        output: MakesLayer | None = None,
        bias: bool = True,
        keep: float | None = None,
        batchnorm: bool = False,
        rng: Rng = None,
        dtype: DTypeLike | None = None,
    ):
        sizes = list(sizes) if np.iterable(sizes) else [sizes]
        if len(sizes) < 2:
            raise ValueError(
                "MLP needs at least two sizes, the number of features and of outputs, such as "
                f"[3, 1]; got {sizes}."
            )
        activations = (
            activation if isinstance(activation, list | tuple) else [activation] * (len(sizes) - 2)
        )
        if len(activations) != len(sizes) - 2:
            raise ValueError(
                f"MLP({sizes}) has {len(sizes) - 2} hidden layers, got {len(activations)} "
                "activations. Give one for each hidden layer; the output's has its own argument, "
                "output=."
            )
        rng = np.random.default_rng(rng)
        layers: list[Module] = []
        for inputs, neurons, hidden in zip(sizes, sizes[1:], activations, strict=False):
            layers += [Linear(inputs, neurons, bias, rng), _make(hidden)]
            if batchnorm:
                layers.append(BatchNorm1d(neurons))
            if keep is not None:
                layers.append(Dropout(keep=keep, rng=rng))
        layers.append(Linear(sizes[-2], sizes[-1], bias, rng))
        if output is not None:
            layers.append(_make(output))
        super().__init__(*layers)
        if dtype is not None:
            self.astype(dtype)


def layers_in_order(model: Any) -> list[Any]:
    """The layers that x passes one after the other. A Sequential inside a Sequential is opened.

    A model of another kind counts as one layer: what its forward pass does inside is unknown.
    """
    if type(model).forward is not Sequential.forward:
        return [model]
    return [inner for layer in model for inner in layers_in_order(layer)]


def _make(activation):
    """A new layer, from a class, from a function that makes one, or as a copy of a layer."""
    if isinstance(activation, Module):
        return copy.deepcopy(activation)
    if isinstance(activation, type) and issubclass(activation, Module):
        return activation()
    try:
        return activation()
    except TypeError as error:
        raise TypeError(
            "MLP needs activations that are layers: nn.Tanh, nn.ELU(0.5), or a function that "
            f"makes one; got {activation!r}."
        ) from error
