"""A Program by single entries computed step by step, for whoever looks at every intermediate
result, or rounds it.
"""

import numpy as np

from autograd_lite.tracing import Symbol


def as_it_is(value):
    """The value."""
    return value


class Line:
    """The steps of a Program by single entries, looked up once for many runs.

    symbols, names, given: the Program's.
    """

    def __init__(self, program):
        self.symbols, self.names, self.given = program.symbols, program.names, program.given
        self.steps = program.steps
        self.named = {s.number for s in program.names.values() if isinstance(s, Symbol)}


def computed(line, given, named=as_it_is, unnamed=as_it_is, seen=None, instead=None):
    """{name: number}, as `Program.run(given)`, without its guards.

    line: a Line. named, unnamed: what is kept of the result of a step that has a name, and of
    others. seen(number, function, operands, result): called with each step. instead: {number of a
    step: what it gives}, for steps that go wrong.
    """
    numbers = line.given | given
    values = {symbol.number: numbers[name] for name, symbol in line.symbols.items()}
    value_of = lambda leaf: values[leaf.number] if isinstance(leaf, Symbol) else leaf
    with np.errstate(all="ignore"):
        for number, (function, arguments, _) in line.steps.items():
            operands = [value_of(argument) for argument in arguments]
            keep = named if number in line.named else unnamed
            values[number] = keep(function(*operands))
            if instead and number in instead:
                values[number] = instead[number]
            if seen is not None:
                seen(number, function, operands, values[number])
    numbers |= {name: value_of(leaf) for name, leaf in line.names.items()}
    return {name: float(value) for name, value in numbers.items()}
