"""The lecture's pictures, A to H, each drawn from a network of its shape. Lecture, section 9."""

import dataclasses

import numpy as np

import autograd_lite as ag
import nn
from viz.canvas.bounds import Bounds
from viz.canvas.chart import DASHES, Chart
from viz.canvas.colours import CURVES, FILLS, PINK
from viz.canvas.picture import Picture
from viz.canvas.shapes import Arrow, Box, Formula, Line, Rectangle, Text
from viz.language.names import neuron_name
from viz.language.numbers import digits
from viz.language.plain import plain
from viz.language.words import WORDS, captions_of
from viz.pictures.boxes import boxes_below
from viz.pictures.chain_rule import chain_rule
from viz.pictures.columns import Column, Wire
from viz.pictures.gradient_flow import gradient_flow
from viz.pictures.layered import draw_columns
from viz.pictures.network import columns_of, network, wires_of
from viz.reading.model import Network

HIDDEN, OUTPUT = (neuron_name(1, 1), neuron_name(1, 2)), (neuron_name(2, 1),)  # of C and D
EXAMPLES = (1, 1, 3), (2, 1, 2)  # the weights whose derivatives stand in picture D
OBSERVATION = np.array([0.5, -1.0, 2.0]), 1.0  # x and y, where D is drawn with numbers
CHAIN_OBSERVATION = np.array([2.0]), 1.0  # and F


def idea(language):
    """A. The idea: x₁..x₃ → h₁₁, h₁₂ → h₂₁..h₂₄ → o, black arrows without labels."""
    picture = _drawn(
        nn.MLP([3, 2, 4, 1], nn.Sigmoid, output=nn.Sigmoid, rng=0), language, "A", labels=False
    )
    words = WORDS[language]
    _legend(
        picture,
        rf"h_{{ij}} \text{{ – {words['activations']}}}",
        rf"x_{{t}} \text{{ – {words['feature']}}}",
    )
    return picture


def logistic_regression(language):
    """B. Logistic regression as a network: x₁..x₃ → h(s) → o(h) → l(o)."""
    words = WORDS[language]
    captions = [words["input"], words["hidden"], words["output"], words["contribution"]]
    symbols = [("x_{1}", "x_{2}", "x_{3}"), ("h(s)",), ("o(h)",), ("l(o)",)]
    columns = [Column(kind, *rest) for kind, *rest in zip("xhol", symbols, captions, strict=True)]
    wires = [Wire(0, i, 0, rf"\omega_{{{i + 1}}}") for i in range(3)] + [
        Wire(1, 0, 0),
        Wire(2, 0, 0),
    ]
    picture = draw_columns(columns, wires, words["slides"]["B"])
    s = r"s = \omega_{1}x_{1} + \omega_{2}x_{2} + \omega_{3}x_{3} + \omega_{0}"
    h = rf"h(s) = \frac{{1}}{{1+e^{{-s}}}} \quad \text{{→ {words['activation']}}}"
    when = rf"\text{{{words['if']} }} y ="
    cases = rf"{{-}}\ln(o(h)), & {when} 1 \\ {{-}}\ln(1 - o(h)), & {when} 0"
    loss = rf"l(o) = \begin{{cases}} {cases} \end{{cases}}"
    boxes = [(s, h), ("o(h) = h(s)",), (loss,)]
    boxes_below(
        picture,
        [
            ([neuron_name(layer, 1)], [Formula(latex) for latex in rows])
            for layer, rows in enumerate(boxes, 1)
        ],
    )
    weights = r", ".join(rf"\omega_{{{i}}}" for i in (1, 2, 3))
    _legend(
        picture,
        rf"{weights} \text{{ – {words['weights']}}}",
        rf"\omega_{{0}} \text{{ – {words['bias']}}}",
    )
    return picture


def two_neurons(language):
    """C. Two hidden neurons: x₁..x₃ → h₁, h₂ → o, with the weights on the arrows, and a probit
    output.
    """
    picture = _drawn(nn.MLP([3, 2, 1], nn.Sigmoid, output=nn.NormalCDF, rng=0), language, "C")
    h = rf"h_{{i}} = \frac{{1}}{{1+e^{{-({_combination(1, 'i', 'x', 3)})}}}}"
    o = rf"o = \Phi({_combination(2, 1, 'h', 2)})"
    boxes_below(picture, [(HIDDEN, [Formula(h)]), (OUTPUT, [Formula(o), Formula("o = P(y=1)")])])
    return picture


def backpropagation(language):
    """D. The backpropagation illustration: C with the loss, and two derivatives of it."""
    model = two_sigmoids()
    picture = _drawn(model, language, "D", loss=True)
    h = rf"h_{{j}}(s_{{j}}) = h_{{j}}({_combination(1, 'j', 'x', 3)})"
    o = rf"o(q) = o({_combination(2, 1, 'h', 2)})"
    boxes_below(picture, [(HIDDEN, [Formula(h)]), (OUTPUT, [Formula(o)])])
    x, y = picture.bounds.middle, picture.bounds.bottom + 56
    picture.add(Text(WORDS[language]["examples"], x, y, size=18, bold=True, most=60))
    rules = [
        chain_rule(model, *OBSERVATION, nn.binary_cross_entropy, weight) for weight in EXAMPLES
    ]
    _pink_row(picture, [" ".join(rule.lines[:2]) for rule in rules])
    return picture


def thinned_network(language):
    """E. The thinned network: A, with h₁₁, h₂₂ and h₂₄ dropped."""
    model = nn.MLP([3, 2, 4, 1], nn.Sigmoid, output=nn.Sigmoid, keep=0.5, rng=0)
    masks = [False, True], [True, False, True, False]
    for dropout, mask in zip((m for m in model if isinstance(m, nn.Dropout)), masks, strict=True):
        dropout.mask = np.array(mask)
    picture = _drawn(model, language, "E", labels=False)
    _legend(picture, rf"\text{{{WORDS[language]['off']}}}")
    return picture


def vanishing_chain(language):
    """F. The vanishing chain: x → h₁ → h₂ → h₃ → h₄ → o → l, and the product of all derivatives on
    the way.
    """
    model = four_sigmoids()
    picture = _drawn(model, language, "F", loss=True, gap=150)
    first, other, when = (
        r"\omega_{11} x + \omega_{01}",
        r"\omega_{1j} h_{j-1} + \omega_{0j}",
        WORDS[language]["if"],
    )
    cases = rf"{first}, & \text{{{when} }} j = 1 \\ {other}, & \text{{{when} }} j > 1"
    box = Box(
        (Formula(rf"s_{{j}} = \begin{{cases}} {cases} \end{{cases}}"),),
        0,
        picture.bounds.bottom + 30,
    )
    picture.add(box.centred(picture.bounds.middle))
    rule = chain_rule(model, *CHAIN_OBSERVATION, nn.binary_cross_entropy, (1, 1, 1))
    _pink_row(picture, [" ".join(rule.lines[:2])])
    return picture


def matrix_form(language):
    """G. Matrix form: a row of boxes from the input to the loss, with what each computes from the
    one before.
    """
    words = WORDS[language]
    captions = captions_of(3, language, True)
    symbols = ("x", "h_{1}", "h_{2}", "o", "l")
    weights = ("", r"\omega_{1}", r"\omega_{2}", r"\omega_{3}", "")
    picture = Picture(words["slides"]["G"])
    for k, (symbol, weight, caption) in enumerate(zip(symbols, weights, captions, strict=True)):
        kind, x = "xhhol"[k], 190 * k
        picture.add(Rectangle(Bounds(x, 0, x + 120, 84), FILLS[kind]))
        picture.add(Formula(symbol, x + 60, 30 if weight else 42, "centre", size=26))
        if weight:
            picture.add(Formula(f"({weight})", x + 60, 64, "centre"))
        picture.add(Text(caption, x + 60, -18))
        if k:
            picture.add(Arrow(x - 70, 42, x, 42))
    steps = (
        r"h_{1} = a_{1}(x \omega_{1}^{T} + b_{1})",
        r"h_{2} = a_{2}(h_{1} \omega_{2}^{T} + b_{2})",
        r"o = g(h_{2} \omega_{3}^{T} + b_{3})",
        r"L = \sum_{i} l_{i}",
    )
    for k, step in enumerate(steps, 1):  # each under what it computes
        box = Box((Formula(step),), 0, 0).centred(190 * k + 60)
        picture.add(box.lowered(163 - box.bounds.height / 2))
    return picture


def activation_curves(language):
    """H. Activation curves: h(x+2) and h(2x+3) of the sigmoid h are alike, and their combinations
    are not.
    """
    x = np.linspace(-5, 5, 201)
    h1, h2 = ag.sigmoid(x + 2), ag.sigmoid(2 * x + 3)
    curves = (
        (r"h_{1} = h(x+2)", h1),
        (r"h_{2} = h(2x+3)", h2),
        (r"5h_{1} - 4h_{2} - 0.5", 5 * h1 - 4 * h2 - 0.5),
        (r"0.6h_{1} - h_{2} + 0.5", 0.6 * h1 - h2 + 0.5),
    )
    picture = Picture(WORDS[language]["slides"]["H"])
    chart = Chart(picture, Bounds(0, 0, 640, 400), (-5, 5), (-0.5, 1))
    chart.frame(*({n: digits(n) for n in ticks} for ticks in (range(-5, 6), (-0.5, 0, 0.5, 1))))
    for row, (colour, dash, (name, values)) in enumerate(zip(CURVES, DASHES, curves, strict=True)):
        chart.curve(x, values, colour, 2.5, dash)
        y = 120 + 44 * row
        picture.add(Line(((670, y - 6), (706, y - 6)), colour, 2.5, dash))
        picture.add(Formula(name, 718, y, "left", colour=colour))
    picture.add(Formula("x", 652, 405, "left"))
    return picture


SLIDES = {
    "A": idea,
    "B": logistic_regression,
    "C": two_neurons,
    "D": backpropagation,
    "E": thinned_network,
    "F": vanishing_chain,
    "G": matrix_form,
    "H": activation_curves,
}


def in_numbers(language):
    """D and F with the numbers of one observation: (letter, name for a file, caption, Picture) of
    each.
    """
    words, loss = WORDS[language]["numbers"], nn.binary_cross_entropy
    model, x, y = two_sigmoids(), *OBSERVATION
    yield "D", "D_network", words["network"], network(model, x, y, loss, captions=language)
    for number, weight in enumerate(EXAMPLES, 1):
        rule = chain_rule(model, x, y, loss, weight, language)
        yield "D", f"D_chain_rule_{number}", _by(words["rule"], model, weight), rule
    chain, x, y = four_sigmoids(), *CHAIN_OBSERVATION
    weight = 1, 1, 1
    rule = chain_rule(chain, x, y, loss, weight, language)
    yield "F", "F_chain_rule", _by(words["rule"], chain, weight), rule
    yield (
        "F",
        "F_gradient_flow",
        words["flow"],
        gradient_flow(chain, [x], np.array([[y]]), loss, captions=language),
    )


def _by(words, model, weight):
    """A caption that names the weight."""
    return words.format(weight=plain(Network(model).notation.weight(*weight)))


def two_sigmoids():
    """The network of picture D."""
    return nn.MLP([3, 2, 1], nn.Sigmoid, output=nn.Sigmoid, rng=0)


def four_sigmoids():
    """The network of picture F."""
    return nn.MLP([1] * 6, nn.Sigmoid, output=nn.Sigmoid, rng=0)


def _drawn(model, language, letter, loss=False, labels=True, gap=None):
    """The slide's network: columns, and the arrows between them, with their weights if `labels`."""
    read = Network(model)
    columns = columns_of(read, captions_of(read.layers, language, loss), loss=loss)
    return draw_columns(
        columns, wires_of(read, loss, labels), WORDS[language]["slides"][letter], gap
    )


def _combination(layer, to, source, count):
    """ω_j1 x_1 + … + ω_j0, all terms of it, with an index of the slide's choice."""
    terms = [rf"\omega^{{({layer})}}_{{{to}{i}}}{source}_{{{i}}}" for i in range(1, count + 1)]
    return " + ".join([*terms, rf"\omega^{{({layer})}}_{{{to}0}}"])


def _legend(picture, *lines):
    """Grey boxes one under the other, at the lower right."""
    right, top = picture.bounds.right, picture.bounds.bottom + 14
    for line in lines:
        box = Box((Formula(line),), 0, top)
        box = picture.add(dataclasses.replace(box, left=right - box.bounds.width))
        top = box.bounds.bottom + 8


def _pink_row(picture, lines):
    """Pink boxes side by side under the picture, in its middle."""
    boxes = [Box((Formula(line),), 0, picture.bounds.bottom + 24, fill=PINK) for line in lines]
    width = sum(box.bounds.width for box in boxes) + 30 * (len(boxes) - 1)
    left = picture.bounds.middle - width / 2
    for box in boxes:
        picture.add(dataclasses.replace(box, left=left))
        left += box.bounds.width + 30
