"""Module: what all layers and networks have in common.

A module is an object with parameters and a forward pass. Its parameters are the tensors with
requires_grad=True that its attributes hold; a tensor without is a buffer, which is saved with the
model and not trained. Nothing is registered: modules and tensors are found in attributes, and in
lists, tuples and dicts of them, whenever somebody asks.
"""

from contextlib import contextmanager
from reprlib import recursive_repr

import numpy as np

from autograd_lite import Tensor


class Module:
    """The base of every layer. A layer of one's own holds tensors and modules as attributes, and
    defines `forward`:

        class Scale(nn.Module):
            def __init__(self):
                self.factor = ag.Tensor(1.0, requires_grad=True)

            def forward(self, x):
                return self.factor * x

    .training: whether dropout, noise and batch normalization behave as in training; True until
        `eval()`.
    .row_by_row: True is a promise that row i of the result depends on row i of x alone, so that
        `observation_gradients` may take one pass for all observations. It is made by the class that
        defines `forward`; whoever defines `forward` anew makes it anew.
    """

    training = True
    row_by_row = False

    def __call__(self, *inputs, **options):
        return self.forward(*inputs, **options)

    def forward(self, *inputs):
        raise NotImplementedError(
            f"{type(self).__name__} has no forward pass. Define forward(self, x) in its class."
        )

    # What it is made of.

    def members(self):
        """(name, value) of everything it holds. A container may number its layers here instead."""
        return vars(self).items()

    def named_modules(self):
        """[(name, module), …], itself first, under the name "". A module that is held twice is
        listed once.
        """
        return _once((name, value) for name, value in _walk(self) if isinstance(value, Module))

    def modules(self):
        """Itself and all modules within."""
        return [module for _, module in self.named_modules()]

    def named_parameters(self):
        """[(name, tensor), …] of all tensors that are trained: "0.weight", "0.bias", … A shared one
        is listed once.
        """
        return _once((name, tensor) for name, tensor in _tensors(self) if tensor.requires_grad)

    def parameters(self):
        """All tensors that are trained, as optimizers take them."""
        return [parameter for _, parameter in self.named_parameters()]

    # Training.

    def zero_grad(self):
        """Forget all gradients: without it, `backward()` adds the new ones to the old."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode=True):
        """Behave as in training: dropout drops, noise is added, batch normalization uses the batch.
        Returns itself.
        """
        for module in self.modules():
            module.training = mode
        return self

    def eval(self):
        """Behave as in prediction. Returns itself."""
        return self.train(False)

    def astype(self, dtype):
        """Change all parameters and buffers to another floating-point type, in place. Gradients are
        forgotten. Returns itself.

        Raises TypeError for a type that is not floating-point.
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

    def state_dict(self):
        """{name: copy as a plain array} of all parameters and buffers, with the names and shapes of
        PyTorch's state_dict.
        """
        return {name: np.array(tensor.data) for name, tensor in _tensors(self)}

    def load_state_dict(self, state):
        """Take over all parameters and buffers from `state`, a dict as `state_dict` gives it
        (PyTorch's too).

        The model keeps its dtype. Raises ValueError, and changes nothing, if names or shapes
        differ.
        """
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

    def extra_repr(self):
        """What stands between the brackets of the repr, as in PyTorch: the layer's sizes and
        options.
        """
        return ""

    @recursive_repr("(above)")
    def __repr__(self):
        inside = [f"({name}): {value!r}" for name, value in self.members() if _holds_modules(value)]
        if not inside:
            return f"{type(self).__name__}({self.extra_repr()})"
        lines = "\n".join(inside).replace("\n", "\n  ")
        return f"{type(self).__name__}(\n  {lines}\n)"


@contextmanager
def evaluating(model):
    """Within, the model predicts, as after `eval()`; afterwards each of its modules is in the mode
    that it was in.
    """
    modes = [(module, module.training) for module in model.modules()]
    for module, _ in modes:
        module.training = False
    try:
        yield model
    finally:
        for module, mode in modes:
            module.training = mode


def works_row_by_row(layer):
    """Whether the layer promises it, and for the `forward` that it has: where a class defined that
    anew and is silent, the promise of the classes above is not its own.
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
