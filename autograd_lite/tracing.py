"""Programs: a computation written down once, to be run at other numbers, printed, or sent off.

Nobody needs this file to understand the library: it is for what runs a computation anew, such as
live pages, printed formulas, and training.

A Program is a straight line of steps: functions of NumPy, and what they are called with. It is not
written by hand. A Symbol stands in the place of an array; whatever NumPy is asked of it becomes a
step, and the answer is another Symbol. The forward pass, the walk and the rules run on Symbols as
they run on arrays (`arrays.StandIn` lets a Symbol be the array in a Tensor), so what they leave
behind is the whole computation, derivatives included. Here is the slope of tanh(w x), with the
rules of np.tanh and np.multiply in the last three steps (g = 1 leaves no product):

    >>> from autograd_lite.tracing import Program
    >>> program = Program()
    >>> w, x = program.symbol("w", 0.5), program.symbol("x", 2.0)
    >>> slope = ag.grad(lambda w: np.tanh(w * x))(w)
    >>> program.name("slope", slope)
    >>> print(program)
    w = 0.5
    x = 2.0
    t2 = np.multiply(w, x)
    t3 = np.tanh(t2)
    t4 = np.multiply(t3, t3)
    t5 = np.subtract(1, t4)
    slope = np.multiply(t5, x)
    >>> program.run({"w": 0.0})["slope"].item()
    2.0

A Program does not depend on the numbers at which it was written:

1. What would make a plain number or array of a Symbol raises Untraceable: float(), np.asarray, an
   assignment into an array. So no number is frozen.
2. The answer to a question, `if x > 0`, may be another one at other numbers. It is noted, as a
   guard, and `run` raises OtherBranch where the answer, or the shape of a result, differs.

What is not computed from a Symbol is a constant of the Program: a closed-over array, numbers drawn.
"""

from collections import namedtuple
from inspect import isfunction
from operator import getitem as item

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_lite.arrays import NUMBERS, StandIn
from autograd_lite.derivatives import COMPUTE, RULES, name_of
from autograd_lite.derivatives.indexing import astype, getitem, scatter
from autograd_lite.derivatives.kinds import CONSTANTS, FORMULAS
from autograd_lite.nested import holds, leaves, like, mapped, parts
from autograd_lite.tensor import Tensor


class Untraceable(TypeError):
    """The computation cannot be written down as a Program."""


class OtherBranch(ValueError):
    """With these numbers the computation takes another way than the one that was written down."""


class Symbol(StandIn, NDArrayOperatorsMixin):
    """What stands for a given array, or for the result of a step.

    number: which one. example: the array itself, as it was when the Program was written; it has the
        shape and the dtype, and is asked for nothing else, but to answer questions.
    """

    def __init__(self, program, number):
        self.program, self.number = program, number

    example = property(lambda self: self.program.examples[self.number])
    shape = property(lambda self: self.example.shape)
    ndim = property(lambda self: self.example.ndim)
    size = property(lambda self: self.example.size)
    dtype = property(lambda self: self.example.dtype)
    itemsize = property(lambda self: self.example.itemsize)
    __hash__ = object.__hash__

    # What the operators, which are the mixin's, and all functions of NumPy come to. Beside a Tensor
    # a Symbol is an array like another: then the Tensor records.

    def __array_ufunc__(self, ufunc, method, *arguments, out=None, **options):
        if holds((arguments, options), Tensor):
            return NotImplemented
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        result = self.__array_function__(function, (), arguments, options)
        return result if out is None else self.program.write(result, *out)

    def __array_function__(self, function, types, arguments, options):
        for tensor in leaves((arguments, options), Tensor):
            return tensor.__array_function__(function, (), arguments, options)
        options = {k: v for k, v in options.items() if k != "out" or v is not None}
        if function in OF_SHAPES:
            return function(*mapped(arguments, example), **options)
        if function in INSTEAD and set(options) <= {"axis", "keepdims", "initial"}:
            return INSTEAD[function](*arguments, **options)
        if self.program.goes_into(function):
            return COMPUTE[function](*arguments, **options)
        return self.program.step(function, arguments, options)

    # What would have to be a number, or could not be followed.

    def __bool__(self):
        return self.program.answer(self)

    def _refuse(self, *_, **__):
        raise Untraceable(
            "A Symbol is no number yet, so no plain number or array can be made of it, and nothing "
            "can be assigned to its entries. Use NumPy's functions of it; np.stack of a list."
        )

    __array__ = __float__ = __int__ = __index__ = __complex__ = __setitem__ = _refuse
    item = tolist = numpy = _refuse

    # What rules and the walk take of an array.

    def __len__(self):
        return len(self.example)

    def __iter__(self):
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, index):
        if self.shape == () and type(index) is tuple and not index:  # x[()]
            return self.copy()
        return self.program.step(getitem, (self, index), {})

    def __repr__(self):
        return f"Symbol({self.program.labels()[self.number]}, shape={self.shape})"

    def copy(self):
        """Another Symbol for the same."""
        return Symbol(self.program, self.number)

    def view(self):
        """Another one that looks at the same array."""
        return self[...]

    def __deepcopy__(self, memo):
        return self.copy()

    def astype(self, dtype, copy=True, casting="unsafe"):
        """The same numbers in another type."""
        if not np.can_cast(self.dtype, dtype, casting):
            raise TypeError(f"{self.dtype} cannot be cast to {dtype} by the rule {casting!r}.")
        same = self.dtype == np.dtype(dtype)
        return self.copy() if same else self.program.step(astype, (self, np.dtype(dtype)), {})

    def reshape(self, *shape, order="C"):
        """np.reshape; the shape may be given as one tuple or as several numbers."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self, *axes):
        """np.transpose; the axes may be given as one tuple or as several numbers."""
        return np.transpose(self, (axes[0] if len(axes) == 1 else axes) or None)

    def sum(self, axis=None, keepdims=False):
        """Over the rows of a matrix as 1ᵀa, as `column_sums` does it, so that it is the same to
        the last bit.
        """
        if axis == 0 and self.ndim == 2 and self.dtype.kind == "f" and not keepdims:
            return np.dot(np.ones(len(self), self.dtype), self)
        return np.sum(self, axis=axis, keepdims=keepdims)

    def _method(function):
        return lambda self, *arguments, **options: function(self, *arguments, **options)

    mean, max, min, prod, any, all = map(
        _method, (np.mean, np.max, np.min, np.prod, np.any, np.all)
    )
    ravel, flatten, squeeze = map(_method, (np.ravel, np.ravel, np.squeeze))
    dot, swapaxes, clip = map(_method, (np.dot, np.swapaxes, np.clip))
    T = property(lambda self: np.transpose(self))
    mT = property(lambda self: np.swapaxes(self, -1, -2))


# Functions.


def reduction(ufunc):
    """np.sum as np.add.reduce, and the like: NumPy does the same, and there is one kind less."""
    return lambda a, axis=None, keepdims=False, **initial: ufunc.reduce(
        a, axis=axis, **({"keepdims": True} if keepdims else {}), **initial
    )


INSTEAD = {
    np.sum: reduction(np.add),
    np.prod: reduction(np.multiply),
    np.max: reduction(np.maximum),
    np.min: reduction(np.minimum),
    np.amax: reduction(np.maximum),
    np.amin: reduction(np.minimum),
    np.any: reduction(np.logical_or),
    np.all: reduction(np.logical_and),
    np.copy: lambda a: a.copy(),
}
# What is known from shapes and dtypes alone.
OF_SHAPES = {np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj}
OF_SHAPES |= {np.zeros_like, np.ones_like, np.empty_like}
# Functions of our own that are steps as they stand, for they write into an array, or ask.
WHOLE = {getitem, scatter, astype}
# Functions that give a shape which follows from that of their first argument, and from plain ones.
FIXED = {getitem, astype, item, np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis}
FIXED |= {np.expand_dims, np.squeeze, np.broadcast_to, np.concatenate, np.stack, np.split, np.flip}
FIXED |= {np.mean, np.cumsum}
# {function: (n, m)} where f(n, x) = x and f(x, m) = x: such steps are left out. Others are not, for
# x · 0 is not 0 where x = ∞.
NEUTRAL = {np.add: (0, 0), np.multiply: (1, 1), np.subtract: (None, 0), np.divide: (None, 1)}


def is_known(function):
    """Whether it is in the tables; or does what a ufunc does, such as np.logical_or.reduce."""
    if isinstance(getattr(function, "__self__", function), np.ufunc):
        return function.__name__ != "at"  # which writes
    return any(function in table for table in (RULES, FORMULAS, CONSTANTS, {item}))


def has_fixed_shape(step):
    """Whether the shape of the result follows from the shapes of the arguments. That of x[x > 0]
    does not.
    """
    function, (_, *others), options = step
    if function in (np.where, np.dot, np.einsum, scatter):
        return len(others) > 1 or function is np.dot
    if isinstance(getattr(function, "__self__", function), np.ufunc):
        return True
    return function in FIXED and not holds((others, options), Symbol)


def left_alone(function, arguments):
    """x, where the function of a single number x and of a constant is x itself; else None. (An
    array might be broadcast by the other.)
    """
    if function in NEUTRAL and len(arguments) == 2:
        for i, x in enumerate(arguments):
            other, neutral = arguments[1 - i], NEUTRAL[function][1 - i]
            of_number = isinstance(x, Symbol) and x.shape == () and isinstance(other, NUMBERS)
            if of_number and other == neutral and np.result_type(x.example, other, 1.0) == x.dtype:
                return x
    return None


# Arguments.


def example(leaf):
    """The array that a Symbol stood for; another array so that it cannot be written into."""
    if isinstance(leaf, Symbol):
        return leaf.example
    return read_only(leaf) if isinstance(leaf, np.ndarray) else leaf


def kept(leaf):
    """What a Program keeps of an argument, so that nobody changes it later."""
    if isinstance(leaf, Symbol):
        return leaf.copy()
    return read_only(leaf.copy()) if isinstance(leaf, np.ndarray) else leaf


def read_only(leaf):
    """An array, or a number as NumPy has it, that nobody writes into."""
    array = np.asarray(leaf)
    if array.dtype.kind not in "fiubc" and not isinstance(leaf, np.ndarray):
        raise Untraceable(f"A step gives numbers, not {type(leaf).__name__}.")
    array = array.view()
    array.setflags(write=False)
    return array if isinstance(leaf, np.ndarray) else array[()]


def signature(value):
    """Equal for equal arguments. (0.0 is not −0.0, and 1 is not True.)"""
    if isinstance(value, Symbol):
        return (Symbol, value.number)
    if isinstance(value, np.ndarray) and value.dtype != object:
        return (np.ndarray, value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, dict):
        return (dict, *sorted((key, signature(part)) for key, part in value.items()))
    if isinstance(value, list | tuple | slice):
        return (type(value), *map(signature, parts(value)))
    return (type(value), repr(value))


# The Program.

Step = namedtuple("Step", "function arguments options")


class Program:
    """A straight line of steps.

    .symbols: {name: Symbol} of what is given, and may be other numbers when the Program runs.
    .names: {name: Symbol or constant} of the results that have names.
    .guards: {number of a Symbol: True or False}: what was asked, and the answers.
    .examples: of each Symbol, by its number.
    """

    def __init__(self):
        self.symbols, self.names, self.guards, self.examples = {}, {}, {}, []
        self._steps = {}  # number of a Symbol -> the Step that makes it, needed or not
        self._numbers = {}  # signature of a call -> number of its Symbol
        self._stale = set()  # numbers of Symbols for parts of an array that was written into

    @property
    def given(self):
        """{name: number, or array} of what is given: the examples."""
        return {name: symbol.example for name, symbol in self.symbols.items()}

    @property
    def steps(self):
        """{number of a Symbol: Step(function, arguments, options)}, in order: what must be done for
        the names and the guards, and all whose shape we cannot tell in advance, for somebody may
        have asked for it. Equal calls are one step.
        """
        needed = {symbol.number for symbol in leaves(self.names, Symbol)} | set(self.guards)
        for number, step in reversed(self._steps.items()):
            if number in needed or not has_fixed_shape(step):
                needed.add(number)
                needed |= {symbol.number for symbol in leaves(step[1:], Symbol)}
        return {number: step for number, step in self._steps.items() if number in needed}

    # How it is written.

    def symbol(self, name, example):
        """A Symbol for what is given under this name: floating-point numbers, whole ones are made
        so.
        """
        self._unused(name)
        example = np.asarray(example)
        example = np.array(example, dtype=np.result_type(example, np.float32(0)))[()]
        self.symbols[name] = symbol = Symbol(self, self._add(example))
        return symbol.copy()

    def name(self, name, value):
        """Have `run` return a Symbol, the Symbol in a Tensor, or a constant under this name."""
        self._unused(name)
        self.names[name] = kept(value.data if isinstance(value, Tensor) else value)

    def _unused(self, name):
        if name in self.symbols or name in self.names:
            raise ValueError(f"This Program has something of the name {name!r} already.")

    def step(self, function, arguments, options):
        """Write down function(*arguments, **options). Returns a Symbol for the result, for several
        results as many.
        """
        symbols = list(leaves((arguments, options), Symbol))
        if any(symbol.program is not self for symbol in symbols):
            raise Untraceable(f"{name_of(function)} met Symbols of two Programs.")
        if any(symbol.number in self._stale for symbol in symbols):
            raise Untraceable(f"{name_of(function)}: a part of an array that was written into.")
        if not options and (x := left_alone(function, arguments)) is not None:
            return x.copy()
        key = signature((function, arguments, options))
        if key not in self._numbers:
            self._numbers[key] = number = self._add(computed(function, arguments, options))
            self._steps[number] = Step(function, *mapped((arguments, options), kept))
        result = Symbol(self, self._numbers[key])
        several = result.example
        if not isinstance(several, list | tuple):
            return result
        return like(several, [self.step(item, (result, i), {}) for i in range(len(several))])

    def _add(self, example):
        self.examples.append(mapped(example, read_only))
        return len(self.examples) - 1

    def write(self, result, target):
        """`a += b`, and other functions with out=a: the target stands for the result from now on.
        What looked at the same array, b = a.T, would be another now: it can be used no longer. A
        number is no array: `a += b` is a new one.
        """
        if isinstance(target, Symbol) and isinstance(target.example, np.generic):
            return result
        if not isinstance(target, Symbol):
            raise Untraceable("A Symbol was written into a plain array, array += symbol.")
        if (result.shape, result.dtype) != (target.shape, target.dtype):
            raise Untraceable("A Symbol was written into one of another shape or dtype.")
        for number, other in enumerate(self.examples):
            is_array = isinstance(other, np.ndarray) and number != target.number
            if is_array and np.may_share_memory(other, target.example):
                self._stale.add(number)
        target.number = result.number
        return target

    def goes_into(self, function):
        """Whether a function is written down as its own steps: so it is if it is one of our own.
        (NumPy's are no functions of Python.)
        """
        return isfunction(function) and function not in WHOLE

    def answer(self, symbol):
        """Whether the example is True, noted as a guard."""
        self.guards[symbol.number] = answer = bool(symbol.example)
        return answer

    # How it is run, and printed.

    def run(self, given=None):
        """{name: number} of all that was given or named, where what is given has these numbers; the
        rest of it has its examples'.

        given: {name: number}. Raises ValueError for another name, or another shape; OtherBranch
        where the computation would take another way.
        """
        numbers = self.given | self._fitting(given or {})
        values = {symbol.number: numbers[name] for name, symbol in self.symbols.items()}
        value_of = lambda leaf: values[leaf.number] if isinstance(leaf, Symbol) else leaf
        for number in list(values):
            self._check(number, values)
        with np.errstate(all="ignore"):
            for number, (function, arguments, options) in self.steps.items():
                operands, chosen = mapped((arguments, options), value_of)
                values[number] = function(*operands, **chosen)
                self._check(number, values)
        return numbers | mapped(self.names, value_of)

    def _fitting(self, given):
        """The given numbers in the dtypes of their examples."""
        unknown = next((name for name in given if name not in self.symbols), None)
        if unknown is not None:
            raise ValueError(f"This Program is given nothing of the name {unknown!r}.")
        for name, value in given.items():
            if np.shape(value) != self.symbols[name].shape:
                raise ValueError(
                    f"{name} has the shape {self.symbols[name].shape}, got {np.shape(value)}."
                )
        return {name: np.asarray(v, self.symbols[name].dtype)[()] for name, v in given.items()}

    def _check(self, number, values):
        """Raise OtherBranch for another shape, or another answer."""
        value = values[number]
        shape, before = mapped(value, np.shape), mapped(self.examples[number], np.shape)
        if shape != before:
            raise OtherBranch(
                f"{self._call(number)} has the shape {shape} with these numbers; it had {before} "
                "when the Program was written. Write it anew."
            )
        if number in self.guards and bool(value) is not self.guards[number]:
            raise OtherBranch(
                f"The computation asked whether {self._call(number)}. The answer was "
                f"{self.guards[number]} when the Program was written, and with these numbers it is "
                f"{bool(value)}: the computation would take another way. Write it anew."
            )

    def __str__(self):
        labels = self.labels()
        lines = [f"{name} = {written(number)}" for name, number in self.given.items()]
        for number in self.steps:
            asked = f"  # was {self.guards[number]}" if number in self.guards else ""
            lines.append(f"{labels[number]} = {self._call(number, labels)}{asked}")
        for name, value in self.names.items():
            text = labels[value.number] if isinstance(value, Symbol) else written(value)
            lines += [f"{name} = {text}"] if text != name else []
        return "\n".join(lines)

    def labels(self):
        """{number of a Symbol: what it is called}: its first name, or t and its number."""
        called = {number: f"t{number}" for number in range(len(self.examples))}
        for name, value in reversed((self.symbols | self.names).items()):
            if isinstance(value, Symbol):
                called[value.number] = name
        return called

    def _call(self, number, labels=None):
        """A step as text."""
        labels = labels or self.labels()
        if number not in self._steps:
            return labels[number]
        text = lambda leaf: Text(labels[leaf.number] if isinstance(leaf, Symbol) else written(leaf))
        function, arguments, options = self._steps[number]
        arguments, options = mapped((arguments, options), text)
        inside = [*map(repr, arguments), *(f"{name}={value!r}" for name, value in options.items())]
        return f"{name_of(function)}({', '.join(inside)})"


def computed(function, arguments, options):
    """The call with the examples in the place of the Symbols. Nothing is written into an array."""
    if not is_known(function):
        raise Untraceable(f"{name_of(function)} is in no table, so it cannot be a step.")
    operands, chosen = mapped((arguments, options), example)
    with np.errstate(all="ignore"):
        result = function(*operands, **chosen)
    if result is None:
        raise Untraceable(f"{name_of(function)} gives nothing, so it cannot be a step.")
    return result


class Text(str):
    """A text that is written without quotes."""

    __repr__ = str.__str__


def written(leaf):
    """A constant as text: a small array in one line, of a larger one the shape."""
    if isinstance(leaf, np.ndarray) and leaf.size > 6:
        return f"<array {leaf.shape}>"
    text = str(leaf) if isinstance(leaf, np.ndarray | np.generic) else repr(leaf)
    return " ".join(text.split())
