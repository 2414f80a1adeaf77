"""Data as they come: lists, arrays, data frames, series and sparse matrices, made into arrays of
numbers. They are known by what they have, so that no library has to be imported for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from autograd_lite import Tensor

NUMBERS = "fiub"  # the kinds of dtype that are real numbers
REAL = (Real, Decimal, np.bool_)  # what is a real number, as an object
MISSING = ("NAType", "NaTType")  # what pandas writes for an entry that is not there
CATEGORIES = (
    "Turn categories into columns of 0 and 1 (pandas.get_dummies), labels into whole numbers from "
    "0 (np.unique(labels, return_inverse=True)[1])."
)
ADVICE = {
    "M": "Turn a time into a number, such as the days since the first.",
    "m": "Turn a duration into a number, such as its days.",
    "c": "Make two columns of it, the real and the imaginary part.",
    "V": "Give its fields as columns of one array.",
}


def is_table(values: Any) -> bool:
    """Whether this is no array, but has a method to become one: a data frame, a series, a sparse
    matrix.
    """
    return _has(values, "to_numpy") or _has(values, "toarray")


def numbers(values: Any, who: str, name: str = "x") -> np.ndarray:
    """The values as an array of real numbers or booleans.

    values: an array, nested lists, a Tensor; a data frame, whose columns may be of different
        dtypes, nullable ones too; a series, of which its values are taken and not its index; a
        sparse matrix, of which all entries are written out.
    who: the name of the function, for its errors.
    name: of the values, for its errors.

    Raises ValueError for what is no number and for missing entries, and names the column.
    """
    if isinstance(values, Tensor):
        values = values.data
    if _has(values, "toarray"):
        values = values.toarray()
    if _is_frame(values):
        columns = [_column(one, who, f"column {label!r} of {name}") for label, one in _each(values)]
        return np.stack(columns, axis=1) if columns else np.empty((len(values), 0))
    return _column(values, who, _called(values, name))


def finite(array: np.ndarray, values: Any, who: str, name: str) -> None:
    """Raise ValueError if the array that was made of the values holds NaN or infinity."""
    if not np.all(np.isfinite(array)):
        row, *column = np.argwhere(~np.isfinite(array))[0]
        if _is_frame(values):
            name = f"column {[label for label, _ in _each(values)][column[0]]!r} of {name}"
        else:
            name = _called(values, name)
        raise ValueError(
            f"{who}: {name} holds NaN or infinity, first in row {row}. Leave such rows out, or "
            "fill them in."
        )


def _has(values, name):
    """Whether things of this kind have it. (A data frame also answers to the names of its columns,
    and one may be called toarray.)
    """
    return hasattr(type(values), name)


def _is_frame(values):
    return _has(values, "to_numpy") and _has(values, "columns")


def _each(frame) -> Iterator[tuple[Any, Any]]:
    """(label, column) of each column. (Two columns may have the same label, so frame[label] is no
    column.)
    """
    return frame.items() if _has(frame, "items") else zip(frame.columns, frame, strict=True)


def _called(values, name):
    """What a series is called, with its own name."""
    own = getattr(values, "name", None) if _has(values, "to_numpy") else None
    return name if own is None else f"{name} ({own!r})"


def _column(values, who, name):
    """An array, of one column or of anything else that is no frame."""
    dtype = getattr(values, "dtype", None)
    if hasattr(dtype, "categories"):  # numbers may be among them, but only as names
        raise ValueError(f"{who} needs numbers, got {name} of dtype {dtype}. {CATEGORIES}")
    if not isinstance(dtype, np.dtype) and getattr(dtype, "kind", "O") in NUMBERS:
        return _of_nullable(values, who, name)
    if np.ma.is_masked(values):
        raise ValueError(
            f"{who}: {name} has masked entries, which are no numbers. Leave such rows out, or fill "
            f"them in: {name}.filled(0)."
        )
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{who} needs {name} with rows of equal length: {error}") from None
    if array.dtype.kind in NUMBERS:
        return array
    objects = np.ndenumerate(array) if array.ndim and array.dtype.kind == "O" else ()
    strange = [(place[0], entry) for place, entry in objects if not isinstance(entry, REAL)]
    if objects and not strange:  # such as the row of a table with columns of several dtypes
        return array.astype(float)
    raise ValueError(_no_numbers(array, strange, values, who, name))


def _of_nullable(values, who, name):
    """An array, of a column whose dtype has a sign of its own for a missing entry."""
    missing = np.asarray(values.isna())
    if missing.any():
        raise ValueError(
            f"{who}: {name} has missing entries, first in row {np.argmax(missing)}. Leave such "
            "rows out, or fill them in."
        )
    return values.to_numpy(dtype={"f": float, "b": bool}.get(values.dtype.kind, int))


def _no_numbers(array, strange, values, who, name):
    """What to say of an array whose dtype is no number's.

    strange: (row, entry) of those entries of an array of objects that are no numbers.
    """
    if array.ndim == 0 and array.dtype.kind in "OUS":
        return f"{who} needs rows of numbers, got {name} = {values!r:.60}, of {type(values)}."
    said = f"{who} needs numbers, got {name} of dtype {getattr(values, 'dtype', array.dtype)}"
    if strange:
        row, entry = strange[0]
        said += f", with {entry!r:.40} in row {row}"
        if entry is None or type(entry).__name__ in MISSING:
            return f"{said}. Leave rows with missing entries out, or fill them in."
    return f"{said}. {ADVICE.get(array.dtype.kind, CATEGORIES)}"
