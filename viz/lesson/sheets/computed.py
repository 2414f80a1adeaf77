"""A Program by single entries computed step by step, for whoever looks at every intermediate
result, or rounds it.
"""

import numpy as np

from autograd_lite.nested import mapped
from autograd_lite.tracing import Symbol


def as_it_is(value):
    """The value."""
    return value


def computed(program, given, named=as_it_is, unnamed=as_it_is, seen=None, instead=None):
    """{name: number}, as `program.run(given)`, without its guards.

    named, unnamed: what is kept of the result of a step that has a name, and of others.
    seen(number, function, operands, result): called with each step. instead: {number of a step:
    what it gives}, for steps that go wrong.
    """
    names = {symbol.number for symbol in program.names.values() if isinstance(symbol, Symbol)}
    numbers = program.given | given
    values = {symbol.number: numbers[name] for name, symbol in program.symbols.items()}
    value_of = lambda leaf: values[leaf.number] if isinstance(leaf, Symbol) else leaf
    with np.errstate(all="ignore"):
        for number, (function, arguments, options) in program.steps.items():
            operands, chosen = mapped((arguments, options), value_of)
            keep = named if number in names else unnamed
            values[number] = keep(function(*operands, **chosen))
            if instead and number in instead:
                values[number] = instead[number]
            if seen is not None:
                seen(number, function, operands, values[number])
    numbers |= mapped(program.names, value_of)
    return {name: float(value) for name, value in numbers.items()}
