"""Module: what all layers and networks have in common.

A module is an object with parameters and a forward pass. Its parameters are the tensors with
requires_grad=True that its attributes hold; a tensor without is a buffer, which is saved with the
model but not trained. Nothing has to be registered: modules and tensors are looked for in the
attributes, and in lists, tuples and dicts there, each time that somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from reprlib import recursive_repr
from typing import Any, TypeVar

import numpy as np

from autograd_lite import Tensor
from nn.checks import dtype_of
from nn.tables import is_table, numbers
from nn.types import DTypeLike

M = TypeVar("M", bound="Module")
_ARRAYS = (Tensor, np.ndarray)  # what layers give each other: nothing is asked of it


class Module:
    """The base class of all layers and networks.

    A layer of your own keeps its tensors and its inner layers as attributes, and defines `forward`,
    with any arguments:

        >>> class Scale(nn.Module):
        ...     def __init__(self):
        ...         self.factor = ag.Tensor(2.0, requires_grad=True)
        ...
        ...     def forward(self, x):
        ...         return self.factor * x
        >>> Scale()(np.array([1.0, 3.0])).data
        array([2., 6.])
        >>> Scale().state_dict()
        {'factor': array(2.)}

    .training: True at first and after `train()`, False after `eval()`. Dropout, noise and batch
        normalization look at it.
    .row_by_row: True is a promise: row i of the result depends on row i of x alone. Then
        `observation_gradients` needs one backward pass for all observations together. The promise
        belongs to the class that defines `forward`; a class that defines `forward` anew has to
        promise anew.
    """

    training: bool = True
    row_by_row = False  # of some classes a property

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """`forward` of the inputs, of which data frames, series and sparse matrices become arrays.

        Raises ValueError for a table with anything but numbers.
        """
        for x in inputs:
            if type(x) not in _ARRAYS:
                inputs = [x if type(x) in _ARRAYS else self._array(x) for x in inputs]
                break
        return self.forward(*inputs, **options)

    def _array(self, x):
        """A table as an array in the model's dtype; anything else as it is."""
        if not is_table(x):
            return x
        return numbers(x, type(self).__name__).astype(dtype_of(self), copy=False)

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """The forward pass: what `module(x)` computes. Each class defines its own.

        Raises NotImplementedError in a class that does not.
        """
        raise NotImplementedError(
            f"{type(self).__name__} has no forward pass. Define forward(self, x) in its class."
        )

    # What it is made of.

    def members(self) -> Iterable[tuple[Any, Any]]:
        """(name, value) of each attribute. A container may give numbers to its layers instead of
        names.
        """
        return vars(self).items()

    def named_modules(self) -> list[tuple[str, Module]]:
        """[(name, module), …]: this module first, with the name "", then all modules inside.

        A module that is held in two places is listed once.
        """
        return _once((name, value) for name, value in _walk(self) if isinstance(value, Module))

    def modules(self) -> list[Module]:
        """This module and all modules inside."""
        return [module for _, module in self.named_modules()]

    def named_parameters(self) -> list[tuple[str, Tensor]]:
        """[(name, tensor), …] of all tensors that are trained, such as "0.weight" and "0.bias".

        A tensor that is held in two places is listed once.
        """
        return _once((name, tensor) for name, tensor in _tensors(self) if tensor.requires_grad)

    def parameters(self) -> list[Tensor]:
        """All tensors that are trained: what an optimizer is given."""
        return [parameter for _, parameter in self.named_parameters()]

    # Training.

    def zero_grad(self) -> None:
        """Set the gradients of all parameters to None. Otherwise `backward()` adds the new
        gradients to the old ones.
        """
        for parameter in self.parameters():
            parameter.grad = None

    def train(self: M, mode: bool = True) -> M:
        """Behave as in training: dropout drops neurons, noise is added, batch normalization uses
        the mean and variance of the batch. Returns the module itself.

        mode: False does the opposite, as `eval()`.
        """
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: M) -> M:
        """Behave as in prediction: nothing is random, and batch normalization uses its running mean
        and variance. Returns the module itself.
        """
        return self.train(False)

    def astype(self: M, dtype: DTypeLike) -> M:
        """Change all parameters and buffers to another floating-point type, in place. Returns the
        module itself.

        dtype: np.float64 or np.float32.

        All gradients become None. Raises TypeError for a type that is not floating-point.
        """
        if np.dtype(dtype).kind != "f":
            raise TypeError(
                "Parameters are floating-point numbers, np.float64 or np.float32; got dtype "
                f"{np.dtype(dtype)}."
            )
        for _, tensor in _tensors(self):
            tensor.data = tensor.data.astype(dtype)
            tensor.grad = None
        return self

    # Saving.

    def state_dict(self) -> dict[str, np.ndarray]:
        """{name: array} with a copy of each parameter and buffer. Names and shapes are those of
        PyTorch's state_dict.
        """
        return {name: np.array(tensor.data) for name, tensor in _tensors(self)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Copy the arrays of `state` into the parameters and buffers. The model keeps its dtype.

        state: {name: array}, as `state_dict` gives it; PyTorch's works too.

        Raises ValueError, and changes nothing, if a name is missing or unknown, a shape differs, or
        an array does not hold real numbers; TypeError for what is no such dict.
        """
        if not hasattr(state, "items"):
            raise TypeError(
                f"load_state_dict needs a dict {{name: array}}, got an object of {type(state)}. "
                "Of a model, nn's or PyTorch's, pass model.state_dict()."
            )
        state = {name: np.asarray(value) for name, value in state.items()}
        tensors = dict(_tensors(self))
        faults = [f"{name} is missing" for name in tensors if name not in state]
        faults += [f"{name} is unknown here" for name in state if name not in tensors]
        for name in tensors.keys() & state.keys():
            if state[name].shape != tensors[name].shape:
                faults.append(
                    f"{name} has the shape {state[name].shape} and needs {tensors[name].shape}"
                )
            if state[name].dtype.kind not in "fiub":
                faults.append(f"{name} holds no real numbers but {state[name].dtype}")
        if faults:
            raise ValueError(
                f"This state does not fit the {type(self).__name__}: {'; '.join(sorted(faults))}. "
                f"Build the model with the same layers and sizes as the one that was saved."
            )
        for name, tensor in tensors.items():
            tensor.data = state[name].astype(tensor.dtype)

    # Showing.

    def extra_repr(self) -> str:
        """What `repr` shows between the brackets, as in PyTorch: the sizes and options of the
        layer.
        """
        return ""

    @recursive_repr("(above)")
    def __repr__(self) -> str:
        inside = [f"({name}): {value!r}" for name, value in self.members() if _holds_modules(value)]
        if not inside:
            return f"{type(self).__name__}({self.extra_repr()})"
        lines = "\n".join(inside).replace("\n", "\n  ")
        return f"{type(self).__name__}(\n  {lines}\n)"


def of_nn(model: M, who: str) -> M:
    """The model, if it is a Module. TypeError otherwise, which says what it is and what to do.

    who: the name of the function, for its error.
    """
    if isinstance(model, Module):
        return model
    what, remedy = stranger(model)
    raise TypeError(f"{who} needs a model, such as nn.MLP([3, 2, 1]), got {what}. {remedy}")


def stranger(model: Any) -> tuple[str, str]:
    """What this is, which is no Module, and what to do."""
    kind, home = type(model), {base.__module__.split(".")[0] for base in type(model).__mro__}
    if isinstance(model, type):
        remedy = f"Make one of it: {model.__name__}(…)."
        if not issubclass(model, Module):
            remedy = "Make a model of nn's layers."
        return f"the class {model.__name__}", remedy
    if "torch" in home:
        remedy = "Make one of it, with copies of its numbers: nn.from_torch(model)."
        return f"PyTorch's {kind.__name__}", remedy
    if "sklearn" in home and "nn" in home:
        return f"the estimator {kind.__name__}", "Give what it has fitted: model.network_."
    if "sklearn" in home:
        remedy = "Make one of it, with copies of its numbers: nn.from_sklearn(model)."
        return f"scikit-learn's {kind.__name__}", remedy
    if isinstance(model, list | tuple):
        remedy = "Give the model itself, not what it holds."
        if any(isinstance(layer, Module) for layer in model):
            remedy = "Make one model of its layers: nn.Sequential(*layers)."
        return f"a {kind.__name__}", remedy
    return f"an object of {kind}", "Derive its class from nn.Module."


@contextmanager
def evaluating(model: M) -> Iterator[M]:
    """A block, `with evaluating(model):`, in which the model predicts, as after `eval()`. After it
    each module inside the model is again in the mode in which it was before.
    """
    modes = [(module, module.training) for module in model.modules()]
    for module, _ in modes:
        module.training = False
    try:
        yield model
    finally:
        for module, mode in modes:
            module.training = mode


def works_row_by_row(layer: Module) -> bool:
    """Whether the layer promises `row_by_row` for the `forward` that it has. A class that defines
    `forward` anew and says nothing does not inherit the promise.
    """
    for speaker in (layer, *type(layer).__mro__):
        if "row_by_row" in vars(speaker):
            return layer.row_by_row
        if speaker is not layer and "forward" in vars(speaker):
            break
    return False


def _walk(value, name="", above=()):
    """[(name, value), …] of `value` and of all tensors, modules and containers in it. `above`
    breaks cycles: nothing is its own part."""
    found, above = [(name, value)], (*above, value)
    if isinstance(value, Module | dict):
        members = value.members() if isinstance(value, Module) else value.items()
    else:
        members = enumerate(value) if isinstance(value, list | tuple) else ()
    for key, member in members:
        if isinstance(member, _PARTS) and not any(member is container for container in above):
            found += _walk(member, f"{name}.{key}" if name else str(key), above)
    return found


def _tensors(module):
    """(name, tensor) of all parameters and buffers. A result that was kept in an attribute is
    neither.
    """
    return [
        (name, value)
        for name, value in _walk(module)
        if isinstance(value, Tensor) and value.function is None
    ]


def _once(named):
    """[(name, object), …] without those that were there before under another name."""
    first = {}
    for name, value in named:
        first.setdefault(id(value), (name, value))
    return list(first.values())


_PARTS = (Tensor, Module, dict, list, tuple)  # what tensors and modules are looked for in


def _holds_modules(value):
    return any(isinstance(inner, Module) for _, inner in _walk(value))
