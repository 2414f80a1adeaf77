"""What is said of a part of a network when somebody points at it: its chain rule, and its paths to
the loss.
"""

import math

from viz.language.names import neuron_name, weight_name
from viz.language.plain import plain
from viz.language.symbols import derivative
from viz.lesson.trace import Telling
from viz.pictures.chain_rule import neuron_rule, weight_rule
from viz.reading.paths import wires_onward


def network_about(observed, weights):
    """{part: Telling} of every weight, every neuron and the loss of a Run of one observation.

    weights: each as (layer, to, source).
    """
    read, found = observed.network, {}
    loss = neuron_name(read.layers + 1, 1)
    for weight in weights:
        layer, to, source = weight
        # The bias has no arrow, and no neuron where one would start.
        lit = [weight_name(*weight), neuron_name(layer - 1, source)] if source else []
        title = f"Weight {plain(read.notation.weight(*weight))}"
        lines = [_once(weight_rule(observed, weight).lines)]
        found[weight_name(*weight)] = _paths(read, title, lines, lit, layer, to)
    for layer in range(read.layers + 1):
        for j in range(1, read.sizes[layer] + 1):
            title = f"{'Neuron' if layer else 'Feature'} {plain(read.notation.neuron(layer, j))}"
            lines = [_once(neuron_rule(observed, layer, j))]
            if (layer, j, 0) in weights:
                lines.append(_once(weight_rule(observed, (layer, j, 0)).lines))
            found[neuron_name(layer, j)] = _paths(read, title, lines, [], layer, j)
    found[loss] = Telling("The loss l", ((derivative("l", "l"), "= 1"),), (loss,))
    return found


def _paths(read, title, lines, lit, layer, j):
    """The Telling of what leads through neuron j of a layer: how many paths there are, and all of
    them lit.
    """
    wires = wires_onward(read, layer, j)
    onward = [weight_name(column + 1, to + 1, i + 1) for column, i, to in sorted(wires)]
    ends = sorted({neuron_name(column, source + 1) for column, source, _ in wires})
    last = [neuron_name(read.layers + 1, 1)] if wires else []
    reached = [{to for c, _, to in wires if c == column} for column in {c for c, _, _ in wires}]
    paths = math.prod(map(len, reached)) if wires else 0
    said = {0: "no path", 1: "one path"}.get(paths, f"{paths} paths")
    parts = [*lit, neuron_name(layer, j), *onward, *ends, *last]
    return Telling(f"{title}: {said} to the loss", tuple(lines), tuple(dict.fromkeys(parts)))


def _once(lines):
    """The lines as one, without what only says again what was said before it."""
    symbols, known, product, number = lines
    return (
        symbols,
        *([known] if not symbols.endswith(known) else []),
        *([product] if product != number else []),
        number,
    )
