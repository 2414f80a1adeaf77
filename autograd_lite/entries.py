"""A Program by single entries: its steps are functions of numbers, such as a page in a browser or a
formula on paper can have.

Nobody needs this file to understand the library.

A step is a function of NumPy, and NumPy's functions run on arrays of objects too: np.matmul then
calls + and · of the objects, np.transpose moves them. So each step of a Program is done once more,
on arrays that hold a Symbol of another Program in every place. What these are asked makes the other
Program. Functions that go entry by entry (np.sin of an object would ask for a method of its), and
reductions, are taken apart here; whatever has no such form raises Untraceable.

    >>> from autograd_lite.entries import by_entries
    >>> from autograd_lite.tracing import Program
    >>> program = Program()
    >>> x = program.symbol("x", [1.0, 2.0])
    >>> program.name("l", np.dot(np.sin(x), [3.0, 1.0]))
    >>> print(program)
    x = [1. 2.]
    t1 = np.sin(x)
    l = np.dot(t1, [3.0, 1.0])
    >>> print(by_entries(program))
    x[0] = 1.0
    x[1] = 2.0
    t2 = np.sin(x[0])
    t3 = np.sin(x[1])
    t4 = np.multiply(t2, 3.0)
    l = np.add(t4, t3)

All numbers are in double precision there, and truth values count as 0 and 1.
"""

from operator import getitem as item

import numpy as np

from autograd_lite.arrays import NUMBERS
from autograd_lite.derivatives import name_of
from autograd_lite.derivatives.indexing import astype, getitem, scatter
from autograd_lite.nested import leaves, mapped
from autograd_lite.tracing import Program, Symbol, Untraceable

CONSTANTS = (*NUMBERS, np.bool_)


def by_entries(program):
    """The same Program with a number in each place. What is an array has a name for each of its
    entries: x[0, 1].

    Raises Untraceable for a step that has no form by single entries.
    """
    result = Program()
    values = {}  # of each Symbol of the program an array of the result's Symbols and of numbers
    for name, symbol in program.symbols.items():
        values[symbol.number] = array = np.empty(symbol.shape, object)
        for place in np.ndindex(array.shape):
            array[place] = result.symbol(entry_name(name, place), symbol.example[place])
    for number, step in program.steps.items():
        values[number] = taken_apart(step, values, program.examples[number])
    for number in program.guards:
        bool(values[number].item())  # asks the Symbol, which notes the guard
    for name, value in program.names.items():
        array = values[value.number] if isinstance(value, Symbol) else np.asarray(value)
        for place in np.ndindex(array.shape):
            result.name(entry_name(name, place), array[place])
    return result


def as_data(program):
    """A Program by single entries as numbers, texts and lists of them, for JSON.

    given: {name: number}. constants: numbers. steps: [function, place, …], where the places of the
    arguments count what is given, then the constants, then the steps. names: {name: place}.
    guards: [place, True or False].
    """
    if any(np.shape(example) != () for example in program.examples):
        raise ValueError("as_data needs a Program by single entries: as_data(by_entries(program)).")
    given, steps = program.symbols.values(), program.steps
    used = leaves([program.names, [step.arguments for step in steps.values()]], CONSTANTS)
    constants = {str(float(number)): float(number) for number in used}
    places = [*(symbol.number for symbol in given), *constants, *steps]
    places = {what: place for place, what in enumerate(places)}
    place_of = lambda leaf: places[leaf.number if isinstance(leaf, Symbol) else str(float(leaf))]
    return {
        "given": {name: float(number) for name, number in program.given.items()},
        "constants": list(constants.values()),
        "steps": [
            [step.function.__name__.split()[0], *map(place_of, step.arguments)]
            for step in steps.values()
        ],
        "names": {name: place_of(value) for name, value in program.names.items()},
        "guards": [[places[number], answer] for number, answer in program.guards.items()],
    }


def entry_name(name, place):
    """x[0, 1]; of a number x, the same name."""
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def taken_apart(step, values, example):
    """The step on arrays of objects. Its result has the shape of the example."""
    function, arguments, options = step
    dtype = dtype_of(example)
    if dtype.kind == "b":
        function = OF_TRUTHS.get(function, function)
    form = form_of(function)
    if form is None or dtype.kind == "c":
        raise Untraceable(f"{name_of(function)} has no form by single entries.")
    counts = dtype.kind != "b" and not goes_by_entries(function)
    objects = lambda leaf: of_symbol(leaf, values, counts) if isinstance(leaf, Symbol) else leaf
    arguments, options = mapped((arguments, options), objects)
    try:
        result = form(*arguments, **options)
    except Untraceable:
        raise
    except Exception as error:  # NumPy's words for an object that is no number
        raise Untraceable(f"{name_of(function)} has no form by single entries: {error}") from error
    return result if isinstance(example, list) else as_array(result)


def of_symbol(symbol, values, counts):
    """The array for a Symbol; truth values as numbers, if they are to be counted."""
    array = values[symbol.number]
    truths = counts and dtype_of(symbol.example).kind == "b"
    return as_array(each(np.multiply)(array, 1.0)) if truths else array


def dtype_of(example):
    """The dtype of a step's result; of several results, that of the first."""
    return example[0].dtype if isinstance(example, list | tuple) else example.dtype


def as_array(entries):
    """What is a single number or Symbol, as an array without axes."""
    if isinstance(entries, np.ndarray):
        return entries
    array = np.empty((), object)
    array[()] = entries
    return array


# What runs on arrays of objects in the place of a function.


def form_of(function):
    """The function's form, or None."""
    if goes_by_entries(function):
        return each(function)
    ufunc = getattr(function, "__self__", None)
    if isinstance(ufunc, np.ufunc):
        return getattr(on_objects(ufunc), function.__name__)
    return FORMS.get(function)


def goes_by_entries(function):
    """Whether an entry of its result is the function of one entry of each argument."""
    ufunc = isinstance(function, np.ufunc) and function.signature is None and function.nout == 1
    return ufunc or function is np.where


def each(function):
    """The function called for one entry after the other. An option dtype=float changes nothing."""

    def entrywise(*arguments, dtype=None):
        if np.dtype(dtype).kind != "f":
            raise Untraceable(f"{name_of(function)} with {dtype=}.")
        return on_objects(function)(*map(as_array, arguments))

    return entrywise


def on_objects(function):
    """A ufunc that calls the function for objects. (It is given the identity, so that it can reduce
    several axes, or none.)
    """
    identity = getattr(function, "identity", None)
    return np.frompyfunc(function, getattr(function, "nin", 3), 1, identity=identity)


def mean(a, axis=None, keepdims=False):
    """Σ a / n"""
    sums = np.sum(a, axis=axis, keepdims=keepdims)
    return as_array(sums / (a.size // max(np.size(as_array(sums)), 1)))


def var(a, axis=None, ddof=0, keepdims=False):
    """Σ (a − mean)² / (n − ddof)"""
    centred = as_array(a - mean(a, axis, True))
    n = a.size // max(mean(a, axis).size, 1)
    return np.sum(as_array(centred * centred), axis=axis, keepdims=keepdims) / (n - ddof)


def std(a, axis=None, ddof=0, keepdims=False):
    """√var"""
    return each(np.sqrt)(var(a, axis, ddof, keepdims))


def clip(a, a_min=None, a_max=None, *, min=None, max=None):
    """Not below the one, then not above the other."""
    least, most = a_min if min is None else min, a_max if max is None else max
    a = a if least is None else each(np.maximum)(a, least)
    return a if most is None else each(np.minimum)(a, most)


def add_at(values, index, shape):
    """`scatter`, which adds where an entry is indexed repeatedly."""
    result = np.zeros(shape, object)
    np.add.at(result, index, values)
    return result


def as_type(a, dtype):
    """The same numbers, or their whole parts."""
    kind = np.dtype(dtype).kind
    if kind not in "fiu":
        raise Untraceable(f"A number in a Program is no {dtype}.")
    return a if kind == "f" else each(np.trunc)(a)


# What functions of truth values are, where these are numbers elsewhere.
OF_TRUTHS = {np.add: np.logical_or, np.multiply: np.logical_and, np.bitwise_or: np.logical_or}
OF_TRUTHS |= {np.bitwise_and: np.logical_and, np.bitwise_xor: np.logical_xor}
OF_TRUTHS |= {np.invert: np.logical_not}
# Functions that move entries, or multiply and add them, whatever these are.
AS_THEY_ARE = [
    *(getitem, np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.rollaxis),
    *(np.expand_dims, np.squeeze, np.broadcast_to, np.concatenate, np.stack, np.split),
    *(np.array_split, np.flip, np.fliplr, np.flipud, np.roll, np.rot90, np.repeat, np.tile),
    *(np.resize, np.delete, np.insert, np.take, np.take_along_axis, np.compress, np.extract),
    *(np.diag, np.diagflat, np.diagonal, np.tril, np.triu, np.matrix_transpose, np.trace),
    *(np.linalg.diagonal, np.linalg.matrix_transpose, np.fft.fftshift, np.fft.ifftshift),
    *(np.dot, np.matmul, np.einsum, np.linalg.multi_dot, np.inner, np.outer, np.tensordot),
    *(np.cumsum, np.cumprod, np.convolve, item),
    np.lib.stride_tricks.sliding_window_view,
]
FORMS = {
    **{function: function for function in AS_THEY_ARE},
    np.mean: mean,
    np.var: var,
    np.std: std,
    np.clip: clip,
    np.vecdot: lambda a, b: np.sum(as_array(a * b), axis=-1),
    scatter: add_at,
    astype: as_type,
}
