"""Undoing NumPy's broadcasting and promotion: every gradient gets the shape and dtype of what it
belongs to.
"""

import numpy as np

from autograd_lite.derivatives import name_of
from autograd_lite.quick import column_sums, filled_with, stretched


def conform(gradient, value, function):
    """Bring a gradient to the shape and dtype of the value it belongs to, undoing broadcasting and
    promotion.

    An argument that was broadcast took part many times: its gradient is the sum over those times. A
    rule may also return less than the full shape (a sum passes the same gradient to every entry):
    it is broadcast.
    """
    if type(value) is list:  # of several results
        return {i: conform(part, value[i], function) for i, part in gradient.items()}
    if gradient is None:
        raise TypeError(
            f"The rule of {name_of(function)} returned None; it must return the gradient. Is its "
            "`return` missing?"
        )
    if not hasattr(gradient, "shape"):
        gradient = np.asarray(gradient)
    if gradient.shape != value.shape:
        gradient = _to_shape(gradient, value.shape, function)
    if gradient.dtype is not value.dtype:
        # A real array, multiplied by a complex one.
        real = gradient.dtype.kind == "c" and value.dtype.kind == "f"
        gradient = (np.real(gradient) if real else gradient).astype(value.dtype)
    return gradient


def _to_shape(gradient, shape, function):
    """Axes that were put in front, or stretched from length 1, are summed; what is still too small
    is broadcast.
    """
    if isinstance(gradient, np.generic):
        return filled_with(gradient, shape)
    extra = gradient.ndim - len(shape)
    # A bias, added to every observation.
    if extra == 1 and gradient.ndim == 2 and gradient.shape[1:] == shape:
        return column_sums(gradient)
    broadcast = [
        i for i, n in enumerate(gradient.shape) if i < extra or (n != 1 and shape[i - extra] == 1)
    ]
    result = gradient.sum(axis=tuple(broadcast), keepdims=True) if broadcast else gradient
    # (1, …, 1, *shape) → shape, or what is still to be stretched to it
    result = result.reshape(result.shape[extra:]) if extra > 0 else result
    if result.shape == shape:
        return result
    try:
        return stretched(result, shape)
    except ValueError:
        raise ValueError(
            f"The derivative of {name_of(function)} returned a gradient of shape {gradient.shape} "
            f"for an argument of shape {shape}, and the one cannot be summed or broadcast to the "
            "other. Mend its rule."
        ) from None
