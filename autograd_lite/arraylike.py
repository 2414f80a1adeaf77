"""What a Tensor does as an array does: its shape, its methods, its printing, and what it refuses.

Nothing here is needed to follow the chain rule. A method is NumPy's function of the tensor, handed
over as NumPy hands it.
"""

import operator
from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from numpy import float64, ndarray

from autograd_lite import functions
from autograd_lite.arrays import StandIn
from autograd_lite.derivatives import name_of
from autograd_lite.derivatives.indexing import astype
from autograd_lite.derivatives.kinds import LEFT_OUT
from autograd_lite.recording import recording

Own = TypeVar("Own", bound="ArrayLike")


def _method(function):
    def method(self: Own, *arguments: Any, **options: Any) -> Own:
        return self.__array_function__(function, (), (self, *arguments), options)

    method.__name__ = function.__name__
    method.__doc__ = f"{name_of(function)} of this tensor; its options are the same."
    return method


def _plain_method(function) -> Any:
    return _method(function)


def _of_the_array(name) -> Any:
    return property(operator.attrgetter(f"_array.{name}"), doc=f"The array's own {name}.")


def _attribute(function, doc):
    def attribute(self: Own) -> Own:
        return function(self)

    return property(attribute, doc=doc)


def _number(kind):
    def number(self):
        if self.requires_grad:
            raise TypeError(f"{self._describe()} {LEFT_OUT[kind]}")
        return kind(self._array)

    return number


def _in_place(compute):
    def in_place(self, other):
        """`p -= …` changes a leaf that needs a gradient, under no_grad; `total += loss` is
        `total = total + loss`.
        """
        if self.function is not None or not self.requires_grad:
            return NotImplemented  # Python then takes the operator without "="
        if recording.on:
            raise RuntimeError(
                f"{self._describe()} needs a gradient and is not changed in place. For an update "
                "write `with ag.no_grad():` around it; for a new value, a = a + b."
            )
        changed = compute(self._array, plain(other))
        if changed.shape != self.shape:
            raise ValueError(f"{self._describe()} cannot take on the shape {changed.shape}.")
        if changed.dtype.kind == "c":
            raise TypeError(f"{self._describe()} holds real numbers; the new value is complex.")
        self.data = changed.astype(self.dtype)
        return self

    return in_place


class ArrayLike:
    """The base of Tensor: all that makes it look like an array."""

    __slots__ = ()
    # So pandas leaves `series * tensor` to us, and we say what to write instead.
    __pandas_priority__ = 10_000

    shape, ndim = _of_the_array("shape"), _of_the_array("ndim")
    size, dtype = _of_the_array("size"), _of_the_array("dtype")
    itemsize, nbytes, strides = map(_of_the_array, ("itemsize", "nbytes", "strides"))
    flags, base, ctypes, device = map(_of_the_array, ("flags", "base", "ctypes", "device"))

    def item(self, *place: int) -> float:
        """The number in a tensor of one entry, as a Python float. It has no gradient.

        place: of a larger tensor, the indices of the entry. x.item(0, 1) is the number x[0, 1].

        Raises ValueError for more than one entry and no place.
        """
        return self._array.item(*place)

    def tolist(self) -> Any:
        """The numbers as nested lists of Python floats. They have no gradient."""
        return self._array.tolist()

    def numpy(self) -> ndarray:
        """A copy of the array.

        Raises TypeError, as in PyTorch, if this tensor needs a gradient: say .detach().numpy().
        """
        return np.asarray(self)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> ndarray:
        if self.requires_grad:
            raise TypeError(f"{self._describe()} {LEFT_OUT[ndarray.__array__]}")
        return np.array(self._array, dtype=dtype, copy=copy)

    __setitem__ = _method(ndarray.__setitem__)

    def __len__(self) -> int:
        if self.ndim == 0:
            raise TypeError(f"{self._describe()} holds one number: no length; take it by .item().")
        return len(self._array)

    def __iter__(self: Own) -> Iterator[Own]:
        return map(self.__getitem__, range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self == value))

    def __bool__(self) -> bool:
        return bool(self._array)

    __float__, __int__, __complex__ = map(_number, (float, int, complex))

    def __format__(self, spec: str) -> str:
        return format(self._array, spec) if spec else repr(self)

    def __repr__(self) -> str:
        numbers = "" if isinstance(self._array, list) else _short(self._array)
        return f"Tensor({numbers}{self._remarks()})"

    def _remarks(self):
        if isinstance(self._array, list):
            return f"{len(self._array)} results, function={name_of(self.function)}"
        made_by = f", function={name_of(self.function)}" if self.function else ""
        needs = ", requires_grad=True" if self.requires_grad and not self.function else ""
        dtype = "" if self.dtype == float64 else f", dtype={self.dtype}"
        return dtype + needs + made_by + (f", name={_shortened(self.name)!r}" if self.name else "")

    def _describe(self):
        """How an error names this tensor."""
        if self.name:
            return f"Tensor {_shortened(self.name)!r}"
        if isinstance(self._array, list):
            return f"the {len(self._array)} results of {name_of(self.function)}"
        made_by = f", made by {name_of(self.function)}," if self.function else ""
        return f"a Tensor of shape {self.shape}{made_by}"

    # The methods of an array, and the commonest functions, are NumPy's functions of it.

    sum, mean, prod, trace = map(_method, (np.sum, np.mean, np.prod, np.trace))
    max, min, var, std = map(_method, (np.max, np.min, np.var, np.std))
    cumsum, cumprod, round = map(_method, (np.cumsum, np.cumprod, np.round))
    argmax, argmin, any, all = map(_plain_method, (np.argmax, np.argmin, np.any, np.all))
    argsort, argpartition, nonzero = map(_plain_method, (np.argsort, np.argpartition, np.nonzero))
    searchsorted, choose = map(_plain_method, (np.searchsorted, np.choose))
    take, repeat, diagonal = map(_method, (np.take, np.repeat, np.diagonal))
    exp, log, sqrt, square = map(_method, (np.exp, np.log, np.sqrt, np.square))
    sin, cos, tanh, abs = map(_method, (np.sin, np.cos, np.tanh, np.absolute))
    ravel, flatten, copy = map(_method, (np.ravel, np.ravel, np.copy))
    squeeze, swapaxes, clip = map(_method, (np.squeeze, np.swapaxes, np.clip))
    dot, pow, maximum, minimum = map(_method, (np.dot, np.power, np.maximum, np.minimum))
    conj, conjugate = _method(np.conjugate), _method(np.conjugate)
    sigmoid, relu, softplus = map(_method, (functions.sigmoid, functions.relu, functions.softplus))
    softmax, log_softmax = map(_method, (functions.softmax, functions.log_softmax))
    logsumexp = _method(functions.logsumexp)
    T = _attribute(np.transpose, "The transpose.")
    mT = _attribute(np.matrix_transpose, "The transpose of each matrix of a stack.")
    real, imag = _attribute(np.real, "The real part."), _attribute(np.imag, "The imaginary part.")
    flat = _attribute(np.ravel, "The entries in one row.")

    # These change an array in place, or look at its bytes: LEFT_OUT says what to write instead.
    sort, partition, fill = map(_method, (ndarray.sort, ndarray.partition, ndarray.fill))
    resize, put, setflags = map(_method, (ndarray.resize, np.put, ndarray.setflags))
    view, getfield, setfield = map(_method, (ndarray.view, ndarray.getfield, ndarray.setfield))
    tobytes, tofile, byteswap = map(_method, (ndarray.tobytes, ndarray.tofile, ndarray.byteswap))
    dump, dumps, to_device = map(_method, (ndarray.dump, ndarray.dumps, ndarray.to_device))

    __iadd__, __isub__ = _in_place(operator.add), _in_place(operator.sub)
    __imul__, __itruediv__ = _in_place(operator.mul), _in_place(operator.truediv)
    __imatmul__, __ipow__ = _in_place(operator.matmul), _in_place(operator.pow)
    __imod__, __ifloordiv__ = _in_place(operator.mod), _in_place(operator.floordiv)

    __divmod__ = lambda self, other: np.divmod(self, other)
    __rdivmod__ = lambda self, other: np.divmod(other, self)

    def compress(self: Own, condition: Any, axis: int | None = None) -> Own:
        """np.compress: the entries, or rows along an axis, at which the condition holds.

        condition: booleans, one for each entry (or row).
        axis: None looks at the entries in one row.
        """
        return np.compress(condition, self, axis)

    def reshape(self: Own, *shape: Any, order: str = "C") -> Own:
        """np.reshape: the same entries in another shape.

        shape: as one tuple or as several numbers; one of them may be −1, which is then worked out.
        order: in which order entries are read and placed: "C" (rows first) or "F" (columns first).
        """
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self: Own, *axes: Any) -> Own:
        """np.transpose: the axes in another order.

        axes: as one tuple or as several numbers; without any, the reverse order.
        """
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)

    def astype(self: Own, dtype: Any) -> Own:
        """The same numbers in another type.

        dtype: of a floating-point type, the result is a Tensor; of integers or booleans, which have
            no derivative, a plain array.
        """
        return astype(self, dtype)


def plain(value):
    """`value` with every Tensor in it, also in lists, replaced by its data."""
    if isinstance(value, ArrayLike):
        return value._array
    if type(value) in (list, tuple):
        return type(value)([plain(v) for v in value])
    if type(value) is dict:
        return {k: plain(v) for k, v in value.items()}
    return value


def without_gradient(function, name, value):
    """An option as a plain value. Raises TypeError if a Tensor in it needs a gradient."""
    numbers = plain(value)
    if numbers is not value and _needs_gradient(value):
        raise TypeError(
            f"{name_of(function)} has no derivative by {name}. If none is needed, pass "
            f"{name}={name}.data; otherwise declare a rule for it."
        )
    return numbers


def _needs_gradient(value):
    if isinstance(value, list | tuple | dict):
        return any(map(_needs_gradient, value.values() if isinstance(value, dict) else value))
    return isinstance(value, ArrayLike) and value.requires_grad


def frozen(index):
    """An index with copies of its arrays: the record must not change with an array that the program
    uses again.
    """
    if type(index) is tuple:
        return tuple([frozen(part) for part in index])
    return np.array(index) if isinstance(index, ndarray) and index.ndim else index


def _shortened(name):
    name = str(name)
    return name if len(name) <= 60 else name[:59] + "…"


def _short(data):
    """The numbers, or as many of them as fit on a line or two."""
    if np.ndim(data) > 2 and np.size(data) > 20:
        return f"shape={data.shape}"
    if isinstance(data, StandIn):
        return repr(data)
    a = np.asarray(data)
    shown = np.array2string(a, threshold=20, edgeitems=2, separator=", ", prefix="Tensor(")
    return shown + (f", shape={a.shape}" if a.size > 20 else "")
