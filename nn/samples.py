"""A sample as arrays: what comes in as lists, arrays or data frames, looked through before anything
is computed from it.
"""

import numpy as np


def sample(model, x, y, who):
    """x and y as arrays, with a row for each observation; x, and a y that is no label, in the
    model's dtype.

    who: the function that asks, for its errors. Raises ValueError for unequal lengths, an empty
        sample, what is no number, NaN
    and infinity.
    """
    dtype = next((p.dtype for p in model.parameters()), np.dtype(float))
    x, y = np.asarray(x), np.asarray(y)
    if np.ndim(x) == 0 or np.ndim(y) == 0 or len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"{who} needs a target for each observation, got x of shape {x.shape} and y of shape "
            f"{y.shape}."
        )
    _check(x, "x", who)
    _check(y, "y", who)
    return x.astype(dtype, copy=False), y.astype(dtype, copy=False) if y.dtype.kind == "f" else y


def _check(values, name, who):
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
