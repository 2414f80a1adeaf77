"""What check_gradient compares: a row for each entry of each input, or for random directions."""

import numpy as np

from autograd_lite.checking.differences import Line
from autograd_lite.checking.subjects import Recorded, as_numbers, uneven

SEED = 0  # of the random directions


class Rows:
    """The derivatives that are compared.

    subject: a Recorded or a Plain.
    names: of its inputs.
    analytic: the derivation by hand, or None.
    start: what the subject returns at its inputs. Several numbers are added up with uneven weights;
        or, for a derivation by hand, each of them has rows of its own.
    directions: how many random ones of each input; 0: a row for each entry.
    step: the largest step of the differences, or None.
    .labels: what each row is the derivative by.
    """

    def __init__(self, subject, names, analytic, start, directions, step):
        self.subject, self._analytic, self._start, self._step = subject, analytic, start, step
        self._ways, self._beneath = _ways(names, subject.arrays, directions), subject.beneath
        each = analytic is not None and start.size != 1
        self._weights = np.eye(start.size) if each else uneven(start.size)[None]
        self.labels = [
            label + (f" of f{list(index)}" if each else "")
            for label, *_ in self._ways
            for index in np.ndindex(start.shape if each else ())
        ]
        self._last, self._known = None, {}  # rows of several numbers ask for the same, in turn

    def line(self, row):
        """The Line along which a row is the derivative."""
        way, number = divmod(row, len(self._weights))
        _, position, direction = self._ways[way]
        before, after = self.subject.precise[:position], self.subject.precise[position + 1 :]
        numbers = lambda x: self.subject.numbers([*before, x, *after])
        if len(self._weights) > 1:
            if way != self._last:
                self._last, self._known = way, {}
            numbers = _remembering(numbers, self._known)
        return Line(
            numbers,
            self.subject.precise[position],
            self._direction(position, direction),
            self._weights[number],
            self._start.ravel(),
            self._step,
            self._beneath,
        )

    def _direction(self, position, direction):
        """The index of an entry as it is. In place of a number, the random direction with that
        number, which moves each entry in proportion to its size; those that are 0, to the mean.
        """
        if isinstance(direction, tuple):
            return direction
        x = self.subject.arrays[position].astype(float)
        size = np.where(np.isfinite(x), np.abs(x), 0) if self._step is None else np.ones(x.shape)
        size = np.where(size == 0, np.mean(size) or 1, size)
        return np.random.default_rng((SEED, position, direction)).standard_normal(x.shape) * size

    def columns(self, arrays):
        """The derivatives that are to be judged, at any inputs: by name, a column each."""
        found = {}
        if self._analytic is not None:
            found["by hand"] = _by_hand(self._analytic, arrays, self._start.shape)
        if isinstance(self.subject, Recorded):
            found["backpropagated"] = [self.subject.gradients(arrays, w) for w in self._weights]
        columns = {name: [] for name in found}
        for _, position, direction in self._ways:
            direction = self._direction(position, direction)
            for name, of_each in found.items():
                columns[name] += [_along(parts[position], direction) for parts in of_each]
        return {name: np.array(column) for name, column in columns.items()}


def _ways(names, arrays, directions):
    """(label, position of the input, index of an entry or number of a direction), of each
    derivative.
    """
    return [
        (f"{name}, direction {way + 1}", position, way)
        if directions
        else (f"{name}{list(way) if way else ''}", position, way)
        for position, (name, x) in enumerate(zip(names, arrays, strict=True))
        for way in (range(directions) if directions else np.ndindex(x.shape))
    ]


def _along(gradient, direction):
    return gradient[direction] if isinstance(direction, tuple) else np.sum(gradient * direction)


def _remembering(function, known):
    """The function of an array; what it gave is kept in `known`."""

    def remembered(array):
        key = array.tobytes()
        if key not in known:
            known[key] = function(array)
        return known[key]

    return remembered


def _by_hand(analytic, arrays, shape):
    """For each of the numbers that f returns, the gradients by its inputs."""
    parts = analytic(*[array.copy()[()] for array in arrays]) if callable(analytic) else analytic
    parts = list(parts) if len(arrays) > 1 else [parts]
    if len(parts) != len(arrays):
        raise ValueError(
            f"There are {len(arrays)} inputs, but {len(parts)} gradients by hand: give one for "
            "each."
        )
    size = int(np.prod(shape))
    parts = [as_numbers(part, "a gradient by hand") for part in parts]
    for part, x in zip(parts, arrays, strict=True):
        if size == 1 and part.shape != x.shape:
            raise ValueError(
                f"The gradient by hand has the shape {part.shape}, its input {x.shape}: they must "
                "be equal."
            )
        if size != 1 and part.shape != shape + x.shape:
            raise ValueError(
                "A gradient by hand is compared for a function with one number as its result, got "
                f"{size} entries. Give the derivatives of each, of shape {shape + x.shape}, not "
                f"{part.shape}."
            )
    # (shape of f, shape of x) → (size of f, shape of x): one of them for each entry of f
    return [
        [part.reshape(size, *x.shape)[k] for part, x in zip(parts, arrays, strict=True)]
        for k in range(size)
    ]
