"""Tensor: a NumPy array that remembers which function made it, and from what.

Every operation takes the same steps: compute on the arrays, wrap the result, and, if an argument
needs a gradient, keep the function and its arguments beside it. That record is all that
backpropagation needs.
"""

import itertools
import operator

import numpy as np
from numpy import float64, ndarray

from autograd_lite.arraylike import ArrayLike
from autograd_lite.arrays import (
    as_array,
    as_constant,
    constant_or_none,
    floating,
    frozen,
    operand,
    own,
    subscripts_or_constant,
)
from autograd_lite.backpropagation import adjoints, assigned, item
from autograd_lite.binding import bind, in_steps
from autograd_lite.derivatives import (
    COMPUTE,
    CONSTANTS,
    FORMULAS,
    RULES,
    name_of,
    without_derivative,
)
from autograd_lite.derivatives.shaping import getitem
from autograd_lite.recording import contexts, recording

NO_OPTIONS = {}
_new = object.__new__
# Every tensor takes the next number: a result is always born after its arguments.
_births = itertools.count(1)


# Operators, the short way: compute on the data, then record. The two functions here make methods,
# which stand in Tensor under Python's names for them.
def _operators(compute, function):
    """Three methods of one operator: self + other, other + self (no Tensor), and self += other."""

    def forward(self, other):
        if isinstance(other, Tensor):
            b, needing = other._array, 2 if other.requires_grad else 0
        elif (b := operand(other)) is NotImplemented:
            return b
        else:
            needing = 0
        if self.requires_grad:
            needing += 1
        a = self._array
        return _record(compute(a, b), function, (self, other), (a, b), needing)

    def reflected(self, other):
        a = operand(other)
        if type(a) is complex:  # Python would make a complex number of its own of it
            a = np.result_type(self.dtype, np.complex64).type(a)
        if a is NotImplemented:
            return a
        needing = 2 if self.requires_grad else 0
        return _record(compute(a, self._array), function, (other, self), (a, self._array), needing)

    def in_place(self, other):
        """`p -= …` changes a leaf that needs a gradient, under no_grad; `total += loss` is
        `total = total + loss`.
        """
        if self.function is not None or not self.requires_grad:
            return NotImplemented  # Python then takes the operator without "="
        if recording.on:
            raise RuntimeError(
                f"{self._describe()} needs a gradient, so it cannot be changed in place while "
                "recording. For an update write `with ag.no_grad():` around it; for a new "
                "value, a = a + b."
            )
        changed = compute(self._array, _plain(other))
        if changed.shape != self.shape:
            raise ValueError(
                f"{self._describe()} has the shape {self.shape}; the new value has {changed.shape}."
            )
        if changed.dtype.kind == "c":
            raise TypeError(f"{self._describe()} holds real numbers; the new value is complex.")
        self.data = changed.astype(self.dtype)
        return self

    return forward, reflected, in_place


def _unrecorded(compute):
    """Comparisons, and //: plain arrays, which have no gradient."""
    return lambda self, other: compute(self._array, _plain(other))


class Tensor(ArrayLike):
    """An array with a memory.

    data: numbers, nested lists of them, or an array. It is copied; integers become float64, float32
        stays float32.
    requires_grad: whether `backward()` is to leave ∂output/∂(this tensor) in `.grad`.
    name: what pictures and errors call it.

    .grad: None, or a plain array of the same shape and dtype, to which each `backward()` adds.
    .function, .arguments, .options: the record. function(*arguments, **options) made this tensor;
        function is None for a leaf, a tensor that was given and not computed.

    Raises TypeError for data that are no real numbers.
    """

    __slots__ = (
        "__weakref__",
        "_array",  # the array; of a function with several results, the list of them
        # A number that grows: the tensor that was made, or given new data, later has the larger
        # one.
        "_born",
        "_retains",  # whether .grad is wanted although this is not a leaf
        # The arguments as plain arrays, which rules run on; on `arguments` where the gradient
        # itself is recorded.
        "_values",
        # The positions of the arguments that need a gradient; None where the record was freed, or
        # not made.
        "_wanted",
        "arguments",
        "function",
        "grad",
        "name",
        "options",
        "requires_grad",
    )

    def __init__(self, data, requires_grad=False, name=None):
        self._array = floating(data)
        self.requires_grad = bool(requires_grad)
        self.name = name
        self.grad = self.function = None
        self.arguments = self._values = self._wanted = ()
        self.options = NO_OPTIONS
        self._retains = False
        self._born = next(_births)

    # The array.

    @property
    def data(self):
        """The plain array (of a scalar, a NumPy scalar). A result's is read-only. A leaf's may be
        assigned, dtype included.

        `p.data -= lr * p.grad` is the way to update a leaf. If that happens between a computation
        and its `backward()`, the record no longer matches, and `backward()` raises. Writing into
        `p.data[i]`, or into an array that was used beside a Tensor (`x * array`), cannot be seen
        without a copy: don't, in between. `ag.detect_anomaly()` makes the copies.
        """
        return self._array

    @data.setter
    def data(self, data):
        if self.function is not None:
            raise RuntimeError(
                f"The data of {self._describe()} cannot be assigned: it is a result, and its "
                "record would no longer be true. Make a leaf of it with .detach(), or assign to "
                "the leaves it was computed from."
            )
        # A number for a number: nothing to copy or compare.
        if type(data) is type(self._array) is float64:
            self._array = data
        elif data is not self._array or not isinstance(data, ndarray):
            # `p.data -= …` hands back the array it changed
            before, self._array = self._array, floating(data)
            if (self._array.shape, self._array.dtype) != (before.shape, before.dtype):
                self.grad = None  # a gradient belongs to an array of the same shape and dtype
        self._born = assigned.last = next(_births)

    def detach(self):
        """A copy of the data as a leaf that needs no gradient."""
        return Tensor(self._array, name=self.name)

    def __reduce__(self):
        """Copies and pickles of a leaf are leaves of an age of their own: it counts within one
        process.
        """
        if self.function is not None:
            raise TypeError(
                f"{self._describe().rstrip(',')} cannot be copied or pickled with its record. Take "
                ".detach(), or keep the leaves."
            )
        grad = None if self.grad is None else np.array(self.grad)
        return Tensor, (self._array, self.requires_grad, self.name), (None, {"grad": grad})

    # The gradient.

    def backward(self, seed=None, retain_graph=True):
        """Add ∂(this tensor)/∂leaf to the `.grad` of every leaf that requires a gradient.

        seed: the gradient to start from, of this tensor's shape; 1 for a tensor of one entry.
            (PyTorch calls it `gradient`.)
        retain_graph: keep the record, so that a picture can be drawn afterwards (unlike PyTorch).
            False frees it on the way.

        Raises ValueError for more than one entry and no seed, or a seed of another shape;
        RuntimeError where nothing was recorded, where an argument was assigned new data since, or
        where the record was freed.
        """
        self._needs_record()
        for tensor, adjoint in adjoints(self, self._seed(seed), of=(), free=not retain_graph):
            if tensor.grad is not None:
                tensor.grad = as_array(tensor.grad + adjoint)
            elif tensor.function or type(adjoint) is not ndarray:
                # A result's adjoint went on to others; a number is no array.
                tensor.grad = np.copy(adjoint)
            else:
                # The walk gives a leaf's array to nobody else: each .grad may be changed in place.
                tensor.grad = adjoint

    def retain_grad(self):
        """Have `backward()` leave a `.grad` here too, although this is a result and not a leaf."""
        self._needs_record()
        self._retains = True

    def _needs_record(self):
        if not self.requires_grad:
            raise RuntimeError(
                f"{self._describe()} has no record to walk back: nothing it was made from has "
                "requires_grad=True, or it was computed under no_grad()."
            )

    def _seed(self, seed):
        if seed is None and isinstance(self._array, np.floating):  # a loss
            return type(self._array)(1)
        if self.dtype.kind == "c":
            raise TypeError(
                f"{self._describe()} is complex; a gradient starts from a real number: np.real(z), "
                "np.abs(z) ** 2, …."
            )
        if seed is None:
            if self.size != 1:
                raise ValueError(
                    f"A gradient starts from one number, and {self._describe()} has {self.size}. "
                    f"Reduce it (.sum(), .mean()), pass a seed of shape {self.shape}, or ask for "
                    "all derivatives with ag.jacobian."
                )
            return self.dtype.type(1) if self.ndim == 0 else np.ones(self.shape, self.dtype)
        seed = floating(seed.data if isinstance(seed, Tensor) else seed).astype(
            self.dtype, copy=False
        )
        if seed.shape != self.shape:
            raise ValueError(
                f"The seed has the shape {seed.shape}, but {self._describe()} needs one of shape "
                f"{self.shape}."
            )
        return seed

    # NumPy's protocols. Of a class that defines these methods, NumPy computes nothing itself: it
    # hands np.exp(x) and all its ufuncs to the first, and np.where(c, x, 0), np.stack([x, y]) and
    # its other functions to the second.

    def __array_ufunc__(self, ufunc, method, *arguments, **options):
        # The commonest case, the short way.
        if method == "__call__" and not options and ufunc in RULES and ufunc.nout == 1:
            values, needing = _taken_apart(arguments)
            return _record(ufunc(*values), ufunc, arguments, values, needing)
        # np.add, or np.add.reduce
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        if "out" in options:
            raise TypeError(
                f"{name_of(function)}: out= (and array += tensor) would write a Tensor into a "
                "plain array and lose its record. Write array = array + tensor."
            )
        return _call(function, arguments, options)

    def __array_function__(self, function, types, arguments, options):
        for kind in types:
            if kind is not Tensor and not issubclass(kind, Tensor | ndarray):
                return NotImplemented
        return _call(function, arguments, options)

    # Operators, the short way: compute on the data, then record. The three functions with an
    # operator as their argument make the methods that follow them; they are called here, while the
    # class is being built.

    __add__, __radd__, __iadd__ = _operators(operator.add, np.add)
    __sub__, __rsub__, __isub__ = _operators(operator.sub, np.subtract)
    __mul__, __rmul__, __imul__ = _operators(operator.mul, np.multiply)
    __truediv__, __rtruediv__, __itruediv__ = _operators(operator.truediv, np.divide)
    __pow__, __rpow__, __ipow__ = _operators(operator.pow, np.power)
    __matmul__, __rmatmul__, __imatmul__ = _operators(operator.matmul, np.matmul)
    __mod__, __rmod__, __imod__ = _operators(operator.mod, np.remainder)
    _, _, __ifloordiv__ = _operators(operator.floordiv, np.floor_divide)

    def __neg__(self):
        return _record(-self._array, np.negative, (self,), (self._array,), bool(self.requires_grad))

    def __pos__(self):
        return _record(+self._array, np.positive, (self,), (self._array,), bool(self.requires_grad))

    def __abs__(self):
        return _record(
            abs(self._array), np.absolute, (self,), (self._array,), bool(self.requires_grad)
        )

    __lt__, __le__ = _unrecorded(operator.lt), _unrecorded(operator.le)
    __gt__, __ge__ = _unrecorded(operator.gt), _unrecorded(operator.ge)
    __eq__, __ne__ = _unrecorded(operator.eq), _unrecorded(operator.ne)
    __floordiv__, __rfloordiv__ = (
        _unrecorded(operator.floordiv),
        lambda self, other: _plain(other) // self._array,
    )
    __hash__ = object.__hash__  # tensors are told apart by identity, as keys of a dictionary

    def __getitem__(self, index):
        index = frozen(_plain(index))
        return _record(
            self._array[index],
            getitem,
            (self,),
            (self._array,),
            bool(self.requires_grad),
            {"index": index},
        )


def _record(data, function, arguments, values, needing, options=NO_OPTIONS):
    """`data` as a Tensor, remembered as function(*arguments, **options) if an argument needs a
    gradient.

    values: the arguments as plain arrays. needing: which arguments need a gradient, a bit for each;
        see `_taken_apart`.
    It fills in the fields itself, not by Tensor(data): here nothing has to be copied or checked,
    and it is done for every result.
    """
    result = _new(Tensor)
    result._array = data
    result.grad = result.name = None
    result._retains = False
    result._born = next(_births)
    if needing and (not contexts or recording.on):
        result.requires_grad = True
        result._wanted = _positions[needing]
        result.function = function
        result.arguments = arguments
        result._values = values
        result.options = options
        if type(data) is ndarray:
            data.setflags(False)  # nobody writes into a result
    else:
        if type(data) is ndarray and data.base is not None:
            # A leaf's numbers may be changed, so they must not be a window on another's.
            result._array = data.copy()
        result.requires_grad, result._wanted = False, None if needing else ()
        result.function, result.arguments, result._values, result.options = None, (), (), NO_OPTIONS
    if contexts and recording.watches:
        recording.watches[-1].recorded(result, function, arguments, values)
    return result


def _taken_apart(arguments, constant=as_constant):
    """(the arguments as plain arrays, which of them need a gradient): 1 for the first + 2 for the
    second + 4 + …

    constant: what makes a plain array of an argument that is no Tensor.
    """
    values, needing, bit = [], 0, 1
    for argument in arguments:
        if isinstance(argument, Tensor):
            values.append(argument._array)
            if argument.requires_grad:
                needing += bit
        else:
            values.append(constant(argument))
        bit += bit
    return tuple(values), needing


class _Positions(dict):
    """{bits: the positions of those that are set}, found once, so that all short records share the
    same few tuples.
    """

    def __missing__(self, bits):
        positions = tuple(i for i in range(bits.bit_length()) if bits >> i & 1)
        if bits < 1 << 16:
            self[bits] = positions
        return positions


_positions = _Positions()


def _call(function, arguments, options):
    """Any function of the tables, as NumPy hands it over: compute on the arrays, then record.

    The short way, where each argument is one that a rule differentiates by, so that there is
    nothing to sort out.
    """
    rules = RULES.get(function)
    if options or type(rules) is not tuple or len(arguments) != len(rules):
        return _call_bound(function, arguments, options)
    values, needing = _taken_apart(arguments, constant_or_none)
    # Without the question whether there are Tensors: all is plain now.
    data = COMPUTE[function](*values)
    if type(data) is not ndarray and isinstance(data, list | tuple):
        return _record_several(data, function, arguments, values, needing, NO_OPTIONS)
    return _record(own(data, function, values), function, arguments, values, needing)


def _call_bound(function, arguments, options):
    """The same for a call with options, with an argument given by keyword, or of a function that is
    not differentiated.
    """
    if function in CONSTANTS:
        return function(*_plain(arguments), **_plain(options))
    if function in FORMULAS:
        try:
            return in_steps(function, arguments, options)
        except Exception:
            # If NumPy does not like the call either, its own error says it best.
            function(*_plain(arguments), **_plain(options))
            raise
    rules = RULES.get(function)
    if rules is None:
        raise TypeError(without_derivative(function))
    operands, recorded = bind(function, arguments, options)
    recorded = {name: _without_gradient(function, name, value) for name, value in recorded.items()}
    values, needing = _taken_apart(
        operands, subscripts_or_constant if callable(rules) else constant_or_none
    )
    data = function(*_plain(arguments), **_plain(options))
    if type(data) is not ndarray and isinstance(data, list | tuple):
        return _record_several(data, function, operands, values, needing, recorded)
    if np.result_type(data).kind in "biu":
        return data
    return _record(own(data, function, values), function, operands, values, needing, recorded)


def _record_several(results, function, operands, values, needing, options):
    """Several results are one record, a list, and one more for each item taken from it."""
    if any(np.result_type(result).kind in "biu" for result in results):
        return results
    several = _record(
        [own(r, function, values) for r in results], function, operands, values, needing, options
    )
    numbered = enumerate(several._array)
    items = [
        _record(r, item, (several,), (several._array,), several.requires_grad, {"index": i})
        for i, r in numbered
    ]
    return type(results)(*items) if hasattr(results, "_fields") else type(results)(items)


def _plain(value):
    """`value` with every Tensor in it, also in lists, replaced by its data."""
    if isinstance(value, Tensor):
        return value._array
    if type(value) in (list, tuple):
        return type(value)([_plain(v) for v in value])
    if type(value) is dict:
        return {k: _plain(v) for k, v in value.items()}
    return value


def _without_gradient(function, name, value):
    if isinstance(value, Tensor) and value.requires_grad:
        raise TypeError(
            f"{name_of(function)} has no derivative by {name}. If none is needed, pass "
            f"{name}={name}.data; otherwise declare a rule for it."
        )
    return _plain(value)
