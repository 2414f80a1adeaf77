"""Arrows that look as large as what they stand for: a weight, or its gradient. The same look says
the same in the whole picture.
"""

import math
from dataclasses import replace

import numpy as np

from viz.canvas.colours import GRADIENT, NEGATIVE, NO_GRADIENT, NO_SIGN, POSITIVE, mix
from viz.canvas.shapes import DASHED, DOTTED, SOLID
from viz.language.numbers import in_text
from viz.pictures.columns import CONSTANT, Wire

THIN, THICK = 0.9, 3.5  # pixels: of 0, and of the largest
SIGNS = {  # by words: colour and dash of an arrow
    "positive": (POSITIVE, SOLID),
    "negative": (NEGATIVE, DASHED),
    "zero": (NO_SIGN, SOLID),
    "nan": (NO_SIGN, DOTTED),
}


def by_gradient(wires, observed):
    """The arrows of weights redder and thicker the larger |∂l/∂ω|, compared with the largest finite
    one in the network.
    """
    layers = range(1, observed.network.layers + 1)
    gradients = [(observed.weight_gradient(k), observed.bias_gradient(k)) for k in layers]

    def look(number, share):
        return mix(NO_GRADIENT, GRADIENT, share), DASHED if math.isnan(number) else SOLID

    return _weighed(wires, _matrices(wires, gradients), look)


def by_weight(wires, network):
    """The arrows of weights thicker the larger |ω|, compared with the largest finite one in the
    network, with a colour and a dash for each sign.
    """
    return _weighed(wires, _weights(wires, network), lambda number, share: SIGNS[_sign(number)])


def samples_of(wires, network, words):
    """What `by_weight` makes of the wires, as (wire, words) pairs: each sign that is there, and how
    large a weight the thickest arrow stands for.
    """
    matrices = _weights(wires, network)
    numbers = [matrices[w.column][w.target, w.source] for w in wires if w.column < len(matrices)]
    there = {_sign(number) for number in numbers}
    samples = [
        (_looking(Wire(0, 0, 0), 0.3, look), words[sign])
        for sign, look in SIGNS.items()
        if sign in there
    ]
    if there & {"positive", "negative"}:
        says = words["and more" if np.isinf(numbers).any() else "thickest"]
        says = says.format(size=in_text(_largest(matrices)))
        samples.append((_looking(Wire(0, 0, 0), 1, ("black", SOLID)), says))
    return samples


def _weights(wires, network):
    data = lambda parameter: None if parameter is None else parameter.data
    return _matrices(wires, [(data(one.weight), data(one.bias)) for one in network.linears])


def _matrices(wires, layers):
    """For each layer, of (weights (to, source), biases (to,) or None), one matrix. Where biases are
    drawn, theirs is the last column, which CONSTANT finds.
    """
    drawn = any(wire.source == CONSTANT for wire in wires)
    return [
        np.column_stack([weights, biases]) if drawn and biases is not None else weights
        for weights, biases in layers
    ]


def _weighed(wires, matrices, look):
    """The wires, those of weights as thick as their share of the largest, with the colour and the
    dash that `look` gives to number and share.
    """
    largest, weighed = _largest(matrices), []
    for wire in wires:
        if wire.column < len(matrices):
            number = matrices[wire.column][wire.target, wire.source]
            share = abs(float(number)) / largest
            share = 0.0 if math.isnan(share) else min(share, 1.0)  # an infinite one as the largest
            wire = _looking(wire, share, look(number, share))
        weighed.append(wire)
    return weighed


def _largest(matrices):
    """The largest finite size; 1 where there is none but 0."""
    sizes = np.abs(np.concatenate([matrix.ravel() for matrix in matrices]))
    return float(max(sizes[np.isfinite(sizes)], default=0)) or 1.0


def _looking(wire, share, look):
    colour, dash = look
    width = THIN + share * (THICK - THIN)
    return replace(wire, colour=colour, unlabelled=colour, width=width, dash=dash)


def _sign(number):
    if math.isnan(number):
        return "nan"
    return "positive" if number > 0 else "negative" if number < 0 else "zero"
