"""Data and what a model has made of them: a curve over one feature, or the boundary between classes
over two.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np

import nn
from nn.types import ArrayLike
from viz.canvas.bounds import Bounds
from viz.canvas.chart import (
    Chart,
    diamond,
    dot,
    draw_samples,
    inverted,
    padded,
    round_ticks,
    square,
    triangle,
)
from viz.canvas.colours import AXIS, CLASSES, CURVES, mix
from viz.canvas.contours import contour, region
from viz.canvas.picture import Picture
from viz.canvas.shapes import DASHED, SOLID, Formula, Group, Rectangle, Text
from viz.language.numbers import digits, in_text
from viz.language.words import words_in
from viz.reading.features import feature_names, of_columns
from viz.reading.fits import column, decide, read_fit

MARKS = (dot, square, triangle, diamond, inverted)  # in grey, it is these that tell classes apart
AREA = Bounds(0, 84, 640, 484)
ALONG = 401  # places at which a curve is computed
GRID = 81  # and, to either side, a boundary
MOST_POINTS = 2000  # observations; of more, every second, third, … is drawn
SAMPLES = 36  # the baseline of what lines and marks mean
LIKELY = (0.25, 0.75)  # the probabilities beside the boundary


def fitted(
    model: nn.Module,
    x: ArrayLike,
    y: ArrayLike,
    boundary: float | None = None,
    names: Iterable[str] | None = None,
    captions: str = "en",
) -> Picture:
    """Draw the data, and what a model has made of them: of one feature the fitted curve, of two the
    boundary between the classes.

    model: any Module of nn; it is drawn as it predicts, `model.eval()`, whatever mode it is in.
    x: (n,) or (n, 1), if the model has one output, for a curve; (n, 2) for a boundary.
    y: (n,) or (n, 1). For a boundary it is classes: of one output 0 and 1, or −1 and 1; of several
        the number of the class, from 0 on, or a row of 0 with one 1. At most 5 classes.
    boundary: the output above which the second of two classes is predicted. Without it, that is 0.5
        where a Sigmoid or a NormalCDF is the last layer and y is 0 and 1, and 0 where neither is
        and y is −1 and 1. Of several outputs the largest is predicted.
    names: what the features are called; without it, what a data frame or a series says.
    captions: "en" or "ru".

    A curve is computed at 401 places, a boundary on a grid of 81 by 81: finer turns are lost.
    Returns a Picture. Raises TypeError for what is no Module; ValueError for other shapes, for a y
    that is no classes, where it is not certain where the boundary is, for nan and infinity, and for
    a model whose value at a place is random, or depends on other observations.

        >>> model = nn.Linear(1, 1)
        >>> nn.unvec(model, [2.0, 1.0])  # o = 2 x + 1
        >>> viz.fitted(model, [0.0, 1.0, 2.0], [1.5, 2.5, 5.0])
        <Picture 'The data and the fitted curve', ...>
    """
    words = words_in(captions)["fitted"]
    fit = read_fit(model, x, y)
    called = feature_names(names, of_columns(x), fit.features)
    if fit.features == 2:
        return _boundary(fit, called, boundary, words)
    if boundary is not None:
        raise ValueError("boundary: of one feature a curve is drawn, which has none.")
    return _curve(fit, called, (of_columns(y) or ["y"])[0], words)


def _curve(fit, names, target, words):
    y, across = column(fit), padded(fit.x[:, 0])
    xs = np.linspace(*across, ALONG)
    curve = fit.predict(xs[:, None])[:, 0]
    picture = _titled(words["curve"])
    chart = Chart(picture, AREA, across, padded([*y, *curve]))
    _frame(chart)
    _draw_points(chart, fit.x[:, 0], y, len(y), CURVES[0], dot)
    chart.curve(xs, curve, CURVES[1])
    samples = [
        (f"{words['observations']}, {target}", CURVES[0], None, dot),
        (words["model"], CURVES[1], SOLID, None),
    ]
    draw_samples(picture, AREA.left, SAMPLES, samples)
    _name_axes(picture, names or ("x",), f"{target}, o")
    _say_some(picture, len(y), words)
    return picture


def _boundary(fit, names, boundary, words):
    axes = [padded(values) for values in fit.x.T]
    decision = decide(fit, *(np.linspace(*axis, GRID) for axis in axes), boundary)
    if len(decision.labels) > len(MARKS):
        raise ValueError(
            f"viz.fitted: got {len(decision.labels)} classes, of which {len(MARKS)} at most can be "
            "told apart by their marks."
        )
    picture = _titled(words["boundary"])
    chart = Chart(picture, AREA, *axes)
    picture.add(Rectangle(AREA, _pale(0)))
    for k, surface in enumerate(decision.surfaces, 1):
        chart.area_of(region(decision.xs, decision.ys, surface, decision.level), _pale(k))
    _frame(chart)
    draw_samples(picture, AREA.left, SAMPLES, _draw_decision(chart, fit, decision, words))
    _name_axes(picture, names or ("x_{1}", "x_{2}"))
    if decision.alone is not None:
        _say(picture, words["everywhere"].format(label=in_text(decision.alone)))
    elif decision.undecided:
        _say(picture, words["undecided"])
    _say_some(picture, len(fit.x), words)
    return picture


def _draw_decision(chart, fit, decision, words):
    """The boundary, of a probability those of one and three quarters too, and over them the data;
    returns the samples that say so.
    """
    samples = [
        (f"y = {in_text(label)}", CLASSES[k], None, functools.partial(_patch, k))
        for k, label in enumerate(decision.labels)
    ]
    if _draw_lines(chart, decision, decision.level, "black", SOLID, 2.2):
        says = words["at" if fit.outputs == 1 else "between"].format(level=in_text(decision.level))
        samples.append((says, "black", SOLID, None))
    likely = [
        level
        for level in LIKELY
        if decision.probability and _draw_lines(chart, decision, level, AXIS, DASHED, 1.2)
    ]
    if likely:
        samples.append((f"o = {', '.join(map(in_text, likely))}", AXIS, DASHED, None))
    for k, mark in enumerate(MARKS[: len(decision.labels)]):
        of_class = fit.x[decision.classes == k]
        _draw_points(chart, *of_class.T, len(fit.x), CLASSES[k], mark)
    return samples


def _draw_lines(chart, decision, level, colour, dash, width):
    """Draw where a surface passes through the level; returns how many lines that are."""
    lines = [
        line
        for surface in decision.surfaces
        for line in contour(decision.xs, decision.ys, surface, level)
    ]
    for line in lines:
        chart.curve(*zip(*line, strict=True), colour, width, dash)
    return len(lines)


def _draw_points(chart, xs, ys, count, colour, mark):
    """Marks for the observations, of `count` altogether: too many are thinned."""
    step = _step(count)
    chart.points(xs[::step], ys[::step], colour, mark)


def _step(count):
    return -(-count // MOST_POINTS)


def _say_some(picture, count, words):
    """In words, if not all observations are drawn."""
    if _step(count) > 1:
        _say(picture, words["some"].format(step=_step(count), count=count))


def _say(picture, sentence):
    """The sentence under everything."""
    below = picture.bounds.bottom + 30
    picture.add(Text(sentence, AREA.left, below, "left", size=15, most=100))


def _titled(title):
    picture = Picture(title)
    picture.add(Text(title, AREA.left, 0, "left", size=17, bold=True, most=80))
    return picture


def _frame(chart):
    chart.frame(_ticks(*chart.x, 8), _ticks(*chart.y, 6))


def _ticks(low, high, most):
    ticks, significant = round_ticks(low, high, most)
    return {tick: digits(tick, significant) for tick in ticks}


def _name_axes(picture, across, up=None):
    """What the axes are: `across` the names, or symbols, of the features; `up` that of the upright
    axis, where it is not the second feature.
    """
    first, second = (*across, up)[:2]
    size = {"size": 15, "colour": AXIS}
    below = AREA.bottom + 40
    picture.add(_axis(first, x=AREA.right, y=below, anchor="right", **size))
    picture.add(_axis(second, x=AREA.left - 20, y=AREA.top - 12, anchor="left", **size))


def _axis(says, **place):
    symbols = "x", "x_{1}", "x_{2}"
    return Formula(says, **place) if says in symbols else Text(says, **place)


def _patch(k, x, y, colour):
    """The mark of class k on the colour of its area."""
    area = Rectangle(Bounds(x, y, x, y).grown(9), _pale(k))
    return Group(f"class-{k}", (area, MARKS[k](x, y, colour)))


def _pale(k):
    """The colour of the area in which class k is predicted; each darker than the one before."""
    return mix(CLASSES[k], "#FFFFFF", 0.93 - 0.09 * k)
