"""The derivatives of activations and of the loss, worked out for a solution: ∂o/∂q = o (1 − o), in
symbols and in numbers, as the engine's own rules have them.
"""

import re

import numpy as np

import autograd_lite as ag
import nn
from viz.language.formulas import ACTIVATIONS, LOSSES
from viz.language.symbols import derivative
from viz.language.templates import equals, factor, names_in, result
from viz.lesson.graph_written import local_formula
from viz.lesson.stage_formulas import activation_of
from viz.reading.record import collect

HOLES = "\uf000", "\uf001"  # letters, private to us, that stand for symbols or numbers
LOCAL = re.compile(r"local-(\d+)-(\d+)")  # of a stage that takes each neuron for itself
# As it comes from the formula of the loss; the rule has it as one fraction.
LOSS_SLOPES = {
    nn.binary_cross_entropy: r"-\frac{{{1}}}{{{0}}} + \frac{{1 - {1}}}{{1 - {0}}}".format(*HOLES)
}
SIGMOID = r"\operatorname{{sigmoid}}({0})"
OTHER = re.compile(r"\\text|\\sum|\\operatorname\{(?!sign)")  # what a sheet does not explain
MOST = 9  # nodes of what is recorded


def with_slopes(told, read, loss):
    """[(Title, lines)] as `told_of` gives them, each chain rule below the derivative that it takes
    from an activation; that of the loss, which begins the way back, is worked out in its place.
    """
    slopes = Slopes(read, loss)
    return [
        (title, [new for line in lines for new in slopes.around(line)]) for title, lines in told
    ]


class Slopes:
    """Of a Network with a loss."""

    def __init__(self, read, loss):
        self.read, self.loss, self.last = read, loss, len(read.stages) - 1

    def around(self, line):
        """The line itself, with the derivative that it takes from elsewhere above it."""
        names = dict.fromkeys(names_in(" ".join(line)))
        places = [found.groups() for name in names if (found := LOCAL.fullmatch(name))]
        if len(places) == 1:
            t, j = places[0]
            above = self.of_activation(int(t), int(j))
            return [above, line] if above else [line]
        outputs = self.read.stages[self.last].symbols
        if len(outputs) == 1 and line[0].startswith(f"{derivative('l', outputs[0])} = "):
            return [self.of_loss(outputs[0]) or line]
        return [line]

    def of_activation(self, t, j):
        """∂h/∂s = h (1 − h), and the like."""
        after, before = self.read.stages[t], self.read.stages[t - 1]
        latex = slope_of_activation(activation_of(after.module, j + 1))
        symbols = after.symbols[j], before.symbols[j]
        names = f"stage-{t}-{j}", f"stage-{t - 1}-{j}"
        return latex and _line(derivative(*symbols), latex, symbols, names, f"local-{t}-{j}")

    def of_loss(self, output):
        """∂l/∂o = 2 (o − y), and the like."""
        latex, names = slope_of_loss(self.loss), (f"stage-{self.last}-0", "y-1")
        by = derivative("l", output)
        return latex and _line(by, latex, (output, "y"), names, f"adjoint-{self.last}-0")


def slope_of_activation(module):
    """∂h/∂s as LaTeX with HOLES for h and s; "" where the rule is no formula of these alone."""
    if type(module) not in ACTIVATIONS:
        return ""
    return _of_rule(module(ag.Tensor([[0.5]], requires_grad=True)), HOLES)


def slope_of_loss(loss):
    """∂l/∂o as LaTeX with HOLES for o and y, or ""."""
    if loss in LOSS_SLOPES:
        return LOSS_SLOPES[loss]
    if loss not in LOSSES:
        return ""
    recorded = loss(ag.Tensor([0.5], requires_grad=True), np.array([1.0]), reduction="none")
    return _of_rule(recorded, ("l", *HOLES))


def _of_rule(recorded, names):
    """The local derivative of a Tensor that one function has made, as its rule has it."""
    if recorded.function is None:
        return ""
    node = collect(recorded, MOST)[-1]
    latex = local_formula(node, 0, names, str) if len(node.sources) == len(names) - 1 else None
    if latex is None:
        return ""
    latex = latex.removeprefix(r"1 \cdot ")
    for hole in HOLES:
        written = ACTIVATIONS[nn.Sigmoid].format(s=hole, factor=hole)
        latex = latex.replace(SIGMOID.format(hole), written)
    return "" if OTHER.search(latex) else latex.replace(r"\operatorname", r"\text")


def _line(by, latex, symbols, names, value):
    """In symbols, in numbers, and as a number."""
    in_symbols, in_numbers = latex, latex
    for hole, symbol, name in zip(HOLES, symbols, names, strict=True):
        in_symbols = in_symbols.replace(hole, symbol)
        in_numbers = in_numbers.replace(hole, factor(name))
    used = names_in(in_numbers)
    return (f"{by} = {in_symbols}", f"{equals(*used)} {in_numbers}", result(value, *used))
