"""check_gradient: by hand, backpropagated and numerical, side by side.

def test_my_gradient():
    ag.check_gradient(loss, w, analytic=lambda w: 2 * (w - 1))
"""

from functools import wraps

import numpy as np

from autograd_lite.tensor import Tensor, enable_grad, no_grad
from autograd_lite.transforms import gradients, vjp


class Comparison:
    """The result of check_gradient: for every entry of every input the derivative by hand, backpropagated, and numerical.

    .labels: what each row is the derivative by; .columns: column name -> array; .worst: (difference, row, column).
    """

    def __init__(self, labels, columns, tolerance):
        self.labels, self.columns, self.tolerance = labels, columns, tolerance
        self.worst = self._worst()

    @property
    def agrees(self):
        """Whether every column equals the numerical derivative within the tolerance."""
        return self.worst[0] <= self.tolerance

    def _worst(self):
        """The largest difference from the numerical column, relative to its size where that is above 1; NaN is worst of all."""
        numerical = self.columns["numerical"]
        worst = (0.0, 0, "backpropagated")
        for name in list(self.columns)[:-1]:
            column = self.columns[name]
            difference = np.abs(column - numerical) / np.maximum(1, np.abs(numerical))
            difference = np.where(
                np.isnan(difference) & ~(np.isnan(column) & np.isnan(numerical)), np.inf, np.nan_to_num(difference)
            )
            row = int(np.argmax(difference)) if difference.size else 0
            if difference.size and difference[row] > worst[0]:
                worst = (float(difference[row]), row, name)
        return worst

    def rows(self):
        """(label, number, number, …), one for each entry."""
        return [(label, *numbers) for label, *numbers in zip(self.labels, *self.columns.values(), strict=True)]

    def __str__(self):
        rows = self._shown()
        width = max([len("derivative by"), *(len(label) for label, *_ in rows)])
        lines = [f"{'derivative by':<{width}}" + "".join(f"{name:>18}" for name in self.columns)]
        lines += [f"{label:<{width}}" + "".join(f"{number:>18.10g}" for number in numbers) for label, *numbers in rows]
        return "\n".join([*lines, self.verdict()])

    __repr__ = __str__

    def _repr_html_(self):
        head = "".join(f"<th>{name}</th>" for name in ("derivative by", *self.columns))
        body = "".join(
            f"<tr><td>{label}</td>" + "".join(f"<td>{number:.10g}</td>" for number in numbers) + "</tr>"
            for label, *numbers in self._shown()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{self.verdict()}</p>"

    def verdict(self):
        """One sentence: whether the columns agree, and where they differ most."""
        difference, row, column = self.worst
        if self.agrees:
            return f"They agree: the largest relative difference is {difference:.1e} (tolerance {self.tolerance:.0e})."
        return (
            f"They differ: by {self.labels[row]} the {column} gradient is {self.columns[column][row]:.10g}, the numerical one "
            f"{self.columns['numerical'][row]:.10g} (relative difference {difference:.1e}, tolerance {self.tolerance:.0e})."
        )

    def _shown(self, most=40):
        """All rows, or of many the first and the worst."""
        rows = self.rows()
        return rows if len(rows) <= most else [*rows[: most - 1], rows[self.worst[1]]]


def check_gradient(f, *inputs, analytic=None, order=1, tolerance=None):
    """Compare the gradient of f(*inputs) with central differences, and with a derivation by hand if there is one.

    f: returns a Tensor. If it has several entries, their sum with fixed uneven weights is differentiated.
    inputs: arrays, numbers or Tensors.
    analytic: the gradient by hand, of a function with one number as its result: a function of the inputs, or the value itself;
        an array for one input, a list of arrays for several.
    order: 2 checks the second derivatives, by differences of the backpropagated gradient.
    tolerance: the largest relative difference allowed; 1e-6, for float32 1e-3.

    Returns the Comparison, which prints as a table. Raises AssertionError, with the worst entry, if they do not agree;
    ValueError where shapes do not fit.
    """
    if order not in (1, 2):
        raise ValueError(f"check_gradient knows order=1 and order=2, got {order!r}.")
    if not inputs:
        raise ValueError("check_gradient needs at least one input to differentiate by: check_gradient(f, x).")
    tensors = [x if isinstance(x, Tensor) else Tensor(x) for x in inputs]
    arrays = [np.array(tensor.data) for tensor in tensors]
    objective = _weighted(f)
    if order == 2:
        objective = _weighted(_gradient_of(objective))
    _, pullback = vjp(objective, *arrays)
    columns = {"backpropagated": [part.data if isinstance(part, Tensor) else part for part in pullback()]}
    if analytic is not None:
        columns = {"by hand": _by_hand(f, analytic, arrays, order), **columns}
    columns["numerical"] = _numerical(objective, arrays)
    single = any(array.dtype.itemsize < 8 for array in arrays)
    comparison = Comparison(
        [label for i, tensor in enumerate(tensors) for label in _labels(tensor.name or f"x{i + 1}", tensor.shape)],
        {name: np.concatenate([np.ravel(part) for part in parts]) for name, parts in columns.items()},
        (1e-3 if single else 1e-6) if tolerance is None else tolerance,
    )
    if not comparison.agrees:
        raise AssertionError(f"{comparison.verdict()}\n\n{comparison}")
    return comparison


def _weighted(f):
    """f, made one number: the sum of its entries with weights 1, cos 1, cos 2, …, in which no two errors cancel."""

    @wraps(f, updated=())
    def objective(*args):
        y = f(*args)
        return np.sum(y * np.cos(np.arange(y.size)).reshape(y.shape)) if isinstance(y, Tensor) and y.size != 1 else y

    return objective


def _gradient_of(objective):
    def gradient(*tensors):
        parts = gradients(objective(*tensors), list(tensors), create_graph=True)
        return np.concatenate([np.reshape(part, -1) for part in parts])

    return gradient


def _by_hand(f, analytic, arrays, order):
    if order == 2:
        raise ValueError("check_gradient compares a derivation by hand with first derivatives: leave out order=2.")
    with no_grad():
        entries = np.size(f(*[Tensor(array) for array in arrays]).data)
    if entries != 1:
        raise ValueError(f"A gradient by hand is compared for a function with one number as its result, got {entries} entries.")
    parts = analytic(*arrays) if callable(analytic) else analytic
    parts = list(parts) if len(arrays) > 1 else [parts]
    for part, array in zip(parts, arrays, strict=True):
        if np.shape(part) != array.shape:
            raise ValueError(f"The gradient by hand has the shape {np.shape(part)}, its input {array.shape}: they must be equal.")
    return parts


def _numerical(objective, arrays):
    """Central differences in float64, entry by entry: (f(x + h) − f(x − h)) / 2h with h = ∛ε · max(1, |x|)."""
    arrays = [array.astype(np.float64) for array in arrays]

    def value():
        with enable_grad():
            return objective(*[Tensor(array, requires_grad=True) for array in arrays]).item()

    results = []
    for array in arrays:
        result = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            x = array[index]
            h = np.cbrt(np.finfo(np.float64).eps) * max(1.0, abs(x))
            array[index] = x + h
            above = value()
            array[index] = x - h
            below = value()
            array[index] = x
            result[index] = (above - below) / (2 * h)
        results.append(result)
    return results


def _labels(name, shape):
    return [f"{name}{list(index) if index else ''}" for index in np.ndindex(shape)]
