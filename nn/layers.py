"""Linear layers, and layers one after the other."""

import copy
import math

import numpy as np

import autograd_lite as ag
from nn.activations import Tanh
from nn.batchnorm import BatchNorm1d
from nn.checks import whole
from nn.dropout import Dropout
from nn.module import Module, works_row_by_row


class Linear(Module):
    """s = x ωᵀ + b: the linear combinations that enter the next neurons. Lecture, section 8.

    x: (…, in_features); s: (…, out_features).
    .weight: ω, (out_features, in_features), the weights INTO each neuron in its row. .bias: b,
        (out_features,), or None.
    Both begin uniform on ±1/√in_features, as in PyTorch; `rng` is what np.random.default_rng takes.
    dtype: float64 unless told, unlike PyTorch, so that checks of gradients agree to ten digits.

    Raises ValueError for sizes that are no whole numbers above 0, and where x does not fit;
    TypeError for a dtype of integers.
    """

    row_by_row = True

    def __init__(self, in_features, out_features, bias=True, rng=None, dtype=None):
        self.in_features = whole(in_features, "Linear's in_features")
        self.out_features = whole(out_features, "Linear's out_features")
        rng, bound = np.random.default_rng(rng), 1 / math.sqrt(in_features)
        uniform = lambda *shape: rng.uniform(-bound, bound, shape)
        self.weight = ag.Tensor(
            uniform(out_features, in_features), requires_grad=True, name="weight"
        )
        self.bias = (
            ag.Tensor(uniform(out_features), requires_grad=True, name="bias") if bias else None
        )
        if dtype is not None:
            self.astype(dtype)

    def forward(self, x):
        return ag.linear(x, self.weight, self.bias)

    def extra_repr(self):
        return f"{self.in_features}, {self.out_features}" + (
            "" if self.bias is not None else ", bias=False"
        )


class Sequential(Module):
    """Layers one after the other: Sequential(Linear(3, 2), Sigmoid(), Linear(2, 1)).

    A layer is got by its number, model[0]; model[:2] is a Sequential that shares its layers.
    Parameters are named "0.weight", "0.bias", "2.weight", …, as in PyTorch.
    Raises TypeError for what is no Module.
    """

    def __init__(self, *layers):
        for layer in layers:
            if not isinstance(layer, Module):
                raise TypeError(
                    f"Sequential needs layers, got {layer!r}. "
                    + (
                        "Make one of the class: write brackets after its name."
                        if isinstance(layer, type)
                        else ""
                    )
                    + (
                        "Give the layers one by one: Sequential(*layers)."
                        if isinstance(layer, list | tuple)
                        else ""
                    )
                )
        self.layers = list(layers)

    @property
    def row_by_row(self):
        return all(map(works_row_by_row, self.layers))

    def members(self):
        rest = {name: value for name, value in vars(self).items() if name != "layers"}
        return [*enumerate(self.layers), *rest.items()]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self):
        return len(self.layers)

    def __iter__(self):
        return iter(self.layers)

    def __getitem__(self, index):
        return Sequential(*self.layers[index]) if isinstance(index, slice) else self.layers[index]


class MLP(Sequential):
    """A multilayer perceptron: linear layers with activations between them. MLP([3, 2, 1], Sigmoid,
    output=Sigmoid).

    sizes: the number of features, of neurons in each hidden layer, and of outputs.
    activation: of the hidden layers: a class such as Tanh, a function that makes a layer (lambda:
        ELU(0.5)), or a list with one of these for each hidden layer.
    output: the activation of the output layer, given likewise, or None.
    keep: where given, Dropout(keep=keep) in each hidden layer. batchnorm: whether to normalize each
        hidden layer.
    A hidden layer is Linear, activation, BatchNorm1d (the lecture normalizes h, not s), Dropout;
    for another order there is Sequential.

    x: (…, sizes[0]); result: (…, sizes[-1]). Raises ValueError for fewer than two sizes, or a list
    of another length, and TypeError for activations that are no layers. Lecture, sections 2, 5, 7
    and 8.
    """

    def __init__(
        self,
        sizes,
        activation=Tanh,
        output=None,
        bias=True,
        keep=None,
        batchnorm=False,
        rng=None,
        dtype=None,
    ):
        sizes = list(sizes) if np.iterable(sizes) else [sizes]
        if len(sizes) < 2:
            raise ValueError(
                f"MLP needs the number of features and of outputs at least, [3, 1], got {sizes}."
            )
        activations = (
            activation if isinstance(activation, list | tuple) else [activation] * (len(sizes) - 2)
        )
        if len(activations) != len(sizes) - 2:
            raise ValueError(
                f"MLP({sizes}) has {len(sizes) - 2} hidden layers, got {len(activations)} "
                "activations: give one for each hidden layer, and that of the output as output=."
            )
        rng = np.random.default_rng(rng)
        layers = []
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


def layers_in_order(model):
    """The layers that x passes one after the other, those of a Sequential within a Sequential too.

    A model of another kind is one layer: what happens inside its forward pass cannot be told.
    """
    if type(model).forward is not Sequential.forward:
        return [model]
    return [inner for layer in model for inner in layers_in_order(layer)]


def _make(activation):
    """A layer of its own from a class, from a function that makes one, or from an example."""
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
