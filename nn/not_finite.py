"""Where a NaN came from: the first operation that made one out of numbers."""

import numpy as np

from autograd_lite import Tensor
from autograd_lite.backpropagation import adjoints
from autograd_lite.derivatives import name_of


def first_not_finite(output):
    """A sentence on the first operation that led to `output`, forward or backward, and has NaN or
    ±∞ in its result. Or None.
    """
    return _forward(output) or _backward(output)


def _forward(output):
    for tensor in _recorded(output):
        if not np.all(np.isfinite(tensor.data)):
            if tensor.function is None:
                return (
                    f"{tensor._describe()}, which was given and not computed, holds "
                    f"{_worst(tensor.data)}."
                )
            arguments = [a.data if isinstance(a, Tensor) else a for a in tensor.arguments]
            for argument in arguments:
                if _is_array(argument) and not np.all(np.isfinite(argument)):
                    return (
                        f"An argument of {name_of(tensor.function)}, of shape "
                        f"{np.shape(argument)}, holds {_worst(argument)}."
                    )
            given = " and ".join(_range(argument) for argument in arguments if _is_array(argument))
            return (
                f"{name_of(tensor.function)} was the first to give {_worst(tensor.data)}, from "
                f"{given}."
            )
    return None


def _backward(output):
    made = _recorded(output)
    for tensor, adjoint in adjoints(output, np.ones(output.shape, output.dtype)[()]):
        if not np.all(np.isfinite(adjoint)):
            user = next(
                t for t in reversed(made) if any(argument is tensor for argument in t.arguments)
            )
            return (
                f"The derivative of {name_of(user.function)} by {tensor._describe().rstrip(',')} "
                f"was the first to be {_worst(adjoint)}, at {_range(tensor.data)}."
            )
    return None


def _recorded(output):
    """`output` and all tensors that it was made from and that are recorded, oldest first."""
    return [tensor for tensor, _ in adjoints(output, np.ones(output.shape, output.dtype)[()])][::-1]


def _is_array(argument):
    return isinstance(argument, float | np.ndarray | np.number)


def _worst(values):
    return "NaN" if np.any(np.isnan(values)) else "infinity"


def _range(values):
    shape = f"an array of shape {np.shape(values)} with " if np.ndim(values) else ""
    low, high = np.min(values), np.max(values)
    return f"{shape}entries from {low:.4g} to {high:.4g}" if np.ndim(values) else f"{low:.4g}"
