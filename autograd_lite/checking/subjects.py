"""What check_gradient looks at: a function of Tensors, or any function that returns numbers.

Both give numbers for arrays. `arrays` are the inputs as they were given, `precise` those from which
differences are taken.
"""

import numpy as np

from autograd_lite.tensor import Tensor
from autograd_lite.transforms import gradients

# They read one triangle of a symmetric matrix, and give the gradient of both.
SYMMETRIC = {np.linalg.eigh: "np.linalg.eigh", np.linalg.cholesky: "np.linalg.cholesky"}


class Recorded:
    """A function of Tensors.

    value: a function without arguments, which computes it anew from the leaves.
    leaves: the Tensors it is differentiated by. They have their own numbers again after `with`.
    order: 2: its first derivatives take its place.
    title: what it is called in messages.
    .beneath: of order 2, how large the function itself was when last computed.
    """

    def __init__(self, value, leaves, order, title):
        self._value, self._leaves, self._order, self._name = value, leaves, order, title
        self.title = title if order == 1 else f"the gradient of {title}"
        self.remarks, self.beneath = [], 0.0
        self.arrays = [np.array(leaf.data) for leaf in leaves]
        # float32 would leave two digits, so differences are taken in float64, or what is longer.
        self.precise = [
            array.astype(np.result_type(np.float64, array.dtype)) for array in self.arrays
        ]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._give(self.arrays)

    def _give(self, arrays):
        for leaf, array in zip(self._leaves, arrays, strict=True):
            leaf.data = array

    def numbers(self, arrays):
        """What the function returns for these inputs."""
        self._give(arrays)
        y = self._result(create_graph=False)
        return np.asarray(y.data)

    def gradients(self, arrays, weights):
        """The backpropagated gradient of the sum of its numbers with these weights."""
        self._give(arrays)
        y = self._result(create_graph=True)
        found = gradients(_weighted(y, weights), list(self._leaves), create_graph=True)
        return [part.data for part in found]

    def _result(self, create_graph):
        y = self._value()
        if not isinstance(y, Tensor):
            raise TypeError(
                f"{self._name} returned {type(y).__name__}, not a Tensor: the record was lost. Use "
                "NumPy's functions inside it. Of a function that is not to be recorded, give the "
                "gradient by hand: analytic=…"
            )
        if self._order == 1:
            return y
        weights = uneven(y.size)
        self.beneath = float(np.sum(np.abs(weights * np.ravel(y.data))))
        first = _weighted(y, weights)
        parts = gradients(first, list(self._leaves), create_graph=create_graph)
        joined = np.concatenate([np.reshape(part, -1) for part in parts])
        return joined if create_graph else Tensor(joined)

    def conventions(self):
        """Sentences about functions in the record whose convention differences do not know."""
        seen, stack = set(), [self._value()]
        while stack:
            tensor = stack.pop()
            if isinstance(tensor, Tensor) and tensor not in seen:
                seen.add(tensor)
                stack.extend(tensor.arguments)
        found = [name for f, name in SYMMETRIC.items() if any(t.function is f for t in seen)]
        return [
            f"{name} reads one triangle of its matrix, and its gradient is that of a matrix which "
            "stays symmetric; differences move one entry alone. Compare f as a function of "
            "(a + a.T) / 2."
            for name in found
        ]


class Plain:
    """A function of arrays that returns numbers: of statsmodels, PyTorch, plain Python.

    f: the function.
    arrays: its inputs.
    title: what it is called in messages.
    otherwise: what it did when it was given Tensors, as in "raises TypeError".
    """

    def __init__(self, f, arrays, title, otherwise):
        self._f, self.title, self.otherwise = f, title, otherwise
        self.arrays = self.precise = arrays
        self.beneath = 0.0
        self.remarks = [f"Nothing is backpropagated: given Tensors, {title} {otherwise}."]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def numbers(self, arrays):
        """What the function returns for these inputs."""
        return as_numbers(self._f(*[array.copy()[()] for array in arrays]), self.title)

    def returns_numbers(self):
        """Whether it does so for its inputs, and does not raise."""
        try:
            self.numbers(self.arrays)
        except Exception:
            return False
        return True

    def conventions(self):
        """None are known."""
        return []


def name_of(f):
    """What a function, or an object that is called like one, is called in messages."""
    return getattr(f, "__name__", type(f).__name__)


def uneven(n):
    """Weights 1, cos 1, cos 2, …, with which no two errors cancel."""
    return np.cos(np.arange(n))


def _weighted(y, weights):
    return y if y.size == 1 else np.sum(y * weights.reshape(y.shape))


def as_numbers(value, title):
    """Whatever holds numbers, as an array of floats: a number, a list, a tensor of PyTorch."""
    value = value.detach() if hasattr(value, "detach") else value
    try:
        array = np.asarray(value)
        array = array.astype(np.float64) if array.dtype.kind in "biu" else array
    except Exception:
        array = np.array(None)
    if array.dtype.kind != "f":
        raise TypeError(
            f"check_gradient needs real numbers from {title}, or an array of them, got "
            f"{type(value).__name__}."
        )
    return array
