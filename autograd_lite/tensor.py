"""Tensor: a NumPy array that remembers which function made it, and from what.

Every operation takes the same steps: compute on the arrays, wrap the result, and, if an argument
needs a gradient, keep the function and its arguments beside it. That record is all that
backpropagation needs.
"""

import itertools
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy import float64, ndarray

from autograd_lite.arraylike import ArrayLike, frozen, plain, without_gradient
from autograd_lite.arrays import (
    Listed,
    as_array,
    as_constant,
    constant_result,
    floating,
    given,
    in_words,
    operand,
    own,
)
from autograd_lite.backpropagation import FREED, NOT_RECORDED, adjoints, assigned, item
from autograd_lite.binding import bind, bind_formula
from autograd_lite.derivatives import COMPUTE, RULES, name_of
from autograd_lite.derivatives.indexing import getitem
from autograd_lite.derivatives.kinds import CONSTANTS, FORMULAS
from autograd_lite.recording import contexts, recording

NO_OPTIONS = {}
# Which arguments need a gradient: their positions.
FIRST, SECOND, BOTH = (0,), (1,), (0, 1)
# (Equal ones are one object, for all records together.)
SHARED = {wanted: wanted for wanted in ((), FIRST, SECOND, BOTH)}
_new = object.__new__
# Every tensor takes the next number: a result is always born after its arguments.
_births = itertools.count(1)


# Operators, the short way: compute on the data, then record. The two functions here make methods,
# which stand in Tensor under Python's names for them.
def _operators(compute, function):
    """Two methods of one operator: self + other, and other + self (no Tensor)."""

    def forward(self, other: Any) -> "Tensor":
        wanted = FIRST if self.requires_grad else ()
        if isinstance(other, Tensor):
            b = other._array
            if other.requires_grad:
                wanted = BOTH if wanted else SECOND
        elif (b := operand(other)) is NotImplemented:
            return b
        a = self._array
        try:
            data = compute(a, b)
        except ValueError as error:
            raise in_words(error, function, (a, b)) from None
        return _result(data, function, (self, other), (a, b), wanted)

    def reflected(self, other: Any) -> "Tensor":
        a = operand(other)
        if type(a) is complex:  # Python would make a complex number of its own of it
            a = np.result_type(self.dtype, np.complex64).type(a)
        if a is NotImplemented:
            return a
        b, wanted = self._array, SECOND if self.requires_grad else ()
        try:
            data = compute(a, b)
        except ValueError as error:
            raise in_words(error, function, (a, b)) from None
        return _result(data, function, (other, self), (a, b), wanted)

    return forward, reflected


def _of_one(compute, function):
    def forward(self) -> "Tensor":
        a, wanted = self._array, FIRST if self.requires_grad else ()
        return _result(compute(a), function, (self,), (a,), wanted)

    return forward


def _unrecorded(compute):
    """Comparisons, and //: plain arrays, which have no gradient."""

    def plainly(self, other: Any) -> Any:
        return compute(self._array, plain(other))

    return plainly


class Record(NamedTuple):
    """How a result was made: function(*arguments, **options). This is a view for readers; the walk
    takes the same from the tensor's own fields.

    function: NumPy's function, or one of ours.
    arguments: Tensors, arrays and numbers, as they were given.
    values: the arguments as plain arrays, on which rules run.
    options: {name: value} of what is not differentiated, such as axis.
    wanted: the positions of the arguments that need a gradient.
    """

    function: Callable
    arguments: tuple
    values: tuple
    options: dict
    wanted: tuple


class Tensor(ArrayLike):
    """An array with a memory.

    data: numbers, nested lists of them, or an array. It is copied; integers become float64, float32
        stays float32.
    requires_grad: whether `backward()` is to leave ∂output/∂(this tensor) in `.grad`.
    name: what pictures and errors call it.

    .grad: None, or a plain array of the same shape and dtype, to which each `backward()` adds.
    .record: how this tensor was made, a Record; None for a leaf, a tensor that was given and not
        computed. (It is kept flat, in the tensor's own fields, among them .function, .arguments and
        .options: one object fewer for each result.)
    .born: a number that grows. A result always has a larger one than its arguments.

    NumPy's functions, the operators and an array's methods (.tanh(): see ArrayLike) give Tensors
    again. Raises TypeError for data that are no real numbers.

        >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
        >>> loss = np.sum(w * w)
        >>> loss.backward()
        >>> w.grad  # ∂/∂w Σ w² = 2 w
        array([2., 4.])
        >>> loss.record.function.__name__, loss.item()
        ('sum', 5.0)
    """

    # _array: the array; of a function with several results, the list of them.
    # _born: a number that grows: the tensor that was made, or given new data, later has the larger.
    # _retains: whether .grad is wanted although this is not a leaf.
    # _values: the arguments as plain arrays, which rules run on (on `arguments` where the gradient
    #     itself is recorded).
    # _wanted: the positions of the arguments that need a gradient; FREED or NOT_RECORDED where the
    #     record is gone, or none was made.
    __slots__ = ("__weakref__", "_array", "_born", "_retains", "_values", "_wanted", "arguments")
    __slots__ += ("function", "grad", "name", "options", "requires_grad")

    def __init__(self, data: Any, requires_grad: bool = False, name: str | None = None):
        self._array = floating(data)
        self.requires_grad = bool(requires_grad)
        self.name = name
        self.grad: ndarray | Any = None  # (so that `w.grad * 2` is no error to who checks types)
        self.function: Callable | None = None
        self.arguments = self._values = self._wanted = ()
        self.options = NO_OPTIONS
        self._retains = False
        self._born = next(_births)

    # The array.

    @property
    def data(self) -> Any:
        """The plain array; of one number, a NumPy scalar. A result's is read-only. A leaf's may be
        assigned, even of another shape or dtype: `p.data -= lr * p.grad` is the way to update it.

        If a leaf is assigned between a computation and its `backward()`, the record no longer
        matches, and `backward()` raises RuntimeError. Writing into `p.data[i]`, or into an array
        that was used beside a Tensor (`x * array`), cannot be seen without a copy: do not do it in
        between. `ag.detect_anomaly()` makes the copies, and sees it.

        Raises RuntimeError where the data of a result are assigned.
        """
        return self._array

    @data.setter
    def data(self, data: Any):
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

    @property
    def record(self) -> Record | None:
        """How this tensor was made; None for a leaf. Raises RuntimeError where it was freed."""
        if self.function is None:
            return None
        if self._wanted is FREED:
            raise RuntimeError(FREED.why.format(self._describe()))
        return Record(self.function, self.arguments, self._values, self.options, self._wanted)

    @property
    def born(self) -> int:
        """When it was made, or last given new data: the later, the larger."""
        return self._born

    def detach(self) -> "Tensor":
        """A copy of the data as a leaf that needs no gradient."""
        return Tensor(self._array, name=self.name)

    def __reduce__(self):
        """Copies and pickles of a leaf are leaves that are born anew, since ages count within one
        process. Raises TypeError for a result.
        """
        if self.function is not None:
            raise TypeError(
                f"{self._describe().rstrip(',')} cannot be copied or pickled with its record. Take "
                ".detach(), or keep the leaves."
            )
        grad = None if self.grad is None else np.array(self.grad)
        return Tensor, (self._array, self.requires_grad, self.name), (None, {"grad": grad})

    # The gradient.

    def backward(self, seed: Any = None, retain_graph: bool = True) -> None:
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
                adjoint = tensor.grad + adjoint
            elif tensor.function:  # a result's adjoint went on to others
                adjoint = np.copy(adjoint)
            # The walk gives a leaf's array to nobody else: each .grad may be changed in place. (Of
            # arrays and single numbers as_array would make the same, later.)
            kind = type(adjoint)
            if kind is not ndarray:
                adjoint = np.asarray(adjoint) if kind is float64 else as_array(adjoint)
            tensor.grad = adjoint

    def retain_grad(self) -> None:
        """Have `backward()` leave a `.grad` here too, although this is a result and not a leaf.

        Raises RuntimeError where nothing was recorded.
        """
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
        seed = floating(plain(seed)).astype(self.dtype, copy=False)
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
            values, wanted = _taken_apart(arguments)
            try:
                data = ufunc(*values)
            except ValueError as error:
                raise in_words(error, ufunc, values) from None
            return _result(data, ufunc, arguments, values, wanted)
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

    # Operators, the short way: compute on the data, then record. (In place: see ArrayLike.)

    __add__, __radd__ = _operators(operator.add, np.add)
    __sub__, __rsub__ = _operators(operator.sub, np.subtract)
    __mul__, __rmul__ = _operators(operator.mul, np.multiply)
    __truediv__, __rtruediv__ = _operators(operator.truediv, np.divide)
    __pow__, __rpow__ = _operators(operator.pow, np.power)
    __matmul__, __rmatmul__ = _operators(operator.matmul, np.matmul)
    __mod__, __rmod__ = _operators(operator.mod, np.remainder)

    __neg__ = _of_one(operator.neg, np.negative)
    __pos__ = _of_one(operator.pos, np.positive)
    __abs__ = _of_one(operator.abs, np.absolute)

    __lt__, __le__ = _unrecorded(operator.lt), _unrecorded(operator.le)
    __gt__, __ge__ = _unrecorded(operator.gt), _unrecorded(operator.ge)
    __eq__, __ne__ = _unrecorded(operator.eq), _unrecorded(operator.ne)
    __floordiv__ = _unrecorded(operator.floordiv)
    __rfloordiv__ = _unrecorded(lambda a, b: b // a)
    __hash__ = object.__hash__  # tensors are told apart by identity, as keys of a dictionary

    def __getitem__(self, index: Any) -> "Tensor":
        index, a, wanted = frozen(plain(index)), self._array, FIRST if self.requires_grad else ()
        return _result(a[index], getitem, (self,), (a,), wanted, {"index": index})


def _result(data, function, arguments, values, wanted, options=NO_OPTIONS) -> Tensor:
    """`data` as a Tensor, remembered as function(*arguments, **options) if an argument needs a
    gradient.

    values: the arguments as plain arrays. wanted: the positions of those that need a gradient.

    It fills in the fields itself, not by Tensor(data): here nothing has to be copied or checked,
    and it is done for every result.
    """
    result = _new(Tensor)
    result._array = data
    result.grad = result.name = None
    result._retains = False
    result._born = next(_births)
    if wanted and (not contexts or recording.on):
        result.requires_grad = True
        result._wanted = wanted
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
        result.requires_grad, result._wanted = False, NOT_RECORDED if wanted else ()
        result.function, result.arguments, result._values, result.options = None, (), (), NO_OPTIONS
    if contexts and recording.watches:
        recording.watches[-1].recorded(result, function, arguments, values)
    return result


def _taken_apart(arguments, constant=as_constant):
    """(the arguments as plain arrays, the positions of those that need a gradient).

    constant: what makes a plain array of an argument that is no Tensor.
    """
    values, wanted = [], ()
    for argument in arguments:
        if isinstance(argument, Tensor):
            if argument.requires_grad:
                wanted += (len(values),)
            values.append(argument._array)
        else:
            values.append(constant(argument))
    return tuple(values), SHARED.get(wanted, wanted)


def _call(function, arguments, options):
    """Any function of the tables, as NumPy hands it over: compute on the arrays, then record.

    The short way, where each argument is one that a rule differentiates by, so that there is
    nothing to sort out.
    """
    rules = RULES.get(function)
    try:
        if options or type(rules) is not tuple or len(arguments) != len(rules):
            return _call_bound(function, arguments, options)
        values, wanted = _taken_apart(arguments, given)
        # Without the question whether there are Tensors: all is plain now.
        data = COMPUTE[function](*values)
    except Listed:
        return _call_bound(function, arguments, options)
    except ValueError as error:
        raise in_words(error, function, plain(arguments)) from None
    if type(data) is ndarray:
        return _result(own(data, function, values), function, arguments, values, wanted)
    return _results(data, function, arguments, values, wanted, NO_OPTIONS)


def _call_bound(function, arguments, options):
    """The same for a call with options, with an argument given by keyword, or of a function that is
    not differentiated.
    """
    if function in CONSTANTS:
        return constant_result(function, function(*plain(arguments), **plain(options)))
    bound = bind(function, arguments, options)
    if bound is None:
        for_formula, known = bind_formula(function, arguments, options)
        try:
            return FORMULAS[function](*for_formula, **known)
        except Exception:
            # If NumPy does not like the call either, its own error says it best.
            function(*plain(arguments), **plain(options))
            raise
    operands, kept = bound
    rules = RULES[function]
    kept = {name: without_gradient(function, name, value) for name, value in kept.items()}
    values, wanted = _taken_apart(operands, lambda value: given(value, lists=True))
    if not callable(rules) and (None in rules or len(values) > len(rules)):
        if wanted and wanted[-1] >= len(rules):
            raise TypeError(
                f"{name_of(function)} has no rule for its argument number {wanted[-1] + 1}, which "
                "needs a gradient. Declare one for each, or None; or pass it as x.data."
            )
        # Where there is no rule, a list stays one, as the function wants it.
        pairs = enumerate(zip(operands, values, strict=True))
        values = tuple(v if any(rules[i : i + 1]) else plain(o) for i, (o, v) in pairs)
    data = function(*plain(arguments), **plain(options))
    if _is_whole(data):
        return data
    return _results(data, function, operands, values, wanted, kept)


def _results(data, function, operands, values, wanted, options):
    """The result as a Tensor. Several are one record, a list, and one more for each item taken from
    it; whole numbers among them are plain.
    """
    if type(data) is ndarray or not isinstance(data, list | tuple):
        return _result(own(data, function, values), function, operands, values, wanted, options)
    whole = list(map(_is_whole, data))
    if all(whole):
        return data
    parts = [
        np.asarray(part)[()] if is_whole else own(part, function, values)
        for part, is_whole in zip(data, whole, strict=True)
    ]
    several, items = _result(parts, function, operands, values, wanted, options), []
    wanted = FIRST if several.requires_grad else ()
    for i, part in enumerate(parts):
        taken = _result(part, item, (several,), (parts,), wanted, {"index": i})
        items.append(part if whole[i] else taken)
    return type(data)(*items) if hasattr(data, "_fields") else type(data)(items)


def _is_whole(data):
    return isinstance(data, int) or getattr(getattr(data, "dtype", None), "kind", "f") in "biu"
