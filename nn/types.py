"""The types that many signatures share. They are for readers and editors; when a program runs,
nothing is checked by them.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np

from autograd_lite import Tensor


class HasArray(Protocol):
    """Whatever says itself which array it is: an array, a Tensor, a data frame."""

    def __array__(self) -> np.ndarray: ...


class HasToarray(Protocol):
    """A sparse matrix of SciPy."""

    def toarray(self) -> np.ndarray: ...


# What goes through a layer: with a record, or plain numbers.
Array: TypeAlias = Tensor | np.ndarray

# What `tables.numbers` makes an array of.
ArrayLike: TypeAlias = float | Sequence[Any] | HasArray | HasToarray

# np.float64, np.dtype("float32"), "float32".
DTypeLike: TypeAlias = type | np.dtype | str

# loss(prediction, target), one number: a loss of nn, or a function of your own.
Loss: TypeAlias = Callable[[Any, Any], Any]

# What np.random.default_rng takes: a seed, a generator; None for new numbers every time. (A text,
# because asking for np.random imports it.)
Rng: TypeAlias = "int | list[int] | np.random.SeedSequence | np.random.Generator | None"
