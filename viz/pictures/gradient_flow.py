"""How large activations and gradients are, layer by layer: do gradients vanish, do they explode?
Lecture, section 6.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import nn
from nn.types import ArrayLike, Loss
from viz.canvas.bounds import Bounds
from viz.canvas.chart import DASHES, Chart, dot, draw_samples, powers_of_ten, square
from viz.canvas.colours import ACTIVATION, AXIS, FACTOR, GRADIENT, PINK, mix
from viz.canvas.picture import Picture
from viz.canvas.shapes import DASHED, SOLID, Formula, Line, Rectangle, Text
from viz.language.numbers import digits, in_text, power_of_ten
from viz.language.words import words_in
from viz.reading.flows import flows_of_weights, layer_flows

# A gradient this much smaller than the largest: its layer learns a thousand times more slowly.
FAINT = 1e-3
NUMBERED = 12  # layers; beyond, their numbers would run into each other
LEFT, RIGHT = 0, 820
UPPER, LOWER = Bounds(LEFT, 48, RIGHT, 328), Bounds(LEFT, 398, RIGHT, 528)


def gradient_flow(
    model_or_history: nn.Module | nn.History,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    loss: Loss | None = None,
    captions: str = "en",
) -> Picture:
    """Draw how large activations and gradients are in each layer, on logarithmic scales.

    model_or_history: a Sequential of Linear, activations, Dropout and BatchNorm1d, or the History
        of its training.
    x: observations, (n, m₀).
    y: their targets, as the loss takes them.
    loss: of nn, or a function of output and y.
    captions: "en" or "ru".

    Of a model with observations it draws |h|, |∂L/∂s|, and the factors on the way back, by layer;
    of a model alone the gradients that the last `backward()` left in its weights; of a History
    those of every epoch.

    It says in words whether the gradient vanishes (the first layer's is a thousand times smaller
    than the last one's) or explodes (a thousand times larger), of a History in its first epoch; and
    how many neurons are dead in prediction. A 0 has a place of its own under the powers of ten; nan
    and ∞ are written at the top.

    Returns a Picture. Raises TypeError for a model that is no such sequence; ValueError for a model
    without gradients, an empty History, a History with observations, and no observation. Lecture,
    section 6.

        >>> model = nn.MLP([2, 3, 3, 1], rng=0)
        >>> viz.gradient_flow(model, [[1.0, 2.0], [3.0, 4.0]], [[1.0], [0.0]], nn.mse_loss)
        <Picture 'How large activations and gradients are, layer by layer', ...>
    """
    words = words_in(captions)["flow"]
    if x is None and (y is not None or loss is not None):
        raise ValueError("y and loss came without x: give the observations' features too.")
    if isinstance(model_or_history, nn.History):
        if x is not None:
            raise ValueError("a History has gradients of its own: give it alone, or the model.")
        return flow_of_history(model_or_history, words)
    flows = (
        flows_of_weights(model_or_history)
        if x is None
        else layer_flows(model_or_history, x, y, loss)
    )
    picture = Picture(words["title"])
    picture.add(Text(words["title"], LEFT, 0, "left", size=17, bold=True, most=80))
    _draw_sizes(picture, flows, words, UPPER, weights=x is None)
    if x is not None and len(flows) > 1:  # the output's layer has neither
        _draw_factors(picture, flows, words, LOWER)
        _draw_dead(picture, flows, words, LOWER)
    said = words if x is not None else words | words["of weights"]
    conclude(picture, verdict(flows[0].gradient, flows[-1].gradient, said))
    return picture


def verdict(first, last, words):
    """What becomes of the gradient on its way from the last layer to the first, in one sentence."""
    if math.isnan(first + last):
        return words["nan"]
    if math.isinf(first + last):
        return words["infinite"]
    if last == 0:
        return words["flat"]
    if first == 0:
        return words["nothing"]
    change = first / last
    if FAINT <= change <= 1 / FAINT:
        return words["steady"].format(times=in_text(change, 3))
    shrinks = first < last
    times = last / first if shrinks else change
    return words["vanish" if shrinks else "explode"].format(times=_times(times))


def conclude(picture, sentence):
    """The sentence in bold under everything."""
    below = picture.bounds.bottom + 40
    picture.add(Text(sentence, LEFT, below, "left", size=16, bold=True, most=140))


def _draw_sizes(picture, flows, words, area, weights):
    layers = [flow.layer for flow in flows]
    gradients = [flow.gradient for flow in flows]
    series = [
        (words["weight_gradient" if weights else "gradient"], GRADIENT, DASHED, square, gradients)
    ]
    if not weights:
        activations = [flow.activation for flow in flows]
        series.insert(0, (words["activation"], ACTIVATION, SOLID, dot, activations))
    chart, ticks = _chart(picture, flows, area, [n for *_, sizes in series for n in sizes])
    largest = max((size for size in gradients if math.isfinite(size)), default=0)
    slow = [flow.layer for flow in flows if flow.gradient < FAINT * largest]
    for layer in slow:
        _shade(picture, chart, layer)
    chart.frame(_layer_ticks(len(flows)), ticks)
    for row, (_, colour, dash, mark, sizes) in enumerate(series):
        chart.curve(layers, sizes, colour, dash=dash)
        chart.points(layers, sizes, colour, mark)
        _write_unplaced(picture, chart, layers, sizes, colour, 18 + 20 * row)
    x = draw_samples(picture, area.left, area.top - 14, [sample for *sample, _ in series])
    if slow:
        picture.add(Rectangle(Bounds(x, area.top - 27, x + 16, area.top - 11), PINK))
        picture.add(Text(words["slow"], x + 24, area.top - 14, "left", size=15, most=60))
    picture.add(Text(words["layer"], area.right, area.bottom + 38, "right", size=14, colour=AXIS))


def _write_unplaced(picture, chart, layers, sizes, colour, below):
    """What no axis has a place for, nan and ∞, in words under its upper end; in a long network the
    first of them.
    """
    unplaced = [
        (layer, size) for layer, size in zip(layers, sizes, strict=True) if not math.isfinite(size)
    ]
    for layer, size in unplaced if len(layers) <= NUMBERED else unplaced[:1]:
        x = chart.place(layer, 1)[0]
        picture.add(Formula(digits(size), x, chart.area.top + below, size=14, colour=colour))


def flow_of_history(history, words):
    """The gradients of each layer's weights over the epochs, and the share of dead neurons where
    there are any.
    """
    if not history:
        raise ValueError("the History is empty: train for at least one epoch first.")
    picture = Picture(words["epochs"])
    picture.add(Text(words["epochs"], LEFT, 0, "left", size=17, bold=True, most=80))
    epochs = [entry["epoch"] for entry in history]
    norms = list(zip(*(entry["gradient_norm"] for entry in history), strict=True))
    chart, ticks = _log_chart(
        picture, UPPER, _around(epochs), [n for sizes in norms for n in sizes]
    )
    _draw_epochs(picture, chart, epochs, norms, ticks, r"\omega")
    picture.add(Text(words["epoch"], RIGHT, UPPER.bottom + 38, "right", size=14, colour=AXIS))
    dead = list(zip(*(entry["dead"] for entry in history), strict=True))
    if any(share for layer in dead for share in layer):
        picture.add(Text(words["dead_share"], LEFT, LOWER.top - 14, "left", size=15))
        chart = Chart(picture, LOWER, _around(epochs), (0, 1))
        _draw_epochs(picture, chart, epochs, dead, _numbers((0, 0.5, 1)), "h")
    # Later on, where nothing is left to learn, all gradients are small.
    said = verdict(norms[0][0], norms[-1][0], words | words["of weights"])
    conclude(picture, f"{words['first epoch']}: {said}")
    return picture


def _draw_epochs(picture, chart, epochs, series, ticks, letter):
    """A curve for each layer, from blue (the first) to red (the last), each dashed otherwise than
    the next, with the layer's ω or h at the end, or where it is last a finite number.
    """
    chart.frame(_ticks(epochs), ticks)
    labels = []
    for layer, (sizes, dash) in enumerate(zip(series, itertools.cycle(DASHES)), 1):
        colour = mix(ACTIVATION, GRADIENT, (layer - 1) / max(len(series) - 1, 1))
        chart.curve(epochs, sizes, colour, dash=dash)
        ends = [
            (epoch, size) for epoch, size in zip(epochs, sizes, strict=True) if math.isfinite(size)
        ][-1:]
        for epoch, size in ends:
            chart.points([epoch], [size], colour)
        if ends and (len(series) <= NUMBERED or layer in (1, len(series))):
            name = Formula(f"{letter}_{{{layer}}}", anchor="centre", size=16, colour=colour)
            labels.append((chart.place(*ends[0])[1], name))
    lowest = -math.inf
    for y, label in sorted(labels, key=lambda label: label[0]):
        lowest = max(y, lowest + 19)  # labels of curves that end together stand one under the other
        picture.add(replace(label, x=chart.area.right + 8 + label.ink.width / 2, y=lowest))


def _draw_factors(picture, flows, words, area):
    layers, factors = [flow.layer for flow in flows[:-1]], [flow.factor for flow in flows[:-1]]
    chart, ticks = _chart(picture, flows, area, [*factors, 1.0], most=4)
    chart.frame(_layer_ticks(len(flows)), ticks)
    one = chart.place(1, 1.0)[1]
    picture.add(Line(((area.left, one), (area.right, one)), AXIS))
    chart.points(layers, factors, FACTOR)
    # Where the next layer's gradient is 0 there is no factor.
    there = [flow for flow, after in itertools.pairwise(flows) if after.gradient != 0]
    _write_unplaced(picture, chart, [f.layer for f in there], [f.factor for f in there], FACTOR, 18)
    if len(flows) <= NUMBERED:
        written = zip(layers, factors, strict=True)
        for layer, factor in ((layer, factor) for layer, factor in written if factor < math.inf):
            x, y = chart.place(layer, factor)
            # Off the dotted line at 1, off the axis, and off the heading.
            below = (factor < 1 and y + 24 < area.bottom) or y - 24 < area.top
            y = y + 19 if below else y - 9
            picture.add(Formula(digits(factor, 3), x, y, size=14, colour=FACTOR))
    heading = Text(words["factor"], area.left, area.top - 14, "left", 15, FACTOR, most=60)
    picture.add(heading)


def _draw_dead(picture, flows, words, area):
    """How many neurons of each layer are dead, under the layer; nothing where none are."""
    if not any(flow.dead for flow in flows):
        return
    picture.add(Text(words["dead"], area.left, area.bottom + 58, "left", size=15))
    chart, _ = _chart(picture, flows, area, [1.0])
    for flow in flows:
        if flow.dead:
            x = chart.place(flow.layer, 1)[0]
            dead = str(len(flow.dead))
            picture.add(Formula(dead, x, area.bottom + 82, size=14, colour=GRADIENT))


def _shade(picture, chart, layer):
    """A pale band over a layer whose gradient is far smaller than the largest."""
    left, right = chart.place(layer - 0.5, 1)[0], chart.place(layer + 0.5, 1)[0]
    picture.add(Rectangle(Bounds(left, chart.area.top, right, chart.area.bottom), PINK))


def _chart(picture, flows, area, numbers, most=8):
    return _log_chart(picture, area, (0.5, len(flows) + 0.5), numbers, most)


def _log_chart(picture, area, x, numbers, most=8):
    """A logarithmic Chart with a place for each finite one of `numbers`, and its ticks."""
    range_, ticks = powers_of_ten(numbers, most)
    zero = 0 in numbers
    return (
        Chart(picture, area, x, range_, log=True, zero=zero),
        ({0: "0"} if zero else {}) | _powers(ticks),
    )


def _layer_ticks(layers):
    return _ticks(range(1, layers + 1))


def _ticks(numbers):
    """At most about twenty of the whole numbers: all, or the first and every second, fifth, tenth,
    …
    """
    step = next(
        step
        for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, len(numbers))
        if len(numbers) / step <= 20
    )
    shown = (number for number in numbers if number % step == 0 or number == numbers[0])
    return _numbers(shown)


def _numbers(ticks):
    """Numbers with what is written at their ticks."""
    return {number: digits(number, 6) for number in ticks}


def _powers(ticks):
    """Powers of ten with what is written at their ticks."""
    return {number: power_of_ten(number) for number in ticks}


def _around(numbers):
    """The range of an axis with half a step on either side."""
    return numbers[0] - 0.5, numbers[-1] + 0.5


def _times(change):
    """A large number as text, exact to the last digit only while that is short: 3700, 3.2·10⁷."""
    return in_text(change, 4 if change < 10_000 else 2)
