"""What arguments are made sure to be before anything is computed from them: sizes, strengths, and a
sample of lists, arrays or data frames. (What a target must be depends on its loss: `targets.py`.)
"""

import numpy as np


def whole(number, what, least=1):
    """A size, made sure to be a whole number and large enough."""
    if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < least:
        raise ValueError(f"{what} is a whole number, at least {least}; got {number!r}.")
    return int(number)


def not_negative(number, needs):
    """A strength, a rate or a spread, made sure not to be below 0; NaN is refused too."""
    if not number >= 0:
        raise ValueError(f"{needs} of at least 0, got {number!r}.")
    return float(number)


def checked_sample(model, x, y, who):
    """x and y as arrays, with a row for each observation; x, and a y that is no label, in the
    model's dtype.

    who: the function that asks, for its errors. Raises ValueError for unequal lengths, an empty
        sample, what is no number, NaN and infinity.
    """
    dtype = next((p.dtype for p in model.parameters()), np.dtype(float))
    x, y = np.asarray(x), np.asarray(y)
    if np.ndim(x) == 0 or np.ndim(y) == 0 or len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"{who} needs a target for each observation, got x of shape {x.shape} and y of shape "
            f"{y.shape}."
        )
    _finite_numbers(x, "x", who)
    _finite_numbers(y, "y", who)
    return x.astype(dtype, copy=False), y.astype(dtype, copy=False) if y.dtype.kind == "f" else y


def _finite_numbers(values, name, who):
    if values.dtype.kind not in "fiub":
        raise ValueError(
            f"{who} needs numbers, got {name} of dtype {values.dtype}. Turn categories into "
            "columns of 0 and 1."
        )
    if not np.all(np.isfinite(values)):
        row = np.argwhere(~np.isfinite(values))[0][0]
        raise ValueError(
            f"{who}: {name} holds NaN or infinity, first in row {row}. Leave such rows out, or "
            "fill them in."
        )
