"""The ways from a weight or a neuron to the loss, and the derivatives along them. Lecture, sections
3 and 9: multiply along each way, and add over the ways.
"""

import functools
import itertools
import operator

import numpy as np

import autograd_lite as ag
import nn
from viz.language.products import Factor, Product, Sum
from viz.language.symbols import derivative

# Of a sum; a longer one has an ellipsis, as has one of three terms and more that holds sums or is
# in one.
MOST_TERMS = 4
DEEPEST = 2  # sums within sums; what lies deeper stays a derivative
MOST_PATHS = 10_000


class Derivatives:
    """The derivatives of each stage of a Run by the one before, as numbers.

    A node is (stage, neuron); the loss is the one neuron of the last stage.
    """

    def __init__(self, observed):
        tensors = [*observed.tensors, observed.loss]
        self.jacobian = functools.cache(lambda stage: _jacobian(*tensors[stage : stage - 2 : -1]))

    def local(self, upper, lower):
        """∂upper/∂lower of two nodes, one a stage after the other."""
        return float(self.jacobian(upper[0])[upper[1], lower[1]])

    def product(self, upper, lower):
        """∂upper/∂lower: the Jacobians in between, multiplied from the loss's side, as
        backpropagation does.
        """
        row = self.jacobian(upper[0])[upper[1]]
        for stage in range(upper[0] - 1, lower[0], -1):
            row = row @ self.jacobian(stage)
        return float(row[lower[1]])

    def passes(self, node):
        """Whether a Dropout leaves the node on."""
        return self.jacobian(node[0])[node[1]].any()


class Ways:
    """The ways from one neuron's value at the stage `first` up to the loss, through the stages of
    a network.

    derivatives: what the value of each Factor is asked of: numbers, as Derivatives gives them, or
        their names.
    """

    def __init__(self, network, first, neuron, derivatives):
        self._notation, self._stages = network.notation, network.stages
        self._derivatives = derivatives
        self._start, self._end = (first, neuron), (len(network.stages), 0)
        self._symbols = [*(stage.symbols for stage in network.stages), ("l",)]

    def expression(self, *last):
        """The derivative of l as Products and Sums, common factors in front, with the Factor
        `last`, if any, behind.
        """
        if not self._between(self._end, self._start):
            start = derivative("l", self._symbol(self._start)) if last else "0"
            return Product((Factor(start, "0", 0.0), *last))
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
            return [Factor(whole, whole, self._derivatives.product(upper, lower))]
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
        return Factor(symbol, known, self._derivatives.local(upper, lower))

    def _symbol(self, node):
        return self._symbols[node[0]][node[1]]

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
        if below[1] != above[1]:
            return False
        dropout = isinstance(self._stages[above[0]].module, nn.Dropout)
        return not dropout or self._derivatives.passes(above)


def _jacobian(output, given):
    """∂output/∂given as a matrix (outputs, given), one backpropagation for each row."""
    seeds = np.eye(output.size).reshape(output.size, *output.shape)
    return np.stack([np.ravel(ag.gradients(output, [given], seed=seed)[0]) for seed in seeds])


def weight_of(read, weight):
    """(layer, to, source) of a weight of this network, as whole numbers.

    Raises ValueError, with the numbers that would do, for anything else.
    """
    try:
        layer, to, source = map(operator.index, weight)
    except (TypeError, ValueError):
        raise ValueError(
            f"a weight is (layer, to, source), three whole numbers, got {weight!r}."
        ) from None
    if not 1 <= layer <= read.layers:
        raise ValueError(f"weight {layer, to, source}: the network has layers 1 to {read.layers}.")
    lowest = 0 if read.linears[layer - 1].bias is not None else 1
    if not (1 <= to <= read.sizes[layer] and lowest <= source <= read.sizes[layer - 1]):
        raise ValueError(
            f"weight {layer, to, source}: into layer {layer} go weights (to 1…{read.sizes[layer]}, "
            f"source {lowest}…{read.sizes[layer - 1]}); source 0 is the bias."
        )
    return layer, to, source


def lit_wires(read, weight):
    """The arrows, as (column, source, target), on the ways from the weight ω^(layer)_{to, source}
    to the loss. The arrow of a bias comes from source −1.
    """
    layer, to, source = weight_of(read, weight)
    # The weight leads to s, and on to h unless a Dropout stands between; a softmax spreads it.
    reached = range(1, read.sizes[layer] + 1) if read.mixes(layer) else [to]
    onward = [] if to - 1 in read.cut(layer) else [wires_onward(read, layer, j) for j in reached]
    return {(layer - 1, source - 1, to - 1)}.union(*onward)


def wires_onward(read, layer, neuron):
    """The arrows, as (column, source, target), on the ways from a neuron (counted from 1; layer 0:
    a feature) to the loss.
    """
    lit, reached = set(), {neuron - 1}
    for column in range(layer, read.layers):
        following = set(range(read.sizes[column + 1])) - read.cut(column + 1)
        reached -= read.dropped(column)
        lit |= {(column, i, j) for i in reached for j in following}
        reached = following if reached else set()
    return lit | {(read.layers, j, 0) for j in reached}
