"""The expectation of an output over all masks of a Dropout: what is asked and told of it. Lecture,
section 5.
"""

import itertools

from viz.language.numbers import digits
from viz.language.templates import equals, factor, names_in, number, result
from viz.lesson.sheets.computed import Line, as_it_is, computed
from viz.lesson.sheets.sheet import Block
from viz.lesson.sheets.told import Asked, Solved, asked_in, told_of


class Masks(Solved):
    """Of one network with Dropout.

    program, lesson: its own. read: the Network. keep: the probability of a neuron to stay.
    """

    def __init__(self, program, lesson, read, keep):
        self.original, self.program = program, Line(program)
        self.lesson, self.keep = lesson, keep
        self.names = [name for name in program.symbols if name.startswith("mask")]
        self.masks = list(itertools.product((1.0, 0.0), repeat=len(self.names)))
        self.settings = [self._given(mask) for mask in self.masks]
        self.rows = lesson.rows
        self.output = f"neuron-{read.layers}-1"
        told = [line for _, lines in told_of(lesson, ("forward",)) for line in lines][:-1]
        varying = self._varying()
        self.once = [line for line in told if names_in(line[-1])[-1] not in varying]
        self.each = [line for line in told if line not in self.once]
        first = asked_in([(None, self.once)], "forward")
        outputs = [Asked(f"o({_listed(m)})", _name("o", m), "forward") for m in self.masks]
        self.asked = [*first, *outputs, Asked(r"\text{E}\,o", "expectation", "forward")]

    def run(self, given, named=as_it_is, unnamed=as_it_is):
        """{name: number}: those that depend on no mask, the outputs, the masks' probabilities, and
        the expectation.
        """
        numbers, total = {}, 0.0
        for mask in self.masks:
            run = computed(self.program, given | self._given(mask), named, unnamed)
            probability = named(self._probability(mask))
            numbers |= {_name("o", mask): run[self.output], _name("P", mask): probability}
            total = unnamed(total + unnamed(probability * run[self.output]))
        all_on = computed(self.program, given | self._given(self.masks[0]), named, unnamed)
        return all_on | numbers | {"expectation": named(total)}

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
