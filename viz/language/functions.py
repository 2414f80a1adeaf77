"""Recorded functions, and what went into them, as text: ×, tanh, sum(axis=0), [1:, 0], 3 × 2."""

import numpy as np

import autograd_lite as ag
from autograd_lite.backpropagation import item
from autograd_lite.derivatives import name_of
from autograd_lite.derivatives.indexing import getitem
from viz.language.numbers import in_text

SYMBOLS = {
    np.add: "+",
    np.subtract: "−",
    np.multiply: "×",
    np.divide: "÷",
    np.negative: "−( )",
    np.square: "( )²",
    np.sqrt: "√",
    np.matmul: "@",
    np.absolute: "| |",
    np.log: "ln",
    ag.sigmoid: "σ",
    ag.normal_cdf: "Φ",
}


def function_name(function, options):
    """The function as the blackboard writes it, with its options: ×, tanh, sum(axis=0), [0]."""
    if function in (getitem, item):
        return f"[{_index(options['index'])}]"
    name = SYMBOLS.get(function) or name_of(function).removeprefix("np.")
    given = ", ".join(
        f"{key}={value!r}"
        for key, value in options.items()
        if value is not None and value is not False
    )
    return name + (f"({given})" if given else "")


def value_text(data):
    """One number, a few numbers, or the shape; of a constant that is no number (None, "ij,j"),
    itself.
    """
    if np.asarray(data).dtype.kind not in "fiubc":
        return str(data)
    if np.size(data) == 1:
        return in_text(np.asarray(data).item())
    if np.size(data) <= 6 and np.ndim(data) == 1:
        return "[" + ", ".join(map(in_text, data)) + "]"
    return " × ".join(str(n) for n in np.shape(data))


def _index(index):
    """An index as it was typed: 0, 1:3, :, mask."""
    if isinstance(index, tuple):
        return ", ".join(_index(part) for part in index)
    if isinstance(index, slice):
        parts = [
            "" if part is None else str(part) for part in (index.start, index.stop, index.step)
        ]
        return ":".join(parts if index.step is not None else parts[:2])
    if index is None or index is Ellipsis:
        return "None" if index is None else "…"
    return (
        str(index)
        if np.ndim(index) == 0
        else f"{'mask' if np.asarray(index).dtype == bool else 'array'} {value_text(index)}"
    )
