"""The expectation of an output over all masks of a Dropout: what is asked and told of it. Lecture,
section 5.
"""

import itertools
import math

import numpy as np

from viz.language.numbers import digits
from viz.language.templates import equals, factor, names_in, number, result
from viz.lesson.exercises.computed import Line, computed, right
from viz.lesson.exercises.slips import slipped
from viz.lesson.exercises.solved import Solved
from viz.lesson.exercises.tolerances import deviations, half_a_unit, worst_order
from viz.lesson.sheets.sheet import Block
from viz.lesson.sheets.told import Asked, asked_in, told_of


class Masks(Solved):
    """Of one network with Dropout.

    program, lesson: its own. read: the Network. keep: the probability of a neuron to stay.
    """

    def __init__(self, program, lesson, read, keep):
        self.original, self.program = program, Line(program)
        self.lesson, self.keep = lesson, keep
        self.names = [name for name in program.symbols if name.startswith("mask")]
        self.masks = list(itertools.product((1.0, 0.0), repeat=len(self.names)))
        self.settings = dict(zip(self.names, np.array(self.masks).T, strict=True))
        self.rows = lesson.rows
        self.output = f"neuron-{read.layers}-1"
        told = [line for _, lines in told_of(lesson, ("forward",)) for line in lines][:-1]
        varying = self._varying()
        self.once = [line for line in told if names_in(line[-1])[-1] not in varying]
        self.each = [line for line in told if line not in self.once]
        first = asked_in([(None, self.once)], "forward")
        outputs = [Asked(f"o({_listed(m)})", _name("o", m), "forward") for m in self.masks]
        self.asked = [*first, *outputs, Asked(r"\text{E}\,o", "expectation", "forward")]

    def run(self, given):
        """{name: number}: those that depend on no mask, the outputs, the masks' probabilities, and
        the expectation.
        """
        found = self._of_all(computed, given)
        found |= {_name("P", mask): self._probability(mask) for mask in self.masks}
        found["expectation"] = sum(self._products(found))
        return {name: float(value) for name, value in found.items()}

    def deviations(self, given):
        numbers, found = self.run(given), self._of_all(deviations, given)
        parts = [
            (product, chance * found[_name("o", mask)] + half_a_unit(product))
            for mask, product in zip(self.masks, self._products(numbers), strict=True)
            for chance in [self._probability(mask)]
        ]
        whole = sum(allowed for _, allowed in parts) + worst_order(parts, math.fsum)
        return found | {"expectation": whole}

    def slipped(self, given):
        """Those of the expectation are of its own: a probability or an output is forgotten, p and
        1 − p are mistaken, or a mask is.
        """
        found = self._of_all(slipped, given)
        outputs = np.array([right(found[_name("o", mask)]) for mask in self.masks])
        chances = np.array([self._probability(mask) for mask in self.masks])
        terms, whole = chances * outputs, chances @ outputs
        wrong = [0 * terms, -terms, chances, outputs]  # in the place of one of the terms
        slips = [whole - terms + instead for instead in wrong]
        others = np.mean(outputs), chances[::-1] @ outputs
        return found | {"expectation": np.hstack([whole, *slips, *others])}

    def _of_all(self, of, given):
        """What `of` makes of the program at each mask: the outputs, and all else at the first."""
        runs = [of(self.program, given | self._given(mask)) for mask in self.masks]
        named = zip(self.masks, runs, strict=True)
        return runs[0] | {_name("o", mask): run[self.output] for mask, run in named}

    def _products(self, numbers):
        return [self._probability(mask) * numbers[_name("o", mask)] for mask in self.masks]

    def blocks(self, numbers):
        """What the solution consists of."""
        given = {name: numbers[name] for name in self.program.symbols}
        steps = [(("values of neurons",), self.once, numbers)]
        for mask in self.masks:
            run = numbers | computed(self.program, given | self._given(mask))
            steps.append((("mask", f"({_listed(mask)})"), [*self.each, self._chance(mask)], run))
        steps.append((("expectation",), [self._sum()], numbers))
        return [Block(*step) for step in steps]

    def _varying(self):
        """The names of the numbers that depend on a mask, seen at numbers of no special kind."""
        given = {
            name: 0.3 + 0.07 * k
            for k, name in enumerate(self.program.symbols)
            if not name.startswith(("mask", "y"))
        }
        runs = [computed(self.program, given | self._given(mask)) for mask in self.masks]
        return {name for name in runs[0] if any(run[name] != runs[0][name] for run in runs)}

    def _given(self, mask):
        return dict(zip(self.names, mask, strict=True))

    def _probability(self, mask):
        result = 1.0
        for stays in mask:
            result *= self.keep if stays else 1 - self.keep
        return result

    def _chance(self, mask):
        """P(1, 0) = p (1 − p), in symbols and in numbers."""
        stay, go = digits(self.keep), digits(1 - self.keep)
        symbols = " ".join("p" if stays else "(1 - p)" for stays in mask)
        product = r" \cdot ".join(stay if stays else go for stays in mask)
        return (f"P({_listed(mask)}) = {symbols}", f"= {product}", result(_name("P", mask)))

    def _sum(self):
        """E o = Σ P(m) o(m)"""
        symbols = [f"P({_listed(mask)})\\,o({_listed(mask)})" for mask in self.masks]
        chances, outputs = ([_name(letter, m) for m in self.masks] for letter in "Po")
        products = [
            rf"{number(p)} \cdot {factor(o)}" for p, o in zip(chances, outputs, strict=True)
        ]
        plus = lambda start, terms: (f"{start} {terms[0]}", *(f"+ {term}" for term in terms[1:]))
        return (
            *plus(r"\text{E}\,o =", symbols),
            *plus(equals(*chances, *outputs), products),
            result("expectation", *chances, *outputs),
        )


def _name(letter, mask):
    return f"{letter}-{''.join(f'{stays:g}' for stays in mask)}"


def _listed(mask):
    return ", ".join(f"{stays:g}" for stays in mask)
