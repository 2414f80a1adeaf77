"""from_torch: a model of PyTorch as a model of nn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nn.activations import (
    ELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    PReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from nn.batchnorm import BatchNorm1d
from nn.dropout import Dropout
from nn.layers import Linear, Sequential
from nn.module import Module

FLOATS = ("torch.float32", "torch.float64")


def from_torch(module: Any) -> Sequential:
    """The same network as a Sequential of nn, with copies of the numbers.

    module: a torch.nn.Sequential, with others inside if you like; or any torch.nn.Module that sends
        x through one layer after the other.

    The order of the layers is read from what `forward` does (by torch.fx), not from the attributes:
    so relu, tanh, sigmoid, softmax and log_softmax may also be called as functions in it. The
    layers are in the mode, training or prediction, in which they were, and have the same dtype; a
    parameter that is not trained (requires_grad=False) is not trained here. Dropout(p) becomes
    Dropout(keep=1 − p, per="observation"); Flatten(), an Identity, as a row of x is flat here. The
    results are equal, except for Softplus: where PyTorch takes h = s for s > 20, they differ by
    2e-9.

    Raises TypeError for what is no module of PyTorch; ValueError for a layer, or an option, that nn
    lacks, and for a `forward` that is no chain of layers: each says which.

        >>> import torch
        >>> theirs = torch.nn.Sequential(torch.nn.Linear(2, 1), torch.nn.Dropout(0.2))
        >>> nn.from_torch(theirs)
        Sequential(
          (0): Linear(2, 1)
          (1): Dropout(keep=0.8, per="observation")
        )
    """
    _check(module)
    layers, tensors = {}, {}  # those that were made, so that what is shared there is shared here
    made = []
    for layer in _in_order(module):
        if isinstance(layer, Module):
            made.append(layer)
        else:
            if id(layer) not in layers:
                layers[id(layer)] = _with_numbers(layer, tensors)
            made.append(layers[id(layer)])
    return Sequential(*made)


def _check(module):
    homes = {base.__module__.split(".")[0] for base in getattr(type(module), "__mro__", ())}
    if "torch" not in homes or not hasattr(module, "named_children"):
        remedy = ""
        if isinstance(module, type):
            remedy = f" That is a class: make a model of it, {module.__name__}(…)."
        elif isinstance(module, dict):
            remedy = " Give the model itself, not its state_dict."
        elif "sklearn" in homes:
            remedy = " For models of scikit-learn there is nn.from_sklearn."
        elif isinstance(module, Module):
            remedy = " It is a model of nn already."
        raise TypeError(
            f"from_torch needs a torch.nn.Module, got an object of {type(module)}.{remedy}"
        )
    for part in module.modules():
        if part._forward_hooks or part._forward_pre_hooks:  # pruning, spectral norm, your own
            raise ValueError(
                f"from_torch cannot bring the hooks of {part}: they are code that runs beside "
                "`forward`. Remove them, for pruning by torch.nn.utils.prune.remove."
            )


def _in_order(module) -> Iterator[Any]:
    """The layers that x passes one after the other: PyTorch's; those of nn for called functions."""
    import torch
    from torch import fx

    whole = torch.nn.Sequential(module)  # a single Linear is to be seen as a layer, not from inside
    try:
        graph = fx.symbolic_trace(whole).graph
    except Exception as error:  # of any kind: it comes from the user's own forward
        raise ValueError(
            f"from_torch cannot read the order of the layers of {type(module).__name__} from its "
            f"forward, {error}. Write the model as a torch.nn.Sequential."
        ) from error
    inside = dict(whole.named_modules())
    previous = None
    for node in graph.nodes:
        if node.op == "placeholder":
            previous = node
        elif node.op == "get_attr":
            raise ValueError(
                f"from_torch cannot bring {node.target}, which a forward uses by itself, and not "
                f"by calling one of PyTorch's own layers."
            )
        elif node.op == "output":
            _check_link(module, node, previous)
        elif node.users:
            _check_link(module, node, previous)
            previous = node
            yield inside[node.target] if node.op == "call_module" else _of_function(node)


def _check_link(module, node, previous):
    """Raise ValueError if this takes more, or anything else, than what the layer before gave."""
    if list(node.all_input_nodes) != [previous]:
        given = " and ".join(str(n) for n in node.all_input_nodes)
        raise ValueError(
            f"from_torch needs layers one after the other; in the forward of "
            f"{type(module).__name__}, {node.name} takes {given}, not just {previous}."
        )


# A layer for each of PyTorch's, without its numbers.
LAYERS = {
    "Linear": lambda t: Linear(t.in_features, t.out_features, t.bias is not None),
    "Identity": lambda t: Identity(),
    "Flatten": lambda t: _only(t, Identity(), start_dim=1, end_dim=-1),
    "Sigmoid": lambda t: Sigmoid(),
    "Tanh": lambda t: Tanh(),
    "ReLU": lambda t: ReLU(),
    "LeakyReLU": lambda t: LeakyReLU(t.negative_slope),
    "PReLU": lambda t: PReLU(t.num_parameters),
    "ELU": lambda t: ELU(t.alpha),
    "Softplus": lambda t: _only(t, Softplus(), beta=1, threshold=20),
    "Softmax": lambda t: Softmax(_axis(t.dim)),
    "LogSoftmax": lambda t: LogSoftmax(_axis(t.dim)),
    "Dropout": lambda t: Dropout(keep=1 - t.p, per="observation"),
    "BatchNorm1d": lambda t: _only(
        t, BatchNorm1d(t.num_features, t.eps, t.momentum), affine=True, track_running_stats=True
    ),
}
FUNCTIONS = {
    "relu": lambda dim: ReLU(),
    "tanh": lambda dim: Tanh(),
    "sigmoid": lambda dim: Sigmoid(),
    "softmax": lambda dim: Softmax(_axis(dim)),
    "log_softmax": lambda dim: LogSoftmax(_axis(dim)),
}


def _with_numbers(theirs, tensors):
    """The layer of nn for one of PyTorch's, with its numbers, dtype and mode."""
    kind = type(theirs)
    if kind.__name__ not in LAYERS or not kind.__module__.startswith("torch.nn.modules."):
        raise ValueError(
            f"nn has no layer like {theirs}. from_torch brings {', '.join(LAYERS)}, and the "
            f"functions {', '.join(FUNCTIONS)}."
        )
    own = LAYERS[kind.__name__](theirs)
    for name, parameter in theirs.named_parameters():
        if str(parameter.dtype) not in FLOATS:
            raise ValueError(
                f"from_torch needs numbers of {' or '.join(FLOATS)}, got {parameter.dtype} in the "
                f"{name} of {theirs}. Change them there: module.double()."
            )
        own.astype(str(parameter.dtype).removeprefix("torch."))
    own.load_state_dict({n: t.detach().cpu().numpy() for n, t in theirs.state_dict().items()})
    for name, parameter in theirs.named_parameters():
        tensor = tensors.setdefault(id(parameter), getattr(own, name))
        tensor.requires_grad = parameter.requires_grad
        setattr(own, name, tensor)
    return own.train(theirs.training)


def _of_function(node):
    """A layer for a function, or method, that `forward` calls."""
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    dim = node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else None)
    if name not in FUNCTIONS or node.op not in ("call_function", "call_method"):
        raise ValueError(
            f"from_torch cannot bring {name or node.target}, which forward calls. As functions it "
            f"knows {', '.join(FUNCTIONS)}; as layers, {', '.join(LAYERS)}."
        )
    return FUNCTIONS[name](dim)


def _only(theirs, own, **options):
    """The layer, if theirs has these options: nn knows no others."""
    for name, value in options.items():
        if getattr(theirs, name) != value:
            raise ValueError(
                f"nn has no {type(theirs).__name__} with {name}={getattr(theirs, name)}, only with "
                f"{name}={value}."
            )
    return own


def _axis(dim):
    if dim is None:
        raise ValueError("nn's Softmax needs an axis, and PyTorch's has dim=None. Give dim=-1.")
    return dim
