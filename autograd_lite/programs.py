"""A Program as the text of a function of plain NumPy calls, which write into arrays made once.

Nobody needs this file to understand the library.

A Program says what is computed, not where the results stand. Here every step gets its place: an
array that is made once, and used again by a later step as soon as it was read for the last time.
A view, such as x.T, is made once for all. What the function does at each call is then about what
one would write by hand:

    >>> from autograd_lite.programs import compiled
    >>> from autograd_lite.tracing import Program
    >>> x, slope = np.array([0.0, 1.0]), np.empty(2)
    >>> program = Program()
    >>> t = np.tanh(program.symbol("x", x) * 2)
    >>> program.name("slope", 2 * (1 - t * t))
    >>> run = compiled(program, {"x": x}, {"slope": slope})
    >>> print(run.text)
    def run():
        multiply(x, two, t1)
        tanh(t1, t1)
        multiply(t1, t1, t1)
        subtract(one, t1, t1)
        multiply(two, t1, slope)
    >>> run()
    >>> slope.round(3)
    array([2.   , 0.141])

Its numbers are those of `Program.run` to the last bit: the functions are the same, and each array
lies in memory as NumPy's own result would, since BLAS sums in another order if it does not.
"""

import math
import re

import numpy as np

from autograd_lite.derivatives import COMPUTE
from autograd_lite.derivatives.indexing import astype, getitem
from autograd_lite.nested import holds, leaves, like, mapped, parts
from autograd_lite.tracing import OtherBranch, Symbol, Text, has_fixed_shape

# Functions whose results may look at their first argument: made once, where they do.
VIEWS = {getitem, np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.expand_dims}
VIEWS |= {np.squeeze, np.broadcast_to}
# Functions that take out=, and are no ufuncs.
WITH_OUT = {np.mean, np.concatenate, np.stack}
# Functions that bring a number of Python's to the dtype of what stands beside it.
ARITHMETIC = {np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum}
ARITHMETIC |= {np.greater, np.greater_equal, np.less, np.less_equal}


def compiled(program, given, results):
    """A function without arguments that reads the given arrays, computes, and writes the results.

    given: {name: array} for all that the Program is given: of the shapes and dtypes of its examples
        and, for numbers equal to the last bit, as these lie in memory. They are read where they
        stand, at each call, and never written.
    results: {name: array} for all that the Program names; none of them is a given array.

    Raises ValueError for an array of another shape or dtype. The function raises OtherBranch where
    the computation would take another way than the one that was written down; then no result was
    touched. Its .text is what it does. It is one function with one set of arrays: not for two
    threads at once.
    """
    symbols = {name: v for name, v in program.names.items() if isinstance(v, Symbol)}
    for place, symbol in [*_pairs(given, program.symbols), *_pairs(results, symbols)]:
        if (place.shape, place.dtype) != (symbol.shape, symbol.dtype):
            raise ValueError(
                f"{symbol!r} of {symbol.dtype} got an array of shape {place.shape} and "
                f"{place.dtype}. A Program's numbers are in single or double precision."
            )
    writer = _Writer(program, given, results)
    for symbol in program.symbols.values():
        writer.check(symbol.number)
    for number in writer.steps:
        writer.write(number)
    writer.finish()
    return writer.function()


class _Writer:
    """Where everything stands, and the lines of the function.

    places: {number of a Symbol: its array, or the name of a variable, where it has none}.
    last: {number of a Symbol with an array of its own: the last step that reads it, as a number}.
    free: {kind of array: [arrays that nobody reads any more]}.
    """

    def __init__(self, program, given, results):
        self.program, self.steps, self.results = program, program.steps, results
        self.places = {s.number: given[name] for name, s in program.symbols.items()}
        self.names, self.bound, self.lines, self.free, self.own = {}, {}, [], {}, set()
        for name, array in (given | results).items():
            self.bind(array, name)
        self.roots, self.last = {}, {}
        for number in self.steps:
            self.follow(number)
        self.owned = self.for_results()

    def follow(self, number):
        """Note whose arrays a result may look at, and what the step reads."""
        step = self.steps[number]
        read = set()
        for symbol in leaves(step[1:], Symbol):
            read |= self.roots.get(symbol.number, {symbol.number})
        self.last.update(dict.fromkeys(read, number))
        self.roots[number] = {number} if self.writes_out(number) else read | {number}

    def for_results(self):
        """{number: the array of a result, which the step writes into}. Only of steps after the last
        question, so that no result is touched where the answer is another one.
        """
        owned, asked = {}, max(self.program.guards, default=-1)
        for name, value in self.program.names.items():
            if isinstance(value, Symbol):
                self.last.update(dict.fromkeys(self.roots.get(value.number, ()), np.inf))
                fits = value.number in self.steps and self.writes_out(value.number)
                fits = fits and _kind(self.results[name]) == _kind(_like(value.example))
                if fits and value.number > asked:
                    owned.setdefault(value.number, self.results[name])
        return owned

    def writes_out(self, number):
        """Whether this step can write its result into an array that is there."""
        function, arguments, options = self.steps[number]
        example = self.program.examples[number]
        if isinstance(example, list | tuple) or example.dtype == object:
            return False
        if function is np.where:
            return len(arguments) == 3 and _of(arguments[0]).dtype == bool
        if function is np.dot:
            return not options and all(np.ndim(_of(a)) for a in arguments)
        if function in WITH_OUT or function is astype:
            return True
        if isinstance(getattr(function, "__self__", None), np.ufunc):
            return function.__name__ == "reduce"
        is_ufunc = isinstance(function, np.ufunc) and function.nout == 1 and "where" not in options
        return is_ufunc and (function.ntypes > 1 or function.types != ["O->O"])  # of objects

    def only_asks(self, number):
        """Whether a step asks if one number is finite, and nothing but a question comes of it. Then
        Python's own function is quicker.
        """
        function, _, options = self.steps[number]
        one = function is np.isfinite and np.ndim(self.program.examples[number]) == 0
        return one and not options and number in self.program.guards and number not in self.last

    # A step.

    def write(self, number):
        """The line, or lines, of a step; and of the question that was asked of it."""
        function, arguments, options = self.steps[number]
        if self.only_asks(number):
            self.places[number] = self.call(math.isfinite, *arguments)
        elif self.writes_out(number):
            self.places[number] = self.place_for(number)
            self.write_out(self.places[number], function, arguments, options)
        elif (view := self.view(function, arguments, options)) is not None:
            self.places[number] = view
        else:
            self.places[number] = f"t{number}"
            call = self.call(COMPUTE.get(function, function), *arguments, **options)
            self.lines.append(f"t{number} = {call}")
        self.check(number)
        for root in set().union(*map(self.roots_of, leaves((arguments, options), Symbol))):
            if self.last.get(root) == number and root in self.own:
                self.own.remove(root)
                self.free.setdefault(_kind(self.places[root]), []).append(self.places[root])

    def roots_of(self, symbol):
        return self.roots.get(symbol.number, {symbol.number})

    def write_out(self, out, function, arguments, options):
        """The lines of a step that writes into an array."""
        if function is np.where:
            condition, yes, no = arguments
            self.line(np.copyto, out, no)
            self.line(np.copyto, out, yes, where=condition)
        elif function is astype:
            self.line(np.copyto, out, arguments[0], casting="unsafe")
        elif function is np.dot:
            self.line(np.dot, *arguments, out)
        elif function in WITH_OUT or function in (np.maximum, np.minimum):  # out by its name
            self.line(function, *arguments, **options, out=out)
        elif isinstance(function, np.ufunc):
            self.line(function, *self.typed(function, arguments, options), out, **options)
        elif len(arguments) == 1 and options.keys() <= {"axis", "keepdims"}:
            places = options.get("axis", 0), None, out, options.get("keepdims", False)
            self.line(function, *arguments, *places)
        else:
            self.line(function, *arguments, **options, out=out)

    def typed(self, function, arguments, options):
        """Python's numbers as arrays in the dtype of the others, which NumPy would make anew at
        each call.
        """
        dtypes = {_of(a).dtype for a in arguments if not isinstance(a, bool | int | float)}
        if (
            function not in ARITHMETIC
            or options
            or len(dtypes) != 1
            or (dtype := dtypes.pop()).kind != "f"
        ):
            return arguments
        return [self.constant(a, dtype) if type(a) in (int, float) else a for a in arguments]

    def constant(self, number, dtype):
        """An array of one number, the same for the same."""
        name = NUMERALS.get(repr(number), "c")
        key = (repr(number), dtype)
        if key not in self.names:
            self.names[key] = np.asarray(number, dtype)
            self.bind(self.names[key], name)
        return self.names[key]

    def view(self, function, arguments, options):
        """The view that this step takes of an array, or None: then it is no view of one."""
        if function not in VIEWS:
            return None
        places = [self.places[s.number] for s in leaves((arguments, options), Symbol)]
        if len(places) != 1 or isinstance(places[0], str):
            return None
        at = lambda leaf: places[0] if isinstance(leaf, Symbol) else leaf
        operands, chosen = mapped((arguments, options), at)
        result = COMPUTE.get(function, function)(*operands, **chosen)
        looks = isinstance(result, np.ndarray) and np.may_share_memory(result, places[0])
        return result if looks else None

    def place_for(self, number):
        """An array for the result: that of a result of the Program; or of an operand, if the step
        goes entry by entry and nobody reads that one any more; or one that is free; or a new one.
        """
        if number in self.owned:
            return self.owned[number]
        function, arguments, _ = self.steps[number]
        like = _like(self.program.examples[number])
        place, kind = None, _kind(like)
        if isinstance(function, np.ufunc) and function.signature is None:
            for symbol in leaves(arguments, Symbol):
                other = symbol.number
                dies = self.last.get(other) == number and other in self.own
                if place is None and dies and _kind(self.places[other]) == kind:
                    self.own.remove(other)
                    place = self.places[other]
        if place is None:
            place = self.free[kind].pop() if self.free.get(kind) else like
            self.bind(place, f"t{number}")
        self.own.add(number)
        return place

    def check(self, number):
        """Lines that raise OtherBranch for another answer, or another shape."""
        place = self.text(Symbol(self.program, number))
        if number in self.program.guards:
            negation = "not " if self.program.guards[number] else ""
            self.lines.append(f"if {negation}{place}: raise OtherBranch")
        if number in self.steps and not has_fixed_shape(self.steps[number]):
            shape = mapped(self.program.examples[number], np.shape)
            other = f"mapped({place}, shape) != {self.bind(shape, 'shape_')}"
            self.lines.append(f"if {other}: raise OtherBranch")

    def finish(self):
        """Lines that copy what does not stand in its result yet."""
        for name, value in self.program.names.items():
            destination = self.results[name]
            if not isinstance(value, Symbol) or self.places[value.number] is not destination:
                self.line(np.copyto, destination, value)

    # Text.

    def line(self, function, *arguments, **options):
        self.lines.append(self.call(function, *arguments, **options))

    def call(self, function, *arguments, **options):
        """A call as text."""
        inside = [self.text(a) for a in arguments]
        inside += [f"{name}={self.text(value)}" for name, value in options.items()]
        return f"{self.text(function)}({', '.join(inside)})"

    def text(self, value):
        """A name or a number. What has no text of its own is bound to a name."""
        if isinstance(value, Symbol):
            place = self.places[value.number]
            return place if isinstance(place, str) else self.text(place)
        if value is None or type(value) in (bool, int, str):
            return repr(value)
        if holds(value, Symbol):
            if hasattr(value, "_fields"):  # of a named tuple
                return self.call(type(value), *value)
            inside = [Text(self.text(part)) for part in parts(value)]
            keyed = isinstance(value, dict)
            return repr(dict(zip(value, inside, strict=True)) if keyed else like(value, inside))
        return self.bind(value, _word(value))

    def bind(self, value, name):
        """The name by which the function knows this object."""
        if id(value) not in self.names:
            name = name if name.isidentifier() else re.sub(r"\W", "_", f"_{name}")
            while name in self.bound or name in RESERVED:
                name += "_"
            self.names[id(value)], self.bound[name] = name, value
        return self.names[id(value)]

    def function(self):
        """The function that does what the lines say."""
        lines = "".join(f"\n    {line}" for line in self.lines or ["pass"])
        space = self.bound | {"OtherBranch": OtherBranch, "mapped": mapped, "shape": np.shape}
        # Each name is a local variable of the function, with its object as the default.
        names = ", ".join(f"{name}={name}" for name in space)
        exec(f"def run({names}):{lines}", space)
        run = space["run"]
        run.text = f"def run():{lines}"
        return run


NUMERALS = {"0": "zero", "1": "one", "2": "two", "0.0": "zero", "1.0": "one", "2.0": "two"}
RESERVED = {"run", "OtherBranch", "mapped", "shape", "pass", "if", "not", "raise", "def", "lambda"}


def _pairs(arrays, symbols):
    return [(arrays[name], symbol) for name, symbol in symbols.items()]


def _word(value):
    """What an object may be called in the text."""
    owner = getattr(value, "__self__", None)
    name = getattr(value, "__name__", "c")
    return f"{owner.__name__}_{name}" if isinstance(owner, np.ufunc) else name


def _of(leaf):
    """A Symbol's example; what else there is, as an array."""
    return leaf.example if isinstance(leaf, Symbol) else np.asarray(leaf)


def _like(example):
    """A new array that lies in memory as the example does, or would if it were no view."""
    return np.empty_like(example, subok=False)


def _kind(array):
    """Arrays of one kind can stand for each other."""
    return array.shape, array.dtype, array.strides
