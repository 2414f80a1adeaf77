"""A Program by single entries computed step by step, for whoever looks at every intermediate
result, rounds it or gets it wrong; many times at once, as entries of arrays.
"""

import numpy as np

from autograd_lite.tracing import Symbol

SUMS, PRODUCTS = (np.add, np.subtract), (np.multiply,)


class Line:
    """The steps of a Program by single entries, looked up once for many runs.

    symbols, names, given, steps: the Program's.
    parts: {number of a sum or a product: its parts}, each a Symbol or a number; those of a product
        are the factors of its factors, those of a sum the terms of its terms, as far as these have
        no names of their own. inner: {number: the numbers of the steps that were taken apart}.
    """

    def __init__(self, program):
        self.symbols, self.names, self.given = program.symbols, program.names, program.given
        self.steps = program.steps
        self.named = {s.number for s in program.names.values() if isinstance(s, Symbol)}
        self.parts, self.inner = {}, {}
        for number, (function, arguments, _) in self.steps.items():
            if function in SUMS or function in PRODUCTS:
                self._take_apart(number, function, arguments)

    def _take_apart(self, number, function, arguments):
        kind = SUMS if function in SUMS else PRODUCTS
        self.parts[number], self.inner[number] = [], []
        for k, argument in enumerate(arguments):
            sign = -1 if k and function is np.subtract else 1
            at = getattr(argument, "number", None)
            if at in self.parts and self.steps[at].function in kind and self._may_open(at, kind):
                self.parts[number] += [(part, sign * own) for part, own in self.parts[at]]
                self.inner[number].append(at)
            else:
                self.parts[number].append((argument, sign))

    def _may_open(self, at, kind):
        return kind is PRODUCTS or at not in self.named


def computed(line, given, keep=None):
    """{name: number}, as `Program.run(given)`, without its guards.

    line: a Line. keep(number, result, values): what is kept of the result of the step of this
    number; values: those before it, `value_of(values, argument)`.
    """
    numbers = line.given | given
    values = {symbol.number: numbers[name] for name, symbol in line.symbols.items()}
    with np.errstate(all="ignore"):
        for number, (function, arguments, _) in line.steps.items():
            result = function(*(value_of(values, argument) for argument in arguments))
            values[number] = result if keep is None else keep(number, result, values)
    return numbers | {name: value_of(values, symbol) for name, symbol in line.names.items()}


def right(value):
    """The number itself, of a value that may be an array of the number and what it may become."""
    return float(value[0] if np.ndim(value) else value)


def value_of(values, argument):
    """The value of an argument of a step: of a Symbol what it stands for, or a constant itself."""
    return values[argument.number] if isinstance(argument, Symbol) else argument
