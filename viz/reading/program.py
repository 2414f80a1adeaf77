"""A network as a Program: an observation on its way to the loss, all gradients, and one step of
gradient descent, with a name for every number.

The model's own layers, the engine's walk and rules and `nn.SGD` run on Symbols; nothing is computed
here.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

import autograd_lite as ag
import nn
from autograd_lite.entries import by_entries
from autograd_lite.tracing import Program
from nn.dropout import FixedDropout
from viz.language.names import number_name, weight_name
from viz.reading.model import Network, drops
from viz.reading.run import Run, like_output, run, run_one

# What the names of given numbers begin with.
GIVEN = {"x", "y", "lr", "weight", "slope", "gain", "shift", "mean", "variance", "mask"}


@dataclass(frozen=True)
class Traced:
    """A network whose numbers are Symbols.

    program: of arrays, each of which is put together from single given numbers.
    observed: the Run of the observation. updated: the Run after the step of gradient descent.
    gradients: {tensor: ∂l/∂tensor} of what is given and of all stages.
    trained: {tensor: its names} of what a step changes. stepped: the Run after a step with other
    gradients {tensor: array}, as stepped(gradients, "batch/") names NAME/new.
    """

    program: Program
    observed: Run
    updated: Run
    gradients: dict
    trained: dict
    stepped: Callable


def network_program(model, x, y, loss, lr=0.1):
    """The Program of single numbers of an observation, x (m₀,) and y of the output's size, or a
    class label.

    Given: x-I and y-J (of a label, the one-hot numbers), lr; the weights weight-K-J-I (I = 0: the
    bias), slope-K-J or slope-K, gain-K-J, shift-K-J, mean-K-J, variance-K-J, and mask-K-J.
    Computed: sum-K-J, neuron-K-J, passed-K-J, loss; NAME/gradient, ∂l by each of all these but lr
    and the masks; and after a step of gradient descent for all that is trained, NAME/new and
    loss/new.

    Raises what the model, the loss and `Network` raise, and ValueError or TypeError for a model
    whose numbers have no such names; Untraceable for what cannot be written down.
    """
    return by_entries(trace(model, x, y, loss, lr).program)


def trace(model, x, y, loss, lr=0.1, program=None):
    """The same as Traced, for whoever needs names for more numbers.

    program: what it is written into: a Still, or else a new Program.
    """
    run_one(Network(model), x, y, loss)  # raises what there is to raise
    network, program = Network(model), Program() if program is None else program
    observation, parameters = observed_names(x, y, network.sizes), parameters_of(network)
    trained = {tensor: names for tensor, names in parameters.items() if tensor.requires_grad}
    for tensor, names in (observation | parameters).items():
        tensor.data, tensor.requires_grad = given(program, names, tensor.data), True
    _fix_masks(program, network)
    rate = program.symbol("lr", lr)
    untouched = copy.deepcopy(network)  # it will draw the same random numbers

    observed = run(network, *observation, loss)
    computed = _computed(observed)
    for tensor, names in computed:
        _name(program, names, tensor)
    program.name("loss", observed.loss)

    named = [*observation.items(), *parameters.items(), *computed]
    tensors = [tensor for tensor, _ in named] + observed.tensors
    gradients = dict(zip(tensors, ag.gradients(observed.loss, tensors), strict=True))
    for tensor, names in named:
        _name(program, names, gradients[tensor], "/gradient")
    program.name("loss/gradient", 1.0)

    optimizer = nn.SGD([*trained] or [ag.Tensor(0.0, requires_grad=True)], lr=0)
    optimizer.lr = rate

    def stepped(gradients, before=""):
        after = copy.deepcopy(untouched)
        for tensor, changed in zip(parameters, parameters_of(after), strict=True):
            if tensor in trained:
                change = optimizer.change(tensor.data, gradients[tensor], {})
                changed.data = tensor.data - change
                _name(program, before + trained[tensor], changed, "/new")
        return run(after, *observation, loss)

    updated = stepped(gradients)
    program.name("loss/new", updated.loss)
    return Traced(program, observed, updated, gradients, trained, stepped)


def given_names(program):
    """The names of what is given in a network's Program, or in a Still."""
    names = program.symbols | program.names
    return [name for name in names if name.split("-")[0] in GIVEN and "/" not in name]


def given(program, names, numbers):
    """A Symbol for an array, put together from given numbers with these names."""
    entries = zip(np.ravel(names), np.ravel(numbers), strict=True)
    symbols = [program.symbol(name, number) for name, number in entries]
    return np.reshape(np.stack(symbols), np.shape(numbers))


def _name(program, names, array, what=""):
    """Name every entry of a Symbol, or of the Symbol in a Tensor."""
    array = getattr(array, "data", array)
    for place, name in np.ndenumerate(names):
        program.name(name + what, array[place])


# What there is, and its names: arrays of texts.


def observed_names(x, y, sizes):
    """{x: its names, y: its names}: two Tensors of one row."""
    y = like_output(y, sizes[-1])
    if y.ndim == 1:  # a label
        y = np.eye(sizes[-1])[y.astype(int)]
    x = np.reshape(np.asarray(getattr(x, "data", x), dtype=float), (1, -1))
    letters = {"x": ag.Tensor(x), "y": ag.Tensor(y)}
    return {
        t: _names(lambda _, i, letter=letter: f"{letter}-{i + 1}", t.shape)
        for letter, t in letters.items()
    }


def parameters_of(network):
    """{tensor: its names} of everything that the layers hold, trained or not."""
    found = {}
    for stage in network.stages:
        for tensor, names in _of_layer(stage.module, stage.layer):
            if tensor in found:
                raise ValueError(
                    f"{names.flat[0]} is held in two places: in a Program a number has one name."
                )
            found[tensor] = _another(names, {n for those in found.values() for n in those.flat})
    for module in [*network.before, *(stage.module for stage in network.stages[1:])]:
        for name, tensor in module.named_parameters():
            if tensor not in found:
                raise TypeError(f"the parameter {name!r} of {module!r} has no name in a Program.")
    return found


def _of_layer(module, layer):
    """[(tensor, its names), …] of a module in this layer."""
    if isinstance(module, nn.Linear):
        weights = _names(lambda j, i: weight_name(layer, j + 1, i + 1), module.weight.shape)
        biases = [weight_name(layer, j + 1, 0) for j in range(module.out_features)]
        found = [(module.weight, weights), (module.bias, np.array(biases, object))]
        return [(tensor, names) for tensor, names in found if tensor is not None]
    if isinstance(module, nn.BatchNorm1d):
        held = {"gain": module.weight, "shift": module.bias}
        held |= {"mean": module.running_mean, "variance": module.running_var}
        return [(tensor, _numbered(kind, layer, tensor.size)) for kind, tensor in held.items()]
    slopes = list(_slopes(module)) if module is not None else []
    if len(slopes) == 1 and slopes[0][0].size == 1:
        return [(tensor, _names(lambda *_: f"slope-{layer}", tensor.shape)) for tensor, _ in slopes]
    return [
        (tensor, _numbered("slope", layer, tensor.size, first).reshape(tensor.shape))
        for tensor, first in slopes
    ]


def _slopes(module, first=1):
    """(α, the first neuron that has it) of each PReLU and learnable ELU in an activation."""
    if isinstance(module, nn.Mixed):
        for part, width in zip(module.layers, module.widths, strict=True):
            yield from _slopes(part, first)
            first += width
    elif isinstance(module, nn.PReLU):
        yield module.weight, first
    elif isinstance(module, nn.ELU) and isinstance(module.alpha, ag.Tensor):
        yield module.alpha, first


def _computed(observed):
    """[(tensor, its names), …] of all stages that have names, layer by layer."""
    network, found = observed.network, []
    for layer, size in enumerate(network.sizes):
        own = [i for i, stage in enumerate(network.stages) if stage.layer == layer]
        kinds = {"sum": own[0]} if layer else {}
        kinds["neuron"] = observed.stage_of(layer)
        if own[-1] > kinds["neuron"]:
            kinds["passed"] = own[-1]
        for kind, stage in kinds.items():
            found.append((observed.tensors[stage], _numbered(kind, layer, size)[None]))
    return found


def _fix_masks(program, network):
    """Give the network's dropouts the masks of this observation, as given numbers."""

    def fixed(module, layer, size):
        if not isinstance(module, nn.Dropout) or not drops(module):
            return module
        mask = module.mask if isinstance(module, FixedDropout) else module.draw((size,))
        names = _another(_numbered("mask", layer, size), given_names(program))
        return FixedDropout(module, given(program, names, mask))

    network.before = [fixed(module, 0, network.sizes[0]) for module in network.before]
    network.stages = [
        replace(
            stage, module=fixed(stage.module, stage.layer, network.sizes[stage.layer]), own=False
        )
        for stage in network.stages
    ]


def _another(names, taken):
    """The names; where the layer has such a module already, with -2 behind them, or -3, …"""
    first, number = names, 2
    while names.size and names.flat[0] in taken:
        names, number = first + f"-{number}", number + 1
    return names


def _numbered(kind, layer, size, first=1):
    """mask-2-1, mask-2-2, …"""
    return np.array([number_name(kind, layer, first + j) for j in range(size)], dtype=object)


def _names(name_at, shape):
    """name_at(place) for each place of an array of this shape."""
    return np.array([name_at(*place) for place in np.ndindex(shape)], dtype=object).reshape(shape)
