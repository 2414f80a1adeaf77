"""A network of neurons as the lecture draws it, with the numbers of one observation. Lecture,
section 9.
"""

from dataclasses import replace

import numpy as np

import nn
from viz.canvas.shapes import formula
from viz.language.symbols import digits
from viz.language.words import captions_of
from viz.pictures.boxes import boxes_below
from viz.pictures.layered import Column, Wire, draw_columns, fade, mix
from viz.reading.model import Network, run_one

# One colour for each neuron that arrows lead to; into a single output they are black.
COLOURS = ("#A0148C", "#00588A", "#B05A00", "#1E7D46", "#7A4FBF", "#8A6D00", "#C2185B", "#00838F")
GRADIENT = "#CC0000"
BOXED = 6  # layers; beyond, the formulas under the network would be longer than the network is wide
WRITTEN_OUT = 3  # terms of a linear combination; a longer one has an ellipsis

FORMULAS = {
    nn.Sigmoid: r"\frac{{1}}{{1+e^{{-({s})}}}}",
    nn.Tanh: r"\tanh({s})",
    nn.ReLU: r"\max(0, {s})",
    nn.LeakyReLU: r"\text{{LeakyReLU}}({s})",
    nn.PReLU: r"\text{{PReLU}}({s})",
    nn.ELU: r"\text{{ELU}}({s})",
    nn.Softplus: r"\ln(1+e^{{{s}}})",
    nn.NormalCDF: r"\Phi({s})",
    nn.Softmax: r"\text{{softmax}}_{{j}}({s})",
    nn.LogSoftmax: r"\ln \text{{softmax}}_{{j}}({s})",
    nn.Identity: "{s}",
    nn.Mixed: "a_{{j}}({s})",
}


def network(model, x=None, y=None, loss=None, highlight=None, captions="en", arrows="neuron"):
    """Draw a model as columns of circles: features, hidden layers, output, and the loss if `loss`
    is given.

    model: a Sequential (an MLP is one) of Linear, activations, Dropout and BatchNorm1d. In training
        mode the neurons that the last mask of a Dropout switched off are grey, without arrows.
    x: one observation; the values then stand under the circles (of the features, as they enter the
        first Linear). With y and loss, the gradients too, in red: ∂l/∂h.
    highlight: (layer, to, source), counted from 1, or a ChainRule: the ways from that weight to the
        loss light up.
    captions: "en", "ru", or a list with a caption for each column.
    arrows: "neuron", a colour for each neuron led to; or "gradient", redder and thicker the larger
        |∂l/∂ω|.

    Labels ω^(k)_ji are drawn where all of them find a place that touches nothing; a long layer is
    drawn with an ellipsis. Returns a Picture. Raises TypeError for a model that is no such
    sequence, ValueError for more than one observation.
    """
    read = Network(model)
    observed = None if x is None else run_one(read, x, y, loss)
    if y is not None and x is None:
        raise ValueError("y came without x: give the observation's features too.")
    if arrows not in ("neuron", "gradient"):
        raise ValueError(f'arrows: got {arrows!r}; give "neuron" or "gradient".')
    if arrows == "gradient" and (observed is None or observed.loss is None):
        raise ValueError(
            'arrows="gradient" needs x, y and loss: the gradient belongs to an observation.'
        )
    lit = None if highlight is None else lit_wires(read, *getattr(highlight, "weight", highlight))
    columns = columns_of(
        read, captions_of(read.layers, captions, loss is not None), observed, loss is not None, lit
    )
    wires = wires_of(read, loss is not None)
    if arrows == "gradient":
        wires = _by_gradient(wires, observed)
    if lit is not None:
        way = [wire for wire in wires if (wire.column, wire.source, wire.target) in lit]
        # What stands back is drawn first, so that it does not run over the way.
        wires = [_faded(wire) for wire in wires if wire not in way] + [_lit(wire) for wire in way]
    picture = draw_columns(columns, wires, f"A neural network, {'-'.join(map(str, read.sizes))}")
    if read.layers <= BOXED:
        layers = range(1, read.layers + 1)
        boxes_below(
            picture,
            [(circles_of(read, k), (formula(formula_of(read, k), size=19),)) for k in layers],
        )
    return picture


def circles_of(read, layer):
    """The formulas in a layer's circles."""
    return [read.notation.neuron(layer, j + 1) for j in range(read.sizes[layer])]


def columns_of(read, captions, observed=None, loss=False, lit=None):
    """The columns of the picture: one for each layer, and one for the loss."""
    columns = []
    for layer, caption in zip(range(read.layers + 1), captions, strict=False):
        kind = "x" if layer == 0 else "o" if layer == read.layers else "h"
        neurons = range(read.sizes[layer])
        on_way = neurons if lit is None else {end for wire in lit for end in _ends(wire, layer)}
        columns.append(
            Column(
                kind=kind,
                symbols=tuple(circles_of(read, layer)),
                caption=caption,
                off=read.dropped(layer),
                keep=frozenset() if lit is None else frozenset(sorted(on_way)[:3]),
                notes=_notes(read, observed, layer, on_way),
                faded=frozenset(neurons) - frozenset(on_way),
            )
        )
    if loss:
        notes = ()
        if observed is not None and observed.loss is not None:
            notes = (((digits(observed.loss.item()), "black"), ("1", GRADIENT)),)
        columns.append(Column("l", ("l",), captions[-1], notes=notes))
    return columns


def wires_of(read, loss=False, labels=True):
    """An arrow for each weight between neurons that are switched on, and from each output to the
    loss.
    """
    wires = []
    for layer in range(1, read.layers + 1):
        off, off_before = read.dropped(layer), read.dropped(layer - 1)
        for j in range(read.sizes[layer]):
            colour = COLOURS[j % len(COLOURS)] if read.sizes[layer] > 1 else "black"
            for i in range(read.sizes[layer - 1]):
                if j not in off and i not in off_before:
                    label = read.notation.weight(layer, j + 1, i + 1) if labels else ""
                    wires.append(Wire(layer - 1, i, j, label, colour))
    if loss:
        wires += [Wire(read.layers, j, 0) for j in range(read.sizes[-1])]
    return wires


def lit_wires(read, layer, to, source):
    """The arrows, as (column, source, target), on the ways from the weight ω^(layer)_{to, source}
    to the loss.
    """
    check_weight(read, (layer, to, source))
    return ({(layer - 1, source - 1, to - 1)} if source else set()) | wires_onward(read, layer, to)


def wires_onward(read, layer, neuron):
    """The arrows, as (column, source, target), on the ways from a neuron (counted from 1; layer 0:
    a feature) to the loss.
    """
    lit, reached = set(), {neuron - 1}
    for column in range(layer, read.layers):
        following = set(range(read.sizes[column + 1])) - read.dropped(column + 1)
        reached -= read.dropped(column)
        lit |= {(column, i, j) for i in reached for j in following}
        reached = following if reached else set()
    return lit | {(read.layers, j, 0) for j in reached}


def check_weight(read, weight):
    """Raise ValueError, with the numbers that would do, unless `weight` is (layer, to, source) of
    this network.
    """
    layer, to, source = weight
    if not 1 <= layer <= read.layers:
        raise ValueError(f"weight {weight}: the network has layers 1 to {read.layers}.")
    lowest = 0 if read.linears[layer - 1].bias is not None else 1
    if not (1 <= to <= read.sizes[layer] and lowest <= source <= read.sizes[layer - 1]):
        raise ValueError(
            f"weight {weight}: into layer {layer} go weights (to 1…{read.sizes[layer]}, "
            f"source {lowest}…{read.sizes[layer - 1]}); source 0 is the bias."
        )


def formula_of(read, layer):
    """h_j = a(ω_j1 x_1 + … + ω_j0), as LaTeX: what the neurons of a layer compute."""
    j = "j" if read.sizes[layer] > 1 else 1
    activation = read.of_layer(layer, nn.Activation)
    written = "{s}" if activation is None else FORMULAS.get(type(activation), "a({s})")
    return f"{read.notation.neuron(layer, j)} = {written.format(s=combination_of(read, layer, j))}"


def combination_of(read, layer, j):
    """ω_j1 x_1 + … + ω_j0, as LaTeX: the linear combination that enters neuron j of a layer."""
    sources = read.outputs_of(layer - 1)
    terms = [read.notation.weight(layer, j, i + 1) + symbol for i, symbol in enumerate(sources)]
    if len(terms) > WRITTEN_OUT:
        terms = [terms[0], r"\ldots", terms[-1]]
    if read.linears[layer - 1].bias is not None:
        terms.append(read.notation.weight(layer, j, 0))
    return " + ".join(terms)


def _notes(read, observed, layer, on_way):
    """The value of each neuron and, if there is a loss, its gradient; nothing for neurons that are
    switched off.
    """
    if observed is None:
        return ()
    stage = observed.stage_of(layer)
    values = [[(digits(value), "black")] for value in observed.value(stage)]
    if observed.loss is not None:
        for lines, gradient in zip(values, observed.gradients()[stage][0], strict=True):
            lines.append((digits(gradient), GRADIENT))
    off = read.dropped(layer)
    for j in set(range(len(values))) - set(on_way):
        values[j] = [(number, fade(colour)) for number, colour in values[j]]
    return tuple(() if j in off else tuple(lines) for j, lines in enumerate(values))


def _by_gradient(wires, observed):
    """The arrows of weights redder and thicker the larger |∂l/∂ω|, compared with the largest in the
    network.
    """
    sizes = [
        np.abs(observed.weight_gradient(layer + 1)) for layer in range(observed.network.layers)
    ]
    largest = max(size.max() for size in sizes) or 1.0
    weighed = []
    for wire in wires:
        if wire.column < len(sizes):
            share = float(sizes[wire.column][wire.target, wire.source] / largest)
            colour = mix("#A0A0A0", GRADIENT, share)
            wire = replace(wire, colour=colour, unlabelled=colour, width=0.9 + 2.6 * share)
        weighed.append(wire)
    return weighed


def _lit(wire):
    return replace(wire, unlabelled=wire.colour, width=max(wire.width, 2.2))


def _faded(wire):
    return replace(wire, colour=fade(wire.colour), unlabelled=fade(wire.colour))


def _ends(wire, layer):
    column, source, target = wire
    return [source] if column == layer else [target] if column + 1 == layer else []
