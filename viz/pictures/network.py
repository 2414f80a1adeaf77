"""A network of neurons as the lecture draws it, with the numbers of one observation. Lecture,
section 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import nn
from nn.types import ArrayLike, Loss
from viz.canvas.colours import GRADIENT, NEURONS, fade
from viz.canvas.picture import Picture
from viz.canvas.shapes import Formula
from viz.language.formulas import ACTIVATIONS
from viz.language.names import neuron_name
from viz.language.numbers import digits
from viz.language.words import captions_of, words_in
from viz.pictures.arranging import arrange
from viz.pictures.boxes import boxes_below
from viz.pictures.chain_rule import ChainRule
from viz.pictures.columns import CONSTANT, Column, Wire
from viz.pictures.layered import draw_layout, draw_legend
from viz.pictures.weighing import by_gradient, by_weight, samples_of
from viz.reading.features import feature_names, of_row
from viz.reading.model import Network
from viz.reading.paths import lit_wires
from viz.reading.run import run_one

BOXED = 6  # layers; beyond, the formulas under the network would be longer than the network is wide
WRITTEN_OUT = 3  # terms of a linear combination; a longer one has an ellipsis
ARROWS = ("neuron", "gradient", "weight")


def network(
    model: nn.Module,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    loss: Loss | None = None,
    highlight: tuple[int, int, int] | ChainRule | None = None,
    captions: str | Sequence[str] = "en",
    arrows: str = "neuron",
    names: Iterable[str] | None = None,
    bias: bool = False,
    size: float = 1,
) -> Picture:
    """Draw a model as columns of circles: features, hidden layers, output, and the loss if `loss`
    is given.

    model: a Sequential (an MLP is one) of Linear, activations, Dropout and BatchNorm1d. In training
        mode the neurons that the last mask of a Dropout switched off are grey, without arrows.
    x: one observation; the values then stand under the circles (of the features, as they enter the
        first Linear).
    y: its target. With y and loss, the gradients too, in red: ∂l/∂h.
    loss: of nn, or a function of output and y.
    highlight: (layer, to, source), counted from 1, or a ChainRule: the ways from that weight to the
        loss light up.
    captions: "en", "ru", or a list with a caption for each column.
    arrows: "neuron": a colour for each neuron led to. "gradient": redder and thicker the larger
        |∂l/∂ω|; grey and thin where the weight is frozen or the gradient 0, and dashed where it is
        no number (nan). "weight": thicker the larger |ω|, and dashed where ω is negative, with a
        legend.
    names: what the features are called, written under their circles. Without it, if x is the row of
        a data frame, its columns' names.
    bias: True: the biases are arrows from a circle with a 1.
    size: how large names and numbers under the circles are, 1 to 3; 2 can be read where the picture
        is as wide as a slide.

    Labels ω^(k)_ji are drawn where all of them find a place that touches nothing. A long layer is
    drawn with an ellipsis.

    Returns a Picture. Raises TypeError for a model that is no such sequence; ValueError for one in
    which a weight has two places, for more than one observation, for another number of names or
    captions, and for another size.

        >>> model = nn.MLP([2, 1], output=nn.Sigmoid, rng=0)
        >>> picture = viz.network(model, names=["GPA", "TUCE"], bias=True)
        >>> picture["neuron-0-1"].says, picture["neuron-0-0"].says
        ('x₁, GPA', '1')
    """
    read = Network(model)
    observed = None if x is None else run_one(read, x, y, loss)
    _check_arrows(arrows, observed, x, y)
    lit = None if highlight is None else lit_wires(read, getattr(highlight, "weight", highlight))
    wrote = captions_of(read.layers, captions, loss is not None)
    called = feature_names(names, of_row(x), read.sizes[0])
    columns = columns_of(read, wrote, observed, loss is not None, lit, called, bias)
    if not 1 <= size <= 3:
        raise ValueError(f"size: got {size}; names and numbers are 1 to 3 times as large.")
    columns = [replace(column, size=size) for column in columns]
    wires = wires_of(read, loss is not None, bias=bias, columns=columns)
    if arrows == "gradient":
        wires = by_gradient(wires, observed)
    elif arrows == "weight":
        wires = by_weight(wires, read)
    widened = arrows == "neuron"  # elsewhere the width says something
    layout = arrange(columns, wires if lit is None else _lit_up(wires, lit, widened))
    words = words_in(captions if isinstance(captions, str) else "en")
    title = words["network"].format(sizes="-".join(map(str, read.sizes)))
    picture = draw_layout(layout, columns, title)
    if read.layers <= BOXED:
        layers = range(1, read.layers + 1)
        boxes_below(picture, [(neurons_of(read, k), _box(read, k)) for k in layers])
    if arrows == "weight":
        draw_legend(picture, samples_of(wires, read, words["arrows"]), layout.pen)
    return picture


def neurons_of(read, layer):
    """The names of a layer's neurons."""
    return [neuron_name(layer, j + 1) for j in range(read.sizes[layer])]


def columns_of(read, captions, observed=None, loss=False, lit=None, names=(), bias=False):
    """The columns of the picture: one for each layer, and one for the loss."""
    columns = []
    for layer, caption in zip(range(read.layers + 1), captions, strict=False):
        kind = "x" if layer == 0 else "o" if layer == read.layers else "h"
        neurons = range(read.sizes[layer])
        on_way = neurons if lit is None else {end for wire in lit for end in _ends(wire, layer)}
        constant = bias and layer < read.layers and read.linears[layer].bias is not None
        back = set() if lit is None else {*neurons, CONSTANT} - on_way
        columns.append(
            Column(
                kind=kind,
                symbols=tuple(read.notation.neuron(layer, j + 1) for j in neurons),
                caption=caption,
                off=read.dropped(layer),
                keep=frozenset() if lit is None else frozenset(sorted(on_way - {CONSTANT})[:3]),
                notes=_notes(read, observed, layer, on_way),
                faded=frozenset(back),
                names=names if layer == 0 else (),
                constant=constant,
            )
        )
    if loss:
        notes = ()
        if observed is not None and observed.loss is not None:
            notes = (((digits(observed.loss.item()), "black"), ("1", GRADIENT)),)
        reached = lit is None or any(wire[0] == read.layers for wire in lit)
        faded = frozenset() if reached else frozenset([0])
        columns.append(Column("l", ("l",), captions[-1], notes=notes, faded=faded))
    return columns


def wires_of(read, loss=False, labels=True, bias=False, columns=None):
    """An arrow for each weight between neurons that are switched on, and from each output to the
    loss.

    labels: whether they have labels.
    bias: whether there is one for each bias too.
    columns: if given, arrows between those of their circles alone that are drawn: there may be very
        many others.
    """
    wires = []
    for layer in range(1, read.layers + 1):
        before = _switched_on(read, columns, layer - 1)
        if bias and read.linears[layer - 1].bias is not None:
            before = [*before, CONSTANT]
        for j in _switched_on(read, columns, layer):
            colour = NEURONS[j % len(NEURONS)] if read.sizes[layer] > 1 else "black"
            for i in before:
                label = read.notation.weight(layer, j + 1, i + 1) if labels else ""
                wires.append(Wire(layer - 1, i, j, label, colour))
    if loss:
        wires += [Wire(read.layers, j, 0) for j in range(read.sizes[-1])]
    return wires


def _switched_on(read, columns, layer):
    circles = range(read.sizes[layer]) if columns is None else columns[layer].slots
    off = read.dropped(layer) | {None}  # an ellipsis
    return [index for index in circles if index not in off]


def formulas_of(read, layer):
    """What the neurons of a layer compute, a line or two of LaTeX: h_j = a(ω_j1 x_1 + … + ω_j0); or
    where s is normalized or thinned first, s_j = ω_j1 x_1 + … + ω_j0 and h_j = a(s*_j).
    """
    activation, j = read.of_layer(layer, nn.Activation), _any(read, layer)
    s, entering = read.notation.combination(layer, j), read.entering(layer, j)
    if activation is None or entering != s:
        return formulas_apart(read, layer)
    activated = _activated(activation, combination_of(read, layer, j))
    return [f"{read.notation.neuron(layer, j)} = {activated}"]


def formulas_apart(read, layer):
    """The same with s, or q, on a line of its own, where there is an activation."""
    activation, j = read.of_layer(layer, nn.Activation), _any(read, layer)
    neuron, combination = read.notation.neuron(layer, j), combination_of(read, layer, j)
    if activation is None:
        return [f"{neuron} = {combination}"]
    s, entering = read.notation.combination(layer, j), read.entering(layer, j)
    return [f"{s} = {combination}", f"{neuron} = {_activated(activation, entering)}"]


def _any(read, layer):
    """The index of any neuron of a layer."""
    return "j" if read.sizes[layer] > 1 else 1


def _activated(activation, s):
    """a(s), as LaTeX."""
    written = ACTIVATIONS.get(type(activation), "a({s})")
    return written.format(s=s, factor=f"({s})" if " + " in s else s)


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
    for j in set(range(len(values))) - set(on_way):  # they stand back
        values[j] = [(number, fade(colour)) for number, colour in values[j]]
    return tuple(() if j in off else tuple(lines) for j, lines in enumerate(values))


def _check_arrows(arrows, observed, x, y):
    if y is not None and x is None:
        raise ValueError("y came without x: give the observation's features too.")
    if arrows not in ARROWS:
        raise ValueError(f"arrows: got {arrows!r}; give {', '.join(map(repr, ARROWS))}.")
    if arrows == "gradient" and (observed is None or observed.loss is None):
        raise ValueError(
            'arrows="gradient" needs x, y and loss: the gradient belongs to an observation.'
        )


def _lit_up(wires, lit, widened):
    way = [wire for wire in wires if (wire.column, wire.source, wire.target) in lit]
    # What stands back is drawn first, so that it does not run over the way.
    back = [_faded(wire) for wire in wires if wire not in way]
    return back + [_lit(wire) if widened else wire for wire in way]


def _lit(wire):
    return replace(wire, unlabelled=wire.colour, width=max(wire.width, 2.2))


def _faded(wire):
    return replace(wire, colour=fade(wire.colour), unlabelled=fade(wire.colour))


def _ends(wire, layer):
    column, source, target = wire
    return [source] if column == layer else [target] if column + 1 == layer else []
