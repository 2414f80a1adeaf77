"""Arguments are checked before anything is computed from them: sizes, strengths, and samples, which
may come as lists, arrays or data frames. (What a target must be depends on its loss: `targets.py`.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.types import ArrayLike


def whole(number: Any, what: str, least: int = 1) -> int:
    """The number, if it is whole and at least `least`; ValueError otherwise. what: its name."""
    if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < least:
        raise ValueError(f"{what} is a whole number, at least {least}; got {number!r}.")
    return int(number)


def not_negative(number: Any, needs: str) -> float:
    """The number, if it is 0 or more; ValueError for less and for NaN. needs: "X needs a rate"."""
    if not number >= 0:
        raise ValueError(f"{needs} of at least 0, got {number!r}.")
    return float(number)


def checked_sample(
    model: Any, x: ArrayLike, y: ArrayLike, who: str
) -> tuple[np.ndarray, np.ndarray]:
    """x and y as arrays with a row for each observation. x is in the model's dtype; so is y, unless
    it holds integers or booleans, which may be labels.

    who: the name of the function, for its errors.

    Raises ValueError for unequal lengths, an empty sample, anything but numbers, NaN and infinity.
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
