"""Arguments are checked before anything is computed from them: sizes, strengths, and samples, which
may come in many forms, `tables.py`. (What a target must be depends on its loss: `targets.py`.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.tables import finite, numbers
from nn.types import ArrayLike


def whole(number: Any, what: str, least: int = 1) -> int:
    """The number, if it is whole and at least `least`; ValueError otherwise. what: its name."""
    if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < least:
        raise ValueError(f"{what} is a whole number, at least {least}; got {number!r}.")
    return int(number)


def not_negative(number: Any, needs: str) -> float:
    """The number, if it is 0 or more; ValueError for less and for NaN, TypeError for what is no
    number. needs: "X needs a rate".
    """
    try:
        fits = number >= 0
    except TypeError:
        raise TypeError(f"{needs}, a number of at least 0, got {number!r}.") from None
    if not fits:
        raise ValueError(f"{needs} of at least 0, got {number!r}.")
    return float(number)


def checked_sample(
    model: Any, x: ArrayLike, y: ArrayLike, who: str
) -> tuple[np.ndarray, np.ndarray]:
    """x and y as arrays with a row for each observation. x is in the model's dtype; so is y, unless
    it holds integers or booleans, which may be labels.

    x, y: arrays, lists, data frames, series, sparse matrices. Rows belong together by their
        position; an index of pandas is not looked at, as in scikit-learn.
    who: the name of the function, for its errors.

    Raises ValueError for unequal lengths, an empty sample, anything but numbers, NaN and infinity.
    """
    given, names = (x, y), ("x", "y")
    x, y = (numbers(values, who, name) for values, name in zip(given, names, strict=True))
    if np.ndim(x) == 0 or np.ndim(y) == 0 or len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"{who} needs a target for each observation, got x of shape {x.shape} and y of shape "
            f"{y.shape}."
        )
    for array, values, name in zip((x, y), given, names, strict=True):
        finite(array, values, who, name)
    dtype = dtype_of(model)
    return x.astype(dtype, copy=False), y.astype(dtype, copy=False) if y.dtype.kind == "f" else y


def dtype_of(model: Any) -> np.dtype:
    """The dtype of the model's first parameter; float64 if there is none."""
    return next((p.dtype for p in model.parameters()), np.dtype(float))
