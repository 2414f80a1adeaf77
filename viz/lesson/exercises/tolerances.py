"""How far a right answer may be off, where the rule is to round intermediate results to no fewer
than four significant digits.

Found by computing anew, once for each intermediate result: with this one off by half a unit of its
last digit. The effects on an answer add up where every rounding goes in the worst direction, so
whoever keeps to the rule is inside, however the numbers fall. Nor does the order matter in which
sums and products are taken: of their partial results the worst order counts.
"""

import math
from decimal import ROUND_HALF_UP, ROUND_UP, Context, Decimal

import numpy as np

from viz.lesson.exercises.computed import PRODUCTS, computed, right, value_of

DIGITS = 4  # that the rule on the sheet lets a student keep
WIDER = 1.05  # two roundings together do a little more, or less, than each alone
FEW = 5  # parts, of which all orders are tried; of more, those that take one part after another
EXACT = {
    *(np.negative, np.absolute, np.maximum, np.minimum, np.sign, np.greater, np.greater_equal),
    *(np.less, np.less_equal, np.equal, np.where),
}


def tolerance(answer, deviation):
    """The deviation, in three digits, and at least half a unit of the last digit that the rule lets
    a student write.
    """
    return max(_not_less(WIDER * deviation), half_a_unit(answer))


def half_a_unit(value):
    """0.00005 for 0.1234; the same for 0, as if it had four decimals."""
    exponent = Decimal(repr(float(value))).adjusted() if value else -1
    return float(Decimal(5).scaleb(exponent - DIGITS))


def is_short(value):
    """Whether four digits hold it; what binary fractions add to a short decimal is no digit, nor
    is what they leave of 0.
    """
    decimal = Decimal(f"{round(value, 12):.12g}")
    return Context(DIGITS, ROUND_HALF_UP).create_decimal(decimal) == decimal


def deviations(line, given):
    """{name: how far the number may be off} for whoever rounds on the way, at these numbers."""
    roundings = Roundings(line)
    numbers = computed(line, given, roundings)
    return {name: off(value) for name, value in numbers.items()}


def off(value):
    """How far a result may be off, all roundings in the worst direction."""
    return float(np.abs(value - value[0]).sum()) if np.ndim(value) else 0.0


class Roundings:
    """Rounds the result of each step in a column of its own: column 0 is exact.

    orders: {number of a sum or product: what rounding in it comes to, in the worst order}.
    """

    def __init__(self, line):
        self.line, self.orders = line, {}
        self.columns = {number: k for k, number in enumerate(line.steps, start=1)}

    def __call__(self, number, result, values):
        function, arguments, _ = self.line.steps[number]
        operands = [value_of(values, argument) for argument in arguments]
        if function in EXACT:
            return result
        exact = right(result)
        if number in self.line.parts:
            amount = self._of_parts(number, exact, values)
        else:
            amount = _of_function(function, operands, exact, off(result))
        if not amount:
            return result
        columns = np.full(len(self.columns) + 1, result) if np.ndim(result) == 0 else result.copy()
        columns[self.columns[number]] += amount
        return columns

    def _of_parts(self, number, exact, values):
        """What is added to what the sums or products inside of it have already."""
        line, function = self.line, self.line.steps[number].function
        parts = [(sign, value_of(values, part), part) for part, sign in line.parts[number]]
        parts = [(sign * right(value), off(value), part) for sign, value, part in parts]
        if function in PRODUCTS:
            whole = worst_order([part[:2] for part in parts], math.prod, relative=True)
        else:
            whole = worst_order([part[:2] for part in parts], math.fsum)
            whole = max(whole, *(self._beside(e, at, exact) for e, _, at in parts))
        self.orders[number] = whole
        added = whole - sum(self.orders[at] for at in line.inner[number])
        return added * (abs(exact) if function in PRODUCTS else 1)

    def _beside(self, e, argument, exact):
        """Of 1 + e, e an exponential: 1/(1 + 1/e) may have been computed in its place."""
        step = self.line.steps.get(getattr(argument, "number", None))
        return half_a_unit(exact / e) * e if step and step.function is np.exp else 0.0


def _of_function(function, operands, exact, inherited):
    """How far rounding the result of a function takes it off, and what is written down within."""
    last = half_a_unit(abs(exact) + inherited)
    if function is np.exp:  # or e^{-s} for e^{s}
        return max(last, half_a_unit(1 / exact) * exact**2)
    if function is np.logaddexp:
        return last + _within_logarithm(math.exp(right(operands[0])))
    if function is np.log1p:
        e = right(operands[0])
        return last + max(_within_logarithm(e), _within_logarithm(1 / e))
    return 0.0 if not inherited and is_short(exact) else last


def _within_logarithm(e):
    """Of ln(1 + e): e and 1 + e are rounded."""
    return (half_a_unit(e) + half_a_unit(1 + e)) / (1 + e)


def worst_order(parts, combine, relative=False):
    """What rounding all partial results of a sum or product comes to, in the order of combining in
    which it is most; of a product as a share of it.

    parts: [(value, how far off it may be already)]. combine: of a list of values.
    """
    neutral = 1 if relative else 0
    parts = [part for part in parts if part[1] or abs(part[0]) != neutral]
    if len(parts) < 2 or (relative and not all(value for value, _ in parts)):
        return 0.0
    most = {1 << k: 0.0 for k in range(len(parts))}
    for chosen in range(1, 1 << len(parts)):
        if chosen not in most:
            own = [part for k, part in enumerate(parts) if chosen >> k & 1]
            before = max(most[a] + most[chosen ^ a] for a in _splits(chosen, len(parts)))
            most[chosen] = before + _of_partial(own, combine, relative, before)
    return most[(1 << len(parts)) - 1]


def _splits(chosen, n):
    """One side of each way to split the parts in two."""
    if n > FEW:
        return [1 << k for k in range(n) if chosen >> k & 1]
    found, side = [], (chosen - 1) & chosen
    while side:
        found.append(side)
        side = (side - 1) & chosen
    return found


def _of_partial(parts, combine, relative, before):
    """Rounding one partial result."""
    value = abs(combine([part[0] for part in parts]))
    if is_short(value) and not before and not any(part[1] for part in parts):
        return 0.0
    shares = [part[1] / abs(part[0]) if relative else part[1] for part in parts]
    reach = (sum(shares) + before) * (value if relative else 1)
    return half_a_unit(value + reach) / (value if relative else 1)


def _not_less(value):
    """Three digits, rounded up."""
    return float(Context(3, ROUND_UP).create_decimal(f"{value:.12g}"))
