"""What a Tensor does as an array does: its shape, its methods, its printing, and what it refuses.

Nothing here is needed to follow the chain rule. A method is NumPy's function of the tensor, handed
over as NumPy hands it.
"""

import warnings

import numpy as np
from numpy import float64

from autograd_lite import functions
from autograd_lite.derivatives import name_of
from autograd_lite.derivatives.shaping import astype


def _method(function):
    def method(self, *arguments, **options):
        return self.__array_function__(function, (), (self, *arguments), options)

    method.__name__, method.__doc__ = (
        function.__name__,
        f"{name_of(function)} of this tensor; its options are the same.",
    )
    return method


class ArrayLike:
    """The base of Tensor: all that makes it look like an array."""

    __slots__ = ()

    shape = property(lambda self: self._array.shape)
    ndim = property(lambda self: self._array.ndim)
    size = property(lambda self: self._array.size)
    dtype = property(lambda self: self._array.dtype)

    def item(self):
        """The number in a tensor of one entry, as a Python float. It has no gradient."""
        return self._array.item()

    def tolist(self):
        """The numbers as nested lists of Python floats. They have no gradient."""
        return self._array.tolist()

    def numpy(self):
        """The array. Raises TypeError, as in PyTorch, if this tensor needs a gradient: say
        .detach().numpy().
        """
        return np.asarray(self)

    def __array__(self, dtype=None, copy=None):
        if self.requires_grad:
            raise TypeError(
                f"{self._describe()} needs a gradient, and a plain array cannot carry one. To join "
                "tensors: np.stack or np.concatenate; to choose entries: np.where; to leave the "
                "gradient behind: .detach() or .data. (Met within a function of SciPy? There are "
                "ag.logsumexp, ag.softmax, and import autograd_lite.scipy_special.)"
            )
        return np.array(self._array, dtype=dtype, copy=copy)

    def __setitem__(self, index, value):
        raise TypeError(
            "A Tensor's entries cannot be assigned: NumPy gives no hook that would record it. "
            "Build the new tensor instead: np.where(mask, value, x) replaces entries, np.stack "
            "and np.concatenate join them; to change a leaf's numbers before anything is "
            "computed, write x.data[i] = value."
        )

    def __len__(self):
        if self.ndim == 0:
            raise TypeError(
                f"{self._describe()} holds one number, which has no length and no entries. Take it "
                "with .item()."
            )
        return len(self._array)

    def __iter__(self):
        return map(self.__getitem__, range(len(self)))

    def __bool__(self):
        return bool(self._array)

    def __float__(self):
        self._warn_of_losing_gradient("float")
        return float(self._array)

    def __int__(self):
        self._warn_of_losing_gradient("int")
        return int(self._array)

    def _warn_of_losing_gradient(self, function):
        if self.requires_grad:
            warnings.warn(
                f"{function}() of {self._describe()} gives a plain number: its gradient is lost. "
                "If that is meant, say .item(); for a function use NumPy's (np.exp, not "
                "math.exp); to fill an array use np.stack.",
                stacklevel=3,
            )

    def __format__(self, spec):
        return format(self._array, spec) if spec else repr(self)

    def __repr__(self):
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
        return f"a Tensor of shape {self.shape}" + (
            f", made by {name_of(self.function)}," if self.function else ""
        )

    # The methods of an array, and the commonest functions, are NumPy's functions of it.

    sum, mean, prod, cumsum = map(_method, (np.sum, np.mean, np.prod, np.cumsum))
    max, min, var, std = map(_method, (np.max, np.min, np.var, np.std))
    argmax, argmin, any, all = map(_method, (np.argmax, np.argmin, np.any, np.all))
    exp, log, sqrt, square = map(_method, (np.exp, np.log, np.sqrt, np.square))
    sin, cos, tanh, abs = map(_method, (np.sin, np.cos, np.tanh, np.absolute))
    ravel, flatten, copy = map(_method, (np.ravel, np.ravel, np.copy))
    squeeze, swapaxes, clip = map(_method, (np.squeeze, np.swapaxes, np.clip))
    dot, pow, maximum, minimum = map(_method, (np.dot, np.power, np.maximum, np.minimum))
    sigmoid, relu, softplus = map(_method, (functions.sigmoid, functions.relu, functions.softplus))
    softmax, log_softmax = map(_method, (functions.softmax, functions.log_softmax))
    logsumexp = _method(functions.logsumexp)
    T = property(lambda self: np.transpose(self), doc="The transpose.")

    def reshape(self, *shape, order="C"):
        """np.reshape; the shape may be given as one tuple or as several numbers."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self, *axes):
        """np.transpose; the axes may be given as one tuple or as several numbers."""
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)

    def astype(self, dtype):
        """The same numbers in another floating-point type; as integers or booleans, plain."""
        return astype(self, dtype)


def _shortened(name):
    name = str(name)
    return name if len(name) <= 60 else name[:59] + "…"


def _short(data):
    """The numbers, or as many of them as fit on a line or two."""
    if np.ndim(data) > 2 and np.size(data) > 20:
        return f"shape={data.shape}"
    return np.array2string(
        np.asarray(data), threshold=20, edgeitems=2, separator=", ", prefix="Tensor("
    ) + (f", shape={data.shape}" if np.size(data) > 20 else "")
