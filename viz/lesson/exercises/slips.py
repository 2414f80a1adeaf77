"""What goes wrong on paper: a sign, a forgotten factor, a forgotten term. All are tried at once."""

import numpy as np

from viz.lesson.exercises.computed import PRODUCTS, SUMS, computed, right, value_of

COUNTS = {**dict.fromkeys((*SUMS, *PRODUCTS), 3), np.logaddexp: 1, np.log1p: 2}  # of slips
UNSEEN = 1e-9  # a slip that changes less changes nothing


class Slips:
    """A slip in each column; column 0 is right.

    numbers: the right ones by name, for slopes that are forgotten as a whole.
    """

    def __init__(self, line, numbers):
        self.line, self.columns, self.width = line, {}, 1
        self.slopes = dict(_forgotten_slopes(line, numbers))
        for number, (function, _, _) in line.steps.items():
            count = COUNTS.get(function, 0) + (number in self.slopes)
            self.columns[number] = list(range(self.width, self.width + count))
            self.width += count

    def __call__(self, number, result, values):
        if not self.columns[number]:
            return result
        function, arguments, _ = self.line.steps[number]
        operands = [right(value_of(values, argument)) for argument in arguments]
        wrong = _wrong(function, operands, right(result))
        if number in self.slopes:
            wrong.append(right(result) / self.slopes[number])
        kept = np.full(self.width, result, float) if np.ndim(result) == 0 else result.copy()
        kept[self.columns[number]] = wrong
        return kept


def _wrong(function, operands, result):
    """What becomes of a result: a factor or a term is forgotten, or a sign is mistaken. Of
    ln(1 + e^s) the 1 is.
    """
    a = operands[0]
    if function in PRODUCTS:
        return [*operands, -result]
    if function is np.logaddexp:
        return [a]
    if function is np.log1p:
        return [0.0, np.log(a)]
    return [a, result - a, a - (result - a)]


def _forgotten_slopes(line, numbers):
    """(number of ∂l/∂s, ∂h/∂s), which may be a product itself: o (1 − o)."""
    for name in line.names:
        if name.startswith("local-") and numbers[name]:
            _, stage, j = name.split("-")
            by = line.names.get(f"adjoint-{int(stage) - 1}-{j}")
            if getattr(by, "number", None) in line.parts:
                yield by.number, numbers[name]


def slipped(line, given):
    """{name: array}: the right number, then one for each slip."""
    return computed(line, given, Slips(line, computed(line, given)))


def all_tell(asked):
    """Whether each slip takes every answer that it changes out of its tolerance. The new loss, to
    which all of them lead, has to tell only those that nothing else tells.

    asked: [(name, values, tolerance)], the right one of the values first.
    """
    told = []
    for name, values, allowed in asked:
        by = np.abs(np.atleast_1d(values) - right(values))
        changed, outside = by > UNSEEN, by > allowed
        if name == "loss/new":
            changed &= ~np.any([others for others in told if others.size > 1], axis=0)
        if np.any(changed & ~outside):
            return False
        told.append(outside)
    return True
