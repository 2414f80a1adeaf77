"""A network of neurons as the lecture draws it, with the numbers of one observation. Lecture,
section 9.
"""

import math
from dataclasses import replace

import numpy as np

import nn
from viz.canvas.colours import GRADIENT, NEURONS, NO_GRADIENT, fade, mix
from viz.canvas.shapes import DASHED, SOLID, Formula
from viz.language.formulas import ACTIVATIONS
from viz.language.names import neuron_name
from viz.language.numbers import digits
from viz.language.words import captions_of
from viz.pictures.boxes import boxes_below
from viz.pictures.columns import Column, Wire
from viz.pictures.layered import draw_columns
from viz.reading.model import Network
from viz.reading.paths import lit_wires
from viz.reading.run import run_one

BOXED = 6  # layers; beyond, the formulas under the network would be longer than the network is wide
WRITTEN_OUT = 3  # terms of a linear combination; a longer one has an ellipsis


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
        |∂l/∂ω|; grey and thin where the weight is frozen or the gradient 0, and dashed where it is
        no number (nan).

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
        boxes_below(picture, [(neurons_of(read, k), _box(read, k)) for k in layers])
    return picture


def neurons_of(read, layer):
    """The names of a layer's neurons."""
    return [neuron_name(layer, j + 1) for j in range(read.sizes[layer])]


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
                symbols=tuple(read.notation.neuron(layer, j + 1) for j in neurons),
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
            colour = NEURONS[j % len(NEURONS)] if read.sizes[layer] > 1 else "black"
            for i in range(read.sizes[layer - 1]):
                if j not in off and i not in off_before:
                    label = read.notation.weight(layer, j + 1, i + 1) if labels else ""
                    wires.append(Wire(layer - 1, i, j, label, colour))
    if loss:
        wires += [Wire(read.layers, j, 0) for j in range(read.sizes[-1])]
    return wires


def formulas_of(read, layer):
    """What the neurons of a layer compute, a line or two of LaTeX: h_j = a(ω_j1 x_1 + … + ω_j0); or
    where s is normalized or thinned first, s_j = ω_j1 x_1 + … + ω_j0 and h_j = a(s*_j).
    """
    j = "j" if read.sizes[layer] > 1 else 1
    neuron, combination = read.notation.neuron(layer, j), combination_of(read, layer, j)
    activation = read.of_layer(layer, nn.Activation)
    if activation is None:
        return [f"{neuron} = {combination}"]
    written = ACTIVATIONS.get(type(activation), "a({s})")
    s, entering = read.notation.combination(layer, j), read.entering(layer, j)
    if entering == s:
        return [f"{neuron} = {written.format(s=combination)}"]
    return [f"{s} = {combination}", f"{neuron} = {written.format(s=entering)}"]


def combination_of(read, layer, j):
    """ω_j1 x_1 + … + ω_j0, as LaTeX: the linear combination that enters neuron j of a layer."""
    sources = read.outputs_of(layer - 1)
    terms = [read.notation.weight(layer, j, i + 1) + symbol for i, symbol in enumerate(sources)]
    if len(terms) > WRITTEN_OUT:
        terms = [terms[0], r"\ldots", terms[-1]]
    if read.linears[layer - 1].bias is not None:
        terms.append(read.notation.weight(layer, j, 0))
    return " + ".join(terms)


def _box(read, layer):
    return tuple(Formula(line, size=19) for line in formulas_of(read, layer))


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
    """The arrows of weights redder and thicker the larger |∂l/∂ω|, compared with the largest finite
    one in the network.
    """
    sizes = [
        np.abs(observed.weight_gradient(layer + 1)) for layer in range(observed.network.layers)
    ]
    finite = [size[np.isfinite(size)] for size in sizes]
    largest = max((size.max() for size in finite if size.size), default=0.0) or 1.0
    weighed = []
    for wire in wires:
        if wire.column < len(sizes):
            size = sizes[wire.column][wire.target, wire.source]
            share = min(float(size / largest), 1.0)  # of an infinite one, as of the largest
            colour = mix(NO_GRADIENT, GRADIENT, 0 if math.isnan(share) else share)
            width = 0.9 if math.isnan(share) else 0.9 + 2.6 * share
            dash = DASHED if math.isnan(share) else SOLID
            wire = replace(wire, colour=colour, unlabelled=colour, width=width, dash=dash)
        weighed.append(wire)
    return weighed


def _lit(wire):
    return replace(wire, unlabelled=wire.colour, width=max(wire.width, 2.2))


def _faded(wire):
    return replace(wire, colour=fade(wire.colour), unlabelled=fade(wire.colour))


def _ends(wire, layer):
    column, source, target = wire
    return [source] if column == layer else [target] if column + 1 == layer else []
