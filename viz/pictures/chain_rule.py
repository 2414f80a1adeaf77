"""The derivative of the loss by one weight, as the lecture writes it: in symbols, with what is
known put in, in numbers.

Lecture, sections 3 and 9: multiply the derivatives along the way from the weight to the loss, and
add over the ways.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import nn
from nn.types import ArrayLike, Loss
from viz.canvas.colours import PINK
from viz.canvas.picture import Drawn, Picture
from viz.canvas.shapes import Box, Formula
from viz.language.products import Factor, lines
from viz.language.symbols import derivative
from viz.language.words import WORDS, words_in
from viz.reading.model import Network
from viz.reading.paths import Derivatives, Ways, weight_of
from viz.reading.run import run_one

WIDEST = 1000  # pixels: a longer line is broken before its second equals sign


def chain_rule(
    model: nn.Module,
    x: ArrayLike,
    y: ArrayLike,
    loss: Loss,
    weight: tuple[int, int, int],
    captions: str = "en",
) -> ChainRule:
    """∂l/∂ω of one weight, multiplied out along every way from the weight to the loss.

    model: a Sequential of Linear, activations, Dropout and BatchNorm1d.
    x: one observation, (m₀,).
    y: its target: a number, one for each output, or a class label, as the loss takes it.
    loss: of nn, or a function of output and y.
    weight: (layer, to, source), the weight ω^(layer)_{to,source}, counted from 1; source 0 is the
        bias.
    captions: "en" or "ru", the language of the title.

    Returns a ChainRule. Raises TypeError for a model that is no such sequence; ValueError for a
    weight that the network does not have, and for several observations. Lecture, sections 3, 6 and
    9.

        >>> model = nn.Linear(1, 1)
        >>> nn.unvec(model, [2.0, 0.0])  # o = 2 x
        >>> rule = viz.chain_rule(model, [3.0], 5.0, nn.mse_loss, weight=(1, 1, 1))
        >>> rule.value  # ∂l/∂o · x = 2 (o − y) · x, with o = 6
        6.0
        >>> [factor.value for factor in rule.paths[0]]
        [2.0, 3.0]
    """
    network, title = Network(model), words_in(captions)["rule"]
    weight = weight_of(network, weight)
    return weight_rule(run_one(network, x, y, loss), weight, title)


@dataclass(frozen=True, eq=False, repr=False)
class ChainRule(Drawn):
    """∂l/∂ω of one weight, and how it comes about. Made by `viz.chain_rule`.

    weight: (layer, to, source).
    symbol: ∂l/∂ω, as LaTeX.
    value: the derivative, a float.
    lines: the derivative in four LaTeX lines: in symbols; with what is known put in; in numbers;
        the number itself.
    title: what the picture shows, in one line.
    latex: the lines in one.
    paths: every way from the loss to the weight.
    picture: the lines in a pink box.
    """

    weight: tuple[int, int, int]
    symbol: str
    value: float
    lines: list[str]
    title: str
    _ways: Ways
    _last: Factor

    @property
    def latex(self):
        """The derivative in one line of LaTeX."""
        return " ".join(self.lines)

    @property
    def paths(self):
        """Every way from the loss to the weight, a list of Factors each; their products add up to
        `value`.

        Raises ValueError where there are more than 10,000.
        """
        return [[*factors, self._last] for factors in self._ways.all()]

    @functools.cached_property
    def picture(self):
        """The pink box, drawn when somebody looks: long formulas take their time."""
        picture = Picture(self.title)
        picture.add(Box(tuple(Formula(row) for row in self._rows()), 0, 0, fill=PINK))
        return picture

    def _rows(self):
        symbols, known, numbers, number = self.lines
        rows = []
        for first, second in ((symbols, known), (numbers, number)):
            width = Formula(first).ink.width + Formula(second).ink.width
            rows += [f"{first} {second}"] if width <= WIDEST else [first, second]
        return rows

    def _repr_latex_(self):
        # JupyterLab shows it rather than the picture, and would not break a line.
        rows = r" \\ ".join(f"& {row}" for row in self._rows())
        return rf"$$\begin{{aligned}} {rows} \end{{aligned}}$$"

    def __repr__(self):
        return repr(self.picture)


def weight_rule(observed, weight, title=WORDS["en"]["rule"]):
    """The ChainRule of one weight of a Run of one observation.

    title: of the picture, with a place for the weight.
    """
    network, value_at = observed.network, lambda stage, j: float(observed.value(stage)[j])
    stage, last = last_factor(network, weight, value_at)
    to = weight[1] - 1
    ways = Ways(network, stage, to, Derivatives(observed))
    symbol = derivative("l", network.notation.weight(*weight))
    value = float(observed.gradients()[stage][0, to]) * last.value
    written = lines(symbol, ways.expression(last), value)
    return ChainRule(weight, symbol, value, written, title.format(weight=weight), ways, last)


def last_factor(network, weight, value_at):
    """The stage of s, and ∂s/∂ω as a Factor: what the weight multiplies, a feature, or h of the
    layer before; 1 for the bias.

    value_at: gives the value of the Factor by the stage and the neuron, counted from 0.
    """
    layer, to, source = weight
    stage = next(i for i, stage in enumerate(network.stages) if stage.layer == layer)
    symbol = derivative(network.stages[stage].symbols[to - 1], network.notation.weight(*weight))
    if source == 0:
        return stage, Factor(symbol, "", 1.0)
    known = network.outputs_of(layer - 1)[source - 1]
    return stage, Factor(symbol, known, value_at(stage - 1, source - 1))
