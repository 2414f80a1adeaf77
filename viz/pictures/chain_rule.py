"""The derivative of the loss by one weight, as the lecture writes it: in symbols, with what is
known put in, in numbers.

Lecture, sections 3 and 9: multiply the derivatives along the way from the weight to the loss, and
add over the ways.
"""

import functools
import itertools
from dataclasses import dataclass

import numpy as np

import autograd_lite as ag
import nn
from viz.canvas.picture import Picture
from viz.canvas.shapes import PINK, Box, formula
from viz.language.symbols import derivative, digits
from viz.pictures.network import check_weight
from viz.reading.model import Network, run_one

# Of a sum; a longer one has an ellipsis, as has one of three terms and more that holds sums or is
# in one.
MOST_TERMS = 4
DEEPEST = 2  # sums within sums; what lies deeper stays a derivative
MOST_PATHS = 10_000
WIDEST = 1000  # pixels: a longer line is broken before its second equals sign


def chain_rule(model, x, y, loss, weight):
    """∂l/∂ω of one weight, multiplied out along every way from the weight to the loss.

    model: a Sequential of Linear, activations, Dropout and BatchNorm1d. x, y: one observation.
        loss: of nn.
    weight: (layer, to, source), the weight ω^(layer)_{to,source}, counted from 1; source 0 is the
        bias.

    Returns a ChainRule. Raises ValueError for a weight that the network does not have, or several
    observations. Lecture, sections 3, 6 and 9.
    """
    network = Network(model)
    check_weight(network, weight)
    return ChainRule(run_one(network, x, y, loss), weight)


@dataclass(frozen=True)
class Factor:
    """One derivative along a way: ∂o/∂q, say, and its number.

    symbol: the derivative as a fraction, LaTeX. known: what it is (a weight, a feature), where that
        is known, or else the
    fraction again; empty for a factor that is always 1.
    """

    symbol: str
    known: str
    value: float


@dataclass(frozen=True)
class Product:
    """Factors and sums, multiplied."""

    parts: tuple


@dataclass(frozen=True)
class Sum:
    """Products, added; None among them is an ellipsis."""

    terms: tuple


class ChainRule(Picture):
    """∂l/∂ω of one weight, drawn as a pink box. Made by `viz.chain_rule`.

    weight: (layer, to, source). value: the derivative, a float. lines, latex, paths: how it comes
        about.
    """

    def __init__(self, observed, weight):
        layer, to, source = weight
        network = observed.network
        name = network.notation.weight(layer, to, source)
        self.title = f"The derivative of the loss by the weight {weight}"
        self.weight, self.symbol = weight, derivative("l", name)
        # Of the combination s.
        stage = next(i for i, stage in enumerate(network.stages) if stage.layer == layer)
        self._ways = _Ways(observed, stage, to - 1)
        self._last = self._by_weight(name, observed, network)
        self._tree = self._ways.expression(self._last)
        self.value = float(self._ways.total * self._last.value)

    @functools.cached_property
    def shapes(self):
        """The pink box, drawn when somebody looks: long formulas take their time."""
        return [Box(tuple(formula(row) for row in self._rows()), 0, 0, fill=PINK)]

    def _by_weight(self, name, observed, network):
        """∂s/∂ω, which is what the weight multiplies: a feature, or h of the layer before; 1 for
        the bias.
        """
        layer, to, source = self.weight
        s = network.stages[self._ways.first].symbols[to - 1]
        if source == 0:
            return Factor(derivative(s, name), "", 1.0)
        value = float(observed.value(self._ways.first - 1)[source - 1])
        return Factor(derivative(s, name), network.outputs_of(layer - 1)[source - 1], value)

    @property
    def lines(self):
        """The derivative in four LaTeX lines: in symbols; with what is known put in; in numbers;
        the number itself.
        """
        return _lines(self.symbol, self._tree, self.value)

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

    def _rows(self):
        symbols, known, numbers, number = self.lines
        rows = []
        for first, second in ((symbols, known), (numbers, number)):
            width = formula(first).bounds.width + formula(second).bounds.width
            rows += [f"{first} {second}"] if width <= WIDEST else [first, second]
        return rows

    def _repr_latex_(self):
        return f"${self.latex}$"


def neuron_rule(observed, layer, neuron):
    """∂l/∂h of one neuron of a Run, by the chain rule, as four LaTeX lines like ChainRule's.

    layer: 0 for the features. neuron: counted from 1.
    """
    stage = observed.stage_of(layer)
    ways = _Ways(observed, stage, neuron - 1)
    symbol = derivative("l", observed.network.stages[stage].symbols[neuron - 1])
    return _lines(symbol, ways.expression(), float(ways.total))


class _Ways:
    """The ways from one neuron's value at the stage `first` up to the loss, through the stages of
    an observation.

    A node is (stage, neuron); the loss is the one neuron of the last stage.
    """

    def __init__(self, observed, first, neuron):
        stages = observed.network.stages
        self.first = first
        self._notation = observed.network.notation
        self._stages = stages
        self._start, self._end = (self.first, neuron), (len(stages), 0)
        self._symbols = [*(stage.symbols for stage in stages), ("l",)]
        tensors = [*observed.tensors, observed.loss]
        self._jacobians = {
            i: _jacobian(tensors[i], tensors[i - 1]) for i in range(self.first + 1, len(tensors))
        }
        self.total = self._product(self._end, self._start)

    def expression(self, *last):
        """The derivative of l as Products and Sums, common factors in front, with the Factor
        `last`, if any, behind.
        """
        if not self._between(self._end, self._start):
            return Product((Factor(last[0].symbol if last else "0", "0", 0.0),))
        return Product((*self._factored(self._end, self._start, 0), *last))

    def all(self):
        """Every single way, as its list of Factors."""
        levels = self._between(self._end, self._start)
        ways = [[self._end]] if levels else []
        for level in levels[1:]:
            ways = [[*way, node] for way in ways for node in level if self._feeds(node, way[-1])]
            if len(ways) > MOST_PATHS:
                raise ValueError(
                    f"there are more than {MOST_PATHS} ways to the loss: take `value`, or a "
                    "smaller network."
                )
        return [[self._factor(*step) for step in itertools.pairwise(way)] for way in ways]

    def _factored(self, upper, lower, depth):
        """∂upper/∂lower as a list of parts to multiply."""
        if upper[0] == lower[0] + 1:
            return [self._factor(upper, lower)]
        levels = self._between(upper, lower)
        for level in levels[1:-1]:
            if len(level) == 1:  # every way leads through this node
                return [
                    *self._factored(upper, level[0], depth),
                    *self._factored(level[0], lower, depth),
                ]
        if depth == DEEPEST:
            whole = derivative(self._symbol(upper), self._symbol(lower))
            return [Factor(whole, whole, self._product(upper, lower))]
        nodes = levels[1]
        nested = depth > 0 or any(len(level) > 1 for level in self._between(nodes[0], lower))
        if len(nodes) > (2 if nested else MOST_TERMS):
            nodes = [*nodes[: 1 if nested else 2], None, nodes[-1]]
        return [Sum(tuple(node and self._term(upper, node, lower, depth) for node in nodes))]

    def _term(self, upper, node, lower, depth):
        return Product((self._factor(upper, node), *self._factored(node, lower, depth + 1)))

    def _factor(self, upper, lower):
        symbol = derivative(self._symbol(upper), self._symbol(lower))
        known = symbol
        stage = self._stages[upper[0]] if upper != self._end else None
        if stage is not None and isinstance(stage.module, nn.Linear):
            known = self._notation.weight(stage.layer, upper[1] + 1, lower[1] + 1)
        return Factor(symbol, known, float(self._jacobians[upper[0]][upper[1], lower[1]]))

    def _symbol(self, node):
        return self._symbols[node[0]][node[1]]

    def _product(self, upper, lower):
        """∂upper/∂lower as a number: the Jacobians in between, multiplied from the loss's side, as
        backpropagation does.
        """
        row = self._jacobians[upper[0]][upper[1]]
        for stage in range(upper[0] - 1, lower[0], -1):
            row = row @ self._jacobians[stage]
        return float(row[lower[1]])

    def _between(self, upper, lower):
        """The nodes on ways from `upper` to `lower`, stage by stage; empty if there is no way."""
        up = [[lower]]
        for stage in range(lower[0] + 1, upper[0] + 1):
            nodes = [(stage, j) for j in range(len(self._symbols[stage]))]
            up.append([node for node in nodes if any(self._feeds(below, node) for below in up[-1])])
        if upper not in up[-1]:
            return []
        levels = [[upper]]
        for level in reversed(up[:-1]):
            levels.append(
                [node for node in level if any(self._feeds(node, above) for above in levels[-1])]
            )
        return levels

    def _feeds(self, below, above):
        """Whether the value at `above` depends on the one at `below`, a stage earlier."""
        if above == self._end or not self._stages[above[0]].own:
            return True
        switched_off = (
            isinstance(self._stages[above[0]].module, nn.Dropout)
            and not self._jacobians[above[0]][above[1]].any()
        )
        return below[1] == above[1] and not switched_off


def _jacobian(output, given):
    """∂output/∂given as a matrix (outputs, given), one backpropagation for each row."""
    seeds = np.eye(output.size).reshape(output.size, *output.shape)
    return np.stack([np.ravel(ag.gradients(output, [given], seed=seed)[0]) for seed in seeds])


def _lines(symbol, tree, value):
    return [
        f"{symbol} = {_write(tree, _symbol)}",
        f"= {_write(tree, _known)}",
        rf"\approx {_write_numbers(tree)}",
        rf"\approx {digits(value)}",
    ]


def _symbol(factor):
    return factor.symbol


def _known(factor):
    return factor.known


def _write(part, how):
    """A part in symbols: factors side by side, sums in parentheses."""
    if isinstance(part, Factor):
        return how(part)
    if isinstance(part, Product):
        return " ".join(_write(inner, how) for inner in part.parts)
    terms = " + ".join(_write(term, how) if term else r"\cdots" for term in part.terms)
    return rf"\bigg( {terms} \bigg)"


def _write_numbers(part, first=True):
    """A part in numbers, with dots between; a negative number that is not the first stands in
    parentheses.
    """
    if isinstance(part, Factor):
        written = digits(part.value)
        return written if first or part.value >= 0 else f"({written})"
    if isinstance(part, Product):
        return r" \cdot ".join(
            _write_numbers(inner, first and i == 0) for i, inner in enumerate(part.parts)
        )
    terms = [
        _write_numbers(term, i == 0) if term else r"\cdots" for i, term in enumerate(part.terms)
    ]
    return f"({' + '.join(terms)})"
